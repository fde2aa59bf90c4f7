"""manage.py api_token <username>: a key of the API for a person, shown once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services import issue_token
from aftersales import clock
from aftersales.problems import Refusal


class Command(BaseCommand):
    help = "Make an API key for a person and print it; it is shown only once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="manage.py", help="what the key is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"].strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['username']!r}.")
        try:
            _token, key = issue_token(user, options["name"], by=user, at=clock.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(key)

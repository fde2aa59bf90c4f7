"""manage.py reset_second_factor <username>: where no second person is left who could do it in the portal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services import reset_on_the_server
from aftersales import clock
from aftersales.problems import Refusal


class Command(BaseCommand):
    help = "Reset a lost second factor where nobody in the portal can ask for it or second it; he and the leaders are told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="kept with the reset")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"].strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['username']!r}.")
        try:
            reset_on_the_server(user, reason=options["reason"], at=clock.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The second factor of {user.username} is reset; the password stays as it was.")

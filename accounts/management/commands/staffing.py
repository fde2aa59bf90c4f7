"""manage.py staffing: which rules of separation (SD01 …) the present staff cannot keep, and whom to add."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.staffing import unfilled


class Command(BaseCommand):
    help = "Say which rules of separation of duties the present staff cannot satisfy, and whom to add."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="end with 1 when somebody is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        staff = {user.username: user.roles for user in User.objects.filter(is_active=True)}
        missing = unfilled(staff)
        for post in missing:
            self.stdout.write(
                _("{rules}: missing is {whom}").format(rules=" ".join(post.rules), whom=post.whom)
            )
        if not missing:
            self.stdout.write(_("The present staff can keep every rule of separation."))
        if missing and options["check"]:
            raise SystemExit(1)

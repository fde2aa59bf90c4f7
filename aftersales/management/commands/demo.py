"""manage.py demo: make the demonstration company once; --logins prints one login per department."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User
from aftersales import clock
from aftersales.demo import company, logins


class Command(BaseCommand):
    help = "Make the demonstration company (once)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="print one login per department")
        parser.add_argument("--all", action="store_true", help="with --logins: everybody")
        parser.add_argument("--tickets", type=int, default=company.TICKETS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.stdout.write("\n".join(logins.lines(options["all"])))
            return
        if User.objects.filter(postings__isnull=False).exists():
            self.stdout.write("The company is already there.")
            return
        begun = time.monotonic()
        acts = company.found(clock.now(), tickets=options["tickets"])
        self.stdout.write(f"Demonstration company made: {acts} acts in {time.monotonic() - begun:.0f} s.")

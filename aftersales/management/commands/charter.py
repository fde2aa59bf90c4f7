"""manage.py charter: every clause, where it lives in the product and which tests hold it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aftersales import coverage


class Command(BaseCommand):
    help = "Print every clause of the charter with its homes and its tests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument("--check", action="store_true", help="fail when a home is gone or has no test")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(coverage.as_json(), ensure_ascii=False, indent=2))
        elif not options["check"]:
            for line in coverage.report():
                self.stdout.write(self.words(line))
        if options["check"] and (found := coverage.faults()):
            raise CommandError("\n".join(found))

    @staticmethod
    def words(line: coverage.Line) -> str:
        if not line.places:
            return f"{line.clause:<5} {line.title}: not yet"
        return f"{line.clause:<5} {line.title}: {', '.join(line.places)} · {len(line.tests)} tests"

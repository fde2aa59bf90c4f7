"""`manage.py sweep`: one look at the clock, for cron or by hand; needs no broker."""

from typing import Any

from django.core.management.base import BaseCommand

from aftersales import clock
from deadlines import services


class Command(BaseCommand):
    help = "Write down and tell what is due by now; opens today's collection rounds."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        services.open_rounds(now)
        self.stdout.write(str(services.sweep(now)))

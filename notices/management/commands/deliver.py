"""Sends what waits in the outbox: for cron where no beat runs. Any number of them at once do no harm."""

from typing import Any

from django.core.management.base import BaseCommand

from aftersales import clock
from notices.services import deliver


class Command(BaseCommand):
    help = "Send the notices that wait in the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{deliver(clock.now())} letters handed on")

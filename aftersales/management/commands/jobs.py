"""manage.py jobs: every job of the schedule that is due, for cron where no beat runs; needs no broker."""

import datetime as dt
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from aftersales import clock
from aftersales.celery import SCHEDULE, app, time_of_day
from aftersales.limits import local_day, moment_of
from aftersales.models import within_rate

log = logging.getLogger(__name__)
FOR_EVER = dt.timedelta(days=36_500)  # the mark's name holds its day


class Command(BaseCommand):
    help = (
        "Run every job of the schedule that is due: the frequent ones each time, the nightly ones once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        app.loader.import_default_modules()  # a worker does this by itself: without it no task has a name here
        now = clock.now()
        failed = [
            name
            for name, (task, when, _options) in SCHEDULE.items()
            if not self.done(name, task, time_of_day(when), now)
        ]
        if failed:
            raise CommandError(f"Failed, to be tried again by the next call: {', '.join(failed)}.")

    def done(self, name: str, task: str, begins: dt.time | None, now: dt.datetime) -> bool:
        """Whether the job needed nothing or ran; one that fails keeps no other from its turn."""
        try:
            if begins is None:
                app.tasks[task]()
            else:
                with transaction.atomic():
                    if due(name, begins, now):
                        app.tasks[task]()
                        self.stdout.write(name)
        except Exception:
            log.exception("job failed: %s", name)
            return False
        return True


def due(name: str, begins: dt.time, now: dt.datetime) -> bool:
    """Its time of the day has come and nobody has run it today; the mark goes with the job, if that fails."""
    day = local_day(now)
    return now >= moment_of(day, begins) and within_rate(f"job:{name}:{day}", 1, FOR_EVER, now)

"""Months in minutes: the portal lives in a time of the test's own, and what beat would ring meanwhile rings at its moments.

The portal asks two clocks, `aftersales.clock.now` (the database's) and Django's `timezone.now`; both are moved together
and go on ticking. Browsers, sessions and codes of the second factor keep the machine's own time.
"""

import datetime as dt
import time
from typing import Any

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string

from aftersales import clock
from aftersales.celery import SCHEDULE, time_of_day
from aftersales.limits import DAY, local_day
from tests.conftest import SHANGHAI

#: bells that ring all the time may ring late: that is what the portal promises; here every six hours and at each stop
BELLS = [task for task, when, _options in SCHEDULE.values() if time_of_day(when) is None]
EVERY_SIX_HOURS = [dt.time(hour, 1) for hour in (0, 6, 12, 18)]


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


class Simulated:
    """The time in which the portal lives: it ticks, and jumps forward when the test says so."""

    def __init__(self, begin: dt.datetime) -> None:
        self._set(begin)

    def _set(self, moment: dt.datetime) -> None:
        self._then, self._since = moment.astimezone(dt.UTC), time.monotonic()

    def now(self) -> dt.datetime:
        return self._then + dt.timedelta(seconds=time.monotonic() - self._since)

    def go_to(self, *moment: int) -> None:
        """On to that moment of Shanghai (year, month, day, hour, minute); every job in between runs at its own."""
        goal = at(*moment)
        assert goal > self.now(), "Time does not go back."
        for when, task in _rings(self.now(), goal):
            self._ring(when, task)
        for task in BELLS:
            self._ring(goal, task)

    def _ring(self, when: dt.datetime, task: str) -> None:
        self._set(max(when, self.now()))
        import_string(task)()


def _rings(begin: dt.datetime, end: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """Every job from `begin` until before `end`, in its order: the daily ones at their time of day."""
    found: list[tuple[dt.datetime, str]] = []
    day = local_day(begin)
    while day <= local_day(end):
        for task, when, _options in SCHEDULE.values():
            for hour in [alone] if (alone := time_of_day(when)) else EVERY_SIX_HOURS:
                found.append((dt.datetime.combine(day, hour, SHANGHAI), task))
        day += DAY
    return sorted(((when, task) for when, task in found if begin < when < end), key=lambda ring: ring[0])


@pytest.fixture
def simulated(monkeypatch: Any, settings: Any) -> Simulated:
    """The portal's time begins on Monday, 12 October 2026, 9:00 in Shanghai."""
    settings.SESSION_COOKIE_AGE = 400 * 86400  # who is signed in stays so over a jump
    time_ = Simulated(at(2026, 10, 12))
    monkeypatch.setattr(clock, "now", time_.now)
    monkeypatch.setattr(timezone, "now", time_.now)
    return time_

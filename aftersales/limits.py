"""When something is due: pure arithmetic on Shanghai's clock, with the calendar passed in (domain 3, 10, 11).

Every limit answers `due(start, calendar) -> (moment, provisional)`. `day_clock` says that the moment is a 24:00:
the first instant of the next day, which itself is late; an hour clock is still met at its due instant.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)
MIDNIGHT = dt.time(0)

Due = tuple[dt.datetime, bool]
Window = tuple[dt.time, dt.time]


class Calendar(Protocol):
    """What a limit asks of the working-day table."""

    def is_workday(self, day: dt.date) -> bool: ...

    def is_official(self, day: dt.date) -> bool: ...


def local_day(moment: dt.datetime) -> dt.date:
    """The day in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def moment_of(day: dt.date, time: dt.time = MIDNIGHT) -> dt.datetime:
    """That time of that day in Shanghai."""
    return dt.datetime.combine(day, time, SHANGHAI)


def day_end(day: dt.date) -> dt.datetime:
    """24:00 of the day: the first instant of the next."""
    return moment_of(day + DAY)


def first_of(day: dt.date) -> dt.date:
    """The first day of its month."""
    return day.replace(day=1)


def following(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return first_of(first_of(month) + dt.timedelta(days=32))


def nth_workday(after: dt.date, count: int, calendar: Calendar) -> tuple[dt.date, bool]:
    """The `count`-th working day after that day; provisional if a day on the way lies in an unknown year."""
    day, provisional = after, False
    while count:
        day += DAY
        provisional = provisional or not calendar.is_official(day)
        count -= calendar.is_workday(day)
    return day, provisional


@dataclass(frozen=True)
class Limit:
    """Base: `amount` is what the company's figure replaces, where there is one."""

    amount: Any = None
    day_clock = False

    def given(self, amount: Any) -> Self:
        """The same limit with the figure in force."""
        return replace(self, amount=amount)

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        raise NotImplementedError


@dataclass(frozen=True)
class Hours(Limit):
    """Wall-clock hours, day and night."""

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        return start + dt.timedelta(hours=self.amount), False


@dataclass(frozen=True)
class Days(Limit):
    """Days: the first is not counted, the last ends at 24:00."""

    day_clock = True

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        return day_end(local_day(start) + dt.timedelta(days=self.amount)), False


@dataclass(frozen=True)
class EndOfDay(Limit):
    """24:00 of the same day."""

    day_clock = True

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        return day_end(local_day(start)), False


@dataclass(frozen=True)
class WorkingDays(Limit):
    """24:00 of the n-th working day after the day of the start."""

    day_clock = True

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        day, provisional = nth_workday(local_day(start), self.amount, calendar)
        return day_end(day), provisional


@dataclass(frozen=True)
class NextWorkdayAt(Limit):
    """A time of the next working day; `amount` is that time."""

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        day, provisional = nth_workday(local_day(start), 1, calendar)
        return moment_of(day, self.amount), provisional


@dataclass(frozen=True)
class DayOfNextMonth(Limit):
    """24:00 of that day (the 5th) of the month after the one that holds the start.

    If none of the days up to it is a working day: 24:00 of the month's first working day.
    """

    day_clock = True

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        before = self._eve(local_day(start))
        days = [before + dt.timedelta(days=n) for n in range(1, self.amount + 1)]
        provisional = any(not calendar.is_official(day) for day in days)
        if any(calendar.is_workday(day) for day in days):
            return day_end(days[-1]), provisional
        day, further = nth_workday(days[-1], 1, calendar)
        return day_end(day), provisional or further

    def _eve(self, day: dt.date) -> dt.date:
        """The last day before the month that counts."""
        return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - DAY


@dataclass(frozen=True)
class DayOfMonth(DayOfNextMonth):
    """The same for the month that holds the start: a clock that begins on the 1st and ends with the 5th."""

    def _eve(self, day: dt.date) -> dt.date:
        return day.replace(day=1) - DAY


@dataclass(frozen=True)
class WindowEnd(Limit):
    """The END of the first collection window that begins after the start; `amount` is the windows of a working day.

    A window that begins at the very second of the start does not count.
    """

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        day, provisional = local_day(start), False
        while True:
            ahead = [end for begin, end in sorted(self.amount) if moment_of(day, begin) > start]
            if ahead:
                provisional = provisional or not calendar.is_official(day)
                if calendar.is_workday(day):
                    return moment_of(day, ahead[0]), provisional
            day += DAY


@dataclass(frozen=True)
class OwnWindowEnd(Limit):
    """The end of the window that begins at the start."""

    def due(self, start: dt.datetime, calendar: Calendar) -> Due:
        day = local_day(start)
        ends = [end for begin, end in sorted(self.amount) if moment_of(day, begin) <= start]
        return moment_of(day, ends[-1]), not calendar.is_official(day)


@dataclass(frozen=True)
class At(Limit):
    """At a moment that the subject itself names; `amount` is the attribute that holds it (empty: no clock)."""

    def moment(self, subject: Any) -> dt.datetime | None:
        return getattr(subject, self.amount, None)

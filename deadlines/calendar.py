"""Working days: the company's table over what the maintained package officially knows (domain 3).

A year that neither knows counts Monday to Friday less the dates fixed by regulation, and is provisional.
"""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import holidays

from policy.versions import Versioned

FIRST_YEAR = 2004
SWAPPED = "调休"
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


class Day(NamedTuple):
    """What is written down about one day."""

    date: dt.date
    is_workday: bool
    name: str = ""
    official: bool = True


@cache
def package_days(year: int) -> tuple[Day, ...]:
    """The days of an officially known year that differ from Monday to Friday; () if the package only guesses.

    A year is known once its days are swapped with weekends: the package then has “substituted” days (调休) in it.
    """
    if year < FIRST_YEAR:
        return ()
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    named = {day: name for day, name in china.items() if day.year == year}
    if not any(SWAPPED in name for name in named.values()):
        return ()
    makeup = [day for day in china.weekend_workdays if day.year == year]
    free = [Day(day, False, name[:60]) for day, name in named.items() if day.weekday() < 5]
    return tuple(sorted([*free, *(Day(day, True, "调休上班") for day in makeup)]))


class WorkCalendar:
    """Answers for every day; `rows` are the company's table."""

    def __init__(self, rows: Iterable[Day] = ()) -> None:
        self.days = {row.date: row.is_workday for row in rows}
        self.official_years = {row.date.year for row in rows if row.official}

    def is_official(self, day: dt.date) -> bool:
        """True if the day's year is confirmed by the table or known to the package."""
        return day.year in self.official_years or bool(package_days(day.year))

    def is_workday(self, day: dt.date) -> bool:
        """The table first, then the package, then Monday to Friday less the fixed dates."""
        if day in self.days:
            return self.days[day]
        if not self.is_official(day):
            return day.weekday() < 5 and (day.month, day.day) not in FIXED
        known = {} if day.year in self.official_years else package_index(day.year)
        return known.get(day, day.weekday() < 5)


@cache
def package_index(year: int) -> dict[dt.date, bool]:
    return {day.date: day.is_workday for day in package_days(year)}


def _load() -> WorkCalendar:
    from .models import CalendarDay

    rows = CalendarDay.objects.values_list("date", "is_workday", "name", "official")
    return WorkCalendar([Day(*row) for row in rows])


calendar = Versioned("calendar", _load)


def current() -> WorkCalendar:
    """The calendar in force; one SQL at most, usually none."""
    return calendar.get()

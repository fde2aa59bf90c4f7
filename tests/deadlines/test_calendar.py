"""Working days: the package against an independent one, and the years that nobody knows yet."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines.calendar import Day, WorkCalendar, package_days

PACKAGE = WorkCalendar()
# the one day in 23 years on which the two packages differ
DISPUTED = {dt.date(2005, 12, 31)}


@pytest.mark.clause("3.1")
def test_every_day_of_23_years_agrees_with_the_oracle():
    day, differing = dt.date(2004, 1, 1), set()
    while day.year < 2027:
        if PACKAGE.is_workday(day) != chinese_calendar.is_workday(day):
            differing.add(day)
        day += dt.timedelta(days=1)
    assert differing <= DISPUTED


def test_the_package_knows_2004_to_2026_and_only_guesses_2027():
    known = [year for year in range(2000, 2031) if package_days(year)]
    assert known == list(range(2004, 2027))
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(dt.date(2027, 1, 4))


def test_an_unknown_year_is_monday_to_friday_less_the_fixed_dates():
    day, free_weekdays = dt.date(2027, 1, 1), set()
    while day.year == 2027:
        assert not PACKAGE.is_official(day)
        assert day.weekday() < 5 or not PACKAGE.is_workday(day)
        if day.weekday() < 5 and not PACKAGE.is_workday(day):
            free_weekdays.add((day.month, day.day))
        day += dt.timedelta(days=1)
    assert free_weekdays == {(1, 1), (10, 1)}


@given(st.dates(dt.date(2004, 1, 1), dt.date(2040, 12, 31)), st.booleans())
def test_the_companys_table_comes_before_the_package(day, is_workday):
    calendar = WorkCalendar([Day(day, is_workday, official=False)])
    assert calendar.is_workday(day) == is_workday
    assert calendar.is_official(day) == PACKAGE.is_official(day)


def test_a_year_that_the_table_confirms_follows_the_table_alone():
    calendar = WorkCalendar(
        [Day(dt.date(2027, 2, 8), False, "春节"), Day(dt.date(2027, 2, 13), True, "调休上班")]
    )
    assert calendar.is_official(dt.date(2027, 10, 1))
    assert calendar.is_workday(dt.date(2027, 2, 13))
    assert calendar.is_workday(dt.date(2027, 10, 1))

"""Due times, word for word from the charter's reading: every worked example and every sentence of the small print."""

import datetime as dt

import pytest

from aftersales.charter import WINDOWS
from aftersales.limits import (
    SHANGHAI,
    At,
    DayOfNextMonth,
    Days,
    EndOfDay,
    Hours,
    NextWorkdayAt,
    OwnWindowEnd,
    WindowEnd,
    WorkingDays,
    day_end,
)
from deadlines.calendar import Day, WorkCalendar

OFFICIAL = WorkCalendar()


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def end_of(text: str) -> dt.datetime:
    return day_end(dt.date.fromisoformat(text))


@pytest.mark.clause("7.2")
@pytest.mark.parametrize(
    ("start", "count", "last", "provisional"),
    [
        ("2026-02-12", 3, "2026-02-24", False),
        ("2026-02-27", 3, "2026-03-03", False),
        ("2026-04-30", 3, "2026-05-08", False),
        ("2026-09-18", 3, "2026-09-22", False),
        ("2026-09-30", 3, "2026-10-10", False),
        ("2025-09-26", 3, "2025-09-30", False),
        ("2026-09-30", 2, "2026-10-09", False),
        ("2026-12-30", 3, "2027-01-05", True),
    ],
)
def test_working_days_end_with_the_nth_working_day(start, count, last, provisional):
    for time in ("T00:00:00", "T10:30:00", "T23:59:59"):
        assert WorkingDays(count).due(moment(start + time), OFFICIAL) == (end_of(last), provisional)


def test_a_make_up_saturday_is_a_working_day():
    assert end_of("2026-10-10").astimezone(SHANGHAI).date() == dt.date(2026, 10, 11)
    assert dt.date(2026, 10, 10).weekday() == 5 and OFFICIAL.is_workday(dt.date(2026, 10, 10))


@pytest.mark.clause("4.3")
def test_hours_run_day_and_night():
    assert Hours(12).due(moment("2026-02-16T23:30:00"), OFFICIAL) == (moment("2026-02-17T11:30:00"), False)
    assert Hours(24).due(moment("2026-12-31T12:00:00"), OFFICIAL) == (moment("2027-01-01T12:00:00"), False)


@pytest.mark.clause("4.10")
def test_days_leave_out_the_first_and_end_at_midnight():
    assert Days(3).due(moment("2026-03-02T00:00:00"), OFFICIAL) == (end_of("2026-03-05"), False)
    assert Days(3).due(moment("2026-03-02T23:59:59"), OFFICIAL) == (end_of("2026-03-05"), False)


@pytest.mark.clause("4.11")
@pytest.mark.parametrize(
    ("due_day", "fortieth"),
    [
        ("2026-10-20", "2026-11-29"),
        ("2026-01-19", "2026-02-28"),
        ("2026-01-20", "2026-03-01"),
        ("2026-11-21", "2026-12-31"),
        ("2026-11-22", "2027-01-01"),
        ("2028-01-20", "2028-02-29"),
    ],
)
def test_the_fortieth_day_is_counted_from_the_day_after_the_due_day(due_day, fortieth):
    assert Days(40).due(moment(due_day + "T00:00:00"), OFFICIAL) == (end_of(fortieth), False)


@pytest.mark.clause("3.3")
def test_the_thirtieth_day_of_reopening_runs_to_midnight():
    assert Days(30).due(moment("2026-03-02T09:00:00"), OFFICIAL)[0] == end_of("2026-04-01")


@pytest.mark.clause("5.5")
def test_the_same_day_ends_at_24():
    assert EndOfDay().due(moment("2026-03-02T23:59:59"), OFFICIAL) == (moment("2026-03-03T00:00:00"), False)


@pytest.mark.clause("5.5")
def test_noon_of_the_next_working_day():
    noon = NextWorkdayAt(dt.time(12))
    assert noon.due(moment("2026-03-06T18:00:00"), OFFICIAL) == (moment("2026-03-09T12:00:00"), False)
    assert noon.due(moment("2026-09-18T08:00:00"), OFFICIAL) == (moment("2026-09-20T12:00:00"), False)
    assert not noon.day_clock


@pytest.mark.clause("3.1")
@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2026-03-02T08:59:59", "2026-03-02T10:00:00"),
        (
            "2026-03-02T09:00:00",
            "2026-03-02T15:00:00",
        ),  # the window that begins at that very second does not count
        ("2026-03-02T09:30:00", "2026-03-02T15:00:00"),  # nor one that is already running
        ("2026-03-02T14:00:00", "2026-03-03T10:00:00"),
        ("2026-03-02T23:00:00", "2026-03-03T10:00:00"),
        ("2026-03-06T16:00:00", "2026-03-09T10:00:00"),  # over a weekend
        ("2026-09-30T14:00:01", "2026-10-08T10:00:00"),  # over the National Day
        ("2026-10-09T15:00:00", "2026-10-10T10:00:00"),  # a make-up Saturday is collected
        ("2026-02-13T15:00:00", "2026-02-14T10:00:00"),
        ("2026-02-14T15:00:00", "2026-02-24T10:00:00"),  # over the Spring Festival
    ],
)
def test_a_web_report_is_due_at_the_end_of_the_first_window_that_begins_after_it(sent, due):
    assert WindowEnd(WINDOWS).due(moment(sent), OFFICIAL) == (moment(due), False)


@pytest.mark.clause("3.1")
def test_a_window_in_an_unknown_year_is_provisional():
    assert WindowEnd(WINDOWS).due(moment("2026-12-31T14:00:00"), OFFICIAL) == (
        moment("2027-01-04T10:00:00"),
        True,
    )
    assert WindowEnd(WINDOWS).due(moment("2026-12-31T13:59:59"), OFFICIAL) == (
        moment("2026-12-31T15:00:00"),
        False,
    )


@pytest.mark.clause("3.1")
def test_a_round_ends_with_its_own_window():
    assert OwnWindowEnd(WINDOWS).due(moment("2026-03-02T14:00:00"), OFFICIAL) == (
        moment("2026-03-02T15:00:00"),
        False,
    )
    assert OwnWindowEnd(WINDOWS).due(moment("2026-03-02T09:00:00"), OFFICIAL) == (
        moment("2026-03-02T10:00:00"),
        False,
    )


@pytest.mark.clause("4.9")
@pytest.mark.parametrize(
    ("month", "last", "provisional"),
    [
        ("2026-02-14", "2026-03-05", False),
        ("2026-03-31", "2026-04-05", False),  # a Sunday: it stands
        ("2026-04-01", "2026-05-06", False),  # 1–5 May 2026 hold no working day
        ("2026-09-30", "2026-10-08", False),  # nor do 1–5 October 2026
        ("2026-11-01", "2026-12-05", False),  # a Saturday: it stands
        ("2026-12-31", "2027-01-05", True),
    ],
)
def test_the_fifth_of_the_next_month_or_its_first_working_day(month, last, provisional):
    assert DayOfNextMonth(5).due(moment(month + "T12:00:00"), OFFICIAL) == (end_of(last), provisional)


def test_only_what_ends_at_24_is_a_day_clock():
    days = [Days(3), EndOfDay(), WorkingDays(3), DayOfNextMonth(5)]
    hours = [
        Hours(12),
        WindowEnd(WINDOWS),
        OwnWindowEnd(WINDOWS),
        NextWorkdayAt(dt.time(12)),
        At("appointment_at"),
    ]
    assert [limit.day_clock for limit in days + hours] == [True] * 4 + [False] * 5


def test_a_due_time_is_provisional_only_if_a_day_it_looked_at_is_unknown():
    assert WorkingDays(1).due(moment("2026-12-30T10:00:00"), OFFICIAL) == (end_of("2026-12-31"), False)
    assert WorkingDays(2).due(moment("2026-12-30T10:00:00"), OFFICIAL) == (end_of("2027-01-04"), True)
    known = WorkCalendar([Day(dt.date(2027, 1, 1), False), Day(dt.date(2027, 1, 3), True)])
    assert WorkingDays(2).due(moment("2026-12-30T10:00:00"), known) == (end_of("2027-01-03"), False)


def test_a_figure_replaces_the_amount():
    assert Hours(12).given(8) == Hours(8)
    assert WindowEnd().given(WINDOWS) == WindowEnd(WINDOWS)

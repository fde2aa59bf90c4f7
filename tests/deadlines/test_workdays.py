"""The working-day table: loading, provisional years, recomputing, warning."""

import datetime as dt

import pytest

from accounts.access import Denied
from aftersales.charter import Fact
from aftersales.limits import SHANGHAI
from deadlines import calendar
from deadlines.calendar import Day
from deadlines.forms import DaysForm
from deadlines.models import CalendarDay, CollectionRound, DeadlineEvent, Recalculation
from deadlines.services import (
    adopt_official_years,
    load_days,
    open_rounds,
    record,
    sweep,
    tick_round,
    warn_of_unknown_year,
)
from notices.models import Notification

from .conftest import clock

HOUR = dt.timedelta(hours=1)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NEW_YEAR_EVE = at("2026-12-31T16:00:00")
#: what the State Council may announce: 4 January off, 3 January (a Sunday) worked
KNOWN_2027 = [
    Day(dt.date(2027, 1, 1), False, "元旦"),
    Day(dt.date(2027, 1, 4), False, "元旦"),
    Day(dt.date(2027, 1, 3), True, "班"),
]


@pytest.mark.clause("3.1")
def test_a_due_time_in_an_unknown_year_is_provisional_and_recomputed_once_the_year_is_known(subject, staff):
    record(Fact.REPORTED_ONLINE, subject, at=NEW_YEAR_EVE, by=None)
    row = clock(subject, "collect")
    assert (row.due_at, row.provisional) == (at("2027-01-04T10:00:00"), True)
    load_days(KNOWN_2027, source="国办发", by=staff["sys"], at=at("2027-01-01T09:00:00"))
    row = clock(subject, "collect")
    assert (row.due_at, row.raw_due_at, row.provisional) == (
        at("2027-01-03T10:00:00"),
        at("2027-01-03T10:00:00"),
        False,
    )


@pytest.mark.clause("3.1")
def test_a_breach_that_disappears_is_annulled_by_a_visible_note_and_may_come_again(subject, staff):
    record(Fact.REPORTED_ONLINE, subject, at=NEW_YEAR_EVE, by=None)
    sweep(at("2027-01-04T12:00:00"))
    later = [day._replace(is_workday=False) for day in KNOWN_2027]
    load_days(later, source="国办发", by=staff["sys"], at=at("2027-01-04T13:00:00"))
    note, row = Recalculation.objects.get(), clock(subject, "collect")
    assert (note.annuls, note.old_due_at, note.new_due_at) == (
        True,
        at("2027-01-04T10:00:00"),
        at("2027-01-05T10:00:00"),
    )
    assert not row.is_missed(at("2027-01-05T09:00:00"))
    sweep(at("2027-01-05T12:00:00"))
    found = (
        DeadlineEvent.objects.filter(deadline=row, stage="breach")
        .order_by("edition")
        .values_list("edition", "true_at")
    )
    assert list(found) == [(1, at("2027-01-04T10:00:00")), (2, at("2027-01-05T10:00:00"))]


def test_only_provisional_open_clocks_are_recomputed(subject, staff, monday):
    record(Fact.REPORTED_ONLINE, subject, at=monday, by=None)
    before = clock(subject, "collect").due_at
    assert (
        load_days(
            [Day(monday.date(), False, "停电", False)], source="公司", by=staff["sys"], at=monday + HOUR
        )
        == 0
    )
    assert clock(subject, "collect").due_at == before
    assert not calendar.current().is_workday(monday.date())


def test_a_day_corrected_by_hand_does_not_make_its_year_known(staff, monday):
    day = dt.date(2027, 2, 8)
    load_days([Day(day, False, "春节", False)], source="公司", by=staff["sys"], at=monday)
    assert not calendar.current().is_workday(day)
    assert not calendar.current().is_official(day)


def test_years_that_the_package_knows_enter_the_table_once(staff, monday):
    adopt_official_years(monday)
    count = CalendarDay.objects.filter(official=True).count()
    assert set(CalendarDay.objects.values_list("source", flat=True)) == {"holidays"}
    assert {day.year for day in CalendarDay.objects.values_list("date", flat=True)} == {2025, 2026}
    adopt_official_years(monday)
    assert CalendarDay.objects.count() == count


def test_only_who_may_loads_the_calendar(staff, monday):
    with pytest.raises(Denied):
        load_days(KNOWN_2027, source="x", by=staff["cs"], at=monday)


def test_administrators_are_warned_from_december_on_until_the_year_is_known(staff):
    assert not warn_of_unknown_year(at("2026-11-30T23:59:59"))
    assert warn_of_unknown_year(at("2026-12-01T00:00:00"))
    assert warn_of_unknown_year(at("2026-12-02T00:00:00"))
    assert Notification.objects.filter(channel="app", recipient=staff["sys"]).count() == 1
    load_days(KNOWN_2027, source="国办发", by=staff["sys"], at=at("2026-12-03T09:00:00"))
    assert not warn_of_unknown_year(at("2026-12-20T09:00:00"))


@pytest.mark.parametrize(
    "text", ["", "2027-02-30,1", "2027-02-06", "2027-02-06,maybe", "morgen,1", "2027-02-06,1\n2027-02-06,0"]
)
def test_lines_that_cannot_be_read_are_refused(text):
    assert "days" in DaysForm({"days": text, "source": "x"}).errors


def test_lines_are_read(db):
    form = DaysForm(
        {"days": "2027-02-06,1,调休上班\n\n2027-02-08, 休 ,春节", "source": "x", "official": "on"}
    )
    assert form.is_valid()
    assert form.cleaned_data["days"] == [
        Day(dt.date(2027, 2, 6), True, "调休上班"),
        Day(dt.date(2027, 2, 8), False, "春节"),
    ]


@pytest.mark.clause("3.1")
def test_every_window_of_a_working_day_has_its_round_and_a_day_off_has_none(staff, monday):
    assert open_rounds(monday) == 2
    assert open_rounds(monday) == 0
    saturday, make_up = at("2026-03-07T08:00:00"), at("2026-10-10T08:00:00")
    assert open_rounds(saturday) == 8  # Tuesday to Friday are made up, the Saturday is free
    assert open_rounds(make_up) > 2  # a month is made up at most
    assert CollectionRound.objects.filter(day=make_up.date()).count() == 2


@pytest.mark.clause("3.1")
def test_a_round_is_ticked_once_in_its_time_empty_ones_too(staff, monday):
    from aftersales.problems import BadEntry, OutOfTurn

    open_rounds(monday)
    first, second = CollectionRound.objects.order_by("window")
    with pytest.raises(Denied):
        tick_round(first, found=0, by=staff["eng"], at=monday)
    with pytest.raises(OutOfTurn):
        tick_round(second, found=0, by=staff["cs"], at=monday)
    with pytest.raises(BadEntry):
        tick_round(first, found=-1, by=staff["cs"], at=monday)
    tick_round(first, found=0, by=staff["cs"], at=monday)
    with pytest.raises(OutOfTurn):
        tick_round(first, found=3, by=staff["cs"], at=monday)
    assert not clock(first, "round").is_missed(monday)
    tick_round(second, found=2, by=staff["cs"], at=at("2026-03-02T15:00:01"))
    assert clock(second, "round").is_missed(monday + 9 * HOUR)

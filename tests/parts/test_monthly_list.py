"""Warranty parts not returned (5.6): a list a month, opened on the 1st, due on the 5th, frozen when it is submitted."""

import datetime as dt
from decimal import Decimal

import pytest

from aftersales.problems import OutOfTurn
from deadlines.models import Deadline
from parts.models import ReleaseLine, UnreturnedLine, UnreturnedList
from parts.services import open_lists, submit_list
from parts.services.monthly import rows_of
from tests import build
from tests.conftest import SHANGHAI

from .papers import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.6")]


def on(month, day, hour=0, minute=5):
    return dt.datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def line(people, monday):
    """Three pieces issued in March whose old parts are awaited."""
    ticket = build.ticket(at_stage="in_service", at=monday, company=people)
    return sheet(ticket, build.spare(), quantity=3, issued=3, at=monday, by=people.eng).lines.get()


def test_the_list_of_a_month_opens_on_the_first_and_is_due_on_the_fifth(people, line):
    assert [open_lists(on(3, 31, 23, 59)), open_lists(on(4, 1)), open_lists(on(4, 1, 3))] == [0, 1, 0]
    paper = UnreturnedList.objects.get()
    clock = Deadline.objects.of(paper).get()
    assert (str(paper), clock.rule, clock.department) == ("2026-03", "unreturned_list", "warehouse")
    assert (clock.opened_at, clock.due_at) == (on(4, 1, 0, 0), on(4, 6, 0, 0))


def test_months_that_were_missed_are_caught_up_each_once(people, line):
    assert [open_lists(on(7, 20)), open_lists(on(7, 20))] == [4, 0]
    assert sorted(str(row) for row in UnreturnedList.objects.all()) == [
        "2026-03",
        "2026-04",
        "2026-05",
        "2026-06",
    ]
    assert Deadline.objects.filter(rule="unreturned_list").count() == 4


def test_a_company_that_issued_nothing_owes_no_list(db):
    assert open_lists(on(7, 20)) == 0


def test_it_names_what_was_issued_until_the_last_day_and_is_not_back(people, line, monday):
    other = build.ticket(at_stage="in_service", at=on(4, 1), company=people)
    sheet(other, build.spare(), issued=1, at=on(4, 1), by=people.eng)
    line.old_in = 1
    line.save()
    open_lists(on(5, 1))
    march, april = UnreturnedList.objects.order_by("month")
    assert [(row.line, row.quantity, row.amount) for row in rows_of(march)] == [(line, 2, Decimal("200.02"))]
    assert len(rows_of(april)) == 2


def test_the_odd_fen_goes_with_the_pieces_that_came_first(line):
    ReleaseLine.objects.filter(pk=line.pk)
    line.amount, line.old_in = Decimal("100.00"), 1
    line.save()
    open_lists(on(4, 1))
    (row,) = rows_of(UnreturnedList.objects.get())
    assert row.amount == Decimal("66.66")


def test_a_submitted_list_stays_as_it_was(people, line):
    open_lists(on(4, 1))
    paper = submit_list(UnreturnedList.objects.get(), by=people.wh, at=on(4, 3))
    line.old_in = 3
    line.save()
    assert [(row.line_id, row.quantity) for row in rows_of(paper)] == [(line.pk, 3)]
    assert Deadline.objects.of(paper).get().met_at == on(4, 3)
    with pytest.raises(OutOfTurn):
        submit_list(paper, by=people.wh, at=on(4, 3))
    assert UnreturnedLine.objects.count() == 1


def test_what_finance_let_be_in_that_month_is_named_as_waived(people, line):
    line.old_waived = 3
    line.save()
    open_lists(on(4, 1))
    assert [(row.state, row.quantity, row.amount) for row in rows_of(UnreturnedList.objects.get())] == [
        ("waived", 3, 0)
    ]


def test_an_empty_list_is_submitted_with_one_tap(people, line):
    line.old_in = 3
    line.save()
    open_lists(on(4, 1))
    assert submit_list(UnreturnedList.objects.get(), by=people.wh, at=on(4, 2)).submitted_by == people.wh

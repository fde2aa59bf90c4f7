"""The monthly reconciliation (4.11, 8.8): seven figures from the ledger, both sign the same, the month locks, two unlock it."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.limits import moment_of
from aftersales.problems import OutOfTurn, Stale
from deadlines.models import Deadline
from finance.models import Reconciliation, Transfer
from finance.services import deducting, months, owing, payroll, reconciling
from notices.models import Notification
from tests import build
from tests.finance.owing import at, debt, paid, wage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.8"), pytest.mark.clause("4.11")]
D, Y = dt.date, Decimal


@pytest.fixture
def customer(people):
    from sales.services import open_customer, write_down

    return open_customer(write_down(name="泰州物流", phone="+8613912345678"), at=at(2026, 1, 1))


def sheet(people, year, month):
    return Reconciliation.objects.get(engineer=people.eng, month=D(year, month, 1))


def signed(people, year, month, when):
    paper = reconciling.sign_engineer(sheet(people, year, month), by=people.eng, at=when)
    return reconciling.sign_finance(paper, by=people.fin, at=when)


def facts(figures):
    return {name: str(value) for name, value in figures.facts().items() if value}


def test_a_debt_through_its_months_and_every_closing_is_the_next_opening(people, customer):
    debt(people, "1000.00", D(2026, 10, 1), customer=customer)
    paid(people, customer, "100.00", at(2026, 10, 20))
    reconciling.open_all(at(2026, 11, 1, 0))
    october = signed(people, 2026, 10, at(2026, 11, 2))
    assert facts(reconciling.shown(october)) == {"new": "1000.00", "collected": "100.00", "closing": "900.00"}
    assert october.stage == "locked"
    deducting.draft_due(at(2026, 11, 30))
    reconciling.open_all(at(2026, 12, 1))
    november = signed(people, 2026, 11, at(2026, 12, 1))
    assert facts(reconciling.shown(november)) == {"opening": "900.00", "closing": "900.00"}
    wage(people, D(2026, 12, 1), "4000.00")
    payroll.confirm(people.eng, month=D(2026, 12, 1), by=people.fins, at=at(2026, 12, 2))  # 800
    paid(people, customer, "500.00", at(2026, 12, 20))
    reconciling.open_all(at(2027, 1, 1))
    december = signed(people, 2026, 12, at(2027, 1, 4))
    assert facts(reconciling.shown(december)) == {
        "opening": "900.00", "collected": "500.00", "deducted": "800.00", "refunded": "500.00", "closing": "100.00",
    }  # fmt: skip
    assert months.prove(at(2027, 1, 5)) == []


def test_opened_once_for_everybody_and_late_catches_up(people, customer):
    debt(people, "10.00", D(2026, 9, 5), customer=customer)
    for _again in range(2):
        reconciling.open_all(at(2026, 12, 3))
    assert sorted(str(m) for m in Reconciliation.objects.values_list("month", flat=True)) == [
        "2026-09-01", "2026-10-01", "2026-11-01",
    ]  # fmt: skip
    clock = Deadline.objects.of(sheet(people, 2026, 9)).get(rule="reconciliation")
    assert (clock.opened_at, clock.due_at, clock.assignee) == (
        at(2026, 10, 1, 0),
        at(2026, 10, 9, 0),
        people.eng,
    )
    assert Deadline.objects.of(sheet(people, 2026, 11)).get(rule="reconcile_finance").due_at == at(
        2026, 12, 6, 0
    )


def test_whoever_signs_stops_his_own_clock(people, customer):
    debt(people, "10.00", D(2026, 9, 5), customer=customer)
    reconciling.open_all(at(2026, 10, 2))
    reconciling.sign_engineer(sheet(people, 2026, 9), by=people.eng, at=at(2026, 10, 3))
    met = dict(Deadline.objects.of(sheet(people, 2026, 9)).values_list("rule", "met_at"))
    assert met == {"reconciliation": at(2026, 10, 3), "reconcile_finance": None}


def test_a_correction_of_a_locked_month_falls_into_the_first_open_one(people, customer):
    row = debt(people, "100.00", D(2026, 9, 5), customer=customer)
    reconciling.open_all(at(2026, 11, 2))
    signed(people, 2026, 9, at(2026, 11, 2))
    paid(people, customer, "40.00", at(2026, 9, 20), entered=at(2026, 11, 3))
    move = Transfer.objects.get(key__startswith="pay:")
    assert move.day == D(2026, 10, 1)
    assert facts(reconciling.figures(people.eng, D(2026, 10, 1))) == {
        "opening": "100.00", "collected": "40.00", "closing": "60.00",
    }  # fmt: skip
    assert owing.left(row) == Y("60.00")
    # the money itself is the company's, whose books of September are open
    assert Transfer.objects.get(key__startswith="receipt:").day == D(2026, 9, 20)


def test_the_figures_moved_between_the_two_signatures_the_first_one_is_void(people, customer):
    debt(people, "100.00", D(2026, 9, 5), customer=customer)
    reconciling.open_all(at(2026, 10, 2))
    reconciling.sign_engineer(sheet(people, 2026, 9), by=people.eng, at=at(2026, 10, 3))
    paid(people, customer, "40.00", at(2026, 9, 20), entered=at(2026, 10, 4))
    paper = reconciling.sign_finance(sheet(people, 2026, 9), by=people.fin, at=at(2026, 10, 4))
    assert (paper.stage, paper.engineer_signed_at, paper.closing) == ("finance", None, Y("60.00"))
    assert reconciling.sign_engineer(paper, by=people.eng, at=at(2026, 10, 5)).stage == "locked"


def test_whoever_signed_figures_that_have_moved_since_is_told_by_the_daily_job_once(people, customer):
    debt(people, "100.00", D(2026, 9, 5), customer=customer)
    reconciling.open_all(at(2026, 10, 2))
    reconciling.sign_engineer(sheet(people, 2026, 9), by=people.eng, at=at(2026, 10, 3))
    assert reconciling.void_moved(at(2026, 10, 4)) == 0
    paid(people, customer, "40.00", at(2026, 9, 20), entered=at(2026, 10, 4))
    assert [reconciling.void_moved(at(2026, 10, day)) for day in (5, 6)] == [1, 0]
    paper = sheet(people, 2026, 9)
    clocks = Deadline.objects.of(paper).filter(rule="reconciliation").order_by("pk")
    assert (paper.stage, [clock.met_at is None for clock in clocks]) == ("open", [False, True])
    assert clocks[1].due_at == moment_of(D(2026, 10, 9))  # the 5th lies in the holidays
    assert clocks[1].assignee_id == people.eng.pk
    told = Notification.objects.filter(recipient=people.eng, channel="app", event_key__contains=":void:")
    assert told.count() == 1
    reconciling.sign_engineer(paper, by=people.eng, at=at(2026, 10, 6))
    assert not clocks.filter(met_at=None).exists()


def test_what_is_signed_is_what_was_shown(people, customer):
    debt(people, "100.00", D(2026, 9, 5), customer=customer)
    reconciling.open_all(at(2026, 10, 2))
    shown = reconciling.shown(sheet(people, 2026, 9)).digest()
    paid(people, customer, "1.00", at(2026, 9, 6), entered=at(2026, 10, 3))
    with pytest.raises(Stale):
        reconciling.sign_engineer(sheet(people, 2026, 9), by=people.eng, at=at(2026, 10, 3), shown=shown)


def test_months_are_reconciled_in_their_order_by_two_who_may(people, customer):
    debt(people, "100.00", D(2026, 8, 5), customer=customer)
    reconciling.open_all(at(2026, 10, 2))
    with pytest.raises(OutOfTurn, match="First DZ"):
        reconciling.sign_engineer(sheet(people, 2026, 9), by=people.eng, at=at(2026, 10, 3))
    with pytest.raises(Denied):
        reconciling.sign_engineer(sheet(people, 2026, 8), by=build.person("ENG"), at=at(2026, 10, 3))
    with pytest.raises(Denied):
        reconciling.sign_finance(sheet(people, 2026, 8), by=people.eng, at=at(2026, 10, 3))


def test_two_leaders_unlock_the_last_month_and_nobody_alone(people, customer):
    debt(people, "100.00", D(2026, 8, 5), customer=customer)
    reconciling.open_all(at(2026, 10, 2))
    signed(people, 2026, 8, at(2026, 10, 2))
    signed(people, 2026, 9, at(2026, 10, 2))
    with pytest.raises(OutOfTurn, match="later month"):
        reconciling.propose_unlock(sheet(people, 2026, 8), by=people.mgr, at=at(2026, 10, 3), reason="记错")
    row = reconciling.propose_unlock(sheet(people, 2026, 9), by=people.mgr, at=at(2026, 10, 3), reason="记错")
    with pytest.raises(Denied, match="SD12"):
        reconciling.second_unlock(row, by=people.mgr, at=at(2026, 10, 3))
    paper = reconciling.second_unlock(row, by=build.person("MGR"), at=at(2026, 10, 4))
    assert (paper.stage, paper.locked_at) == ("open", None)
    paid(people, customer, "5.00", at(2026, 9, 28), entered=at(2026, 10, 4))
    assert signed(people, 2026, 9, at(2026, 10, 5)).collected == Y("5.00")


def test_from_the_fifth_on_finance_and_the_engineer_hear_who_has_not_signed(people, customer):
    assert people.fin
    debt(people, "100.00", D(2026, 8, 5), customer=customer)
    reconciling.open_all(at(2026, 9, 2))
    assert reconciling.tell_unsigned(at(2026, 9, 4)) == 0
    for _again in range(2):
        reconciling.tell_unsigned(at(2026, 9, 5))
    told = Notification.objects.filter(event_key="unsigned:2026-08", channel="app")
    assert {n.recipient_id for n in told} == {people.fin.pk, people.eng.pk}
    assert told.count() == 2

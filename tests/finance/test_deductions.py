"""Day 40 (4.11, 8.8): drafted on the right day, objected to, confirmed once within the cap, carried on, refunded in time."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from finance.models import Account, Deduction, Payroll, Refund
from finance.services import deducting, months, owing, paying, payroll, receipts
from finance.services.opening import take_over
from tests import build
from tests.finance.owing import at, debt, paid, wage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.8")]
D, Y = dt.date, Decimal
DECEMBER = D(2026, 12, 1)


@pytest.fixture
def customer(people):
    from sales.services import open_customer, write_down

    return open_customer(write_down(name="泰州物流", phone="+8613912345678"), at=at(2026, 1, 1))


def drafts(**kinds):
    return list(Deduction.objects.filter(**kinds).order_by("pk"))


# --- drafted
@pytest.mark.clause("4.11")
def test_drafted_once_the_fortieth_day_is_over_and_not_before(people, customer):
    row = debt(people, "500.00", D(2026, 10, 20), customer=customer)
    assert deducting.draft_due(at(2026, 11, 29, 23)) == 0
    assert deducting.draft_due(at(2026, 11, 30, 0)) == 1
    draft = Deduction.objects.get()
    assert (draft.month, draft.amount, draft.engineer, draft.receivable, draft.stage) == (
        DECEMBER, Y("500.00"), people.eng, row, "draft",
    )  # fmt: skip
    assert draft.key == f"deduct:{row.pk}:202612"
    assert [deducting.draft_due(at(2026, 12, day)) for day in (1, 1, 20)] == [0, 0, 0]


def test_what_is_paid_in_time_is_never_drafted_and_what_comes_later_shrinks_or_drops_it(people, customer):
    debt(people, "100.00", D(2026, 10, 20), customer=customer)
    debt(people, "300.00", D(2026, 10, 21), customer=customer)
    paid(people, customer, "100.00", at(2026, 11, 5))
    deducting.draft_due(at(2026, 12, 2))
    draft = Deduction.objects.get()
    assert draft.amount == Y("300.00")
    paid(people, customer, "120.00", at(2026, 12, 2, 12))
    draft = Deduction.objects.get()
    assert (draft.amount, draft.stage) == (Y("180.00"), "draft")
    paid(people, customer, "180.00", at(2026, 12, 3))
    assert Deduction.objects.get().stage == "dropped"


def test_a_debt_that_is_entered_late_enters_the_first_month_that_is_neither_past_nor_confirmed(
    people, customer
):
    debt(people, "50.00", D(2026, 3, 2), customer=customer)
    deducting.draft_due(at(2026, 12, 2))
    assert Deduction.objects.get().month == DECEMBER
    wage(people, DECEMBER)
    payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 3))
    debt(people, "70.00", D(2026, 3, 3), customer=customer)
    deducting.draft_due(at(2026, 12, 4))
    assert Deduction.objects.get(amount=Y("70.00")).month == D(2027, 1, 1)


def test_the_clock_warns_ten_and_three_days_before_the_end_and_has_no_head(people, customer):
    from deadlines.stages import stages_of

    row = debt(people, "50.00", D(2026, 10, 20), customer=customer)
    clock = Deadline.objects.of(row).get()
    assert clock.due_at == at(2026, 11, 30, 0)
    assert [(stage, moment) for stage, moment in stages_of(clock)] == [
        ("early", at(2026, 11, 20, 0)), ("soon", at(2026, 11, 27, 0)), ("breach", at(2026, 11, 30, 0)),
    ]  # fmt: skip
    assert clock.assignee == people.eng
    paid(people, customer, "50.00", at(2026, 11, 1))
    assert Deadline.objects.of(row).get().met_at == at(2026, 11, 1)


# --- objection
def test_an_open_objection_blocks_and_rolls_on_and_a_leader_decides(people, customer):
    debt(people, "500.00", D(2026, 10, 20), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    deducting.object_to(
        Deduction.objects.get(), by=people.eng, at=at(2026, 12, 1), objection="客户说配件有问题"
    )
    payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 3))
    assert Payroll.objects.get().total == 0
    deducting.draft_due(at(2027, 1, 1, 0))
    old, new = drafts()
    assert (old.stage, new.stage, new.month, new.objection) == (
        "rolled",
        "objected",
        D(2027, 1, 1),
        "客户说配件有问题",
    )
    with pytest.raises(Denied):
        deducting.uphold(new, by=people.fins, at=at(2027, 1, 2), decision="同意")
    deducting.overrule(new, by=people.mgr, at=at(2027, 1, 2), decision="配件检验合格")
    new.refresh_from_db()
    assert (new.stage, new.decided_by) == ("draft", people.mgr)
    with pytest.raises(OutOfTurn, match="already been decided"):
        deducting.object_to(new, by=people.eng, at=at(2027, 1, 2), objection="再来")


def test_a_draft_asks_again_for_what_a_reversed_receipt_had_paid(people, customer):
    row = debt(people, "500.00", D(2026, 10, 20), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    receipt = paid(people, customer, "100.00", at(2026, 12, 1), by=people.fin)
    assert [draft.amount for draft in drafts()] == [Decimal("400.00")]
    receipts.take_back(receipt, by=people.fins, second=build.person("FINS"), at=at(2026, 12, 2), why="退票")
    assert [draft.amount for draft in drafts()] == [Decimal("500.00")] == [owing.left(row)]


def test_an_upheld_objection_drops_the_deduction_for_good(people, customer):
    debt(people, "500.00", D(2026, 10, 20), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    deducting.object_to(Deduction.objects.get(), by=people.eng, at=at(2026, 12, 1), objection="货未到")
    deducting.uphold(Deduction.objects.get(), by=people.mgr, at=at(2026, 12, 2), decision="货未到，属实")
    assert [deducting.draft_due(at(2027, month, 2)) for month in (1, 2, 3)] == [0, 0, 0]
    assert [row.stage for row in drafts()] == ["dropped"]


def test_sd07_who_took_a_debt_over_from_paper_does_not_confirm_its_deduction(people, customer):
    debt(people, "500.00", D(2026, 10, 20), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    both = build.person("FINS")
    opening = {"key": "A9", "customer": customer, "engineer": people.eng, "amount": Y("60.00"), "note": "x"}
    days = {"arose_on": D(2026, 10, 1), "due_on": D(2026, 10, 10)}
    take_over([opening | days], source="t", by=both, at=at(2026, 11, 30))
    deducting.draft_due(at(2026, 11, 30))
    with pytest.raises(Denied, match="SD07"):
        payroll.confirm(people.eng, month=DECEMBER, by=both, at=at(2026, 12, 3))
    assert payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 3)).total == Y(
        "560.00"
    )


def test_sd07_neither_the_engineer_nor_the_recorder_of_a_payment_decides_or_confirms(people, customer):
    debt(people, "500.00", D(2026, 10, 20), customer=customer)
    paid(people, customer, "100.00", at(2026, 11, 5), by=people.fins)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    with pytest.raises(Denied, match="SD07"):
        payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 3))
    assert not Payroll.objects.exists()
    other = build.person("FINS")
    payroll.confirm(people.eng, month=DECEMBER, by=other, at=at(2026, 12, 3))
    both = build.person("MGR", "ENG")
    row = debt(people, "10.00", D(2026, 10, 1), customer=customer)
    type(row).objects.filter(pk=row.pk).update(engineer=both)
    deducting.draft_due(at(2027, 1, 2))
    mine = Deduction.objects.get(engineer=both)
    deducting.object_to(mine, by=both, at=at(2027, 1, 2), objection="不对")
    with pytest.raises(Denied, match="SD07"):
        deducting.uphold(mine, by=both, at=at(2027, 1, 2), decision="对")


# --- confirmed
def test_confirmed_within_the_cap_the_oldest_first_and_the_rest_is_carried(people, customer):
    first = debt(people, "900.00", D(2026, 10, 1), customer=customer)
    second = debt(people, "800.00", D(2026, 10, 2), customer=customer)
    third = debt(people, "10.00", D(2026, 10, 3), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    row = payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 5))
    assert (row.cap, row.total) == (Y("1200.00"), Y("1200.00"))
    assert [(owing.left(r), owing.borne(r)) for r in (first, second, third)] == [
        (Y("0.00"), Y("900.00")), (Y("500.00"), Y("300.00")), (Y("10.00"), Y("0.00")),
    ]  # fmt: skip
    carried = drafts(month=D(2027, 1, 1))
    assert [(r.receivable, r.amount, r.carried, r.stage) for r in carried] == [
        (second, Y("500.00"), True, "draft"), (third, Y("10.00"), True, "draft"),
    ]  # fmt: skip
    fourth = debt(
        people, "700.00", D(2026, 9, 1), customer=customer
    )  # older, but carried remainders come first
    deducting.draft_due(at(2027, 1, 2))
    wage(people, D(2027, 1, 1))
    payroll.confirm(people.eng, month=D(2027, 1, 1), by=people.fins, at=at(2027, 1, 3))
    assert [owing.left(r) for r in (second, third, fourth)] == [Y("0.00"), Y("0.00"), Y("10.00")]
    assert months.prove(at(2027, 1, 4)) == []


def test_without_wage_and_minimum_wage_nothing_is_confirmed_and_it_rolls_on(people, customer):
    debt(people, "900.00", D(2026, 10, 1), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    with pytest.raises(BadEntry, match="Wage and local minimum wage"):
        payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 5))
    deducting.draft_due(at(2027, 1, 1, 0))
    assert [(row.stage, row.month) for row in drafts()] == [("rolled", DECEMBER), ("draft", D(2027, 1, 1))]


def test_a_month_is_confirmed_once_and_only_while_it_lasts(people, customer):
    debt(people, "900.00", D(2026, 10, 1), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    with pytest.raises(OutOfTurn, match="in their payroll month"):
        payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 11, 30, 12))
    payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 31))
    with pytest.raises(OutOfTurn, match="already confirmed"):
        payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 31))
    with pytest.raises(OutOfTurn, match="its wage stays"):
        wage(people, DECEMBER, "9000.00")


def test_money_that_came_before_the_confirmation_counts_even_if_nobody_ran_the_job(people, customer):
    row = debt(people, "300.00", D(2026, 10, 1), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    paid(people, customer, "250.00", at(2026, 12, 1))
    payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 2))
    assert (owing.borne(row), owing.left(row)) == (Y("50.00"), Y("0.00"))


# --- refunded
def test_money_after_a_deduction_refunds_the_engineer_first_within_two_working_days(people, customer):
    row = debt(people, "1000.00", D(2026, 10, 1), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER, "4000.00")  # 800 fit
    payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 2))
    receipt = paid(people, customer, "500.00", at(2026, 12, 30, 15))
    refund = Refund.objects.get()
    assert (refund.amount, refund.key) == (Y("500.00"), f"refund:{refund.deduction_id}:{receipt.pk}")
    clock = Deadline.objects.of(refund).get()
    assert (clock.rule, clock.due_at, clock.provisional) == ("refund", at(2027, 1, 5, 0), True)
    assert (owing.borne(row), owing.left(row)) == (Y("300.00"), Y("200.00"))
    paid(people, customer, "500.00", at(2026, 12, 31))
    assert (owing.borne(row), owing.left(row), owing.owed(row)) == (Y("0.00"), Y("0.00"), Y("0.00"))
    assert [r.amount for r in Refund.objects.order_by("pk")] == [Y("500.00"), Y("300.00")]
    assert Account.objects.get(kind="wage").balance() == 0
    assert not Deduction.objects.filter(stage__in=("draft", "objected")).exists()
    with pytest.raises(BadEntry, match="between the money's arrival and today"):
        payroll.repay(refund, paid_on=D(2026, 12, 29), paid_how="bank", by=people.fins, at=at(2026, 12, 31))
    payroll.repay(refund, paid_on=D(2026, 12, 31), paid_how="payroll", by=people.fins, at=at(2026, 12, 31))
    assert Deadline.objects.of(refund).get().met_at == at(2026, 12, 31)
    with pytest.raises(OutOfTurn, match="already been settled"):
        payroll.repay(refund, paid_on=D(2026, 12, 31), paid_how="bank", by=people.fins, at=at(2026, 12, 31))
    assert months.prove(at(2027, 1, 1)) == []


def test_money_that_arrived_before_but_was_entered_after_is_refunded_all_the_same(people, customer):
    debt(people, "300.00", D(2026, 10, 1), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 2))
    paid(people, customer, "300.00", at(2026, 11, 25), entered=at(2026, 12, 7))
    refund = Refund.objects.get()
    assert (refund.amount, refund.arose_at) == (Y("300.00"), at(2026, 12, 2))
    assert Deadline.objects.of(refund).get().due_at == at(2026, 12, 5, 0)  # Wednesday + 2 working days


def test_a_reversed_receipt_takes_its_refund_back_unless_it_was_repaid(people, customer):
    from finance.services import receipts

    row = debt(people, "300.00", D(2026, 10, 1), customer=customer)
    deducting.draft_due(at(2026, 11, 30))
    wage(people, DECEMBER)
    payroll.confirm(people.eng, month=DECEMBER, by=people.fins, at=at(2026, 12, 2))
    other = build.person("FINS")
    receipt = paid(people, customer, "300.00", at(2026, 12, 3))
    receipts.take_back(receipt, by=people.fins, second=other, at=at(2026, 12, 4), why="退票")
    assert (owing.borne(row), owing.left(row)) == (Y("300.00"), Y("0.00"))
    again = paid(people, customer, "300.00", at(2026, 12, 5))
    refund = Refund.objects.get(receipt=again)
    payroll.repay(refund, paid_on=D(2026, 12, 5), paid_how="bank", by=people.fins, at=at(2026, 12, 5))
    with pytest.raises(OutOfTurn, match="already been repaid"):
        receipts.take_back(again, by=people.fins, second=other, at=at(2026, 12, 6), why="退票")
    assert months.prove(at(2026, 12, 7)) == []


# --- money for a ticket, money without a reference
@pytest.mark.clause("8.6")
def test_money_without_a_reference_pays_the_oldest_debt_and_the_rest_is_credit(people, customer):
    from finance.selectors import credit_of, free

    new = debt(people, "80.00", D(2026, 10, 9), customer=customer)
    old = debt(people, "50.00", D(2026, 10, 2), customer=customer)
    receipt = paid(people, customer, "150.00", at(2026, 10, 20))
    assert (owing.left(old), owing.left(new), free(receipt), credit_of(customer.number)) == (
        0,
        0,
        Y("20.00"),
        Y("20.00"),
    )


def test_by_hand_no_more_than_the_receipt_holds_or_the_debt_is_open(people, customer):
    row = debt(people, "80.00", D(2026, 10, 9), customer=customer)
    receipt = paid(people, customer, "100.00", at(2026, 10, 20))
    late = debt(people, "30.00", D(2026, 10, 21), customer=customer)
    for amount, said in (("20.01", "still holds"), ("0.00", "more than 0.00"), ("1.005", "two decimals")):
        with pytest.raises(BadEntry, match=said):
            paying.allocate(receipt, receivable=late, amount=Y(amount), by=people.fin, at=at(2026, 10, 22))
    with pytest.raises(BadEntry, match="are open"):
        paying.allocate(receipt, receivable=row, amount=Y("1.00"), by=people.fin, at=at(2026, 10, 22))
    paying.allocate(receipt, receivable=late, amount=Y("20.00"), by=people.fin, at=at(2026, 10, 22))
    assert owing.left(late) == Y("10.00")

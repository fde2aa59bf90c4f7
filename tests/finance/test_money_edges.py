"""Where money, debts, wages and months cross: what one act leaves, the next one finds in order (8.6, 8.8, 8.10)."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.limits import first_of
from aftersales.problems import BadEntry, OutOfTurn
from finance import debts as reading
from finance.models import Deduction, Payroll, Receipt, Receivable, Reconciliation, Refund, Transfer
from finance.selectors import credit_of, free
from finance.services import (
    bank,
    deducting,
    giving_up,
    months,
    opening,
    owing,
    paying,
    payroll,
    receipts,
    reconciling,
    statements,
    year_end,
)
from notices.models import Notification
from parts.services import releases, rerating
from repairs.services import intake
from sales import merging
from tests import build
from tests.api.conftest import Program
from tests.finance import months as months_of
from tests.finance import owing as dated
from tests.finance import repaired
from tests.finance.debts import DAY, balanced, borne, customer, debt, fins, old_debt
from tests.finance.owing import at
from tests.finance.repaired import on
from tests.finance.test_bank_lists import line, take

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.8")]
SEPTEMBER = dt.date(2026, 9, 1)


def taken_back(shop, receipt):
    receipt.refresh_from_db()
    return receipts.take_back(receipt, by=fins(), second=fins(), at=shop.now(), why="退票")


def written_off(shop, row, amount):
    paper = giving_up.propose(row, amount=Decimal(amount), reason="和解", by=fins(), at=shop.now())
    return giving_up.second(paper, by=fins(), at=shop.now())


# --- less is owed than was borne, given up or paid
def test_a_receipt_reversed_after_its_refund_and_a_return_leaves_no_debt_below_nothing(shop):
    row = debt(shop, "100.00", 2)
    borne(shop, row, "200.00")
    receipt = shop.receipt("200.00")
    shop.bring_back(row.release, "unused", 1)
    taken_back(shop, receipt)
    assert (owing.left(row), owing.borne(row)) == (0, Decimal("100.00"))  # what the one piece costs
    refund = Refund.objects.get(dropped_at=None)
    assert (refund.amount, refund.receipt, refund.why) == (Decimal("100.00"), None, "undone")
    assert months.prove(shop.now()) == []
    balanced()


@pytest.mark.parametrize(("pieces", "credit", "lost"), [(1, "10.00", "0.00"), (2, "60.00", "0.00")])
def test_what_was_given_up_is_nobody_s_credit_when_the_parts_come_back(shop, pieces, credit, lost):
    row = debt(shop, "50.00", 2)
    shop.receipt("60.00")
    written_off(shop, row, "40.00")
    shop.bring_back(row.release, "unused", pieces)
    assert credit_of(shop.customer.number) == Decimal(credit)
    assert reading.amounts(row)["given_up"] == Decimal(lost)
    assert months.prove(shop.now()) == []
    balanced()


def test_why_money_came_back_is_said_in_words(shop, as_user, one_factor):
    row = debt(shop, "100.00", 1)
    paper = borne(shop, row, "100.00")
    shop.bring_back(row.release, "unused", 1)
    page = as_user(shop.who.fin).get(paper.get_absolute_url()).content.decode()
    listed = as_user(shop.who.fin).get("/finance/deductions/").content.decode()
    for text in (page, listed):
        assert ">unused<" not in text
    assert "退回未用配件" in page or "unused parts returned" in page
    told = Notification.objects.get(event_key=f"{Refund.objects.get().key}:arose", channel="app")
    assert told.title.startswith("Less is owed than before")


# --- two who were one, and were not
@pytest.fixture
def two(shop):
    """(the one who is kept with ¥50.00 of his own, the receipt of ¥100.00 of the one who was merged into him, the merge)"""
    kept = build.customer(shop.now())
    receipt = shop.receipt("100.00", ticket=None)
    shop.receipt("50.00", customer=kept, ticket=None)
    return kept, receipt, merging.merge(kept, shop.customer, by=shop.who.cs_head, at=shop.now())


def parted(shop, row):
    merging.undo(row, by=shop.who.cs_head, at=shop.now())
    balanced()


def test_a_merge_taken_back_gives_no_more_credit_than_its_receipts_hold(shop, two):
    kept, receipt, row = two
    owed = old_debt(shop, "60.00", customer=kept)
    receipt.refresh_from_db()
    paying.allocate(receipt, receivable=owed, amount=Decimal(60), by=shop.who.fin, at=shop.now())
    parted(shop, row)
    assert (credit_of(kept.number), credit_of(shop.customer.number)) == (Decimal("50.00"), Decimal("40.00"))


def test_a_merge_taken_back_after_its_receipt_was_reversed_takes_nothing_of_the_other_s(shop, two):
    kept, receipt, row = two
    taken_back(shop, receipt)
    parted(shop, row)
    assert (credit_of(kept.number), credit_of(shop.customer.number)) == (Decimal("50.00"), 0)


def test_a_merge_taken_back_gives_what_came_free_meanwhile(shop):
    kept, owed = build.customer(shop.now()), debt(shop, "60.00", 1)
    shop.receipt("60.00")
    row = merging.merge(kept, shop.customer, by=shop.who.cs_head, at=shop.now())
    shop.bring_back(owed.release, "unused", 1)
    parted(shop, row)
    assert (credit_of(kept.number), credit_of(shop.customer.number)) == (0, Decimal("60.00"))


# --- months before a closed or reconciled one
@pytest.fixture
def september(people):
    """A debt of September, the first month of the books."""
    payer = customer(at(2026, 1, 1))
    dated.debt(people, "100.00", dt.date(2026, 9, 5), customer=payer)
    return payer


def test_a_debt_from_before_a_reconciled_month_enters_the_first_open_one(people, september):
    reconciling.open_all(at(2026, 10, 1))
    paper = Reconciliation.objects.get(engineer=people.eng, month=SEPTEMBER)
    reconciling.sign_engineer(paper, by=people.eng, at=at(2026, 10, 2))
    reconciling.sign_finance(paper, by=people.fin, at=at(2026, 10, 2))
    row = {"key": "Z1", "customer": september, "engineer": people.eng, "amount": Decimal("70.00"),
           "arose_on": dt.date(2026, 7, 1), "due_on": dt.date(2026, 7, 2), "note": "旧"}  # fmt: skip
    opening.take_over([row], source="旧账", by=people.fin, at=at(2026, 10, 3))
    assert Transfer.objects.get(key="opening:Z1").day == dt.date(2026, 10, 1)
    assert months.prove(at(2026, 10, 4)) == []
    assert reconciling.figures(people.eng, dt.date(2026, 10, 1)).closing == Decimal("170.00")


@pytest.mark.clause("8.10")
def test_money_from_before_a_closed_month_enters_the_first_open_one(people, september):
    months.close(SEPTEMBER, by=people.fins, at=at(2026, 10, 2), reason="出差在外")
    dated.paid(people, september, "30.00", at(2026, 8, 15), entered=at(2026, 10, 3))
    assert {row.day for row in Transfer.objects.exclude(why="opening")} == {dt.date(2026, 10, 1)}
    assert statements.first_open(dt.date(2026, 8, 1)) == dt.date(2026, 10, 1)


@pytest.mark.clause("8.10")
def test_a_month_whose_reconciliations_nobody_has_opened_yet_is_not_closed_without_a_reason(
    people, september
):
    with pytest.raises(BadEntry, match="Not everybody"):
        months.close(SEPTEMBER, by=people.fins, at=at(2026, 10, 1, 0))
    closed = months.close(SEPTEMBER, by=people.fins, at=at(2026, 10, 1, 0), reason="出差在外")
    assert [paper.month for paper in people.eng.reconciliations.all()] == [closed.month]


@pytest.mark.clause("8.10")
def test_a_month_of_a_locked_year_end_stays_closed(shop):
    repaired.pay(repaired.labour(shop.ticket, "100.00", on(12, 2)), "100.00", on(12, 9))
    january = on(1, 8, year=2027)
    closed = repaired.close(dt.date(2026, 12, 1), shop.who.fins, january)
    proposal = months.propose_reopening(closed, by=shop.who.mgr, at=january, reason="漏记")
    paper = year_end.prepare(2026, by=shop.who.fin, at=january)
    year_end.approve(paper, by=shop.who.mgr, at=january)
    with pytest.raises(OutOfTurn, match="year end of 2026"):
        months.second_reopening(proposal, by=build.person("MGR"), at=january)
    months.drop_reopening(proposal, by=shop.who.mgr, at=january)
    with pytest.raises(OutOfTurn, match="year end of 2026"):
        months.propose_reopening(closed, by=shop.who.mgr, at=january, reason="漏记")


# --- who decides
def test_sd07_who_recorded_the_receipt_of_a_paid_release_does_not_decide_about_its_deduction(shop):
    charged, free_part = shop.part("60.00"), shop.part("300.00", recyclable=True)
    shop.quoted((charged, 1))
    lines = [{"damage": "human", "damage_evidence": "照片", "part": charged, "quantity": 1},
             {"damage": "not_human", "part": free_part, "quantity": 1}]  # fmt: skip
    paper = releases.draft(shop.ticket, by=shop.who.eng, at=shop.now(), basis="paid", lines=lines)
    paper = releases.submit(paper, by=shop.who.eng, at=shop.now())
    receipt = shop.receipt("60.00", by=shop.who.fins)
    paper = shop.sign(paper, by=fins(), receipt=receipt)
    shop.issue(paper, {1: 1, 2: 1})
    second = paper.lines.get(position=2)
    rerating.rerate(second, damage="human", by=shop.who.tech, at=shop.now(), why="判定")
    shop.at += 45 * DAY
    deducting.draft_due(shop.now())
    with pytest.raises(Denied, match="SD07"):
        deducting.apart(Deduction.objects.get(), shop.who.fins)
    deducting.apart(Deduction.objects.get(), fins())


def test_sd07_nobody_confirms_his_own_month_not_even_an_empty_one(shop):
    one, month = fins(), first_of(shop.at.date())
    hand = {"by": shop.who.fin, "at": shop.now()}
    payroll.enter_wage(one, month=month, amount=Decimal(6000), **hand)
    payroll.enter_minimum(since=month, amount=Decimal(2490), **hand)
    with pytest.raises(Denied, match="SD07"):
        payroll.confirm(one, month=month, by=one, at=shop.now())
    assert not Payroll.objects.exists()


def test_c31_no_digest_of_a_wage_for_who_may_not_see_it(people):
    month = months_of.this_month()
    months_of.draft(people.eng)
    months_of.wages(people.eng, by=people.fin)
    path = f"payrolls/{month:%Y-%m}/{people.eng.username}"
    for user, sees in ((people.fins, True), (people.eng, True), (people.aud, False)):
        found = Program(user).get(path)
        assert [bool(found[name]) for name in ("wage", "cap", "shown")] == [sees] * 3


# --- whose money it is
@pytest.mark.clause("8.6")
def test_a_row_that_fits_the_debt_of_another_payer_pays_that_debt(shop):
    payer = customer(shop.now(), name="付款人", phone="+8613912340009", organisation="付款物流")
    part = shop.part("60.00")
    shop.quoted((part, 1))
    lines = [{"damage": "human", "damage_evidence": "照片", "part": part, "quantity": 1}]
    hand = {"by": shop.who.eng, "at": shop.now()}
    paper = releases.draft(shop.ticket, basis="unpaid", debtor=payer, lines=lines, **hand)
    paper = releases.consent(paper, agreed_day=(shop.at + 10 * DAY).date(), reason="老客户", **hand)
    paper = releases.submit(paper, **hand)
    shop.issue(shop.sign(paper, opinion="未付款"), 1)
    batch = take(shop, line(shop, "60.00", payer="付款物流", reference="R1"))
    made = bank.post(batch, by=shop.who.fin, at=shop.now())[0]
    assert (made.customer, made.ticket, owing.left(Receivable.objects.get())) == (payer, shop.ticket, 0)
    balanced()


@pytest.mark.clause("8.6")
def test_a_row_chosen_by_hand_is_not_posted_over_money_recorded_meanwhile(shop):
    batch = take(shop, line(shop, "60.00", payer="谁", reference="R9"))
    bank.choose(batch.rows.get(), number=shop.customer.number, by=shop.who.fin, at=shop.now())
    shop.receipt("60.00", ticket=None, reference="R9")
    with pytest.raises(OutOfTurn, match="recorded meanwhile"):
        bank.post(batch, by=shop.who.fin, at=shop.now())
    assert Receipt.objects.count() == 1


@pytest.mark.clause("8.6")
def test_what_was_known_when_the_list_came_is_posted_by_hand_all_the_same(shop):
    shop.receipt("60.00", ticket=None, reference="R9")
    batch = take(shop, line(shop, "60.00", payer="谁", reference="R9"))
    bank.choose(batch.rows.get(), number=shop.customer.number, by=shop.who.fin, at=shop.now())
    assert len(bank.post(batch, by=shop.who.fin, at=shop.now())) == 1


@pytest.mark.clause("8.6")
def test_money_for_a_report_that_was_merged_pays_the_ticket_that_went_on(shop):
    twin = build.ticket(at_stage="contacted", at=shop.now(), company=shop.who, vin=shop.ticket.vin)
    assert twin.customer == shop.customer
    row = debt(shop)
    intake.merge(twin, by=shop.who.cs, at=shop.now(), into=shop.ticket)
    twin.refresh_from_db()
    made = shop.receipt("60.00", ticket=twin)
    assert (made.ticket, owing.left(row), free(made)) == (shop.ticket, 0, 0)

"""What a receipt holds pays debts (8.6, 8.8): pro rata for its ticket, the oldest first without one, by hand (C38)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.access import Denied
from aftersales.money import fen_of, split
from aftersales.problems import BadEntry
from finance.models import ReceiptUse
from finance.selectors import free
from finance.services import owing, paying, receipts
from notices.models import Notification
from tests import build
from tests.finance.debts import balanced, borne, customer, debt, fins, old_debt

pytestmark = pytest.mark.django_db


def allocate(shop, receipt, row, amount, by=None):
    return paying.allocate(
        receipt, receivable=row, amount=Decimal(amount), by=by or shop.who.fin, at=shop.now()
    )


@pytest.mark.clause("8.8")
def test_money_without_a_reference_pays_the_oldest_and_who_answers_for_it_is_told(shop):
    other = build.person("ENG")
    young, old = old_debt(shop, "50.00", due=10), old_debt(shop, "40.00", due=20, engineer=other)
    row = shop.receipt("60.00", ticket=None)
    assert (owing.left(old), owing.left(young)) == (0, Decimal("30.00"))
    for engineer, amount in ((other, "40.00"), (shop.who.eng, "20.00")):
        use = ReceiptUse.objects.get(receipt=row, receivable__engineer=engineer)
        told = Notification.objects.get(event_key=f"use:{use.pk}:paid", recipient=engineer, channel="app")
        assert (str(use.amount), amount in told.params["amount"], told.created_at) == (amount, True, shop.at)


@pytest.mark.clause("8.6")
def test_the_engineer_is_told_once_that_his_debt_is_paid_not_that_parts_wait(shop):
    debt(shop)
    shop.receipt("60.00")
    rows = Notification.objects.filter(recipient=shop.who.eng, channel="app")
    assert rows.filter(event_key__contains="paid").count() == 1
    assert rows.filter(event_key__contains="arrived").count() == 0
    shop.receipt("10.00")  # nothing is owed any more: this is there for parts
    assert rows.filter(event_key__contains="paid").count() == 1
    assert rows.filter(event_key__contains="arrived").count() == 1


@pytest.mark.clause("8.6")
def test_by_hand_a_receipt_pays_another_debt_of_the_same_customer(shop):
    row = shop.receipt("100.00")
    owed = old_debt(shop, "70.00")
    use = allocate(shop, row, owed, "60.00")
    assert (owing.left(owed), free(row)) == (Decimal("10.00"), Decimal("40.00"))
    assert Notification.objects.filter(event_key=f"use:{use.pk}:paid", recipient=shop.who.eng).exists()
    balanced()


@pytest.mark.clause("8.6")
@pytest.mark.parametrize(
    ("amount", "why"), [("0.00", "more than"), ("-1", "more than"), ("1.005", "two decimals"), ("NaN", "two decimals"),
                        ("100.01", "still holds"), ("70.01", "are open")],
)  # fmt: skip
def test_an_amount_that_cannot_be_is_refused_at_its_field(shop, amount, why):
    row = shop.receipt("100.00" if amount != "70.01" else "200.00")
    owed = old_debt(shop, "70.00" if amount == "70.01" else "300.00")
    with pytest.raises(BadEntry, match=why) as refused:
        allocate(shop, row, owed, amount)
    assert (refused.value.field, ReceiptUse.objects.count()) == ("amount", 0)


@pytest.mark.clause("8.6")
def test_a_receipt_for_somebody_elses_debt_is_refused_at_its_field(shop):
    row, owed = shop.receipt("100.00"), old_debt(shop, customer=customer(shop.now()))
    with pytest.raises(BadEntry, match="another customer") as refused:
        allocate(shop, row, owed, "1.00")
    assert refused.value.field == "receivable"


@pytest.mark.parametrize("role", ["ENG", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"])
def test_c38_nobody_but_finance(shop, role):
    row, owed = shop.receipt("100.00"), old_debt(shop)
    with pytest.raises(Denied):
        allocate(shop, row, owed, "1.00", by=build.person(role))


@pytest.mark.clause("8.8")
def test_what_the_engineer_bears_goes_back_to_him_also_by_hand(shop, deductions_have_pages):
    owed = old_debt(shop, "100.00", due=60)
    borne(shop, owed, "100.00")
    row = shop.receipt("70.00")  # of the ticket, which owes nothing
    allocate(shop, row, owed, "70.00")
    assert (owing.borne(owed), owing.left(owed), free(row)) == (Decimal("30.00"), 0, 0)


# --- less is owed than was paid
@pytest.mark.clause("8.8")
def test_what_comes_back_frees_the_money_that_paid_it_for_another_debt(shop):
    release = debt(shop, "60.00", 2).release
    row = shop.receipt("120.00")
    shop.bring_back(release, "unused", 1)
    assert free(row) == Decimal("60.00")
    balanced()
    owed = old_debt(shop, "60.00")
    allocate(shop, row, owed, "60.00")
    assert (owing.left(owed), free(row)) == (0, 0)
    balanced()


@pytest.mark.clause("8.8")
def test_a_receipt_that_is_taken_back_reopens_what_it_still_pays_and_no_more(shop):
    owed = debt(shop, "60.00", 2)
    row, one, two = shop.receipt("120.00"), fins(), fins()
    shop.bring_back(owed.release, "unused", 1)
    receipts.take_back(row, by=one, second=two, at=shop.now(), why="打错")
    assert owing.left(owed) == Decimal("60.00")
    balanced()


@pytest.mark.clause("8.8")
@given(
    owed=st.lists(st.integers(1, 10**9), min_size=1, max_size=12),
    money=st.integers(1, 10**10),
    ties=st.booleans(),
)
def test_a_receipt_is_spread_to_the_fen_ties_by_line_number(owed, money, ties):
    owed = [owed[0]] * len(owed) if ties else owed
    total = min(money, sum(owed))
    parts = split(total, owed)
    assert sum(parts) == total and all(0 <= part <= most for part, most in zip(parts, owed, strict=True))
    if ties:
        assert parts == sorted(parts, reverse=True) and parts[0] - parts[-1] <= 1
    exact = [total * weight / sum(owed) for weight in owed]
    assert all(abs(part - share) < 1 + share * 1e-9 for part, share in zip(parts, exact, strict=True))


@pytest.mark.clause("8.8")
def test_a_part_payment_of_a_ticket_fills_its_debts_pro_rata_the_odd_fen_to_the_first(shop):
    shop.quoted((shop_part := shop.part("10.00"), 3))
    rows = []
    for _sheet in range(3):
        paper = shop.release("unpaid", (shop_part, 1))
        shop.issue(shop.sign(paper, opinion="未付款"), 1)
        rows.append(paper.receivables.get())
    shop.receipt("10.00")
    assert [fen_of(owing.left(row)) for row in rows] == [1000 - 334, 1000 - 333, 1000 - 333]
    balanced()

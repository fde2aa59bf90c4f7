"""Money arrives (8.6): entered once, checked at the field, told to the engineer, taken back by two persons."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.models import Account, Kind, Receipt, Transfer
from finance.selectors import credit_of, free
from finance.services import receipts
from notices.models import Notification
from tests import build

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.mark.clause("8.6")
def test_a_receipt_raises_the_bank_and_the_customers_credit_and_the_engineer_is_told_at_once(shop):
    row = shop.receipt("1234.56", reference="工行 8812")
    assert row.number.startswith("SK20260302-")
    assert Account.objects.of_kind(Kind.BANK).balance() == Decimal("1234.56")
    assert (credit_of(shop.customer.number), free(row)) == (Decimal("1234.56"), Decimal("1234.56"))
    told = Notification.objects.get(event_key=f"receipt:{row.number}:arrived", channel="app")
    assert (told.recipient, told.created_at, told.url) == (
        shop.who.eng,
        shop.at,
        f"/tickets/{shop.ticket.number}/",
    )


@pytest.mark.clause("8.6")
def test_money_that_arrives_during_the_night_is_still_told(shop):
    """Told in the inbox at the moment of the entry; what is pushed waits for the morning."""
    shop.at = shop.at.replace(hour=23)
    row = shop.receipt("1.00")
    assert (
        Notification.objects.filter(event_key__startswith=f"receipt:{row.number}", channel="app").count() == 1
    )


@pytest.mark.clause("8.6")
@pytest.mark.parametrize("amount", ["0.00", "-1", "1.005", "NaN", "Infinity", "100000000.00", "1e30"])
def test_an_amount_that_cannot_be_is_refused_at_its_field(shop, amount):
    with pytest.raises(BadEntry) as refused:
        shop.receipt(amount)
    assert (refused.value.field, Receipt.objects.count(), Transfer.objects.count()) == ("amount", 0, 0)


@pytest.mark.clause("8.6")
def test_money_does_not_arrive_later_than_now(shop):
    with pytest.raises(BadEntry, match="later than now") as refused:
        receipts.record(
            customer=shop.customer, ticket=shop.ticket, amount=Decimal(1), arrived_at=shop.at + dt.timedelta(seconds=1), method="cash",
            by=shop.who.fin, at=shop.at,
        )  # fmt: skip
    assert refused.value.field == "arrived_at"
    receipts.record(
        customer=shop.customer,
        amount=Decimal(1),
        arrived_at=shop.at,
        method="cash",
        by=shop.who.fin,
        at=shop.at,
    )


def test_money_for_a_ticket_is_its_customers(shop):
    other = build.ticket(at_stage="assigned", at=shop.at, company=shop.who, phone="+8613912340001").customer
    with pytest.raises(BadEntry, match="another customer"):
        shop.receipt("1.00", customer=other)


@pytest.mark.parametrize("role", ["ENG", "CS", "MGR", "WH", "AUD"])
def test_c03_only_finance_records_money(shop, role):
    with pytest.raises(Denied):
        shop.receipt("1.00", by=build.person(role))


# --- taking it back
def test_sd12_a_receipt_is_taken_back_by_two_persons(shop):
    row, one, two = shop.receipt("80.00"), build.person("FINS"), build.person("FINS")
    proposal = receipts.propose_reversal(row, by=one, at=shop.now(), reason="打错客户")
    with pytest.raises(Denied, match="SD12"):
        receipts.second(row, proposal, by=one, at=shop.now())
    receipts.second(row, proposal, by=two, at=shop.now())
    row.refresh_from_db()
    assert (row.reversed_at, free(row), credit_of(shop.customer.number)) == (shop.at, 0, 0)


@pytest.mark.clause("4.5b")
def test_a_receipt_on_which_a_signature_rests_stays(shop):
    release, row = shop.charged("paid", (shop.part("60.00"), 1)), shop.receipt("80.00")
    shop.sign(release, receipt=row)
    with pytest.raises(OutOfTurn, match="60.00"):
        receipts.propose_reversal(row, by=build.person("FINS"), at=shop.now(), reason="x")
    with pytest.raises(OutOfTurn, match="60.00"):
        receipts.take_back(row, by=build.person("FINS"), second=build.person("FINS"), at=shop.now(), why="x")
    assert free(row) == Decimal("20.00")


@pytest.mark.clause("8.6")
def test_a_day_more_than_two_years_back_is_a_slip_of_the_pen(shop):
    """It would open every month since, and months close in their order."""
    facts = {
        "customer": shop.customer,
        "amount": Decimal(1),
        "method": "cash",
        "by": shop.who.fin,
        "at": shop.at,
    }
    with pytest.raises(BadEntry, match="too far back") as refused:
        receipts.record(arrived_at=shop.at - dt.timedelta(days=731), **facts)
    assert refused.value.field == "arrived_at"
    receipts.record(arrived_at=shop.at - dt.timedelta(days=730), **facts)


def test_an_amount_has_two_decimals_from_the_first_moment(shop):
    assert str(shop.receipt("1.1").amount) == "1.10"

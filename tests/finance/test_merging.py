"""Two customers were one: money follows, the ledger's rows stay, and the way back gives what still lies there (A23)."""

from decimal import Decimal

import pytest

from finance.models import Account, Kind, Receivable, Transfer
from finance.selectors import credit_of
from finance.services import receipts
from parts.models import Release
from sales import merging
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(shop):
    return build.customer(shop.now())


def merged(shop, kept, gone):
    return merging.merge(kept, gone, by=shop.who.cs_head, at=shop.now())


def parted(shop, row):
    return merging.undo(row, by=shop.who.cs_head, at=shop.now())


def credits(*customers):
    return [credit_of(customer.number) for customer in customers]


@pytest.mark.clause("8.6")
def test_receipts_and_credit_follow_by_a_posting_and_come_back(shop, other):
    paid = shop.receipt("80.00")
    before = list(Transfer.objects.values())
    row = merged(shop, other, shop.customer)
    paid.refresh_from_db()
    assert (paid.customer, credits(other, shop.customer)) == (other, [Decimal("80.00"), Decimal(0)])
    assert list(Transfer.objects.values()[: len(before)]) == before and Transfer.objects.count() == 2
    parted(shop, row)
    paid.refresh_from_db()
    assert (paid.customer, credits(other, shop.customer)) == (shop.customer, [Decimal(0), Decimal("80.00")])


@pytest.mark.clause("8.6")
def test_what_was_the_kept_one_s_own_stays_with_him(shop, other):
    shop.receipt("80.00")
    own = shop.receipt("30.00", customer=other, ticket=None)
    row = merged(shop, other, shop.customer)
    assert credits(other, shop.customer) == [Decimal("110.00"), Decimal(0)]
    parted(shop, row)
    own.refresh_from_db()
    assert (own.customer, credits(other, shop.customer)) == (other, [Decimal("30.00"), Decimal("80.00")])


@pytest.mark.clause("4.5b")
def test_a_sheet_that_waits_is_signed_on_the_receipt_of_the_merged_customer(shop, other):
    part = shop.part("40.00")
    sheet, paid = shop.charged("paid", (part, 2)), shop.receipt("80.00")
    row = merged(shop, other, shop.customer)
    sheet = Release.objects.get(pk=sheet.pk)
    assert sheet.debtor == other
    shop.sign(sheet, receipt=paid)
    shop.issue(Release.objects.get(pk=sheet.pk), 2)
    owed = Receivable.objects.get()
    assert (owed.customer, credits(other)) == (other, [Decimal(0)])
    parted(shop, row)
    assert credits(other, shop.customer) == [
        Decimal(0),
        Decimal(0),
    ]  # it was spent meanwhile: nothing goes back


@pytest.mark.clause("8.8")
def test_receivables_follow_and_a_signed_sheet_charges_who_the_payer_is_now(shop, other):
    part = shop.part("40.00")
    sheet = shop.sign(shop.charged("unpaid", (part, 2)), opinion="未付款")
    shop.issue(sheet, 1)
    first = Receivable.objects.get()
    row = merged(shop, other, shop.customer)
    shop.issue(sheet, 1)
    assert [each.customer for each in Receivable.objects.all()] == [other, other]
    assert Release.objects.get(pk=sheet.pk).debtor == shop.customer  # what was signed stands (SD14)
    parted(shop, row)
    first.refresh_from_db()
    assert first.customer == shop.customer


@pytest.mark.clause("8.6")
def test_a_receipt_reversed_after_the_merge_leaves_nobody_with_a_credit(shop, other):
    paid = shop.receipt("80.00")
    merged(shop, other, shop.customer)
    paid.refresh_from_db()
    receipts.take_back(paid, by=shop.who.fins, second=build.person("FINS"), at=shop.now(), why="记错")
    assert credits(other, shop.customer) == [Decimal(0), Decimal(0)]
    accounts = Account.objects.all()
    assert sum((account.balance() for account in accounts), Decimal(0)) == 0
    assert Account.objects.get(kind=Kind.BANK).balance() == 0


def test_a_customer_without_money_is_merged_without_a_posting(shop, other):
    parted(shop, merged(shop, other, shop.customer))
    assert not Transfer.objects.exists()

"""A customer's credit (C29, SD12): shown, and paid back by two persons; never more than what covers nothing."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.models import Account, CustomerRefund, Kind, Transfer
from finance.selectors import credit_of, free
from finance.services import crediting, receipts
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop
from tests.finance.debts import balanced, debt, fins, old_debt

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6")]


def propose(shop, amount, by=None):
    return crediting.propose(
        shop.customer, amount=Decimal(amount), method="bank", reason="多付", by=by or fins(), at=shop.now()
    )


def test_sd12_one_proposes_and_another_pays_it_out_of_the_oldest_receipt(shop):
    debt(shop)
    first, second, one = shop.receipt("80.00"), shop.receipt("30.00"), fins()
    proposal = propose(shop, "25.00", by=one)
    with pytest.raises(Denied, match="two persons"):
        crediting.second(proposal, by=one, at=shop.now())
    crediting.second(proposal, by=fins(), at=shop.now())
    assert (free(first), free(second), credit_of(shop.customer.number)) == (
        0,
        Decimal("25.00"),
        Decimal("25.00"),
    )
    row = Transfer.objects.get(key=f"paid_back:{proposal.pk}")
    assert (row.source.kind, row.target.kind) == ("bank", "customer")
    assert Account.objects.of_kind(Kind.BANK).balance() == Decimal("85.00")
    balanced()


def test_what_covers_a_signed_release_is_not_paid_back(shop):
    row = shop.receipt("80.00")
    shop.sign(shop.charged("paid", (shop.part("60.00"), 1)), receipt=row)
    assert credit_of(shop.customer.number) == Decimal("80.00")
    with pytest.raises(BadEntry, match=r"Only 20\.00") as refused:
        propose(shop, "20.01")
    assert refused.value.field == "amount"
    crediting.second(propose(shop, "20.00"), by=fins(), at=shop.now())
    balanced()


def test_money_that_was_used_up_meanwhile_is_not_paid(shop):
    shop.receipt("80.00")
    proposal = propose(shop, "80.00")
    row = old_debt(shop, "50.00")
    from finance.services import paying

    paying.allocate(
        shop.customer.receipts.get(), receivable=row, amount=Decimal(50), by=shop.who.fin, at=shop.now()
    )
    with pytest.raises(BadEntry, match=r"Only 30\.00"):
        crediting.second(proposal, by=fins(), at=shop.now())


def test_what_was_paid_back_does_not_sign_a_release_and_is_not_reversed(shop):
    row = shop.receipt("80.00")
    crediting.second(propose(shop, "80.00"), by=fins(), at=shop.now())
    assert free(row) == 0
    with pytest.raises(OutOfTurn, match="paid back"):
        receipts.propose_reversal(row, by=fins(), at=shop.now(), reason="x")


def test_the_price_of_a_part_that_came_back_is_paid_back(shop):
    release = debt(shop, "60.00", 2).release
    shop.receipt("120.00")
    shop.bring_back(release, "unused", 1)
    crediting.second(propose(shop, "60.00"), by=fins(), at=shop.now())
    assert credit_of(shop.customer.number) == 0
    balanced()


@pytest.mark.parametrize("amount", ["0.00", "-1", "1.005", "NaN", "80.01"])
def test_an_amount_that_cannot_be_is_refused_at_its_field(shop, amount):
    shop.receipt("80.00")
    with pytest.raises(BadEntry) as refused:
        propose(shop, amount)
    assert (refused.value.field, CustomerRefund.objects.count()) == ("amount", 0)


@pytest.mark.parametrize(
    "role", ["ENG", "FIN", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"]
)
def test_c29_nobody_but_who_signs_for_finance(shop, role):
    shop.receipt("80.00")
    proposal = propose(shop, "10.00")
    for act in (
        lambda by: propose(shop, "5.00", by=by),
        lambda by: crediting.second(proposal, by=by, at=shop.now()),
        lambda by: crediting.drop(proposal, by=by, at=shop.now()),
    ):
        with pytest.raises(Denied):
            act(build.person(role))


@pytest.mark.usefixtures("one_factor")
def test_on_the_pages_and_over_the_api(people, as_user):
    shop = Shop(people, timezone.now() - build.HOUR * 3)
    row, owed, one, two = shop.receipt("80.00"), old_debt(shop, "30.00"), fins(), fins()
    number, clerk = shop.customer.number, as_user(people.fin)
    assert number in clerk.get("/finance/credits/").content.decode()
    path = f"/finance/receipts/{row.number}/allocate/"
    assert "¥30.00" in clerk.get(path).content.decode()
    assert clerk.post(path, {"receivable": owed.pk, "amount": "30.01"}).status_code == 422
    assert clerk.post(path, {"receivable": owed.pk, "amount": "20.00"}).status_code == 302
    text = clerk.get(row.get_absolute_url()).content.decode()
    assert "¥20.00" in text and owed.get_absolute_url() in text
    pay = f"/finance/credits/{number}/"
    as_user(one).post(f"{pay}pay-back/", {"amount": "10.00", "method": "bank", "reason": "多付"})
    as_user(one).post(f"{pay}pay-back/", {"secret": build.PASSWORD})
    assert "多付" in as_user(two).get(pay).content.decode() and free(row) == Decimal("60.00")
    as_user(two).post(f"{pay}pay-back/", {"secret": "wrong"})
    assert free(row) == Decimal("60.00")
    as_user(two).post(f"{pay}pay-back/", {"secret": build.PASSWORD})
    assert free(row) == Decimal("50.00")
    api = Program(people.fin)
    assert (
        api.post(f"receipts/{row.number}/allocate", {"receivable": owed.pk, "amount": "10.00"})["free"]
        == "40.00"
    )
    assert api.get("credits")["results"] == [{"customer": number, "credit": "40.00"}]
    made = Program(one).post(
        f"credits/{number}/pay-back", {"amount": "40.00", "method": "cash", "reason": "多付"}
    )
    assert Program(two).post(f"customer-refunds/{made['id']}/second", {"secret": build.PASSWORD})["done_at"]
    assert len(api.get("customer-refunds")["results"]) == 2 and api.get("credits")["results"] == []
    balanced()

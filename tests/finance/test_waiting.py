"""What waits for a second hand or a look in finance stands on the home page of whoever may settle it, and of nobody else."""

from decimal import Decimal

import pytest
from django.utils import timezone

from aftersales.waits import Said
from finance.desk.waiting import PILES
from finance.services import bank, crediting, giving_up, on_site, receipts
from tests import build
from tests.finance.conftest import Shop
from tests.finance.debts import debt, fins
from tests.finance.test_bank_lists import line, take
from tests.finance.test_on_site import declare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor")]


@pytest.fixture
def shop(people):
    return Shop(people, timezone.now() - build.HOUR * 3)


def words(user):
    """What of finance waits for this person, line by line; a line that is not asked of him is missing."""
    said = Said(user, timezone.now(), [(pile.asked, pile.reads) for pile in PILES])
    return {
        str(pile.label): [pile.word(line) for line in said.of(pile.kind)]
        for pile in PILES
        if pile.asked(user)
    }


def test_proposals_wait_for_another_than_who_made_them(shop, as_user):
    row, mine, other = debt(shop), shop.who.fins, fins()
    giving_up.propose(row, amount=row.amount, reason="破产", by=mine, at=shop.now())
    receipt = shop.receipt("10.00", customer=shop.customer, ticket=None)
    receipts.propose_reversal(receipt, by=mine, at=shop.now(), reason="打错")
    assert words(mine)["Write-offs to second"] == [] == words(mine)["Reversals to second"]
    assert words(other)["Write-offs to second"] == [row.clock_title()]
    assert words(other)["Reversals to second"] == [receipt.number]
    text = as_user(other).get("/desk/").content.decode()
    assert row.get_absolute_url() in text and receipt.get_absolute_url() in text
    assert "Write-offs to second" not in as_user(shop.who.eng).get("/desk/").content.decode()


def test_a_repayment_waits_and_opens_on_the_customers_credit(shop, as_user):
    shop.receipt("500.00", ticket=None)
    crediting.propose(
        shop.customer, amount=Decimal("20.00"), method="bank", reason="多付", by=shop.who.fins, at=shop.now()
    )
    assert words(fins())["Repayments to customers to second"] == [shop.customer.number]


def test_money_in_transit_and_bank_rows_of_nobody_wait_for_finance(shop, as_user):
    declare(shop)
    batch = take(shop, line(shop, "7.00", "谁也不认识", "", "Z1"))
    found = words(shop.who.fin)
    assert found["Money taken on site to confirm"] == [shop.ticket.number]
    assert found["Bank rows that are nobody's yet"] == [f"{batch.name} (1)"]
    text = as_user(shop.who.fin).get("/desk/").content.decode()
    assert f"/finance/bank/{batch.pk}/" in text and "/finance/site-money/" in text
    bank.leave_out(batch.rows.get(), by=shop.who.fin, at=shop.now())
    on_site.refuse(shop.ticket.site_money.get(), reason="没有", by=shop.who.fin, at=shop.now())
    assert (
        words(shop.who.fin)["Bank rows that are nobody's yet"]
        == []
        == words(shop.who.fin)["Money taken on site to confirm"]
    )

"""Money taken on site (8.8): declared by the engineer, in transit, confirmed by finance, then it counts."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.models import Receipt, SiteMoney
from finance.services import on_site, owing
from notices.models import Notification
from repairs.flow import nothing_issued_or_paid
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop
from tests.finance.debts import debt

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.8")]
HOUR = dt.timedelta(hours=1)


def declare(shop, amount="60.00", by=None, about=None, **facts):
    entries = {"amount": Decimal(amount), "method": "cash", "taken_at": shop.at} | facts
    return on_site.declare(about or shop.ticket, by=by or shop.who.eng, at=shop.now(), **entries)


def test_it_is_in_transit_until_finance_confirms_it_and_counts_from_when_it_was_taken(shop):
    row, taken = debt(shop), shop.at
    money = declare(shop, taken_at=taken)
    assert (money.state, owing.left(row), Receipt.objects.count()) == ("declared", Decimal("60.00"), 0)
    assert Notification.objects.filter(
        recipient=shop.who.fin, event_key=f"site_money:{money.pk}:declared"
    ).exists()
    shop.at += 30 * HOUR
    done = on_site.confirm(money, by=shop.who.fin, at=shop.now())
    receipt = Receipt.objects.get()
    assert (done.state, done.receipt, receipt.arrived_at, receipt.made_by) == (
        "confirmed",
        receipt,
        taken,
        shop.who.fin,
    )
    assert owing.left(row) == 0
    use = receipt.uses.get()
    told = Notification.objects.get(event_key=f"use:{use.pk}:paid", channel="app")
    assert (told.recipient, told.params["amount"]) == (shop.who.eng, str(use.amount))


def test_it_is_refused_with_a_reason_and_the_engineer_is_told(shop):
    money = declare(shop)
    done = on_site.refuse(money, reason="没有收到", by=shop.who.fin, at=shop.now())
    assert (done.state, done.refused_why, Receipt.objects.count()) == ("refused", "没有收到", 0)
    assert Notification.objects.filter(
        recipient=shop.who.eng, event_key=f"site_money:{money.pk}:refused"
    ).exists()
    with pytest.raises(OutOfTurn, match="already been decided"):
        on_site.confirm(money, by=shop.who.fin, at=shop.now())


def test_finance_sees_what_of_it_pays_no_debt(shop):
    debt(shop)
    money = declare(shop, "60.00"), declare(shop, "60.00")
    assert set(on_site.owed_about(money).values()) == {Decimal("60.00")}
    on_site.confirm(money[0], by=shop.who.fin, at=shop.now())
    assert on_site.owed_about(money[1:]) == {money[1].pk: Decimal(0)}


@pytest.mark.clause("3.2")
def test_a_ticket_with_money_in_transit_is_not_cancelled_until_finance_has_refused_it(shop):
    money = declare(shop)
    shop.ticket.refresh_from_db()
    assert not nothing_issued_or_paid(shop.ticket)
    on_site.refuse(money, reason="没有收到", by=shop.who.fin, at=shop.now())
    shop.ticket.refresh_from_db()
    assert nothing_issued_or_paid(shop.ticket)


def test_it_is_confirmed_once(shop):
    money = declare(shop)
    on_site.confirm(money, by=shop.who.fin, at=shop.now())
    with pytest.raises(OutOfTurn):
        on_site.confirm(money, by=shop.who.fins, at=shop.now())
    assert Receipt.objects.count() == 1


def test_sd04_nobody_confirms_or_refuses_what_he_declared_himself(shop):
    money = declare(shop)
    SiteMoney.objects.filter(pk=money.pk).update(engineer=shop.who.fin)  # he changed to finance since
    for act in (
        lambda: on_site.confirm(money, by=shop.who.fin, at=shop.now()),
        lambda: on_site.refuse(money, reason="x", by=shop.who.fin, at=shop.now()),
    ):
        with pytest.raises(Denied, match="SD04"):
            act()


@pytest.mark.parametrize(
    "role", ["ENG", "FIN", "FINS", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"]
)
def test_j77_nobody_declares_for_another_engineers_ticket(shop, role):
    with pytest.raises(Denied):
        declare(shop, by=build.person(role))


@pytest.mark.parametrize("role", ["ENG", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"])
def test_j79_nobody_but_finance_confirms(shop, role):
    money = declare(shop)
    with pytest.raises(Denied):
        on_site.confirm(money, by=build.person(role), at=shop.now())


@pytest.mark.parametrize(
    ("entry", "value"), [("amount", "0.00"), ("amount", "-1"), ("amount", "1.005"), ("taken_at", HOUR)]
)
def test_a_bad_entry_is_refused_at_its_field(shop, entry, value):
    with pytest.raises(BadEntry) as refused:
        declare(shop, **{entry: shop.at + value if entry == "taken_at" else value})
    assert (refused.value.field, SiteMoney.objects.count()) == (entry, 0)


def test_money_for_an_order_pays_its_debts(shop):
    order = build.order(shop.who, shop.now())
    money = declare(shop, about=order, by=order.engineer)
    assert on_site.confirm(money, by=shop.who.fin, at=shop.now()).receipt.order == order


@pytest.mark.usefixtures("one_factor")
def test_on_the_pages_and_over_the_api(people, as_user):
    shop = Shop(people, timezone.now() - build.HOUR * 3)
    eng, fin, row = as_user(people.eng), as_user(people.fin), debt(shop)
    assert f"?for={shop.ticket.number}" in eng.get("/finance/site-money/new/").content.decode()
    path = f"/finance/site-money/new/?for={shop.ticket.number}"
    entries = {
        "amount": "60.00",
        "method": "cash",
        "taken_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    assert eng.post(path, entries | {"amount": "1.005"}).status_code == 422
    assert eng.post(path, entries).status_code == 302
    money = SiteMoney.objects.get()
    assert "in transit" in fin.get(f"/finance/receivables/{row.pk}/").content.decode()
    assert as_user(build.person("ENG")).get("/finance/site-money/").content.decode().count("data-item") == 0
    assert as_user(build.person("ENG")).get(path).status_code == 404
    fin.post(f"/finance/site-money/{money.pk}/decide/", {"refuse": "1", "reason": ""})
    assert SiteMoney.objects.get().state == "declared"
    fin.post(f"/finance/site-money/{money.pk}/decide/")
    assert SiteMoney.objects.get().state == "confirmed" and owing.left(row) == 0
    body = {
        "for": shop.ticket.number,
        "amount": "5.00",
        "method": "wechat",
        "taken_at": (timezone.now() - build.MINUTE).isoformat(),
    }
    api = Program(people.eng)
    made = api.post("site-money", body, key="s-1")
    assert api.status == 201 and api.post("site-money", body, key="s-1") == made
    assert Program(people.fin).post(f"site-money/{made['id']}/refuse", {"reason": "错"})["state"] == "refused"
    assert [each["state"] for each in api.get("site-money")["results"]] == ["refused", "confirmed"]


@pytest.mark.usefixtures("one_factor")
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_and_three(people, as_user, count, django_assert_max_num_queries):
    shop = Shop(people, timezone.now() - build.HOUR * 3)
    for _money in range(count):
        declare(shop)
    client = as_user(people.fin)
    with django_assert_max_num_queries(5):
        assert client.get("/finance/site-money/").content.decode().count("data-item") == count

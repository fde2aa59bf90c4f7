"""The liable engineer asks for the money and writes it down (4.11, B17)."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.models import Chase
from finance.services import chasing
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop
from tests.finance.debts import DAY, debt, old_debt

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.11")]


def chase(shop, row, by=None, **facts):
    entries = {"how": "phone", "said": "下周付", "asked_at": shop.at} | facts
    return chasing.chase(row, by=by or shop.who.eng, at=shop.now(), **entries)


def test_what_the_customer_said_stays_for_ever(shop):
    row = debt(shop)
    made = chase(shop, row, promised_on=(shop.at + 3 * DAY).date())
    assert (made.by, made.said, row.chases.get()) == (shop.who.eng, "下周付", made)
    with pytest.raises(Exception, match="append|only|refus|verboten|changed"):
        Chase.objects.filter(pk=made.pk).update(said="nie")


@pytest.mark.parametrize(
    "role", ["ENG", "FIN", "FINS", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"]
)
def test_b17_nobody_but_the_liable_engineer(shop, role):
    row = debt(shop)
    with pytest.raises(Denied):
        chase(shop, row, by=build.person(role))


@pytest.mark.parametrize(
    ("entry", "shift"),
    [("asked_at", dt.timedelta(hours=1)), ("asked_at", -400 * DAY), ("promised_on", -2 * DAY)],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(shop, entry, shift):
    row, moment = debt(shop), shop.at + shift
    with pytest.raises(BadEntry) as refused:
        chase(shop, row, **{entry: moment.date() if entry == "promised_on" else moment})
    assert (refused.value.field, Chase.objects.count()) == (entry, 0)


def test_what_is_paid_is_not_asked_for(shop):
    row = debt(shop)
    shop.receipt("60.00")
    with pytest.raises(OutOfTurn, match="open any more"):
        chase(shop, row)


@pytest.mark.usefixtures("one_factor")
def test_on_the_phone_and_over_the_api(people, as_user):
    shop = Shop(people, timezone.now() - build.HOUR * 3)
    row, client = old_debt(shop, due=35), as_user(people.eng)
    path = f"/finance/receivables/{row.pk}/chase/"
    text = client.get(path).content.decode()
    assert text.count('type="radio"') == 4 and "13812345678" not in text
    entries = {"how": "wechat", "said": "没钱", "asked_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    assert client.post(path, entries).status_code == 302
    assert client.post(path, entries | {"said": ""}).status_code == 422
    assert "没钱" in client.get(f"/finance/receivables/{row.pk}/").content.decode()
    assert as_user(build.person("ENG")).get(path).status_code == 404
    assert as_user(people.fin).get(path).status_code == 403
    program = Program(people.eng)
    said = {"how": "visit", "said": "给一半", "asked_at": (timezone.now() - build.MINUTE).isoformat()}
    first = program.post(f"receivables/{row.pk}/chases", said, key="c-1")
    assert program.status == 201 and program.post(f"receivables/{row.pk}/chases", said, key="c-1") == first
    assert Chase.objects.count() == 2

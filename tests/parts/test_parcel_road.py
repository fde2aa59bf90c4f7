"""One parcel for what left the store, none twice, and none before the plan (4.4a, 6.3)."""

import pytest

from aftersales.pages.releases import DESK
from aftersales.problems import OutOfTurn
from parts.services import shipping
from repairs import services
from tests import build
from tests.finance.conftest import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.clause("6.3")]


@pytest.fixture
def shop(people, monday) -> Shop:
    return Shop(people, monday)


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def issued(shop, pieces: int, of: int = 3):
    sheet = shop.sign(shop.release("warranty", (shop.part("30.00"), of)))
    shop.issue(sheet, pieces)
    return fresh(sheet)


def pack(shop, sheet):
    return DESK.steps.take(fresh(sheet), "pack", by=shop.who.wh, at=shop.now())


def test_two_who_pack_the_same_pieces_make_one_parcel(shop):
    sheet = issued(shop, 3)
    pack(shop, sheet)
    with pytest.raises(OutOfTurn, match="packed already"):
        pack(shop, sheet)
    assert fresh(sheet).shipments.count() == 1


def test_what_is_issued_after_the_first_parcel_gets_one_of_its_own(shop):
    sheet = issued(shop, 1)
    pack(shop, sheet)
    assert "pack" not in [step.name for step, _why in DESK.steps.offered(fresh(sheet), shop.who.wh)]
    shop.issue(fresh(sheet), 2)
    assert "pack" in [step.name for step, _why in DESK.steps.offered(fresh(sheet), shop.who.wh)]
    pack(shop, sheet)
    assert fresh(sheet).shipments.count() == 2


@pytest.mark.clause("4.4a")
def test_a_parcel_waits_for_the_plan_whose_service_it_begins(shop):
    parcel = pack(shop, issued(shop, 3))
    waybill = {"carrier": "顺丰", "waybill": "SF1", "terms": "collect"}
    with pytest.raises(OutOfTurn, match="plan"):
        shipping.send(fresh(parcel), by=shop.who.ga, at=shop.now(), **waybill)
    at = shop.now()
    services.plan(fresh(shop.ticket), by=shop.who.eng, at=at, **build.plan_entries("a", at))
    shipping.send(fresh(parcel), by=shop.who.ga, at=shop.now(), **waybill)
    assert (fresh(parcel).stage, fresh(shop.ticket).stage) == ("sent", "in_service")

"""Parcels: the warehouse packs, administration sends and plan a begins; engineers send back freight collect (4.4a, 4.6, 6.3)."""

from decimal import Decimal

import pytest

from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from notices.models import Notification
from parts.models import Shipment
from parts.services import deliver, pack, send, send_back
from repairs.models import Ticket
from repairs.services.for_parts import service_from_parts
from tests import build

from .papers import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.clause("6.3")]
WAYBILL = {"carrier": "顺丰", "waybill": "SF123", "terms": "prepaid", "cost": Decimal("18.00")}


@pytest.fixture
def release(people, monday):
    ticket = build.ticket(at_stage="planned", plan="a", at=monday, company=people)
    service_from_parts(ticket, "parts_ready", by=people.wh, at=monday, waits_for_parts=False)
    return sheet(ticket, build.spare(), issued=2, at=monday, by=people.eng)


def ticket_of(release):
    return Ticket.objects.get(pk=release.ticket_id)


@pytest.mark.clause("4.4a")
def test_the_waybill_begins_the_service_of_plan_a(people, monday, release):
    parcel = pack(release, by=people.wh, at=monday, content="刹车片 2")
    assert (parcel.number, parcel.stage, parcel.person) == (
        "WL20260302-0001",
        "packed",
        release.ticket.contact,
    )
    assert ticket_of(release).trips_and_parcels == 1
    send(parcel, by=people.ga, at=monday, **WAYBILL)
    assert (parcel.stage, parcel.sent_by, ticket_of(release).stage) == ("sent", people.ga, "in_service")
    assert Deadline.objects.of(parcel).get(rule="delivered").assignee == people.eng


def test_an_arrived_parcel_is_nobodys_any_more(people, monday, release):
    parcel = send(pack(release, by=people.wh, at=monday), by=people.ga, at=monday, **WAYBILL)
    deliver(parcel, by=people.eng, at=monday + build.HOUR, how="客户电话")
    assert (parcel.stage, parcel.delivered_how, ticket_of(release).trips_and_parcels) == (
        "delivered",
        "客户电话",
        0,
    )
    assert Deadline.objects.of(parcel).get(rule="delivered").met_at


def test_what_was_prepaid_is_not_paid_again_at_the_door(people, monday, release):
    """Its cost is in the books of the day on which it was sent."""
    parcel = send(pack(release, by=people.wh, at=monday), by=people.ga, at=monday, **WAYBILL)
    with pytest.raises(BadEntry) as wrong:
        deliver(parcel, by=people.ga, at=monday, how="门卫", cost=Decimal("30.00"))
    assert wrong.value.field == "cost"
    deliver(parcel, by=people.ga, at=monday, how="门卫", cost=Decimal("18.00"))
    assert (parcel.stage, parcel.cost) == ("delivered", Decimal("18.00"))


def test_nothing_is_packed_before_it_was_issued(people, monday):
    ticket = build.ticket(at_stage="planned", plan="a", at=monday, company=people)
    with pytest.raises(OutOfTurn):
        pack(sheet(ticket, build.spare(), at=monday, by=people.eng), by=people.wh, at=monday)


@pytest.mark.parametrize(
    "wrong",
    [
        {"carrier": " "},
        {"waybill": ""},
        {"cost": None},
        {"cost": Decimal(-1)},
        {"cost": Decimal("1.005")},
        {"cost": Decimal("NaN")},
    ],
)
def test_a_parcel_goes_with_carrier_waybill_and_price(people, monday, release, wrong):
    parcel = pack(release, by=people.wh, at=monday)
    with pytest.raises(BadEntry):
        send(parcel, by=people.ga, at=monday, **(WAYBILL | wrong))


def test_sent_once(people, monday, release):
    parcel = send(pack(release, by=people.wh, at=monday), by=people.ga, at=monday, **WAYBILL)
    with pytest.raises(OutOfTurn):
        send(parcel, by=people.ga, at=monday, **WAYBILL)


@pytest.mark.clause("4.6")
def test_an_engineer_on_the_road_sends_back_freight_collect(people, monday):
    ticket = build.ticket(at_stage="in_service", plan="b", at=monday, company=people)
    parcel = send_back(ticket, by=people.eng, at=monday, content="旧电机", carrier="德邦", waybill="DB1")
    assert (parcel.way, parcel.terms, parcel.stage, parcel.cost) == ("back", "collect", "sent", None)
    assert Shipment.objects.visible_to(people.eng).get() == parcel
    deliver(parcel, by=people.ga, at=monday, how="门卫", cost=Decimal("32.50"))
    assert parcel.cost == Decimal("32.50")


@pytest.mark.clause("4.6", "8.2")
def test_what_he_prepaid_stands_on_no_parcel_he_claims_it_with_his_trip(people, monday):
    ticket = build.ticket(at_stage="in_service", plan="c", at=monday, company=people)
    facts = {"content": "旧电机", "carrier": "德邦", "waybill": "DB1", "terms": "prepaid"}
    parcel = send_back(ticket, by=people.eng, at=monday, **facts)
    assert (parcel.terms, parcel.cost) == ("prepaid", None)
    with pytest.raises(BadEntry):
        deliver(parcel, by=people.ga, at=monday, how="门卫", cost=Decimal("32.50"))
    assert deliver(parcel, by=people.ga, at=monday, how="门卫").stage == "delivered"


@pytest.mark.clause("4.6")
def test_administration_is_told_of_a_parcel_that_comes_to_us(people, monday):
    ticket, told_is = build.ticket(at_stage="in_service", plan="c", at=monday, company=people), people.ga
    send_back(ticket, by=people.eng, at=monday, content="旧电机", carrier="德邦", waybill="DB1")
    told = Notification.objects.filter(event_key__endswith=":back", channel="app").values_list(
        "recipient", flat=True
    )
    assert told_is.pk in told and people.eng.pk not in told


def test_an_engineer_sees_the_parcels_of_his_own_sheets_only(people, monday, release):
    pack(release, by=people.wh, at=monday)
    seen = [
        Shipment.objects.visible_to(who).count()
        for who in (people.eng, build.person("ENG"), people.ga, people.pur)
    ]
    assert seen == [1, 0, 1, 0]

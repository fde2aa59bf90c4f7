"""A number alone opens no customer to a salesperson: not by a lead, a sale or a vehicle (A14, J09)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import middleware
from aftersales.problems import BadEntry
from sales import lead_services as services
from sales.models import Lead, Sale, Vehicle
from sales.selectors import state_of
from sales.services import change_vehicle, register_vehicle
from tests import build
from tests.api.conftest import program

from . import leads

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("4.2"),
    pytest.mark.usefixtures("english", "one_factor"),
]
HOUR = dt.timedelta(hours=1)
UNKNOWN = "There is no customer with this number."
__all__ = ["program"]


@pytest.fixture
def one_factor(monkeypatch):
    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)


@pytest.fixture
def now():
    return timezone.now() - 3 * HOUR


@pytest.fixture(params=["nobody's", "a colleague's"])
def foreign(request, now):
    """A customer whom this salesperson may not open."""
    row = leads.customer(now, name="秘密人", phone="+8613911119999", organisation="秘密公司")
    if request.param == "a colleague's":
        leads.his(build.person("SALES"), row)
    return row


def lead_of(number):
    return {"customer": number, "consent": True, "consent_how": "phone", "wanted": "later", "quantity": 1}


def sale_of(number):
    return {"customer": number, "sold_on": str(timezone.localdate()), "commission": "0", "quantity": 1}


@pytest.mark.parametrize(("path", "entries"), [("leads", lead_of), ("sales", sale_of)])
def test_a_foreign_number_reads_like_none(people, as_user, program, foreign, path, entries):
    api, pages = program(people.sales), as_user(people.sales)
    no_such = api.post(path, entries("GK20200101-9999"))
    assert api.post(path, entries(foreign.number)) | {"instance": ""} == no_such | {"instance": ""}
    assert api.status == 422 and UNKNOWN in str(no_such)
    way = {"leads": "/sales/leads/new/", "sales": "/sales/sold/new/"}[path]
    page = pages.post(way, entries(foreign.number))
    assert page.status_code == 422 and UNKNOWN in page.content.decode()
    assert not Lead.objects.exists() and not Sale.objects.exists()
    assert pages.get(foreign.get_absolute_url()).status_code == 404


def test_his_own_he_names_and_whoever_may_open_all_names_all(people, program, foreign, now):
    own = leads.customer(now)
    leads.his(people.sales, own)
    made = program(people.sales).post("leads", lead_of(own.number))
    assert (made["stage"], Lead.objects.get().customer) == ("taken", own)
    program(people.cs).post("leads", lead_of(foreign.number))
    assert Lead.objects.filter(customer=foreign).count() == 1


def test_an_engineer_names_the_customer_of_his_ticket_by_the_ticket_only(people, program, now):
    ticket = build.ticket(at_stage="completed", at=now - 24 * HOUR, company=people)
    api = program(people.eng)
    api.post("leads", lead_of(ticket.customer.number))
    assert api.status == 422 and not Lead.objects.exists()
    sent = lead_of("") | {"ticket": ticket.number}
    del sent["customer"]
    api.post("leads", sent)
    assert (api.status, Lead.objects.get().customer) == (201, ticket.customer)


@pytest.mark.parametrize("hand", ["lead", "vehicle"])
def test_the_buyer_in_his_hand_becomes_his_when_another_has_confirmed(people, as_user, now, hand):
    who = leads.customer(now)
    if hand == "lead":
        services.take(leads.lead(who, people.eng, now), by=people.sales, at=now)
    else:
        build.vehicle(customer=who, seller=people.sales, at=now)
    client = as_user(people.sales)
    client.post("/sales/sold/new/", sale_of(who.number))
    who.refresh_from_db()
    assert who.seller is None and client.get(who.get_absolute_url()).status_code == 404
    services.confirm(Sale.objects.get(), by=people.fin, at=now + HOUR)
    who.refresh_from_db()
    assert who.seller == people.sales and client.get(who.get_absolute_url()).status_code == 200


def test_the_service_says_the_same_as_the_form(people, foreign, now):
    with pytest.raises(BadEntry) as refused:
        services.record(
            foreign, sold_on=timezone.localdate(), commission=Decimal(0), by=people.sales, at=timezone.now()
        )
    assert (str(refused.value), refused.value.field) == (UNKNOWN, "customer")


@pytest.mark.clause("2.1")
def test_no_vehicle_of_his_is_bound_to_a_foreign_customer(people, as_user, program, foreign, now):
    car = build.vehicle(seller=people.sales, at=now)
    api = program(people.sales)
    sent = {"model": car.model.code, "customer": foreign.number}
    said = api.post("vehicles", sent | {"vin": "LFYINVENTED1"})
    assert api.status == 422 and UNKNOWN in str(said)
    client = as_user(people.sales)
    for way, more in (("/vehicles/new/", {"vin": "LFYINVENTED2"}), (f"/vehicles/{car.vin}/edit/", {})):
        page = client.post(way, sent | more)
        assert page.status_code == 422 and UNKNOWN in page.content.decode()
    acts = (
        lambda: register_vehicle(vin="X1", model=car.model, by=people.sales, at=now, customer=foreign),
        lambda: change_vehicle(car, by=people.sales, at=now, customer=foreign),
    )
    for act in acts:
        with pytest.raises(BadEntry) as refused:
            act()
        assert (str(refused.value), refused.value.field) == (UNKNOWN, "customer")
    assert not Vehicle.objects.exclude(customer=None).exists()


@pytest.mark.clause("2.1")
def test_what_customer_service_has_bound_to_him_he_keeps_and_delivers(people, as_user, now):
    who = leads.customer(now)
    car = build.vehicle(customer=who, seller=people.sales, delivered_on=None, at=now)
    client = as_user(people.sales)
    sent = {"model": car.model.code, "customer": who.number, "plate": "苏A1", "seen": state_of(car)}
    client.post(f"/vehicles/{car.vin}/edit/", sent)
    car.refresh_from_db()
    assert (car.plate, car.customer) == ("苏A1", who)
    build.delivery(people.sales, timezone.localtime(), vin=car.vin, customer=who)
    who.refresh_from_db()
    assert who.seller == people.sales

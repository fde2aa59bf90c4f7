"""What is masked cannot be guessed by searching, and who types a phone learns only of his own customers (A13, A14, A18)."""

import pytest
from django.utils import timezone

from accounts import middleware
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build
from tests.pages.conftest import as_user

__all__ = ["as_user"]

PHONE, STREET = "+8613977766655", "金丝雀路七十七号"
PARTS = ["13977766655", "7776", "77"]


@pytest.fixture
def ticket(people, monkeypatch) -> Ticket:
    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)
    found = build.ticket(
        Stage.ASSIGNED,
        at=timezone.now(),
        company=people,
        phone=PHONE,
        street=STREET,
        contact="丁一",
        vin="LFX1",
    )
    found.customer.person.refresh_from_db()
    return found


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ["FIN", "TECH", "AUD"])
def test_a_masked_phone_finds_no_ticket(ticket, as_user, role, part):
    client = as_user(build.person(role))
    assert list(client.get("/tickets/", {"q": part}).context["rows"]) == []
    assert client.get("/api/v1/tickets", {"q": part}).json()["results"] == []
    assert len(client.get("/tickets/", {"q": "丁一"}).context["rows"]) == 1


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ["FIN", "AUD"])
def test_a_masked_phone_finds_no_customer(ticket, as_user, role, part):
    client = as_user(build.person(role))
    assert list(client.get("/customers/", {"name": part}).context["rows"]) == []
    assert client.get("/api/v1/customers", {"q": part}).json()["results"] == []
    assert len(client.get("/customers/", {"name": "丁一"}).context["rows"]) == 1


@pytest.mark.parametrize("part", PARTS)
def test_who_sees_the_phone_finds_by_it(ticket, people, as_user, part):
    for person in (people.cs, people.eng, people.mgr):
        assert len(as_user(person).get("/tickets/", {"q": part}).context["rows"]) == 1
    assert len(as_user(people.cs).get("/customers/", {"name": part}).context["rows"]) == 1


def test_an_engineer_of_two_departments_finds_by_phone_only_what_is_his(ticket, as_user):
    client = as_user(build.person("ENG", "TECH"))
    assert list(client.get("/tickets/", {"q": PARTS[0]}).context["rows"]) == []


def test_sales_learn_nothing_of_a_caller_who_is_not_their_customer(ticket, people, as_user):
    seller = build.person("SALES")
    assert "丁一" not in as_user(seller).get("/tickets/known/", {"phone": PHONE}).content.decode()
    ticket.customer.seller = seller
    ticket.customer.save()
    page = as_user(seller).get("/tickets/known/", {"phone": PHONE}).content.decode()
    assert "丁一" in page and "street" not in page
    assert "street" in as_user(people.cs).get("/tickets/known/", {"phone": PHONE}).content.decode()

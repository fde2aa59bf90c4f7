"""Who holds two roles has each one's rights by that role's own tie to the paper, never by the other's (SD16)."""

import pytest

from accounts.access import Denied, may
from repairs import services, steps
from repairs.flow import Stage
from repairs.models import CrewMember, Ticket
from sales.models import Vehicle
from tests import build

HOUR = build.HOUR


def relayed_by(seller, people, monday):
    """A ticket that `seller` relayed and that is in another engineer's hands."""
    entries = {"contact": "王小明", "phone": "+8613812345678", "symptom": "异响", "reported_at": monday}
    ticket = services.relay(by=seller, at=monday, **entries)
    services.accept(ticket, by=people.cs, at=monday + HOUR)
    services.hand_over(ticket, by=people.cs, at=monday + HOUR, engineer=people.eng)
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.clause("4.3")
def test_sales_and_engineer_in_one_person_takes_no_step_of_a_ticket_that_he_only_relayed(monday, people):
    both = build.person("SALES", "ENG")
    ticket = relayed_by(both, people, monday)
    entries = {"confirmed_symptom": "磨损", "damage_type": "pending"}
    with pytest.raises(Denied):
        steps.take(ticket, "contact", by=both, at=monday + 2 * HOUR, **entries)
    assert Ticket.objects.get(pk=ticket.pk).stage == Stage.ASSIGNED
    assert may(both, "referral.view", ticket)


@pytest.mark.clause("4.3")
def test_who_left_the_engineers_keeps_nothing_of_the_crew(monday, people):
    ticket, former = build.ticket(Stage.ASSIGNED, at=monday, company=people), build.person("SALES")
    CrewMember.objects.create(ticket=ticket, user=former, since=monday)
    assert not may(former, "customer.phone_reveal", ticket)


@pytest.mark.clause("4.5a")
def test_an_engineer_registers_no_vehicle_because_its_delivery_day_is_the_warranty(people, client):
    model = build.vehicle().model
    client.force_login(people.eng)
    entries = {"vin": "LFYFAKE0000000001", "model": model.pk, "delivered_on": "2026-11-01"}
    assert client.get("/vehicles/new/").status_code == 403
    assert client.post("/vehicles/new/", entries).status_code == 403
    assert not Vehicle.objects.filter(vin="LFYFAKE0000000001").exists()
    assert "/vehicles/new/" not in client.get("/vehicles/").content.decode()
    client.force_login(people.sales)
    assert "/vehicles/new/" in client.get("/vehicles/").content.decode()

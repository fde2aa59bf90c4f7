"""Somebody was faster: who has just handed the ticket on, or left, takes no step on a page that he still has open."""

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry, Refusal
from repairs import services, steps
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

HOUR = build.HOUR


@pytest.mark.clause("4.3")
def test_the_engineer_who_lost_the_ticket_meanwhile_does_not_contact_its_customer(monday, people):
    read = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    services.reassign(
        Ticket.objects.get(pk=read.pk),
        by=people.mgr,
        at=monday + HOUR,
        engineer=build.person("ENG"),
        reason="病假",
    )
    with pytest.raises(Denied):
        steps.take(
            read, "contact", by=people.eng, at=monday + HOUR, confirmed_symptom="磨损", damage_type="pending"
        )
    assert Ticket.objects.get(pk=read.pk).stage == Stage.ASSIGNED


@pytest.mark.clause("3.3")
@pytest.mark.parametrize("step", ["call_back", "write_off"])
def test_an_earlier_engineer_of_the_ticket_neither_calls_back_nor_writes_off(monday, people, step):
    both = build.person("CS", "ENG")
    ticket = build.ticket(Stage.RECORDED, at=monday, company=people)
    services.hand_over(ticket, by=people.cs, at=monday + HOUR, engineer=both)
    services.reassign(ticket, by=people.mgr, at=monday + HOUR, engineer=people.eng, reason="病假")
    for number, act in enumerate(build.road(ticket, people, "b")[2:6], start=2):
        act(monday + number * HOUR)
    entries = {"resolved": True} if step == "call_back" else {}
    with pytest.raises(Refusal, match="SD10"):
        steps.take(Ticket.objects.get(pk=ticket.pk), step, by=both, at=monday + 9 * HOUR, **entries)


@pytest.mark.clause("3.3")
@pytest.mark.parametrize("step", ["call_back", "reopen"])
def test_another_round_does_not_go_to_an_engineer_who_has_left(monday, people, step):
    ticket = build.ticket(Stage.COMPLETED if step == "call_back" else Stage.CLOSED, at=monday, company=people)
    people.eng.is_active = False
    people.eng.save()
    entries = {"resolved": False} if step == "call_back" else {}
    with pytest.raises(BadEntry) as refused:
        steps.take(ticket, step, by=people.cs, at=monday + 9 * HOUR, reason="还有异响", **entries)
    assert refused.value.field == "engineer"
    successor = build.person("ENG")
    steps.take(
        ticket, step, by=people.cs, at=monday + 9 * HOUR, reason="还有异响", engineer=successor, **entries
    )
    assert Ticket.objects.get(pk=ticket.pk).engineer == successor

"""What stays and what changes hands when another engineer takes over in the middle of the road (domain 2)."""

import pytest

from deadlines.models import Deadline
from repairs import services, steps
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

HOUR = build.HOUR
REACHED = {"confirmed_symptom": "刹车盘变形", "damage_type": "not_human"}


def handed_on(people, stage, at, plan="b"):
    ticket, other = build.ticket(stage, plan=plan, at=at, company=people), build.person("ENG")
    services.reassign(ticket, by=people.mgr, at=at + HOUR, engineer=other, reason="病假")
    return Ticket.objects.get(pk=ticket.pk), other


@pytest.mark.clause("4.3")
@pytest.mark.parametrize("stage", [Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE])
def test_the_sheet_of_the_round_goes_on_in_the_other_hand(monday, people, stage):
    ticket, other = handed_on(people, stage, monday)
    steps.take(ticket, "contact", by=other, at=monday + 2 * HOUR, **REACHED)
    sheet = Ticket.objects.get(pk=ticket.pk).sheets.get()
    assert (sheet.confirmed_symptom, sheet.made_by, sheet.changed_by) == ("刹车盘变形", people.eng, other)
    assert sheet.history.count() == sheet.revision > 1


def appointment(ticket):
    return Deadline.objects.get(rule="appointment", subject_id=ticket.pk)


@pytest.mark.clause("4.4c")
def test_the_appointment_reminds_who_has_the_ticket_now(monday, people):
    ticket, other = handed_on(people, Stage.PLANNED, monday, plan="c")
    row = appointment(ticket)
    assert (row.assignee, row.due_at, row.stopped_at) == (other, ticket.appointment_at, None)


@pytest.mark.clause("4.4c")
def test_an_appointment_that_has_passed_changes_hands_too(monday, people):
    ticket = build.ticket(Stage.PLANNED, plan="c", at=monday, company=people)
    other = build.person("ENG")
    services.reassign(ticket, by=people.mgr, at=monday + 30 * HOUR, engineer=other, reason="病假")
    assert (appointment(ticket).assignee, appointment(ticket).stopped_at) == (other, None)


@pytest.mark.clause("4.4c")
def test_it_ends_when_the_other_plans_without_a_visit(monday, people):
    ticket, other = handed_on(people, Stage.PLANNED, monday, plan="c")
    steps.take(ticket, "contact", by=other, at=monday + 2 * HOUR, **REACHED)
    at = monday + 3 * HOUR
    services.plan(ticket, by=other, at=at, **build.plan_entries("b", at))
    assert appointment(ticket).ended_as == "void"

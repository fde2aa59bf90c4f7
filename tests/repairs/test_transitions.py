"""Every transition from every stage: the edges of the paper and no others; no side door moves a ticket."""

import pytest
from django.db import IntegrityError

from aftersales.flow import OutOfTurn
from aftersales.problems import Refusal
from repairs import services
from repairs.flow import BEFORE_SERVICE, WITH_ENGINEER, Stage
from repairs.models import Ticket
from tests import build

S = Stage
EDGES = {
    "accept": {S.REPORTED: S.RECORDED},
    "hand_over": {S.RECORDED: S.ASSIGNED},
    "reach": {S.ASSIGNED: S.CONTACTED},
    "plan": {S.CONTACTED: S.PLANNED},
    "replan": {S.PLANNED: S.CONTACTED, S.IN_SERVICE: S.CONTACTED},
    "begin": {S.PLANNED: S.IN_SERVICE},
    "complete": {S.IN_SERVICE: S.COMPLETED},
    "close": {S.COMPLETED: S.CLOSED},
    "close_unreached": {S.COMPLETED: S.CLOSED},
    "send_back": {S.COMPLETED: S.ASSIGNED},
    "reopen": {S.CLOSED: S.ASSIGNED},
    "reassign": dict.fromkeys(WITH_ENGINEER, S.ASSIGNED),
    "cancel": dict.fromkeys(BEFORE_SERVICE, S.CANCELLED),
    "merge": dict.fromkeys(BEFORE_SERVICE, S.CANCELLED),
}


def flow_methods() -> set[str]:
    return {t.name for t in Ticket._meta.get_field("stage").get_all_transitions(Ticket)}


def test_the_table_of_edges_names_every_transition():
    assert flow_methods() == set(EDGES)


@pytest.mark.parametrize("name", EDGES)
def test_a_transition_leads_where_the_paper_says(name):
    declared = {
        t.source: t.target
        for t in Ticket._meta.get_field("stage").get_all_transitions(Ticket)
        if t.name == name
    }
    assert declared == EDGES[name]


@pytest.mark.parametrize("stage", [s for s in Stage if s != S.CANCELLED])
def test_every_stage_refuses_every_transition_that_is_not_its_own(monday, people, stage):
    ticket = build.ticket(stage, at=monday, company=people)
    for name in (n for n in EDGES if stage not in EDGES[n]):
        with pytest.raises(OutOfTurn):
            ticket.move(name)
        assert Ticket.objects.get(pk=ticket.pk).stage == stage, name


def test_a_cancelled_ticket_takes_no_step(monday, people):
    ticket = build.ticket(S.CANCELLED, at=monday, company=people)
    for name in EDGES:
        assert isinstance(ticket.why_not(name), OutOfTurn), name


def test_the_stage_cannot_be_assigned(monday, people):
    ticket = build.ticket(at=monday, company=people)
    with pytest.raises(AttributeError):
        ticket.stage = S.CLOSED


def test_a_refusal_names_its_clause_and_the_stage(monday, people):
    ticket = build.ticket(S.RECORDED, at=monday, company=people)
    with pytest.raises(Refusal, match="4.3"):
        services.contact(ticket, by=people.eng, at=monday, confirmed_symptom="x")


def test_every_transition_says_its_word_and_fact():
    for transition in Ticket._meta.get_field("stage").get_all_transitions(Ticket):
        assert transition.custom["label"] and transition.custom["fact"], transition.name


def test_an_unknown_engineer_breaks_nothing_half(monday, people):
    ticket = build.ticket(S.RECORDED, at=monday, company=people)
    with pytest.raises((IntegrityError, AttributeError, ValueError)):
        services.hand_over(ticket, by=people.cs, at=monday, engineer=None)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.stage, fresh.turn) == (S.RECORDED, 0)

"""A fact meets the clocks that it answers and opens those that it starts; twice is once; few statements."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test.utils import CaptureQueriesContext

from aftersales.charter import RULES, Fact
from aftersales.limits import SHANGHAI
from deadlines.models import CollectionRound, Deadline
from deadlines.services import record

from .conftest import clock, make_subject, rules

HOUR = dt.timedelta(hours=1)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.clause("2.3")
def test_the_relay_clock_runs_from_what_the_customer_told_sales(subject, staff, monday):
    subject.relayed_by = staff["sales"]
    record(Fact.TOLD_SALES, subject, at=monday - 13 * HOUR, by=staff["sales"])
    record(Fact.RELAYED, subject, at=monday, by=staff["sales"])
    relay = clock(subject, "relay")
    assert (relay.due_at, relay.met_at, relay.assignee) == (monday - HOUR, monday, staff["sales"])
    assert relay.is_missed(monday)
    assert clock(subject, "handover").due_at == monday + 12 * HOUR


@pytest.mark.clause("3.1")
def test_a_web_report_opens_collect_and_a_handover_that_starts_at_its_due_time(subject, monday):
    record(Fact.REPORTED_ONLINE, subject, at=monday, by=None)
    collect, handover = clock(subject, "collect"), clock(subject, "handover")
    assert collect.due_at == at("2026-03-02T15:00:00")
    assert (handover.opened_at, handover.due_at) == (collect.due_at, at("2026-03-03T03:00:00"))


@pytest.mark.clause("3.2")
def test_accepting_earlier_moves_the_handover_forward_and_names_who_accepted(subject, staff, monday):
    record(Fact.REPORTED_ONLINE, subject, at=monday, by=None)
    subject.accepted_by = staff["cs"]
    record(Fact.ACCEPTED, subject, at=monday + HOUR, by=staff["cs"])
    handover = clock(subject, "handover")
    assert (handover.opened_at, handover.due_at) == (monday + HOUR, monday + 13 * HOUR)
    assert handover.assignee == staff["cs"]
    assert clock(subject, "collect").met_at == monday + HOUR


@pytest.mark.clause("3.2")
def test_accepting_late_buys_no_time_for_the_handover(subject, staff, monday):
    record(Fact.REPORTED_ONLINE, subject, at=monday, by=None)
    subject.accepted_by = staff["cs"]
    record(Fact.ACCEPTED, subject, at=monday + 8 * HOUR, by=staff["cs"])
    handover = clock(subject, "handover")
    assert (handover.due_at, handover.assignee) == (at("2026-03-03T03:00:00"), staff["cs"])


@pytest.mark.clause("3.2")
def test_a_call_starts_the_handover_when_it_is_entered(subject, staff, monday):
    record(Fact.REPORTED_BY_PHONE, subject, at=monday, by=staff["cs"])
    subject.accepted_by = staff["cs"]
    record(Fact.ACCEPTED, subject, at=monday + HOUR, by=staff["cs"])
    assert clock(subject, "handover").due_at == monday + 12 * HOUR
    assert clock(subject, "handover").assignee == staff["cs"]


@pytest.mark.clause("4.3")
@pytest.mark.clause("4.4")
def test_contact_and_plan_start_together_so_that_a_late_contact_buys_no_time(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    record(Fact.CONTACTED, subject, at=monday + 20 * HOUR, by=staff["eng"])
    contact, plan = clock(subject, "contact"), clock(subject, "plan")
    assert (contact.due_at, plan.due_at) == (monday + 12 * HOUR, monday + 24 * HOUR)
    assert (contact.is_missed(monday + 20 * HOUR), plan.met_at) == (True, None)
    assert {contact.assignee, plan.assignee} == {staff["eng"]}


@pytest.mark.clause("4.4")
def test_every_new_plan_has_a_clock_of_its_own(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    record(Fact.PLANNED, subject, at=monday + HOUR, by=staff["eng"])
    subject.turn = 2
    record(Fact.REPLANNED, subject, at=monday + 5 * HOUR, by=staff["eng"])
    assert clock(subject, "plan", "2").due_at == monday + 29 * HOUR
    assert clock(subject, "plan", "1").met_at == monday + HOUR


@pytest.mark.clause("3.3")
@pytest.mark.clause("4.8")
def test_completion_starts_callback_and_write_off(subject, staff, monday):
    record(Fact.COMPLETED, subject, at=monday, by=staff["eng"])
    assert clock(subject, "callback").due_at == clock(subject, "write_off").due_at == monday + 24 * HOUR
    record(Fact.CALLED_BACK, subject, at=monday + HOUR, by=staff["cs"])
    assert rules(subject) == {"callback 1": "met", "write_off 1": "open", "quality_report 1": "open"}
    record(Fact.WRITTEN_OFF, subject, at=monday + 2 * HOUR, by=staff["cs"], cycle="1")
    assert rules(subject) == {"callback 1": "met", "write_off 1": "met", "quality_report 1": "open"}


@pytest.mark.clause("3.3")
def test_an_unsolved_callback_meets_its_clock_and_starts_another_round(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.COMPLETED, subject, at=monday, by=staff["eng"])
    subject.turn = 2
    record(Fact.SENT_BACK, subject, at=monday + HOUR, by=staff["cs"])
    record(Fact.COMPLETED, subject, at=monday + 9 * HOUR, by=staff["eng"])
    assert rules(subject) == {
        "callback 1": "met", "callback 2": "open", "contact 2": "open", "plan 2": "open",
        "write_off 1": "open", "write_off 2": "open", "quality_report 1": "open", "quality_report 2": "open",
    }  # fmt: skip
    record(Fact.WRITTEN_OFF, subject, at=monday + 10 * HOUR, by=staff["cs"], cycle="1")
    assert clock(subject, "write_off", "2").met_at is None


def test_reassigning_hands_on_what_is_unmet_and_leaves_what_was_missed_with_the_former_engineer(
    subject, staff, monday
):
    former, new = staff["eng"], staff["eng_head"]
    subject.engineer = former
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    subject.engineer, subject.turn = new, 2
    record(Fact.REASSIGNED, subject, at=monday + 13 * HOUR, by=staff["cs_head"])
    old = {rule: clock(subject, rule, "1") for rule in ("contact", "plan")}
    assert {row.ended_as for row in old.values()} == {"handed_on"}
    assert {rule: row.is_missed(monday + 99 * HOUR) for rule, row in old.items()} == {
        "contact": True,
        "plan": False,
    }
    assert {row.assignee for row in old.values()} == {former}
    assert clock(subject, "contact", "2").assignee == new
    assert clock(subject, "contact", "2").due_at == monday + 25 * HOUR


def test_cancelling_ends_running_clocks_void_and_keeps_breaches(subject, staff, monday):
    record(Fact.REPORTED_ONLINE, subject, at=monday, by=None)
    record(Fact.CANCELLED, subject, at=monday + 6 * HOUR, by=staff["cs"])
    assert rules(subject) == {"collect 1": "void", "handover 1": "void", "stalled": "void"}
    assert [row.rule for row in Deadline.objects.missed(monday + 99 * HOUR)] == ["collect"]


@pytest.mark.clause("4.4c")
def test_the_appointment_is_reminded_of_at_its_time_and_moves_with_it(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.PLANNED, subject, at=monday, by=staff["eng"])
    assert "appointment" not in rules(subject)
    subject.appointment_at = monday + 30 * HOUR
    record(Fact.APPOINTED, subject, at=monday, by=staff["eng"])
    subject.appointment_at = monday + 50 * HOUR
    record(Fact.APPOINTED, subject, at=monday + HOUR, by=staff["eng"])
    row = clock(subject, "appointment")
    assert (row.due_at, row.next_fire_at, row.edition) == (monday + 50 * HOUR, monday + 50 * HOUR, 2)
    assert not row.is_missed(monday + 60 * HOUR)
    record(Fact.SERVICE_BEGUN, subject, at=monday + 51 * HOUR, by=staff["eng"])
    assert clock(subject, "appointment").met_at == monday + 51 * HOUR


def test_every_event_puts_off_the_reminder_that_nothing_happens(subject, staff, monday):
    record(Fact.REPORTED_BY_PHONE, subject, at=monday, by=staff["cs"])
    assert clock(subject, "stalled").due_at == at("2026-03-10T00:00:00")
    subject.mover = staff["eng"]
    record(Fact.MOVED, subject, at=monday + 48 * HOUR, by=staff["eng"])
    row = clock(subject, "stalled")
    assert (row.due_at, row.assignee, row.edition) == (at("2026-03-12T00:00:00"), staff["eng"], 2)
    record(Fact.CLOSED, subject, at=monday + 50 * HOUR, by=staff["cs"])
    record(Fact.WRITTEN_OFF, subject, at=monday + 51 * HOUR, by=staff["cs"])
    assert clock(subject, "stalled").met_at == monday + 50 * HOUR
    record(Fact.REOPENED, subject, at=monday + 72 * HOUR, by=staff["cs"])
    assert (clock(subject, "stalled").met_at, clock(subject, "stalled").edition) == (None, 3)


@pytest.mark.parametrize("fact", list(Fact))
def test_a_fact_told_twice_is_told_once(subject, staff, monday, fact):
    subject.engineer, subject.appointment_at = staff["eng"], monday + 90 * HOUR
    for number, earlier in enumerate((Fact.REPORTED_ONLINE, Fact.ACCEPTED, Fact.HANDED_OVER, Fact.COMPLETED)):
        record(earlier, subject, at=monday + number * HOUR, by=staff["cs"])
    subject.turn = 2
    record(fact, subject, at=monday + 5 * HOUR, by=staff["cs"])
    once = list(Deadline.objects.order_by("pk").values())
    record(fact, subject, at=monday + 5 * HOUR, by=staff["cs"])
    assert list(Deadline.objects.order_by("pk").values()) == once


@pytest.mark.parametrize("fact", list(Fact))
def test_a_fact_takes_at_most_six_statements(subject, staff, monday, fact, django_assert_max_num_queries):
    ContentType.objects.get_for_model(CollectionRound)
    subject.engineer, subject.appointment_at = staff["eng"], monday + 90 * HOUR
    for number, earlier in enumerate((Fact.REPORTED_ONLINE, Fact.ACCEPTED, Fact.HANDED_OVER, Fact.COMPLETED)):
        record(earlier, subject, at=monday + number * HOUR, by=staff["cs"])
    subject.turn = 2
    with django_assert_max_num_queries(6):
        record(fact, subject, at=monday + 30 * HOUR, by=staff["cs"])


def test_the_statements_do_not_grow_with_the_rounds(staff, monday, django_assert_num_queries):
    from django.db import connection

    counts = []
    for rounds in (1, 3):
        subject = make_subject(rounds, engineer=staff["eng"])
        for turn in range(1, rounds + 1):
            subject.turn = turn
            record(Fact.HANDED_OVER, subject, at=monday + turn * HOUR, by=staff["cs"])
            record(Fact.COMPLETED, subject, at=monday + turn * HOUR, by=staff["cs"])
        subject.turn = rounds + 1
        with CaptureQueriesContext(connection) as seen:
            record(Fact.SENT_BACK, subject, at=monday + 20 * HOUR, by=staff["cs"])
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_every_rule_starts_and_stops_with_a_fact_and_names_its_figure():
    from aftersales.charter import CLAUSES, FIGURES

    numbers = {clause.number for clause in CLAUSES}
    for rule in RULES.values():
        assert rule.starts and rule.stops and (not rule.figure or rule.figure in FIGURES), rule.name
        assert rule.clause in numbers | {""}, rule.name

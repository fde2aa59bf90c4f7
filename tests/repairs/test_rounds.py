"""Unsolved callbacks, reopening, re-assignment and re-planning: what begins anew and what stays."""

import datetime as dt

import pytest

from aftersales.flow import OutOfTurn
from aftersales.problems import BadEntry, Refusal
from deadlines.models import Deadline
from repairs import services
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

HOUR = build.HOUR


def clocks(ticket) -> list[tuple[str, str, bool, str]]:
    rows = (
        Deadline.objects.of(ticket)
        .exclude(rule__in=["stalled", "appointment"])
        .order_by("opened_at", "rule", "cycle")
    )
    return [(r.rule, r.cycle, r.met_at is not None, r.ended_as) for r in rows]


@pytest.mark.clause("3.3")
def test_an_unsolved_callback_sends_the_ticket_into_another_round_with_new_clocks(monday, people):
    ticket = build.ticket(Stage.COMPLETED, at=monday, company=people)
    services.call_back(ticket, by=people.cs, at=monday + HOUR, resolved=False, reason="还有异响")
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.stage, fresh.round, fresh.engineer, fresh.plan_type) == (Stage.ASSIGNED, 2, people.eng, "")
    opened = {(r, c) for r, c, met, _e in clocks(fresh) if not met}
    assert opened == {("contact", "2"), ("plan", "2"), ("write_off", "1"), ("quality_report", "1")}


@pytest.mark.clause("3.3")
def test_a_second_round_goes_through_to_the_end(monday, people):
    ticket = build.ticket(Stage.COMPLETED, at=monday, company=people)
    services.call_back(ticket, by=people.cs, at=monday + HOUR, resolved=False, reason="还有异响")
    for number, step in enumerate(build.road(ticket, people, "c")[2:], start=2):
        step(monday + number * HOUR)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.stage, fresh.round) == (Stage.CLOSED, 2)
    assert [s.number for s in fresh.sheets.order_by("round")] == [fresh.number, f"{fresh.number}/2"]
    assert fresh.surveys.count() == 2


@pytest.mark.clause("3.3")
@pytest.mark.parametrize(("days", "opens"), [(0, True), (30, True), (31, False)])
def test_a_closed_ticket_reopens_until_the_end_of_the_thirtieth_day(monday, people, days, opens):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    at = (monday + dt.timedelta(days=days)).replace(hour=23, minute=59)
    if opens:
        services.reopen(ticket, by=people.cs, at=at, reason="又出现")
    else:
        with pytest.raises(OutOfTurn, match="30"):
            services.reopen(ticket, by=people.cs, at=at, reason="又出现")
    assert Ticket.objects.get(pk=ticket.pk).stage == (Stage.ASSIGNED if opens else Stage.CLOSED)


@pytest.mark.clause("3.2")
def test_a_re_assignment_hands_unmet_clocks_on_and_keeps_the_round(monday, people):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    other = build.person("ENG")
    services.reassign(ticket, by=people.mgr, at=monday + HOUR, engineer=other, reason="出差")
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.stage, fresh.round, fresh.engineer) == (Stage.ASSIGNED, 1, other)
    rows = Deadline.objects.of(ticket).filter(rule="contact").order_by("pk")
    assert [(r.assignee, r.ended_as) for r in rows] == [(people.eng, "handed_on"), (other, "")]
    assert rows[1].due_at == monday + HOUR + 12 * HOUR


@pytest.mark.clause("3.2")
def test_a_missed_clock_stays_with_the_old_engineer(monday, people):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    services.reassign(
        ticket, by=people.mgr, at=monday + 13 * HOUR, engineer=build.person("ENG"), reason="出差"
    )
    old = Deadline.objects.of(ticket).filter(rule="contact", assignee=people.eng).get()
    assert old.is_missed(monday + 14 * HOUR)


def test_a_ticket_is_not_re_assigned_to_whom_has_it(monday, people):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    with pytest.raises(BadEntry):
        services.reassign(ticket, by=people.mgr, at=monday, engineer=people.eng, reason="x")


@pytest.mark.clause("4.4")
def test_a_re_plan_begins_a_plan_clock_of_its_own(monday, people):
    ticket = build.ticket(Stage.IN_SERVICE, at=monday, company=people)
    services.replan(ticket, by=people.eng, at=monday + HOUR, reason="电话指导无效")
    rows = Deadline.objects.of(ticket).filter(rule="plan").order_by("opened_at")
    assert [(r.met_at is not None, r.due_at) for r in rows][-1] == (False, monday + 25 * HOUR)
    assert Ticket.objects.get(pk=ticket.pk).stage == Stage.CONTACTED


@pytest.mark.clause("3.3")
def test_not_reached_needs_three_attempts_on_two_half_days(monday, people):
    ticket = build.ticket(Stage.COMPLETED, at=monday, company=people)
    for hours in (1, 1.5):
        services.attempt(
            ticket, by=people.cs, at=monday + hours * HOUR, result="no_answer", purpose="callback"
        )
    with pytest.raises(OutOfTurn, match="3.3"):
        services.close_unreached(ticket, by=people.cs, at=monday + 2 * HOUR)
    services.attempt(ticket, by=people.cs, at=monday + 3 * HOUR, result="no_answer", purpose="callback")
    closed = services.close_unreached(ticket, by=people.cs, at=monday + 3 * HOUR)
    assert (closed.stage, closed.surveys.get().reached) == (Stage.CLOSED, False)


@pytest.mark.clause("3.3")
def test_three_attempts_on_one_half_day_are_not_enough(monday, people):
    ticket = build.ticket(Stage.COMPLETED, at=monday, company=people)
    for minutes in (20, 40, 60):
        services.attempt(
            ticket, by=people.cs, at=monday + minutes * build.MINUTE, result="no_answer", purpose="callback"
        )
    with pytest.raises(OutOfTurn):
        services.close_unreached(ticket, by=people.cs, at=monday + 2 * HOUR)


@pytest.mark.clause("3.3")
def test_whoever_worked_on_the_ticket_does_not_call_back_even_with_both_roles(monday, people):
    both = build.person("CS", "ENG")
    people._people["eng"] = both
    ticket = build.ticket(Stage.COMPLETED, at=monday, company=people)
    with pytest.raises(Refusal, match="SD10"):
        services.call_back(ticket, by=both, at=monday + HOUR, resolved=True)


@pytest.mark.clause("4.8")
def test_record_9_1_is_written_off_once_a_round(monday, people):
    ticket = build.ticket(Stage.COMPLETED, at=monday, company=people)
    services.write_off(ticket, by=people.cs, at=monday + HOUR)
    row = Deadline.objects.of(ticket).get(rule="write_off")
    assert (row.due_at, row.met_at) == (ticket.completed_at + 24 * HOUR, monday + HOUR)
    with pytest.raises(OutOfTurn, match="4.8"):
        services.write_off(ticket, by=people.cs, at=monday + 2 * HOUR)


@pytest.mark.clause("3.3", "4.8")
def test_closing_waits_for_neither_write_off_nor_report(monday, people):
    ticket = build.ticket(Stage.CLOSED, at=monday, company=people)
    assert ticket.write_offs.count() == 0

"""What people do to a clock: pause a plan, excuse a breach, claim a duty; what a merger does."""

import datetime as dt

import pytest

from accounts.access import Denied
from aftersales.charter import Department as D
from aftersales.charter import Fact
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from deadlines import rules as pure
from deadlines.models import Deadline, DeadlineEvent
from deadlines.services import claim, end, excuse, merge, pause, record, sweep

from .conftest import clock, make_subject, rules
from .people import on_hotline, person

HOUR = dt.timedelta(hours=1)
T = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


@pytest.mark.clause("4.4")
@pytest.mark.parametrize(
    ("pauses", "bought"),
    [
        ([], 0),
        ([(1, 5)], 4),
        ([(1, 5), (3, 7)], 6),  # an overlap counts once
        ([(10, 12)], 0),  # begins at the due time: buys nothing
        ([(11, 20)], 0),
        ([(9, 12), (12, 13)], 4),  # begins before the net due time that the first one gave
        ([(9, 12), (13, 14)], 3),  # begins at it
    ],
)
def test_a_pause_moves_the_due_time_and_buys_nothing_once_it_is_over(pauses, bought):
    spans = [(T + begin * HOUR, T + finish * HOUR) for begin, finish in pauses]
    assert pure.net_due(T + 10 * HOUR, spans) == T + (10 + bought) * HOUR


@pytest.fixture
def plan(subject, staff, monday) -> Deadline:
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    return clock(subject, "plan")


def hold(subject, staff, at, begins, ends, name="plan", **more):
    words = {"reason": "等客户", "evidence": "电话录音 12"} | more
    return pause(subject, name, begins_at=begins, ends_at=ends, by=staff["eng"], at=at, **words)


@pytest.mark.clause("4.4")
def test_the_raw_due_time_stays_and_the_net_one_decides_the_breach(subject, plan, staff, monday):
    hold(subject, staff, monday + HOUR, monday + HOUR, monday + 6 * HOUR)
    plan.refresh_from_db()
    assert (plan.raw_due_at, plan.due_at) == (monday + 24 * HOUR, monday + 29 * HOUR)
    record(Fact.PLANNED, subject, at=monday + 28 * HOUR, by=staff["eng"])
    sweep(monday + 40 * HOUR)
    assert not clock(subject, "plan").is_missed(monday + 40 * HOUR)
    assert not DeadlineEvent.objects.filter(deadline=plan, stage="breach").exists()


@pytest.mark.clause("4.4")
def test_a_stage_that_came_before_a_pause_is_not_said_again(subject, plan, staff, monday):
    sweep(monday + 13 * HOUR)
    hold(subject, staff, monday + 14 * HOUR, monday + 14 * HOUR, monday + 24 * HOUR)
    sweep(monday + 60 * HOUR)
    found = DeadlineEvent.objects.filter(deadline=plan).order_by("true_at").values_list("stage", "true_at")
    assert list(found) == [
        ("half", monday + 12 * HOUR), ("soon", monday + 32 * HOUR), ("breach", monday + 34 * HOUR), ("head", monday + 38 * HOUR),
    ]  # fmt: skip


@pytest.mark.clause("4.4")
def test_only_a_running_plan_may_be_paused_with_reason_and_evidence_and_not_backwards(
    subject, plan, staff, monday
):
    later = monday + 5 * HOUR
    with pytest.raises(Refusal, match="4.3"):
        hold(subject, staff, monday, monday, later, name="contact")
    with pytest.raises(BadEntry):
        hold(subject, staff, monday, monday, later, evidence=" ")
    with pytest.raises(BadEntry):
        hold(subject, staff, later, monday, later + HOUR)
    with pytest.raises(BadEntry):
        hold(subject, staff, monday, later, later)
    record(Fact.PLANNED, subject, at=monday + HOUR, by=staff["eng"])
    with pytest.raises(OutOfTurn):
        hold(subject, staff, later, later, later + HOUR)


@pytest.mark.clause("4.4")
@pytest.mark.parametrize(("more", "lets"), [(0, True), (1, False)])
def test_one_pause_lasts_at_most_what_the_figure_says(subject, plan, staff, monday, more, lets):
    ends = monday + HOUR + dt.timedelta(days=30, seconds=more)
    if not lets:
        with pytest.raises(BadEntry, match="30") as refused:
            hold(subject, staff, monday + HOUR, monday + HOUR, ends)
        assert refused.value.field == "ends_at"
    else:
        assert hold(subject, staff, monday + HOUR, monday + HOUR, ends).due_at == monday + dt.timedelta(
            days=31
        )


@pytest.mark.clause("4.4")
@pytest.mark.parametrize("hours", [24, 30])
def test_a_pause_that_begins_when_the_time_is_over_buys_nothing(subject, plan, staff, monday, hours):
    due = monday + 24 * HOUR
    assert hold(subject, staff, due - HOUR, monday + hours * HOUR, due + 9 * HOUR).due_at == due
    assert hold(subject, staff, due + HOUR, due + HOUR, due + 20 * HOUR).due_at == due


def test_a_leader_excuses_a_breach_once_and_beside_it(subject, plan, staff, monday):
    late = monday + 30 * HOUR
    with pytest.raises(Refusal):
        excuse(plan, reason="台风", by=staff["leader"], at=monday)
    with pytest.raises(Denied):
        excuse(plan, reason="台风", by=staff["eng"], at=late)
    excuse(plan, reason="台风", by=staff["leader"], at=late)
    with pytest.raises(Refusal):
        excuse(plan, reason="再次", by=staff["leader"], at=late)
    plan.seen_at = late
    assert (plan.excuse, plan.missed_at) == ("台风", monday + 24 * HOUR)
    assert Deadline.objects.missed(late).filter(pk=plan.pk).exists()


def test_nobody_excuses_his_own_breach(subject, staff, monday):
    both = person(D.MANAGEMENT, D.ENGINEERS)
    subject.engineer = both
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    with pytest.raises(Refusal, match="SD04"):
        excuse(clock(subject, "contact"), reason="忙", by=both, at=monday + 13 * HOUR)
    sweep(monday + 13 * HOUR)
    with pytest.raises(Refusal, match="SD04"):
        excuse(clock(subject, "contact"), reason="忙", by=both, at=monday + 14 * HOUR)


def test_a_duty_is_taken_by_one_of_the_department_or_given_by_its_head(subject, staff, monday):
    record(Fact.COMPLETED, subject, at=monday, by=staff["eng"])
    row, other = clock(subject, "callback"), person(D.SERVICE)
    with pytest.raises(BadEntry):
        claim(row, person=staff["eng"], by=staff["cs_head"], at=monday)
    with pytest.raises(Refusal):
        claim(row, person=other, by=staff["cs"], at=monday)
    assert claim(row, person=staff["cs"], by=staff["cs"], at=monday).assignee == staff["cs"]
    with pytest.raises(Refusal):
        claim(row, person=other, by=other, at=monday)
    assert claim(row, person=other, by=staff["cs_head"], at=monday, reason="请假").assignee == other
    assert list(row.claims.order_by("pk").values_list("former", "person")) == [
        (None, staff["cs"].pk), (staff["cs"].pk, other.pk),
    ]  # fmt: skip


def test_claiming_a_missed_duty_leaves_the_breach_with_who_stood_on_the_roster(subject, staff, monday):
    on_hotline(staff["cs"], monday, monday + 48 * HOUR)
    late = person(D.SERVICE)
    record(Fact.COMPLETED, subject, at=monday, by=staff["eng"])
    claim(clock(subject, "callback"), person=late, by=late, at=monday + 25 * HOUR)
    sweep(monday + 26 * HOUR)
    event = DeadlineEvent.objects.get(deadline=clock(subject, "callback"), stage="breach")
    assert event.owner == staff["cs"]


def test_an_engineers_duty_goes_with_the_ticket(subject, plan, staff, monday):
    with pytest.raises(Refusal, match="4.4"):
        claim(plan, person=staff["eng_head"], by=staff["eng_head"], at=monday)


@pytest.mark.clause("3.1")
def test_merging_keeps_per_clock_the_earlier_one(subject, staff, monday):
    other = make_subject(2)
    record(Fact.REPORTED_ONLINE, other, at=monday - 5 * HOUR, by=None)  # due 10:00
    record(Fact.REPORTED_ONLINE, subject, at=monday, by=None)  # due 15:00
    merge(other, subject, at=monday - HOUR)
    assert clock(subject, "collect").due_at == clock(other, "collect").due_at
    assert clock(subject, "handover").due_at == clock(other, "handover").due_at
    assert rules(other) == {"collect 1": "merged", "handover 1": "merged", "stalled": "merged"}


@pytest.mark.clause("3.1")
def test_a_later_duplicate_changes_nothing_and_its_lone_breach_stays(subject, staff, monday):
    other = make_subject(2)
    record(Fact.REPORTED_ONLINE, subject, at=monday - 5 * HOUR, by=None)
    record(Fact.ACCEPTED, subject, at=monday - 4 * HOUR, by=staff["cs"])
    before = clock(subject, "handover").due_at
    record(Fact.REPORTED_ONLINE, other, at=monday, by=None)
    merge(other, subject, at=monday + 6 * HOUR)
    assert clock(subject, "handover").due_at == before
    assert rules(other)["collect 1"] == "void"
    assert clock(other, "collect").is_missed(monday + 9 * HOUR)
    assert not clock(other, "handover").is_missed(monday + 99 * HOUR)


def test_ending_a_clock_by_name_leaves_the_others(subject, plan, staff, monday):
    end(subject, ["plan"], at=monday + HOUR, ended_as="void")
    assert rules(subject) == {"contact 1": "open", "plan 1": "void"}

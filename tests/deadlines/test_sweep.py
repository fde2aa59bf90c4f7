"""The sweep: every stage once with its true time, to whom it concerns, in few statements."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.charter import Department as D
from aftersales.charter import Fact
from deadlines.models import CollectionRound, Deadline, DeadlineEvent
from deadlines.services import record, sweep, sweeping, tick_round
from notices.models import Notification

from .conftest import clock, make_subject
from .people import away, on_hotline, person

HOUR = dt.timedelta(hours=1)
LAG = dt.timedelta(seconds=60)


def events(**narrow):
    return list(
        DeadlineEvent.objects.filter(**narrow).order_by("true_at", "pk").values_list("stage", "true_at")
    )


def told(**narrow):
    """(who, stage, superseded) of the app's notices of clocks."""
    rows = Notification.objects.filter(event_key__startswith="deadline:", channel="app", **narrow).order_by(
        "pk"
    )
    return [(row.recipient, row.event_key.split(":")[2], row.status == "superseded") for row in rows]


@pytest.fixture
def contact(subject, staff, monday):
    """A contact clock that began on Monday 10:00 and is due at 22:00."""
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    Deadline.objects.exclude(rule="contact").delete()
    return clock(subject, "contact")


@pytest.mark.clause("4.3")
def test_the_four_stages_of_an_hour_clock_come_at_their_times(contact, monday):
    for hours in range(30):
        sweep(monday + hours * HOUR + LAG)
    assert events() == [
        ("half", monday + 6 * HOUR), ("soon", monday + 10 * HOUR), ("breach", monday + 12 * HOUR), ("head", monday + 16 * HOUR),
    ]  # fmt: skip
    assert Deadline.objects.get().next_fire_at is None


def test_the_assignee_hears_of_his_clock_and_the_head_four_hours_after(contact, staff, monday):
    for hours in range(30):
        sweep(monday + hours * HOUR + LAG)
    eng, head = staff["eng"], staff["eng_head"]
    assert told() == [(eng, "half", True), (eng, "soon", True), (eng, "breach", False), (head, "head", False)]


def test_the_sweep_looks_at_sixty_seconds_ago(contact, monday):
    sweep(monday + 6 * HOUR + LAG - dt.timedelta(microseconds=1))
    assert events() == []
    sweep(monday + 6 * HOUR + LAG)
    assert events() == [("half", monday + 6 * HOUR)]


def test_an_entry_at_the_due_instant_is_in_time_and_one_after_it_is_a_breach_though_met(
    subject, staff, monday
):
    other = make_subject(2)
    for one, late in ((subject, dt.timedelta(0)), (other, dt.timedelta(microseconds=1))):
        one.engineer = staff["eng"]
        record(Fact.HANDED_OVER, one, at=monday, by=staff["cs"])
        record(Fact.CONTACTED, one, at=monday + 12 * HOUR + late, by=staff["eng"])
    sweep(monday + 13 * HOUR)
    breached = DeadlineEvent.objects.filter(stage="breach").values_list("deadline__subject_id", "true_at")
    assert list(breached) == [(other.pk, monday + 12 * HOUR)]


def test_a_warning_overtaken_by_the_act_is_written_down_but_not_sent_and_a_breach_is(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    record(Fact.PLANNED, subject, at=monday + 23 * HOUR, by=staff["eng"])
    record(Fact.CONTACTED, subject, at=monday + 23 * HOUR, by=staff["eng"])
    sweep(monday + 40 * HOUR)
    contact, plan = clock(subject, "contact").pk, clock(subject, "plan").pk
    assert [stage for stage, _at in events(deadline=plan)] == ["half", "soon"]
    assert [stage for stage, _at in events(deadline=contact)] == ["half", "soon", "breach", "head"]
    assert told() == [(staff["eng"], "breach", False), (staff["eng_head"], "head", False)]


def test_after_three_days_without_a_scheduler_each_breach_comes_once_with_its_true_time(
    subject, staff, monday
):
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    sweep(monday + 72 * HOUR)
    sweep(monday + 73 * HOUR)
    contact, plan = clock(subject, "contact").pk, clock(subject, "plan").pk
    assert events(deadline=contact) == [
        ("half", monday + 6 * HOUR), ("soon", monday + 10 * HOUR), ("breach", monday + 12 * HOUR), ("head", monday + 16 * HOUR),
    ]  # fmt: skip
    assert events(deadline=plan, stage="breach") == [("breach", monday + 24 * HOUR)]
    delivered = [(who, stage) for who, stage, superseded in told() if not superseded]
    assert delivered.count((staff["eng"], "breach")) == delivered.count((staff["eng_head"], "head")) == 2
    assert len(delivered) == 4 and len(told()) == 8


@pytest.mark.clause("3.1")
def test_an_unclaimed_clock_of_customer_service_speaks_to_who_is_on_duty(subject, staff, monday):
    duty = person(D.SERVICE)
    on_hotline(duty, monday, monday + 3 * HOUR)
    record(Fact.REPORTED_BY_PHONE, subject, at=monday - 10 * HOUR, by=staff["cs"])
    sweep(monday + HOUR)
    assert {who for who, _stage, _superseded in told()} == {duty}


def test_without_a_roster_the_whole_department_hears_and_a_breach_is_the_heads(subject, staff, monday):
    record(Fact.REPORTED_BY_PHONE, subject, at=monday, by=staff["cs"])
    sweep(monday + 7 * HOUR)
    assert {who for who, _stage, _superseded in told()} == {staff["cs"], staff["cs_head"]}
    sweep(monday + 13 * HOUR)
    assert DeadlineEvent.objects.get(stage="breach").owner == staff["cs_head"]


def test_a_breach_belongs_to_who_stood_on_the_roster_at_the_due_time(subject, staff, monday):
    early, late = person(D.SERVICE), person(D.SERVICE)
    on_hotline(early, monday, monday + 12 * HOUR + LAG)
    on_hotline(late, monday + 12 * HOUR + LAG, monday + 99 * HOUR)
    record(Fact.REPORTED_BY_PHONE, subject, at=monday, by=staff["cs"])
    sweep(monday + 48 * HOUR)
    assert DeadlineEvent.objects.get(stage="breach", deadline__rule="handover").owner == early


def test_a_deputy_takes_over_with_due_times_unchanged_and_a_later_breach_is_his(contact, staff, monday):
    deputy = person(D.ENGINEERS)
    away(staff["eng"], deputy, monday + 8 * HOUR, monday + 30 * HOUR)
    sweep(monday + 7 * HOUR)
    sweep(monday + 13 * HOUR)
    contact.refresh_from_db()
    assert contact.due_at == monday + 12 * HOUR
    assert DeadlineEvent.objects.get(stage="breach").owner == deputy
    assert told() == [(staff["eng"], "half", True), (deputy, "soon", True), (deputy, "breach", False)]


def test_a_reminder_has_one_stage_and_no_breach(subject, staff, monday):
    record(Fact.REPORTED_BY_PHONE, subject, at=monday - 240 * HOUR, by=staff["cs"])
    row = clock(subject, "stalled")
    sweep(monday)
    assert events(deadline=row.pk) == [("remind", row.due_at)]
    assert not Deadline.objects.missed(monday).filter(pk=row.pk).exists()


@pytest.mark.clause("3.1")
def test_a_round_that_nobody_ticks_is_missed_at_the_end_of_its_window(staff, monday):
    from deadlines.services import open_rounds

    open_rounds(monday)
    first, second = CollectionRound.objects.order_by("window")
    tick_round(first, found=0, by=staff["cs"], at=monday - dt.timedelta(minutes=5))
    sweep(monday + 9 * HOUR)
    assert [event.deadline.subject for event in DeadlineEvent.objects.filter(stage="breach")] == [second]


def test_nothing_due_is_one_statement(contact, monday, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert sweep(monday + HOUR) == 0


@pytest.mark.parametrize("many", [3, 60])
def test_a_batch_takes_at_most_ten_statements(staff, monday, many):
    ContentType.objects.get_for_model(CollectionRound)
    for number in range(many):
        record(Fact.HANDED_OVER, make_subject(number, engineer=staff["eng"]), at=monday, by=staff["cs"])
    with CaptureQueriesContext(connection) as seen:
        assert sweep(monday + 72 * HOUR) == many * 2
    batch = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(batch) <= 1 + 3 + 10, "\n".join(batch)


def test_a_bad_clock_does_not_block_the_others_and_is_laid_aside_after_eight_times(
    staff, monday, monkeypatch
):
    good, bad = make_subject(1, engineer=staff["eng"]), make_subject(2, engineer=staff["eng"])
    for one in (bad, good):
        record(Fact.HANDED_OVER, one, at=monday, by=staff["cs"])
    CollectionRound.objects.filter(pk=bad.pk).delete()
    now = monday + 13 * HOUR
    for times in range(1, 10):
        sweep(now)
        assert DeadlineEvent.objects.filter(deadline__in=Deadline.objects.of(bad)).count() == 0
        now += dt.timedelta(minutes=2**times + 2)
    assert set(Deadline.objects.of(bad).values_list("failures", flat=True)) == {sweeping.FAILURES_ALLOWED}
    assert not Deadline.objects.of(bad).filter(dead_at=None).exists()
    assert DeadlineEvent.objects.filter(deadline=clock(good, "contact"), stage="breach").exists()


def test_a_put_off_clock_keeps_its_true_times(contact, monday, monkeypatch):
    def broken(*args):
        raise RuntimeError("the inbox is on fire")

    monkeypatch.setattr(sweeping, "announce", broken)
    sweep(monday + 13 * HOUR)
    assert events() == []
    monkeypatch.undo()
    sweep(monday + 14 * HOUR)
    assert events(stage="breach") == [("breach", monday + 12 * HOUR)]

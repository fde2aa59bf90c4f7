"""Reports by web, phone and sales; recording, matching, merging, cancelling (charter 2.3, 3.1, 3.2)."""

import datetime as dt

import pytest
from django.urls import reverse

from aftersales.flow import OutOfTurn
from aftersales.problems import BadEntry
from deadlines import services as deadlines
from deadlines.models import Deadline
from repairs import services
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build
from tests.conftest import SHANGHAI

HOUR = build.HOUR
CALLER = {"contact": "李四", "phone": "+8613900001111", "symptom": "不走车", "urgency": "urgent"}


def clock(ticket, rule):
    return Deadline.objects.of(ticket).get(rule=rule)


@pytest.mark.clause("3.1", "9.1")
def test_a_web_report_opens_the_head_of_the_paper_and_waits_for_its_collection(db, monday):
    ticket = build.report(monday)
    assert (ticket.number, ticket.stage, ticket.channel) == ("BX20260302-0001", Stage.REPORTED, "web")
    assert clock(ticket, "collect").due_at == monday.replace(hour=15)


@pytest.mark.clause("3.2")
def test_the_hand_over_clock_of_a_web_report_never_starts_later_than_its_collection_was_due(monday, people):
    early, late = build.report(monday), build.report(monday)
    services.accept(early, by=people.cs, at=monday + 4 * HOUR + 10 * build.MINUTE)
    services.accept(late, by=people.cs, at=monday + 8 * HOUR)
    assert clock(early, "handover").due_at == monday + 16 * HOUR + 10 * build.MINUTE
    assert clock(late, "handover").due_at == monday.replace(hour=15) + 12 * HOUR


@pytest.mark.clause("3.1", "3.2", "9.1")
def test_a_phone_report_is_recorded_while_the_customer_talks(monday, people):
    ticket = services.phone_in(by=people.cs, at=monday, **CALLER)
    assert (ticket.stage, ticket.intake.number) == (Stage.RECORDED, "KF20260302-0001")
    assert clock(ticket, "handover").due_at == monday + 12 * HOUR
    assert ticket.customer.person_id == ticket.contact_id


@pytest.mark.clause("2.3")
@pytest.mark.parametrize(("hours", "missed"), [(12, False), (12.01, True)])
def test_a_relay_is_met_at_the_due_instant_and_missed_after_it(monday, people, hours, missed):
    ticket = services.relay(by=people.sales, at=monday, reported_at=monday - hours * HOUR, **CALLER)
    row = clock(ticket, "relay")
    assert (row.assignee, row.met_at, row.is_missed(monday)) == (people.sales, monday, missed)
    assert clock(ticket, "handover").opened_at == monday


@pytest.mark.clause("2.3")
def test_a_relay_cannot_have_been_told_in_the_future(monday, people):
    with pytest.raises(BadEntry):
        services.relay(by=people.sales, at=monday, reported_at=monday + HOUR, **CALLER)


@pytest.mark.clause("3.2")
def test_an_unknown_vin_is_kept_as_typed_and_matched_later(monday, people):
    car = build.vehicle("LFY0000000000001")
    ticket = build.report(monday, vin="看不清1001")
    assert (ticket.vehicle, ticket.vin) == (None, "看不清1001")
    services.match_vehicle(ticket, by=people.cs, at=monday, vehicle=car)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.vehicle, fresh.vin, fresh.events.last().data["typed"]) == (car, car.vin, "看不清1001")


@pytest.mark.clause("3.2")
def test_a_known_vin_brings_vehicle_model_and_customer(monday, people):
    car = build.vehicle("LFY0000000000002")
    ticket = build.report(monday, vin=" lfy0000000000002 ")
    assert (ticket.vehicle, ticket.model) == (car, car.model.name)


@pytest.mark.clause("3.1")
def test_a_duplicate_gives_its_earlier_clock_and_notes_to_the_survivor_and_keeps_its_messages(monday, people):
    first, second = build.report(monday - HOUR), build.report(monday + 5 * HOUR)
    services.message(first, at=monday, text="补充")
    services.note(first, by=people.cs, at=monday, text="重复")
    services.merge(first, by=people.cs, at=monday + 6 * HOUR, into=second)
    gone = Ticket.objects.get(pk=first.pk)
    assert (gone.stage, gone.merged_into) == (Stage.CANCELLED, second)
    assert (second.messages.count(), second.notes.count()) == (0, 1)
    assert clock(second, "collect").due_at == monday.replace(hour=15)


@pytest.mark.clause("3.1")
def test_a_ticket_merges_neither_into_itself_nor_into_a_finished_one(monday, people):
    ticket = build.report(monday)
    with pytest.raises(BadEntry):
        services.merge(ticket, by=people.cs, at=monday, into=ticket)
    done = build.ticket(Stage.CLOSED, at=monday, company=people)
    with pytest.raises(OutOfTurn):
        services.merge(ticket, by=people.cs, at=monday, into=done)


@pytest.mark.clause("3.1")
def test_cancelling_ends_the_clocks_void_and_keeps_breaches(monday, people):
    ticket = build.report(monday)
    services.cancel(ticket, by=people.cs, at=monday + 24 * HOUR, reason="撤回")
    row = clock(ticket, "collect")
    assert (row.ended_as, row.is_missed(monday + 25 * HOUR)) == ("void", True)


@pytest.mark.clause("3.1")
def test_nothing_is_cancelled_after_something_was_issued(monday, people):
    ticket = build.report(monday)
    Ticket.objects.filter(pk=ticket.pk).update(issued_or_paid=True)
    with pytest.raises(OutOfTurn, match="4.5"):
        services.cancel(ticket, by=people.cs, at=monday, reason="撤回")


@pytest.mark.clause("3.2")
def test_the_hand_over_is_told_at_once_also_at_night(monday, people):
    from notices.models import Notification

    night = monday.replace(hour=23)
    ticket = build.report(monday)
    services.accept(ticket, by=people.cs, at=monday)
    services.hand_over(ticket, by=people.cs, at=night, engineer=people.eng)
    rows = Notification.objects.filter(
        recipient=people.eng, event_key__startswith=f"ticket:{ticket.pk}:handed"
    )
    assert rows.filter(channel="app").count() == 1
    assert all(row.not_before <= night for row in rows)


@pytest.mark.clause("4.0")
def test_the_suggestion_puts_region_and_experience_first_and_the_absent_last(monday, people):
    from accounts.models import Absence
    from repairs.selectors import suggested_engineers

    near = build.person("ENG", name="近", regions="泰州", years_in_trade=2)
    build.person("ENG", name="远", regions="广州", years_in_trade=3)
    away = build.person("ENG", name="休", regions="泰州", years_in_trade=9)
    Absence.objects.create(
        user=away, kind="leave", deputy=near, begins_at=monday - HOUR, ends_at=monday + dt.timedelta(days=2)
    )
    ticket = build.report(monday, region="江苏省泰州市海陵区")
    assert [p.name for p in suggested_engineers(ticket, monday)] == ["近", "远", "休"]


@pytest.mark.clause("3.2")
def test_a_loaded_engineer_comes_after_a_free_one(monday, people):
    from repairs.selectors import suggested_engineers

    free = build.person("ENG", name="闲", regions="泰州")
    build.ticket(Stage.ASSIGNED, at=monday, company=people)
    offers = list(suggested_engineers(None, monday))
    assert offers[0] == free


@pytest.mark.clause("3.1")
@pytest.mark.parametrize(
    ("received", "slot"),
    [
        ("2026-11-27T22:10", "2026-11-30 a"),  # a Friday night: Monday's first collection
        ("2026-11-24T18:28", "2026-11-25 a"),
        ("2026-11-04T08:59", "2026-11-04 a"),
        ("2026-11-04T09:00", "2026-11-04 b"),  # a window that begins at the very second does not count
        ("2026-11-04T09:18", "2026-11-04 b"),
        ("2026-11-04T14:00", "2026-11-05 a"),
        ("2026-02-14T08:00", "2026-02-14 a"),  # a Saturday that makes up for the Spring Festival
    ],
)
def test_a_web_report_belongs_to_the_collection_that_takes_it(people, received, slot):
    at = dt.datetime.fromisoformat(received).replace(tzinfo=SHANGHAI)
    deadlines.adopt_official_years(at)
    ticket = build.report(at)
    services.accept(ticket, by=people.cs, at=at + dt.timedelta(hours=60), region="江苏泰州")
    assert ticket.intake.slot == slot


@pytest.mark.clause("3.2")
@pytest.mark.parametrize(
    ("drivable", "urgency"), [("no", "stopped"), ("limited", "normal"), ("yes", "normal")]
)
def test_what_does_not_drive_is_offered_as_stopped_on_the_road(people, monday, as_user, drivable, urgency):
    ticket = build.report(monday, drivable=drivable)
    form = as_user(people.cs).get(reverse("repairs:step", args=[ticket.number, "accept"])).context["form"]
    assert form["urgency"].value() == urgency

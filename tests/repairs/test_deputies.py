"""Whoever stands in for an absent engineer takes his steps, for that time and no longer (domain 1, 11)."""

import pytest

from accounts import services as people_services
from accounts.access import Denied
from accounts.models import Absence
from aftersales.problems import BadEntry, Refusal
from deadlines.models import Deadline, DeadlineEvent
from deadlines.services import sweep
from notices.models import Notification
from repairs import privacy, services, steps, timeline
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

HOUR = build.HOUR
REACHED = {"confirmed_symptom": "刹车片磨损", "damage_type": "not_human"}


@pytest.fixture
def deputy(db):
    return build.person("ENG")


def leave(people, deputy, begins, ends, at=None, user=None):
    user = user or people.eng
    return people_services.enter_absence(
        user, begins_at=begins, ends_at=ends, deputy=deputy, by=user, at=at or begins
    )


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.clause("4.1", "4.3")
def test_the_deputy_takes_the_step_and_the_history_names_him_and_whose_it_was(monday, people, deputy):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    leave(people, deputy, monday + HOUR, monday + 9 * HOUR)
    steps.take(ticket, "contact", by=deputy, at=monday + 2 * HOUR, **REACHED)
    paper = fresh(ticket)
    event = paper.events.get(name="reach")
    assert (paper.stage, paper.engineer) == (Stage.CONTACTED, people.eng)
    assert (event.by, event.data["for"]) == (deputy, people.eng.pk)
    assert paper.history.latest("history_id").history_user == deputy
    who = next(entry.who for entry in timeline.entries(paper) if entry.name == "reach")
    assert deputy.name in who and people.eng.name in who
    assert Deadline.objects.get(rule="contact", subject_id=ticket.pk).met_by == deputy


@pytest.mark.clause("4.1", "4.3")
@pytest.mark.parametrize("hours", [0, 9])
def test_before_and_after_the_absence_the_steps_are_the_engineers_alone(monday, people, deputy, hours):
    ticket = build.ticket(Stage.ASSIGNED, at=monday - HOUR, company=people)
    leave(people, deputy, monday + HOUR, monday + 9 * HOUR)
    with pytest.raises(Denied):
        steps.take(ticket, "contact", by=deputy, at=monday + hours * HOUR, **REACHED)
    steps.take(ticket, "contact", by=people.eng, at=monday + hours * HOUR, **REACHED)
    assert "for" not in fresh(ticket).events.get(name="reach").data


@pytest.mark.clause("4.1", "4.3")
def test_a_colleague_who_is_nobodys_deputy_takes_no_step(monday, people, deputy):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    leave(people, deputy, monday, monday + 9 * HOUR)
    with pytest.raises(Denied):
        steps.take(ticket, "contact", by=build.person("ENG"), at=monday + HOUR, **REACHED)


@pytest.mark.clause("4.1")
def test_the_deputy_of_an_absent_deputy_stands_in_for_both(monday, people, deputy):
    ticket, third = build.ticket(Stage.ASSIGNED, at=monday, company=people), build.person("ENG")
    leave(people, deputy, monday, monday + 9 * HOUR)
    leave(people, third, monday, monday + 9 * HOUR, user=deputy)
    with pytest.raises(Denied):
        steps.take(ticket, "contact", by=deputy, at=monday + HOUR, **REACHED)
    steps.take(ticket, "contact", by=third, at=monday + HOUR, **REACHED)


@pytest.mark.clause("4.1")
def test_an_absence_that_was_ended_early_ends_the_right_too(monday, people, deputy):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    absence = leave(people, deputy, monday, monday + 9 * HOUR)
    people_services.end_absence(absence, by=people.eng, at=monday + HOUR)
    with pytest.raises(Denied):
        steps.take(ticket, "contact", by=deputy, at=monday + 2 * HOUR, **REACHED)


@pytest.mark.clause("4.1")
def test_only_an_engineer_stands_in_for_an_engineer(monday, people):
    with pytest.raises(BadEntry) as refused:
        leave(people, people.cs, monday, monday + HOUR)
    assert refused.value.field == "deputy"


@pytest.mark.clause("4.3")
def test_the_deputy_sees_the_phone_in_plain_only_while_he_stands_in(monday, people, deputy):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    leave(people, deputy, monday, monday + 9 * HOUR)
    for moment, plain in [(monday + HOUR, True), (monday + 9 * HOUR, False)]:
        ticket.look_at(moment)
        assert privacy.plain_for(deputy, ticket) is plain


@pytest.mark.clause("3.2")
def test_a_hand_over_to_who_is_away_is_told_to_his_deputy_too(monday, people, deputy):
    ticket = build.ticket(Stage.RECORDED, at=monday, company=people)
    leave(people, deputy, monday, monday + 9 * HOUR)
    services.hand_over(ticket, by=people.cs, at=monday + HOUR, engineer=people.eng)
    told = Notification.objects.filter(event_key__startswith=f"ticket:{ticket.pk}:handed", channel="app")
    assert set(told.values_list("recipient", flat=True)) == {people.eng.pk, deputy.pk}


@pytest.mark.clause("3.3")
@pytest.mark.parametrize("step", ["call_back", "callback_attempt", "write_off"])
def test_sd10_who_stood_in_for_the_engineer_does_not_call_back(monday, people, step):
    both = build.person("CS", "ENG")
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    leave(people, both, monday, monday + 3 * HOUR)
    steps.take(ticket, "contact", by=both, at=monday + 2 * HOUR, **REACHED)
    for number, act in enumerate(build.road(ticket, people, "b")[3:6], start=4):
        act(monday + number * HOUR)
    entries = {"call_back": {"resolved": True}, "callback_attempt": {"result": "no_answer"}}.get(step, {})
    with pytest.raises(Refusal, match="SD10"):
        steps.take(fresh(ticket), step, by=both, at=monday + 9 * HOUR, **entries)


@pytest.mark.clause("3.3")
def test_sd10_the_engineer_who_also_is_customer_service_logs_no_callback_in_vain(monday, people):
    people._people["eng"] = build.person("CS", "ENG")
    ticket = build.ticket(Stage.COMPLETED, at=monday, company=people)
    with pytest.raises(Refusal, match="SD10"):
        steps.take(ticket, "callback_attempt", by=people.eng, at=monday + HOUR, result="no_answer")


@pytest.mark.clause("4.3")
@pytest.mark.parametrize(("entered", "deputys"), [(13, False), (11, True)])
def test_a_breach_before_the_entry_of_an_absence_stays_with_who_had_the_clock(
    monday, people, deputy, entered, deputys
):
    ticket = build.ticket(Stage.ASSIGNED, at=monday - 2 * build.MINUTE, company=people)  # due 12 h later
    leave(people, deputy, monday, monday + 40 * HOUR, at=monday + entered * HOUR)
    sweep(monday + 14 * HOUR)
    breach = DeadlineEvent.objects.get(
        deadline__rule="contact", deadline__subject_id=ticket.pk, stage="breach"
    )
    assert breach.owner == (deputy if deputys else people.eng)
    assert Absence.objects.get().begins_at == monday

"""Plans a, b and c, their records, and what stops a plan that needs parts."""

import datetime as dt

import pytest

from aftersales.flow import OutOfTurn
from aftersales.problems import BadEntry
from deadlines.models import Deadline
from repairs import services
from repairs.flow import Stage
from repairs.models import Plan, Ticket
from tests import build

HOUR = build.HOUR


@pytest.mark.clause("4.4b")
def test_guidance_by_phone_needs_neither_parts_nor_appointment(monday, people):
    ticket = build.ticket(Stage.COMPLETED, plan="b", at=monday, company=people)
    assert ticket.sheets.get().customer_word == "电话确认已好"


@pytest.mark.clause("4.4c")
def test_a_visit_needs_an_appointment(monday, people):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    with pytest.raises(BadEntry, match="4.4c") as refused:
        services.plan(ticket, by=people.eng, at=monday, plan_type="c", explanation="上门", told_how="phone")
    assert refused.value.field == "appointment_at"


@pytest.mark.clause("4.4c")
def test_an_appointment_lies_ahead(monday, people):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    with pytest.raises(BadEntry, match="4.4c"):
        services.plan(
            ticket,
            by=people.eng,
            at=monday + HOUR,
            plan_type="c",
            explanation="上门",
            told_how="phone",
            appointment_at=monday,
        )


@pytest.mark.clause("4.4a")
@pytest.mark.parametrize("missing", ["assembly_notes", "risk_text"])
def test_plan_a_records_what_the_customer_was_told(monday, people, missing):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    entries = build.plan_entries("a", monday) | {missing: " "}
    with pytest.raises(BadEntry, match="4.4a") as refused:
        services.plan(ticket, by=people.eng, at=monday, **entries)
    assert refused.value.field == missing


@pytest.mark.clause("4.4b", "4.4c")
def test_what_was_typed_for_another_plan_is_not_kept_with_this_one(monday, people):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    others = build.plan_entries("a", monday) | {"appointment_at": monday + 9 * HOUR}
    services.plan(
        ticket,
        by=people.eng,
        at=monday + HOUR,
        **others | build.plan_entries("b", monday) | {"plan_type": "b"},
    )
    plan = Plan.objects.get(ticket=ticket)
    assert (plan.appointment_at, plan.assembly_notes, plan.risk_text) == (None, "", "")
    assert (plan.self_install_ok, plan.consent_how) == (False, "")
    assert not Deadline.objects.filter(rule="appointment").exists()


@pytest.mark.clause("4.4a", "4.5")
@pytest.mark.parametrize(("plan", "needs_parts"), [("a", False), ("b", True), ("c", True)])
def test_a_plan_whose_lines_need_parts_stops_at_planned_and_says_why(monday, people, plan, needs_parts):
    ticket = build.ticket(Stage.PLANNED, plan=plan, at=monday, company=people, needs_parts=needs_parts)
    with pytest.raises(OutOfTurn, match="4.5"):
        services.begin(ticket, by=people.eng, at=monday + HOUR)


@pytest.mark.clause("4.4a")
def test_the_customer_agrees_later_on_his_own_phone(monday, people):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    entries = build.plan_entries("a", monday) | {"self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=monday + HOUR, **entries)
    assert not Ticket.objects.get(pk=ticket.pk).self_install_agreed
    services.consent(ticket, at=monday + 2 * HOUR)
    row = Plan.objects.get(ticket=ticket)
    assert (row.self_install_ok, row.consent_at, row.consent_how) == (True, monday + 2 * HOUR, "form")


@pytest.mark.clause("4.7")
def test_a_visit_ends_with_the_customers_signature(monday, people):
    ticket = build.ticket(Stage.IN_SERVICE, plan="c", at=monday, company=people)
    with pytest.raises(BadEntry, match="4.7") as refused:
        services.complete(ticket, by=people.eng, at=monday + HOUR, work_done="已修")
    assert refused.value.field == "signer"
    services.complete(
        ticket, by=people.eng, at=monday + HOUR, work_done="已修", signer="王小明", strokes="[[[1,1]]]"
    )
    assert ticket.signatures.get().person.name == "王小明"


@pytest.mark.clause("4.7")
def test_a_repair_is_not_complete_while_a_part_taken_along_is_undeclared(monday, people):
    ticket = build.ticket(Stage.IN_SERVICE, plan="c", at=monday, company=people)
    Ticket.objects.filter(pk=ticket.pk).update(undeclared_parts=1)
    with pytest.raises(OutOfTurn, match="4.7"):
        services.complete(ticket, by=people.eng, at=monday + HOUR, work_done="已修", signer="王小明")


@pytest.mark.clause("4.3")
def test_an_attempt_that_fails_stops_no_clock(monday, people):
    from deadlines.models import Deadline

    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    services.attempt(ticket, by=people.eng, at=monday + HOUR, result="no_answer")
    assert Deadline.objects.of(ticket).get(rule="contact").met_at is None


@pytest.mark.clause("4.3", "9.2")
def test_the_contact_clock_is_stopped_by_the_entry_and_the_typed_time_stands_beside_it(monday, people):
    from deadlines.models import Deadline

    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    services.contact(
        ticket,
        by=people.eng,
        at=monday + 3 * HOUR,
        confirmed_symptom="异响",
        damage_type="pending",
        first_contact_at=monday + HOUR,
    )
    assert Deadline.objects.of(ticket).get(rule="contact").met_at == monday + 3 * HOUR
    assert ticket.sheets.get().first_contact_at == monday + HOUR


@pytest.mark.clause("4.3")
def test_a_time_in_the_future_is_refused_at_its_field(monday, people):
    ticket = build.ticket(Stage.ASSIGNED, at=monday, company=people)
    with pytest.raises(BadEntry) as refused:
        services.contact(
            ticket, by=people.eng, at=monday, confirmed_symptom="x", first_contact_at=monday + HOUR
        )
    assert refused.value.field == "first_contact_at"


# --- the hours of the service
@pytest.mark.clause("4.4")
def test_nobody_was_there_before_the_customer_called(people, monday):
    ticket = build.ticket("planned", plan="c", at=monday, company=people)
    before = ticket.reported_at - dt.timedelta(minutes=1)
    with pytest.raises(BadEntry, match="4.4") as refusal:
        services.begin(ticket, by=people.eng, at=monday + 30 * HOUR, arrived_at=before)
    assert refusal.value.field == "arrived_at"
    at_once = ticket.reported_at.replace(second=0, microsecond=0)
    assert (
        services.begin(ticket, by=people.eng, at=monday + 30 * HOUR, arrived_at=at_once).stage == "in_service"
    )


@pytest.mark.clause("4.4", "4.7")
def test_nobody_left_before_he_was_there(people, monday):
    ticket = build.ticket("planned", plan="c", at=monday, company=people)
    services.begin(ticket, by=people.eng, at=monday + 30 * HOUR, arrived_at=monday + 29 * HOUR)
    facts = {"by": people.eng, "at": monday + 32 * HOUR, "work_done": "换件", "signer": "王五"}
    ticket = Ticket.objects.get(pk=ticket.pk)
    with pytest.raises(BadEntry, match="4.4") as refusal:
        services.complete(ticket, left_at=monday + 28 * HOUR, **facts)
    assert refusal.value.field == "left_at"
    assert services.complete(ticket, left_at=monday + 29 * HOUR, **facts).stage == "completed"

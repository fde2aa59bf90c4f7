"""A step's page: filled form, refusal with its clause, stale page, double click, two people at once."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from repairs import services, steps
from repairs.flow import Stage
from repairs.models import Note, Ticket
from tests import build

HOUR = dt.timedelta(hours=1)
HTMX = {"hx-request": "true"}
PLAN = {"plan_type": "b", "explanation": "电话指导复位", "told_how": "phone"}


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def address(ticket: Ticket, step: str) -> str:
    return f"/tickets/{ticket.number}/steps/{step}/"


def test_a_step_opens_in_place_and_as_a_page_of_its_own(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    client = as_user(people.eng)
    alone, whole = client.get(address(ticket, "plan"), headers=HTMX), client.get(address(ticket, "plan"))
    assert alone.content.lstrip().startswith(b"<section") and b"<html" in whole.content
    assert steps.seen(ticket).encode() in alone.content


@pytest.mark.clause("4.4")
def test_a_step_is_taken_and_the_page_says_what_is_next(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=now - HOUR, company=people)
    client = as_user(people.cs)
    answer = client.post(
        address(ticket, "hand_over"),
        {"engineer": people.eng.username, "seen": steps.seen(ticket)},
        headers=HTMX,
    )
    assert answer["HX-Redirect"] == f"/tickets/{ticket.number}/"
    page = client.get(answer["HX-Redirect"]).content.decode()
    assert (
        "Done: Handed over." in page and "Next: Reach the customer (4.3)" in page and people.eng.name in page
    )
    ticket.refresh_from_db()
    assert ticket.stage == Stage.ASSIGNED


def test_without_javascript_it_redirects(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    assert as_user(people.eng).post(address(ticket, "plan"), PLAN).url == f"/tickets/{ticket.number}/"


@pytest.mark.clause("4.4c")
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    answer = as_user(people.eng).post(address(ticket, "plan"), PLAN | {"plan_type": "c"}, headers=HTMX)
    assert answer.status_code == 422 and "电话指导复位" in answer.content.decode()
    assert "appointment_at" in answer.context["form"].errors


@pytest.mark.clause("4.4c")
def test_a_service_that_refuses_an_entry_says_it_at_the_field(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    past = PLAN | {"plan_type": "c", "appointment_at": "2020-01-01T10:00"}
    answer = as_user(people.eng).post(address(ticket, "plan"), past, headers=HTMX)
    assert answer.status_code == 422 and "(4.4c)" in str(answer.context["form"].errors["appointment_at"])


def test_a_stale_page_loses_nothing_and_says_who_was_faster(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    seen = steps.seen(ticket)
    services.edit_sheet(ticket, by=people.eng, at=now, confirmed_symptom="另一个故障", damage_type="human")
    client = as_user(people.eng)
    answer = client.post(address(ticket, "plan"), PLAN | {"seen": seen}, headers=HTMX)
    text = answer.content.decode()
    assert (
        answer.status_code == 409
        and "has moved on" in text
        and "Repair order corrected" in text
        and "电话指导复位" in text
    )
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert fresh.stage == Stage.CONTACTED
    assert (
        client.post(address(ticket, "plan"), PLAN | {"seen": steps.seen(fresh)}, headers=HTMX).status_code
        == 200
    )


@pytest.mark.clause("4.7")
def test_a_step_out_of_turn_is_refused_with_its_clause(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    client = as_user(people.eng)
    assert client.get(address(ticket, "complete"), headers=HTMX).status_code == 409
    answer = client.post(
        address(ticket, "complete"), {"work_done": "换件", "customer_word": "好了"}, headers=HTMX
    )
    assert (
        answer.status_code == 409 and "(4.7)" in answer.content.decode() and "换件" in answer.content.decode()
    )


def test_somebody_elses_step_is_forbidden_also_by_hand(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    answer = as_user(people.cs).post(address(ticket, "plan"), PLAN)
    assert answer.status_code == 403
    assert Ticket.objects.get(pk=ticket.pk).stage == Stage.CONTACTED


def test_an_unknown_step_is_not_found(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    assert as_user(people.eng).get(address(ticket, "vanish")).status_code == 404


def test_a_double_click_acts_once_and_answers_twice(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    client, key = as_user(people.eng), str(uuid.uuid4())
    first, second = (
        client.post(address(ticket, "note"), {"text": "先打座机", "operation": key}, headers=HTMX)
        for _ in range(2)
    )
    assert first["HX-Redirect"] == second["HX-Redirect"] and Note.objects.count() == 1
    other = client.post(address(ticket, "note"), {"text": "别的", "operation": key}, headers=HTMX)
    assert other.status_code == 422 and Note.objects.count() == 1


def test_pictures_that_are_none_are_refused_at_the_field(people, as_user, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    fake = SimpleUploadedFile("photo.jpg", b"not a picture", "image/jpeg")
    answer = as_user(people.eng).post(address(ticket, "attach"), {"photos": fake}, headers=HTMX)
    assert 400 <= answer.status_code < 500 and not ticket.attachments.exists()


@pytest.mark.parametrize(("at_stage", "user", "step"), [
    (Stage.REPORTED, "cs", "accept"), (Stage.RECORDED, "cs", "hand_over"), (Stage.ASSIGNED, "eng", "contact"),
    (Stage.CONTACTED, "eng", "plan"), (Stage.PLANNED, "eng", "begin"), (Stage.IN_SERVICE, "eng", "complete"),
    (Stage.COMPLETED, "cs", "call_back"), (Stage.COMPLETED, "cs", "write_off"), (Stage.ASSIGNED, "cs_head", "reassign"),
    (Stage.CLOSED, "cs", "reopen"), (Stage.REPORTED, "cs", "merge"), (Stage.REPORTED, "cs", "cancel"),
])  # fmt: skip
def test_every_step_of_the_road_opens(people, as_user, now, at_stage, user, step):
    ticket = build.ticket(at_stage=at_stage, at=now - 9 * HOUR, company=people)
    answer = as_user(getattr(people, user)).get(address(ticket, step), headers=HTMX)
    assert answer.status_code == 200 and b'name="seen"' in answer.content

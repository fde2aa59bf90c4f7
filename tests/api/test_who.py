"""Who asks: a key, a browser's session, or nobody; and what the policy answers."""

import pytest
from django.test import Client

from accounts.models import ApiToken
from repairs.flow import Stage
from repairs.models import Note
from tests import build

from .conftest import ROOT

pytestmark = pytest.mark.django_db


def test_nobody_is_asked_to_sign_in(program):
    api = program()
    api.get("tickets")
    assert (api.status, api.answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_wrong_or_revoked_key_is_nobody(program, people):
    api = program(people.cs)
    ApiToken.objects.update(revoked_at="2026-01-01T00:00Z")
    api.get("tickets")
    assert api.status == 401


def test_a_key_needs_no_csrf_token_and_a_session_does(people, monday):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=monday, company=people)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.cs)
    path = f"{ROOT}tickets/{ticket.number}/steps/note"
    refused = browser.post(path, {"text": "x"}, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"], Note.objects.count()) == (
        403,
        "application/problem+json",
        0,
    )
    browser.get("/accounts/login/")
    page = browser.get("/tickets/")
    token = page.context["csrf_token"]
    taken = browser.post(
        path, {"text": "x"}, content_type="application/json", headers={"x-csrftoken": str(token)}
    )
    assert (taken.status_code, Note.objects.count()) == (200, 1)


def test_with_a_key_csrf_is_not_asked(program, people, monday):
    ticket = build.ticket(at_stage=Stage.RECORDED, at=monday, company=people)
    api = program(people.cs)
    api.client.handler.enforce_csrf_checks = True
    api.step(ticket.number, "note", text="x")
    assert api.status == 200


def test_purchasing_may_not_list_tickets(program, people):
    api = program(people.pur)
    api.get("tickets")
    assert api.status == 403


def test_what_one_may_not_see_is_not_there(program, people, monday):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=monday, company=people)
    api = program(build.person("ENG"))
    api.get(f"tickets/{ticket.number}")
    assert api.status == 404
    api.step(ticket.number, "contact")
    assert api.status == 404


@pytest.mark.clause("3.2")
def test_a_step_of_another_department_is_refused(program, people, monday):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=monday, company=people)
    api = program(people.cs)
    api.step(ticket.number, "contact", confirmed_symptom="x")
    assert api.status == 403


def test_a_masked_phone_for_whom_may_not_read_it(program, people, monday):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=monday, company=people, street="迎春路 1 号")
    seen = {
        user.roles: program(user).get(f"tickets/{ticket.number}")["forms"]["report"]
        for user in (people.cs, people.mgr)
    }
    assert seen[people.cs.roles]["phone"] == "+8613812345678"
    assert seen[people.mgr.roles]["phone"] == "138****5678"

"""A rush of reports: programs are met at the door, a person comes through, and nobody is asked anything on a quiet day."""

import base64
import hashlib
import json
from typing import Any

import altcha
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from repairs import gate, middleware
from repairs.models import Ticket

from .conftest import key

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.1")]


@pytest.fixture
def rush(settings):
    """From the fourth report of a minute on."""
    settings.REPORTS_A_MINUTE = 3


def flood(visitor: Client, filled: dict[str, Any], many: int) -> list[int]:
    """Many reports, each from an address and a phone of its own."""
    return [
        visitor.post(
            "/report/",
            filled | {"operation": key(), "phone": f"139{n:08d}"},
            REMOTE_ADDR=f"10.0.{n // 250}.{n % 250}",
        ).status_code
        for n in range(many)
    ]


def solved(answer: Any) -> str:
    """What `work.js` does."""
    task = json.loads(base64.b64decode(answer["Work"]))
    digest = lambda n: hashlib.sha256(f"{task['salt']}{n}".encode()).hexdigest()  # noqa: E731
    number = next(n for n in range(task["maxnumber"] + 1) if digest(n) == task["challenge"])
    return base64.b64encode(json.dumps(task | {"number": number}).encode()).decode()


def test_on_a_quiet_day_nobody_is_asked_anything(visitor, filled):
    assert visitor.post("/report/", filled).status_code == 302
    assert "Work" not in visitor.get("/report/").headers


def test_in_a_rush_programs_are_turned_away_before_anything_is_asked_of_the_database(visitor, filled, rush):
    assert flood(visitor, filled, 3) == [302, 302, 302]
    with CaptureQueriesContext(connection) as sql:
        answers = flood(visitor, filled, 20)
    assert (set(answers), len(sql), Ticket.objects.count()) == ({429}, 0, 3)


def test_whose_form_was_open_for_a_while_comes_through_without_any_script(visitor, filled, rush):
    """The same, and the negative control: who has just fetched it, as a program does, does not."""
    flood(visitor, filled, 5)
    with time_machine.travel("2026-11-23 09:00:00+08:00", tick=False) as clock:
        visitor.get("/report/")
        cookie = visitor.cookies["form"]
        clock.shift(10)
        assert visitor.post("/report/", filled).status_code == 429
        clock.shift(10)
        assert visitor.post("/report/", filled).status_code == 302
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/report/", "Lax")


def test_whose_browser_has_worked_comes_through_at_once(visitor, filled, rush):
    flood(visitor, filled, 5)
    turned = visitor.post("/report/", filled)
    assert (turned.status_code, int(turned["Retry-After"])) == (429, 20)
    assert visitor.post("/report/", filled, headers={"Work": solved(turned)}).status_code == 302


def test_one_proof_is_good_for_a_few_reports_only(visitor, filled, rush, monkeypatch):
    flood(visitor, filled, 4)
    proof = solved(visitor.post("/report/", filled))
    sent = [
        visitor.post(
            "/report/", filled | {"operation": key(), "phone": f"137{n:08d}"}, headers={"Work": proof}
        ).status_code
        for n in range(gate.PER_PROOF + 1)
    ]
    assert sent == [302] * gate.PER_PROOF + [429]
    monkeypatch.setattr(middleware, "POSTS_PER_PROOF", 0)
    with CaptureQueriesContext(connection) as sql:
        assert visitor.post("/report/", filled, headers={"Work": proof}).status_code == 429
    assert len(sql) == 0


def forged(task: dict[str, Any], **other: Any) -> str:
    return base64.b64encode(json.dumps(task | other).encode()).decode()


def test_nothing_but_honest_work_counts(visitor, filled, rush):
    flood(visitor, filled, 4)
    turned = visitor.post("/report/", filled)
    task = json.loads(base64.b64decode(turned["Work"]))
    own = altcha.create_challenge(altcha.ChallengeOptions(max_number=1, number=1, hmac_key="mine"))
    wrong: list[str] = [
        forged(task, number=-1), forged(task, number="x"), forged(task, salt=7, number=1), forged(task, algorithm="MD5"),
        forged(own.to_dict(), number=1), forged(task, number=None), base64.b64encode(b"[1]").decode(),
        base64.b64encode(b"7").decode(), "…"[:0] + "=", "A" * 5000, forged(task, salt="a?b?c?expires=x", number=1),
    ]  # fmt: skip
    assert [visitor.post("/report/", filled, headers={"Work": w}).status_code for w in wrong] == [429] * len(
        wrong
    )
    with time_machine.travel("2099-01-01"):
        assert gate.work_of(type("Request", (), {"headers": {"Work": solved(turned)}})) == ""


def test_a_forged_or_young_form_opens_nothing(rf):
    request = rf.post("/report/")
    request.COOKIES["form"] = "mark:forged:seal"
    assert gate.form_of(request) == ""


def test_each_way_has_a_number_of_its_own(visitor, filled, monkeypatch):
    """The open way is used up; whoever worked is let in, and used-up work leaves the address its own limit."""
    monkeypatch.setattr(gate, "OPEN_IN_ALL", 1)
    flood(visitor, filled, 2)
    turned = visitor.post("/report/", filled)
    assert turned.status_code == 429 and "刹车异响" in turned.content.decode()
    proof = solved(turned)
    assert visitor.post("/report/", filled, headers={"Work": proof}).status_code == 302
    monkeypatch.setattr(gate, "PER_ADDRESS", 0)
    assert visitor.post("/report/", filled | {"operation": key()}, headers={"Work": proof}).status_code == 429


def test_known_and_unknown_phones_are_treated_alike(visitor, filled, monkeypatch, monday):
    """Else a rush would tell who is a customer."""
    from tests import build

    build.report(monday, phone="+8613812345678")
    monkeypatch.setattr(gate, "OPEN_IN_ALL", 0)
    known, unknown = (
        visitor.post("/report/", filled | {"phone": p, "operation": key()})
        for p in ("13812345678", "13987654321")
    )
    assert known.status_code == unknown.status_code == 429
    assert list(known.context["form"].errors.items()) == list(unknown.context["form"].errors.items())


def test_programs_are_told_in_their_language(visitor, filled, rush):
    flood(visitor, filled, 4)
    body = {name: filled[name] for name in ("contact", "phone", "symptom")}
    answer = visitor.post("/api/v1/reports", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert answer.json()["status"] == 429
    proof = {"Work": solved(answer)}
    assert (
        visitor.post("/api/v1/reports", body, content_type="application/json", headers=proof).status_code
        == 201
    )


def test_the_rush_is_over_when_nobody_comes_any_more():
    sense = middleware.Sense()
    felt = [sense.feel(at) > 1 for at in [0.0] * 32 + [61.0, 130.0]]
    assert felt == [False] * 30 + [True, True] + [True] + [False]


def test_the_larger_the_rush_the_more_work(settings):
    most = [json.loads(base64.b64decode(gate.task(rush)))["maxnumber"] for rush in (1, 3, 1000)]
    assert most == [gate.WORK, 3 * gate.WORK, 10 * gate.WORK]


def test_the_proofs_that_a_process_remembers_are_bounded():
    proofs = middleware.Proofs(most=3)
    assert all(proofs.fits(f"{n}") for n in range(50)) and len(proofs.seen) == 3

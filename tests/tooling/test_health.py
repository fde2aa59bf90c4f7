"""What machines ask."""

import datetime as dt

import pytest
from django.core.cache import cache

from aftersales import clock, health, heartbeats, logs


@pytest.fixture(autouse=True)
def silence():
    heartbeats._said.clear()
    cache.delete_many(["heartbeat:worker", "heartbeat:beat"])


def test_the_process_answers_without_the_database(client, django_assert_num_queries):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_not_ready_while_worker_and_beat_give_no_sign(client, db):
    answer = client.get("/readyz")
    found = answer.json()
    assert answer.status_code == 503
    assert found["ready"] is False
    assert {name for name in ("database", "broker", "worker", "beat", "sweep", "mail") if found[name]["ok"]} == {
        "database", "broker", "sweep", "mail",
    }  # fmt: skip


def test_ready_when_both_gave_a_sign(client, db):
    heartbeats.beat("worker")
    heartbeats.beat("beat")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_a_broker_that_is_gone_is_told_and_nothing_breaks(client, db, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == {"ok": False, "error": "ConnectionError"}
    heartbeats.beat("worker")


def test_the_age_of_the_oldest_unswept_clock_is_told(db, monkeypatch):
    assert health.unswept() == 0.0
    later = clock.now() + dt.timedelta(minutes=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert health.unswept() == 0.0


def test_figures_are_for_the_companys_own_network(client, db):
    inside = client.get("/metrics", REMOTE_ADDR="10.0.0.7")
    assert inside.status_code == 200
    assert b"portal_open_clocks 0.0" in inside.content
    assert client.get("/metrics", REMOTE_ADDR="8.8.8.8").status_code == 404


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /t/4fK9-secret_Token/", "GET /t/…/"),
        ("GET /t/4fK9-secret_Token/pictures/3/?size=thumb", "GET /t/…/pictures/3/"),
        ("GET /track/?number=BX1&phone=13800008888", "GET /track/"),
        ("POST /report/", "POST /report/"),
    ],
)
def test_logs_keep_no_private_link_and_nothing_that_was_asked(said: str, kept: str):
    assert logs.redact(said) == kept


def test_a_sign_of_the_run_before_is_no_sign_of_this_one(client, db, monkeypatch):
    monkeypatch.setenv("PORTAL_RUN", "before")
    heartbeats.beat("worker")
    assert heartbeats.age("worker") is not None
    monkeypatch.setenv("PORTAL_RUN", "now")
    assert heartbeats.age("worker") is None

"""The doorbell: after the commit, once, and a broker that is gone or hangs costs at most about a second."""

import socket
import time

import pytest
from celery import current_app
from django.db import transaction
from prometheus_client import REGISTRY

from notices import doorbell
from tests.services import free_port


@pytest.fixture(autouse=True)
def closed():
    doorbell.circuit.close()
    yield
    doorbell.circuit.close()


@pytest.fixture
def broker(monkeypatch):
    """Points the portal at another broker for this test."""

    def at(url: str) -> None:
        for name in ("broker_write_url", "broker_url"):  # the first falls back to the second
            monkeypatch.setattr(current_app.conf, name, url)

    return at


@pytest.fixture
def rung(monkeypatch) -> list[tuple]:
    bells: list[tuple] = []
    monkeypatch.setattr(doorbell, "publish", lambda task, args: bells.append((task, *args)))
    return bells


def failures() -> float:
    return REGISTRY.get_sample_value("doorbell_failures_total") or 0.0


def took(act) -> float:
    start = time.monotonic()
    act()
    return time.monotonic() - start


@pytest.mark.django_db(transaction=True)
class TestWhen:
    def test_it_rings_after_the_commit_and_once_for_equal_bells(self, rung):
        with transaction.atomic():
            doorbell.ring("a")
            doorbell.ring("a")
            doorbell.ring("b", 1)
            doorbell.ring("b", 2)
            assert rung == []
        assert rung == [("a",), ("b", 1), ("b", 2)]

    def test_it_rings_at_once_outside_of_a_transaction(self, rung):
        doorbell.ring("a")
        assert rung == [("a",)]

    def test_what_is_rolled_back_does_not_ring(self, rung):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            doorbell.ring("a")
            raise ZeroDivisionError
        assert rung == []

    def test_a_bell_of_a_part_that_was_rolled_back_can_be_rung_again(self, rung):
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                doorbell.ring("a")
                raise ZeroDivisionError
            doorbell.ring("a")
        assert rung == [("a",)]

    def test_a_refused_bell_is_counted_and_never_raises(self, monkeypatch):
        def fail(task, args):
            raise RuntimeError

        monkeypatch.setattr(doorbell, "publish", fail)
        before = failures()
        doorbell.ring("a")
        assert failures() == before + 1


def ring_now():
    doorbell.Bell("notices.tasks.deliver", ())()


def test_a_hung_broker_costs_one_second_once(broker):
    """It accepts the connection and never answers; Celery's own `.delay()` waited more than 40 s (reliability)."""
    with socket.socket() as hung:
        hung.bind(("127.0.0.1", 0))
        hung.listen(5)
        broker(f"redis://127.0.0.1:{hung.getsockname()[1]}/0")
        assert took(ring_now) < 2.5
        assert took(lambda: [ring_now() for _n in range(1000)]) < 0.2


def test_a_broker_that_is_gone_costs_next_to_nothing(broker):
    broker(f"redis://127.0.0.1:{free_port()}/0")
    before = failures()
    assert took(ring_now) < 1.5
    assert took(lambda: [ring_now() for _n in range(1000)]) < 0.2
    assert failures() == before + 1


def test_after_half_a_minute_somebody_tries_again():
    now = [0.0]
    circuit = doorbell.Circuit(lambda: now[0])
    tries = [circuit.may_try()]
    circuit.failed()
    for moment in (0.1, 29.9, 30.0):
        now[0] = moment
        tries.append(circuit.may_try())
    assert tries == [True, False, False, True]


def test_a_working_broker_gets_the_message():
    before = failures()
    ring_now()
    assert (failures(), doorbell.circuit.may_try()) == (before, True)

"""The broker is stopped: telling goes on at full speed; it is back: everything goes out (a real Valkey and worker)."""

import subprocess
import sys
import time

import pytest
import redis
from celery import current_app

from aftersales import clock
from notices import doorbell
from notices.models import Notification
from notices.services import tell
from tests import build
from tests.notices.mailbox import Mailbox
from tests.services import Valkey


class Broker(Valkey):
    """A Valkey that can be stopped and started again at the same address."""

    def stop_server(self) -> None:
        self.process.terminate()
        self.process.wait()

    def start_again(self) -> None:
        self.process = subprocess.Popen(self.process.args, stdout=subprocess.DEVNULL)
        self._wait()


@pytest.fixture
def broker(monkeypatch):
    server = Broker()
    for name in ("broker_write_url", "broker_url"):  # the first falls back to the second
        monkeypatch.setattr(current_app.conf, name, server.url)
    doorbell.circuit.close()
    yield server
    server.stop()
    doorbell.circuit.close()


@pytest.fixture
def worker(portal_environment, broker):
    with Mailbox() as box:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "aftersales", "worker", "-c", "1", "-l", "ERROR",
             "--without-gossip", "--without-mingle"],
            env={**portal_environment, "REDIS_URL": broker.url, "EMAIL_URL": box.url},
        )  # fmt: skip
        yield box
        process.terminate()
        process.wait(20)


def waiting() -> int:
    return Notification.objects.filter(status="pending").count()


def until(reached, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if reached():
            return True
        time.sleep(0.2)
    return False


@pytest.mark.fault
def test_what_was_told_while_the_broker_was_gone_goes_out_when_it_is_back(worker, broker):
    people = [build.person("ENG", email=f"p{n}@example.com") for n in range(3)]
    tell(people, at=clock.now(), event_key="before", title="Before", urgent=True)
    assert until(lambda: not waiting(), 90), "the worker did not hear the bell"

    there = _seconds(people, "there")
    assert until(lambda: not waiting(), 90)

    broker.stop_server()
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(broker.url).ping()
    gone = _seconds(people, "during")
    assert gone < 2 * there + 3, "at most one wait for it"
    assert waiting() == 300

    broker.start_again()
    current_app.send_task("notices.tasks.deliver")  # what beat does every half minute
    assert until(lambda: not waiting(), 90), "nothing went out after the broker was back"
    assert sum(worker.accepted.values()) >= 6


def _seconds(people, key: str) -> float:
    """How long telling them a hundred things takes."""
    start = time.monotonic()
    for n in range(100):
        tell(people, at=clock.now(), event_key=f"{key}:{n}", title="Something", urgent=True)
    return time.monotonic() - start

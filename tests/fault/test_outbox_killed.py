"""kill -9 while the outbox is sent: every notice once in the inbox, every e-mail at least once, duplicates ≤ crashes."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from aftersales import clock
from notices.models import Notification
from notices.services import tell
from tests import build
from tests.notices.mailbox import Mailbox

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 20 if os.environ.get("FAULT_FULL") else 2
PEOPLE = 40


def started(manner: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.notices.sender", manner],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


def killed(process: subprocess.Popen[str], after: float) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()
    time.sleep(after)
    process.kill()
    process.wait()


def finished(manner: str, environment: dict[str, str]) -> None:
    """Let a worker end what is left; the killed one's lease has run out meanwhile."""
    time.sleep(1.1)
    process = started(manner, environment)
    process.stdin.write("go\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done go\n"
    process.stdin.close()
    process.wait(10)


def rounds(manner: str, environment: dict[str, str], box: Mailbox, count: int) -> Counter[str]:
    """Tell `PEOPLE` per round, kill a worker in the midst of it, let another one finish; what the mail server counted."""
    people = [build.person("ENG", email=f"p{n}@example.com") for n in range(PEOPLE)]
    chance = random.Random(7)
    for number in range(count):
        tell(people, at=clock.now(), event_key=f"round:{number}", title="Something happened")
        killed(started(manner, environment), chance.uniform(0.05, 0.4))
        finished(manner, environment)
    return box.accepted


@pytest.mark.fault
@pytest.mark.timeout(900)
@pytest.mark.parametrize("manner", ["honest", "naive"])
def test_a_killed_worker_loses_nothing_and_doubles_at_most_one_letter(portal_environment, manner):
    count = ROUNDS if manner == "honest" else max(ROUNDS // 4, 2)
    with Mailbox(delay=0.015) as box:
        counted = rounds(manner, {**portal_environment, "EMAIL_URL": box.url}, box, count)
    expected = {f"<notice-{pk}@localhost>" for pk in Notification.objects.filter(channel="email").values_list("pk", flat=True)}
    assert len(expected) == PEOPLE * count
    lost, twice = expected - set(counted), sum(counted.values()) - len(counted)
    if manner == "naive":
        assert lost, "the negative control lost nothing: these kills prove nothing"
        return
    assert (lost, set(counted) - expected) == (set(), set())
    assert twice <= count
    inbox = Notification.objects.filter(channel="app").values_list("event_key", "recipient")
    assert len(inbox) == len(set(inbox)) == PEOPLE * count
    assert set(Notification.objects.filter(channel="email").values_list("status", "lease")) == {("sent", "")}


@pytest.mark.fault
def test_two_workers_at_once_send_everything_once(portal_environment):
    with Mailbox(delay=0.01) as box:
        environment = {**portal_environment, "EMAIL_URL": box.url}
        workers = [started("honest", environment) for _n in range(2)]
        people = [build.person("ENG", email=f"p{n}@example.com") for n in range(PEOPLE)]
        tell(people, at=clock.now(), event_key="event:1", title="Something happened")
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for worker in workers:
            assert worker.stdout.readline() == "done go\n"
            worker.stdin.close()
            worker.wait(10)
    assert sorted(box.accepted.values()) == [1] * PEOPLE

"""kill -9 while the outbox is sent: every notice once in the inbox, every e-mail at least once, duplicates ≤ crashes."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.databases import environment_of
from tests.notices.mailbox import Mailbox
from tests.notices.sender import PEOPLE

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 20 if os.environ.get("FAULT_FULL") else 2
pytestmark = [pytest.mark.fault, pytest.mark.timeout(1800 if os.environ.get("FAULT_FULL") else 170)]


class Sender:
    """Another process of the portal; `ask` waits for its answer, `kill` gives it a moment and then kill -9."""

    def __init__(self, manner: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.notices.sender", manner], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self.hear() == "ready"

    def say(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def ask(self, word: str) -> Any:
        self.say(word)
        return self.hear()

    def kill_in_the_midst(self, word: str, box: Mailbox, letters: int) -> None:
        """kill -9 once so many more letters have arrived: always between the first and the last."""
        enough, until = sum(box.accepted.values()) + letters, time.monotonic() + 30
        self.say(word)
        while sum(box.accepted.values()) < enough and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(0.015)  # the answer is in, the next letter is being taken up
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)


@contextmanager
def running(manner: str, environment: dict[str, str]) -> Iterator[Sender]:
    sender = Sender(manner, environment)
    try:
        yield sender
    finally:
        sender.end()


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def environment(request, tmp_path_factory) -> dict[str, str]:
    """A database of these tests' own on each engine."""
    tmp_path = tmp_path_factory.mktemp("outbox")
    return environment_of(request.param, tmp_path, SITE_URL="http://localhost")


def killed_again_and_again(
    manner: str, environment: dict[str, str], count: int, seed: int
) -> tuple[Mailbox, dict[str, Any]]:
    """Tell everybody, kill a worker in the midst of sending, let another one finish; what came and what the tables say."""
    dice = random.Random(seed)
    with Mailbox(delay=0.015) as box:
        environment = environment | {"EMAIL_URL": box.url}
        with running("honest", environment) as keeper:
            keeper.ask("clear")
            for _round in range(count):
                keeper.ask("tell")
                letters = dice.randint(1, PEOPLE // 2)
                Sender(manner, environment).kill_in_the_midst("deliver", box, letters)
                time.sleep(1.1)  # its lease runs out
                with running(manner, environment) as next_one:
                    next_one.ask("deliver")
            return box, keeper.ask("state")


def test_a_killed_worker_loses_nothing_and_doubles_at_most_one_letter(environment):
    box, tables = killed_again_and_again("honest", environment, ROUNDS, seed=7)
    assert (
        len(tables["emails"])
        == len(tables["inbox"])
        == len({tuple(row) for row in tables["inbox"]})
        == PEOPLE * ROUNDS
    )
    assert set(tables["emails"]) == set(box.accepted)
    assert sum(box.accepted.values()) - len(box.accepted) <= ROUNDS
    assert tables["left"] == ["sent"]


def test_the_negative_control_loses_letters(environment):
    """Written down before it is sent: the kills of this file do hit the moment in between, if not the first time."""
    lost: set[str] = set()
    for seed in range(7, 13):
        box, tables = killed_again_and_again("naive", environment, max(ROUNDS // 4, 3), seed=seed)
        lost = set(tables["emails"]) - set(box.accepted)
        if lost:
            break
    assert lost


def test_two_workers_at_once_send_everything_once(environment):
    with Mailbox(delay=0.01) as box:
        here = environment | {"EMAIL_URL": box.url}
        with running("honest", here) as one, running("honest", here) as other:
            one.ask("clear")
            one.ask("tell")
            one.say("deliver")
            other.say("deliver")
            assert one.hear() + other.hear() == PEOPLE
    assert sorted(box.accepted.values()) == [1] * PEOPLE

"""kill -9 in the midst of writing: another worker takes the row again once the lease is over, and writes it once."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.databases import environment_of

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.fault, pytest.mark.timeout(400)]


class Worker:
    """Another process of the portal; `ask` waits for its answer."""

    def __init__(self, manner: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.downloads.scribe", manner], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self.hear() == "ready"

    def say(self, word: str) -> None:
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        return json.loads(self.process.stdout.readline())

    def ask(self, word: str) -> Any:
        self.say(word)
        return self.hear()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(20)


@contextmanager
def workers(environment: dict[str, str], *manners: str) -> Iterator[list[Worker]]:
    running = [Worker(manner, environment) for manner in manners]
    try:
        yield running
    finally:
        for worker in running:
            worker.end()


def until(look: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(params=["postgresql", "sqlite"])
def environment(request: Any, tmp_path: Path) -> dict[str, str]:
    return environment_of(request.param, tmp_path)


def begin(worker: Worker, keeper: Worker) -> None:
    """It has written some rows of a new list, and not all."""
    keeper.ask("ask")
    worker.say("write")
    until(lambda: 0 < keeper.ask("state")["done"] < 300)


def test_a_killed_workers_row_is_taken_again_and_written_once(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with workers(environment, "honest", "honest", "honest") as (keeper, victim, heir):
        begin(victim, keeper)
        victim.kill()
        assert heir.ask("write") == 0  # the lease still runs
        time.sleep(1.6)
        assert heir.ask("write") == 1
        found = keeper.ask("state")
    path = found.pop("path")
    assert found == {"state": "ready", "done": 300, "attempts": 2, "files": [path], "audited": 1, "told": 1}
    assert len(list(load_workbook(tmp_path / "downloads" / "kept" / path).active.values)) == 301


def test_a_worker_that_shows_signs_of_life_keeps_its_row(environment: dict[str, str]) -> None:
    with workers(environment, "honest", "honest") as (first, second):
        begin(first, second)
        time.sleep(1.6)  # longer than a lease without a sign
        assert second.ask("write") == 0
        assert first.hear() == 1
        found = second.ask("state")
    assert (found["state"], found["attempts"], len(found["files"]), found["audited"]) == ("ready", 1, 1, 1)


def test_the_control_without_an_end_of_the_lease_never_writes_it(environment: dict[str, str]) -> None:
    with workers(environment, "leaseless", "leaseless") as (keeper, victim):
        begin(victim, keeper)
        victim.kill()
        time.sleep(1.6)
        assert keeper.ask("write") == 0
        found = keeper.ask("state")
    assert (found["state"], found["files"], found["told"]) == ("writing", [], 0)


def test_the_control_without_lease_and_number_writes_it_twice(environment: dict[str, str]) -> None:
    with workers(environment, "twice", "twice") as (first, second):
        begin(first, second)
        assert second.ask("write") + first.hear() == 2
        found = second.ask("state")
    assert (found["audited"], len(found["files"])) == (2, 2)

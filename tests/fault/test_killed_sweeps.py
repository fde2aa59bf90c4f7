"""Sweepers are killed at random moments while others run: nothing lost, nothing twice, true times, on both engines."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import environment_of

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.fault
ROUNDS = 20 if os.environ.get("FAULT_FULL") else 2
CLEAN = {"lost": 0, "twice": 0, "wrong": 0, "notices_off": 0, "failed": 0, "left": 0}


class Nursery:
    """One process that forks and kills sweepers on a database of its own."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.env = environment_of(engine, folder)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fault.nursery"], cwd=ROOT, env=self.env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def round(self, **what: Any) -> dict[str, int]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(
            json.dumps({"deadlines": 1000, "sweepers": 3, "kills": 10, "naive": False} | what) + "\n"
        )
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def nursery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    folder = tmp_path_factory.mktemp("fault")
    nursery = Nursery(request.param, folder)
    yield nursery
    nursery.close()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_sweepers_lose_nothing_and_tell_nothing_twice(nursery: Nursery, seed: int) -> None:
    found = nursery.round(seed=seed)
    killed, expected = found.pop("killed"), found.pop("expected")
    assert (found, expected) == (CLEAN, 4000)
    assert killed >= 3


def test_two_sweeps_at_once_tell_everything_once(nursery: Nursery) -> None:
    found = nursery.round(seed=99, sweepers=2, kills=0)
    assert {name: found[name] for name in CLEAN} == CLEAN


def test_the_same_assertion_fails_for_a_naive_sweep(nursery: Nursery) -> None:
    found = nursery.round(seed=7, naive=True, deadlines=300)
    assert found["killed"] >= 3
    assert found["lost"] + found["twice"] > 0

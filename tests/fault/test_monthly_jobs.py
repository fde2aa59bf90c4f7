"""The nightly and monthly jobs (4.9, 4.11, 8.8): three days late, two at once, killed in the middle, again: same books."""

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
FULL = bool(os.environ.get("FAULT_FULL"))
ROUNDS = 10 if FULL else 1
pytestmark = [pytest.mark.fault, pytest.mark.timeout(3000 if FULL else 175)]
NOTHING_OFF = {
    "drafts": 0,
    "reconciliations": 0,
    "statements": 0,
    "told": 0,
    "clocks": 0,
    "faults": 0,
    "failed": 0,
}


class Office:
    """One process that forks the jobs and kills them, on a database of its own."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fault.monthly_jobs"], cwd=ROOT, env=environment_of(engine, folder), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def round(self, **what: Any) -> dict[str, int]:
        assert self.process.stdin and self.process.stdout
        asked = {"debts": 40, "jobs_at_once": 2, "kills": 5, "naive": False, "seed": 1} | what
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


@pytest.fixture(params=["postgresql", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    office = Office(request.param, tmp_path)
    yield office
    office.close()


@pytest.mark.clause("8.8")
@pytest.mark.clause("4.9")
@pytest.mark.clause("4.11")
def test_killed_doubled_and_late_jobs_leave_the_same_books(office: Office) -> None:
    for seed in range(ROUNDS):
        found = office.round(seed=seed)
        assert {name: found[name] for name in NOTHING_OFF} == NOTHING_OFF
        assert found["papers"] == 40 * (seed + 1)
        assert found["killed"] >= 2


def test_jobs_without_transactions_and_locks_are_found_out(tmp_path: Path) -> None:
    """Negative control on the engine where two write at once."""
    office = Office("postgresql", tmp_path)
    try:
        found = [office.round(seed=seed, naive=True, jobs_at_once=3) for seed in range(3)]
    finally:
        office.close()
    assert any(row[name] for row in found for name in NOTHING_OFF)

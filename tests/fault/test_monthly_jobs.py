"""The nightly and monthly jobs (4.9, 4.11, 8.8): three days late, two at once, killed in the middle, again: same books."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .line import Line

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


def office_on(engine: str, folder: Path) -> Line:
    usual = {"debts": 40, "jobs_at_once": 2, "kills": 5, "naive": False, "seed": 1}
    return Line("tests.fault.monthly_jobs", engine, folder, **usual)


@pytest.fixture(params=["postgresql", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    office = office_on(request.param, tmp_path)
    yield office
    office.close()


@pytest.mark.clause("8.8")
@pytest.mark.clause("4.9")
@pytest.mark.clause("4.11")
def test_killed_doubled_and_late_jobs_leave_the_same_books(office: Line) -> None:
    for seed in range(ROUNDS):
        found = office.round(seed=seed)
        assert {name: found[name] for name in NOTHING_OFF} == NOTHING_OFF
        assert found["papers"] == 40 * (seed + 1)
        assert found["killed"] >= 2


def test_jobs_without_transactions_and_locks_are_found_out(tmp_path: Path) -> None:
    """Negative control on the engine where two write at once."""
    office = office_on("postgresql", tmp_path)
    try:
        found = [office.round(seed=seed, naive=True, jobs_at_once=3) for seed in range(3)]
    finally:
        office.close()
    assert any(row[name] for row in found for name in NOTHING_OFF)

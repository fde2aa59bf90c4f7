"""Two who pay with one receipt, give one debt up, or confirm its deduction while it is paid (8.6, 8.8): never more than
there is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import environment_of

from .debt_race import RACES, measured

ROOT = Path(__file__).resolve().parents[2]
FULL = bool(os.environ.get("FAULT_FULL"))
CLIENTS, ROUNDS = (16, 20) if FULL else (5, 2)
pytestmark = [pytest.mark.fault, pytest.mark.timeout(3000 if FULL else 175)]


def right(found):
    return [row["won"] == 1 and float(row["too_much"]) == 0 for row in found]


@pytest.mark.clause("8.8")
@pytest.mark.parametrize("what", RACES)
def test_of_many_at_once_one_wins(transactional_db, what):
    assert right(measured(what, CLIENTS, ROUNDS, protected=True)) == [True] * ROUNDS


@pytest.mark.parametrize("what", ["allocate", "write_off", "confirm"])
def test_without_the_locks_more_is_paid_or_given_up_than_there_is(transactional_db, what):
    """Negative control; until it loses once."""
    for _try in range(10):
        if not all(right(measured(what, CLIENTS, 2, protected=False))):
            return
    pytest.fail("nobody ever lost")


@pytest.mark.clause("8.8")
@pytest.mark.parametrize("what", RACES)
def test_on_sqlite_too_one_wins(tmp_path, what):
    asked = json.dumps({"what": what, "clients": CLIENTS, "rounds": 1, "protected": True})
    told = subprocess.run(
        [sys.executable, "-m", "tests.fault.debt_race"], cwd=ROOT, env=environment_of("sqlite", tmp_path), input=asked,
        text=True, capture_output=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-3000:]
    assert right(json.loads(told.stdout.splitlines()[-1])) == [True]

"""Edited, signed and issued at once, a sheet never leaves the store as something that finance has not signed (4.5, SD14)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import environment_of

from .edit_race import is_race, measured

ROOT = Path(__file__).resolve().parents[2]
FULL = bool(os.environ.get("FAULT_FULL"))
ROUNDS = 1000 if FULL else 40
ON_SQLITE = 1000 if FULL else 16  # one writer at a time: each round waits its turn
pytestmark = [pytest.mark.fault, pytest.mark.timeout(3000 if FULL else 400)]


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def holds(found, rounds):
    """Nothing differs; and the race was one."""
    assert found["differ"] == 0, found
    assert is_race(found, rounds), found


@pytest.mark.clause("4.5")
def test_no_issued_line_differs_from_what_was_signed(transactional_db):
    holds(measured(ROUNDS, protected=True), ROUNDS)


def test_without_the_lock_lines_differ(transactional_db):
    """Negative control."""
    assert measured(ROUNDS, protected=False)["differ"] > 1


@pytest.mark.clause("4.5")
def test_on_sqlite_too_no_issued_line_differs(tmp_path):
    env = environment_of("sqlite", tmp_path)
    told = subprocess.run(
        [sys.executable, "-m", "tests.fault.edit_race"],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
        input=json.dumps({"rounds": ON_SQLITE, "protected": True}),
    )
    holds(json.loads(told.stdout.splitlines()[-1]), ON_SQLITE)

"""32 people sign the same 50 sheets (reliability): one wins each; without the lock several do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import environment_of

from .sign_race import measured

ROOT = Path(__file__).resolve().parents[2]
FULL = bool(os.environ.get("FAULT_FULL"))
CLIENTS, SHEETS = (32, 50) if FULL else (8, 4)
pytestmark = [pytest.mark.fault, pytest.mark.timeout(3000 if FULL else 175)]


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.mark.clause("4.5")
def test_of_many_who_sign_a_sheet_at_once_one_wins(transactional_db):
    assert measured(CLIENTS, SHEETS, protected=True) == {"signed": SHEETS, "sheets": SHEETS}


def test_without_the_lock_more_than_one_wins(transactional_db):
    """Negative control; until several did."""
    assert any(measured(CLIENTS, 3, protected=False)["signed"] > 3 for _try in range(10))


@pytest.mark.clause("4.5")
def test_on_sqlite_too_one_wins(tmp_path):
    env = environment_of("sqlite", tmp_path)
    asked = json.dumps({"clients": CLIENTS, "sheets": SHEETS, "protected": True})
    told = subprocess.run(
        [sys.executable, "-m", "tests.fault.sign_race"],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
        input=asked,
    )
    assert json.loads(told.stdout.splitlines()[-1]) == {"signed": SHEETS, "sheets": SHEETS}

"""The stateful model of the store on SQLite as well: the same test, in a run of its own with that engine (5)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.fault, pytest.mark.timeout(3600 if os.environ.get("FAULT_FULL") else 600)]


@pytest.mark.clause("5.1")
def test_the_model_and_the_store_agree_on_sqlite_too(tmp_path):
    here = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_"))}
    here |= {
        "TEST_DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "TEST_REDIS_URL": os.environ["REDIS_URL"],
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/parts/test_stock_model.py",
    ]
    done = subprocess.run(command, cwd=ROOT, env=here, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout

"""What is written by SQL of our own does the same on PostgreSQL and SQLite, and of several at once one wins."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import environment_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["postgresql", "sqlite"])
def environment(request, tmp_path):
    return environment_of(request.param, tmp_path)


@pytest.mark.clause("8.1")
def test_one_life_of_the_catalogue(environment):
    command = [sys.executable, "-m", "tests.catalogue.one_life"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    once = ["OutOfTurn", "OutOfTurn", "OutOfTurn", "done"]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "approved": once, "published": once, "valuable": True, "fits": ["FY-6"], "same index": True,
        "found": ["BP-0", "BP-1", "BP-2"], "price": "58.50", "versions are kept": True, "fits of a version": ["FY-6"],
    }  # fmt: skip

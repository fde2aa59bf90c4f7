"""The last piece of a part on both engines, in a process of its own: one gets it; the careless way gives it away often."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import environment_of

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.fault, pytest.mark.timeout(1800 if os.environ.get("FAULT_FULL") else 600)]


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def environment(request, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("store")
    return environment_of(request.param, folder)


def raced(manner: str, environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.parts.racer", manner],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout))


@pytest.mark.clause("5.1")
def test_one_of_thirty_two_gets_the_last_piece(environment):
    assert raced("honest", environment) == {"won": 1, "stock": 0, "drift": []}


def test_read_before_written_it_leaves_many_times(environment):
    """Negative control."""
    found = raced("unlocked", environment)
    assert found["won"] > 1
    assert found["drift"]

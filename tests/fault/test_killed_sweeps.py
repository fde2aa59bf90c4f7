"""Sweepers are killed at random moments while others run: nothing lost, nothing twice, true times, on both engines."""

import os
from collections.abc import Iterator

import pytest

from .line import Line

pytestmark = pytest.mark.fault
ROUNDS = 20 if os.environ.get("FAULT_FULL") else 2
CLEAN = {"lost": 0, "twice": 0, "wrong": 0, "notices_off": 0, "failed": 0, "left": 0}


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def nursery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("fault")
    usual = {"deadlines": 1000, "sweepers": 3, "kills": 10, "naive": False}
    nursery = Line("tests.fault.nursery", request.param, folder, **usual)
    yield nursery
    nursery.close()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_sweepers_lose_nothing_and_tell_nothing_twice(nursery: Line, seed: int) -> None:
    found = nursery.round(seed=seed)
    killed, expected = found.pop("killed"), found.pop("expected")
    assert (found, expected) == (CLEAN, 4000)
    assert killed >= 3


def test_two_sweeps_at_once_tell_everything_once(nursery: Line) -> None:
    found = nursery.round(seed=99, sweepers=2, kills=0)
    assert {name: found[name] for name in CLEAN} == CLEAN


def test_the_same_assertion_fails_for_a_naive_sweep(nursery: Line) -> None:
    found = nursery.round(seed=7, naive=True, deadlines=300)
    assert found["killed"] >= 3
    assert found["lost"] + found["twice"] > 0

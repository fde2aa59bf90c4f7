"""`make run`: one command, one terminal, and nothing left behind."""

import json
import signal
import stat
import time
from pathlib import Path

import pytest

from .portal import Launched, processes_of

pytestmark = pytest.mark.timeout(900)
FOUNDERS = {
    "DEMO": "0", "ADMIN_USERNAME": "ada", "ADMIN_PASSWORD": "lantern-pond-7", "LEADER_USERNAME": "lin", "LEADER_PASSWORD": "lantern-lake-8",
}  # fmt: skip


def wait_for_nobody(folder: Path, patience: float = 15) -> list[str]:
    until = time.monotonic() + patience
    while (left := processes_of(folder)) and time.monotonic() < until:
        time.sleep(0.2)
    return left


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty company that was founded, served and stopped once."""
    data = tmp_path_factory.mktemp("launcher") / "data"
    portal = Launched(data, **FOUNDERS)
    try:
        portal.wait_until("/readyz", patience=300)  # every migration, on a machine that may have more to do
        assert json.loads(portal.get("/readyz")[1])["worker"]["ok"]
        assert portal.get("/accounts/login/")[0] == 200
    finally:
        assert portal.stop() == 0, portal.log.read_text()
    assert wait_for_nobody(data) == []
    return data


def test_an_empty_company_serves_and_stops_with_nothing_left(company: Path):
    assert "The company stands: ada administers, lin leads." in company.with_name("data.log").read_text()


def test_the_random_key_is_for_its_owner_only(company: Path):
    assert stat.S_IMODE((company / "secret_key").stat().st_mode) == 0o600
    assert len((company / "secret_key").read_text()) > 60


def test_a_second_run_keeps_the_company_asks_nothing_and_stops_on_ctrl_c(company: Path):
    key = (company / "secret_key").read_text()
    portal = Launched(company, DEMO="0")
    portal.wait_until("/healthz", patience=60)
    assert portal.stop(signal.SIGINT) == 0
    assert (company / "secret_key").read_text() == key
    assert wait_for_nobody(company) == []


def test_a_killed_launcher_takes_its_children_along_and_the_next_one_starts(company: Path):
    portal = Launched(company, DEMO="0")
    portal.wait_until("/healthz", patience=60)
    other = Launched(company, DEMO="0")
    assert other.process.wait(30) != 0
    assert "already runs on" in other.log.read_text()
    portal.stop(signal.SIGKILL)
    assert wait_for_nobody(company) == []


def test_a_real_company_is_not_shown_as_the_demo(company: Path):
    portal = Launched(company)
    assert portal.process.wait(60) != 0
    assert "holds the company of MODE=production" in portal.log.read_text()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DEMO": "0"}, "ADMIN_USERNAME and ADMIN_PASSWORD not set"),
        ({"PORT": "seven"}, "PORT is 'seven': it must be a number from 1 to 65535."),
        (FOUNDERS | {"ADMIN_PASSWORD": "123"}, "ADMIN_PASSWORD is not good enough"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, settings: dict[str, str], said: str):
    portal = Launched(tmp_path / "data", **settings)
    assert portal.process.wait(150) != 0
    assert said in portal.log.read_text()
    assert "Traceback" not in portal.log.read_text()
    assert wait_for_nobody(tmp_path / "data") == []

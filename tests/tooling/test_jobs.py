"""Without any beat one command runs what is due: frequent jobs at each call, nightly ones once a day from their hour on."""

import datetime as dt
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from aftersales import clock
from aftersales.celery import SCHEDULE, app
from tests.conftest import SHANGHAI
from tests.databases import environment_of

from .portal import PLAIN, ROOT

NIGHTLY = [
    "old downloads", "house keeping", "months of the store", "months of finance", "fortieth day", "proof of the books",
    "statistics sheets", "judgements", "purchase leads", "working days",
]  # fmt: skip


@pytest.fixture
def ran(monkeypatch, db):
    """The jobs that ran since it was last cleared, in the order of the schedule."""
    found: list[str] = []
    app.loader.import_default_modules()  # what is patched before it is registered would be gone afterwards
    for name, (task, _when, _options) in SCHEDULE.items():
        monkeypatch.setitem(app.tasks, task, lambda name=name: found.append(name))
    return found


def at(monkeypatch, day, hour, minute=0):
    moment = dt.datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)
    monkeypatch.setattr(clock, "now", lambda: moment)


def call(ran):
    ran.clear()
    call_command("jobs")
    return [name for name in ran if name in NIGHTLY]


def test_every_job_of_the_schedule_has_its_turn_and_a_nightly_one_once_a_day(ran, monkeypatch):
    at(monkeypatch, 25, 23)
    call(ran)
    assert sorted(ran) == sorted(SCHEDULE)
    at(monkeypatch, 25, 23, 1)
    assert call(ran) == [] and sorted(ran) == sorted(set(SCHEDULE) - set(NIGHTLY))
    at(monkeypatch, 26, 0, 4)
    assert call(ran) == []
    at(monkeypatch, 26, 0, 6)
    assert call(ran) == ["months of the store"]
    at(monkeypatch, 26, 0, 21)
    assert call(ran) == ["months of finance", "fortieth day", "statistics sheets", "judgements"]
    at(monkeypatch, 26, 12)
    late = ["old downloads", "house keeping", "proof of the books", "purchase leads", "working days"]
    assert call(ran) == late, "what the night missed is made up for, each once"
    assert call(ran) == []


def test_a_job_that_fails_keeps_no_other_from_its_turn_and_is_tried_again(ran, monkeypatch):
    def broken():
        raise OSError("disk full")

    at(monkeypatch, 26, 12)
    task = SCHEDULE["house keeping"][0]
    whole = app.tasks[task]
    monkeypatch.setitem(app.tasks, task, broken)
    with pytest.raises(CommandError, match="house keeping"):
        call(ran)
    assert "working days" in ran and "house keeping" not in ran
    monkeypatch.setitem(app.tasks, task, whole)
    assert call(ran) == ["house keeping"]


def test_in_a_process_of_its_own_the_command_knows_every_task(tmp_path):
    """Nobody has imported the tasks there, as a worker or this test's process has."""
    command = [sys.executable, "manage.py", "jobs"]
    here = environment_of("sqlite", tmp_path)
    done = subprocess.run(command, cwd=ROOT, env=here, capture_output=True, text=True)
    assert (done.returncode, "NotRegistered" in done.stderr) == (0, False), done.stderr[-2000:]


def test_manage_py_says_what_is_missing_before_there_is_a_company(tmp_path):
    def said(*words):
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=ROOT, env=PLAIN | {"DATA": str(tmp_path)}, capture_output=True, text=True
        )

    done = said("staffing")
    assert (done.returncode, "make run" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert said("charter").returncode == 0

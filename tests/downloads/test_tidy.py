"""Every night: what was kept for seven days goes, and what a killed worker left."""

import datetime as dt
import os

import pytest
from django.utils import timezone

from aftersales.celery import SCHEDULE
from aftersales.downloads import ask, path_of, tidy, write_waiting
from aftersales.models import Download

from .conftest import files

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def row(people, scribe):
    row = ask(people.cs, "test", {}, "x.xlsx", timezone.now())
    write_waiting()
    return Download.objects.get(pk=row.pk)


def test_row_and_file_go_after_seven_days_and_not_before(row, tmp_path):
    assert tidy(row.ready_at + 7 * DAY - dt.timedelta(seconds=1)) == 0
    assert files(tmp_path) == [row.path]
    assert tidy(row.ready_at + 7 * DAY) == 1
    assert (files(tmp_path), Download.objects.count()) == ([], 0)
    assert tidy(row.ready_at + 8 * DAY) == 0


def test_a_file_that_is_gone_already_does_not_stop_it(row):
    path_of(row).unlink()
    assert tidy(row.ready_at + 7 * DAY) == 1


def test_what_waits_stays_however_long(people, scribe):
    row = ask(people.cs, "test", {}, "x.xlsx", timezone.now() - 30 * DAY)
    tidy(timezone.now())
    assert Download.objects.filter(pk=row.pk).exists()


def test_files_that_no_row_names_go_after_a_day(row, tmp_path):
    for folder in ("arriving", "kept"):
        old, new = tmp_path / "downloads" / folder / "old", tmp_path / "downloads" / folder / "new"
        old.touch(), new.touch()
        os.utime(old, (0, 0))
    os.utime(path_of(row), (0, 0))
    assert tidy(timezone.now()) == 2
    assert files(tmp_path) == sorted([row.path, "downloads/arriving/new", "downloads/kept/new"])


def test_both_jobs_stand_in_the_schedule():
    jobs = {task for task, _when, _options in SCHEDULE.values()}
    assert {"aftersales.tasks.write_downloads", "aftersales.tasks.tidy_downloads"} <= jobs

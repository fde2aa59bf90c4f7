"""What the worker does with a row: whole or not at all, in the reader's language, three times at most."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from aftersales import clock
from aftersales.downloads import ask, path_of, write_waiting, writing
from aftersales.models import Download
from notices.models import Notification

from .conftest import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(people, scribe):
    return ask(people.cs, "test", {"q": "13812345678"}, "tickets.xlsx", timezone.now())


def again(row):
    """As if some time had gone by."""
    Download.objects.filter(pk=row.pk).update(seen_at=timezone.now() - dt.timedelta(minutes=5))
    return write_waiting()


def told(user) -> list[str]:
    with translation.override("en"):
        return [n.text for n in Notification.objects.filter(recipient=user, channel="app").order_by("pk")]


def test_a_row_becomes_a_file_its_owner_hears_of_it_and_it_is_written_down(row, scribe, tmp_path):
    assert write_waiting() == 1
    row.refresh_from_db()
    assert (row.state, row.done, row.total, row.attempts, row.why) == ("ready", 3, 3, 1, "")
    assert files(tmp_path) == [row.path] and path_of(row).stat().st_size == row.size
    assert [r[0] for r in load_workbook(path_of(row)).active.values] == ["A", 0, 1, 2]
    assert told(row.user) == ["tickets.xlsx is ready; it stays in your downloads for 7 days"]
    assert scribe.written == 1 and write_waiting() == 0


def test_what_was_searched_for_is_forgotten_once_it_is_written(row):
    write_waiting()
    row.refresh_from_db()
    assert row.wishes == {}


def test_it_is_written_in_the_language_of_who_asked(people, scribe):
    with translation.override("en"):
        ask(people.cs, "test", {}, "tickets.xlsx", timezone.now())
    seen = []
    scribe.midway = lambda: seen.append(translation.get_language())
    with translation.override("zh-hans"):
        write_waiting()
    assert seen == ["en"]


def test_a_failure_is_tried_again_later_and_three_times_in_all(row, scribe, tmp_path):
    def fail():
        raise RuntimeError("no")

    scribe.midway = fail
    assert write_waiting() == 0
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert write_waiting() == 0 and Download.objects.get().attempts == 1  # it rests first
    again(row), again(row), again(row), again(row)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.why) == ("failed", 3, "trouble")
    assert told(row.user) == ["tickets.xlsx could not be written"]
    assert files(tmp_path) == [] and scribe.written == 0


def test_what_failed_once_can_still_become_ready(row, scribe):
    scribe.midway = lambda: 1 / 0
    write_waiting()
    scribe.midway = lambda: None
    assert again(row) == 1


def test_a_failed_download_says_so_in_the_readers_language():
    row = Download(state="failed", why="trouble")
    with translation.override("zh-hans"):
        chinese = str(row.get_why_display())
    with translation.override("en"):
        assert chinese != row.get_why_display() and "three times" in row.get_why_display()


def test_nothing_stays_if_the_audit_fails(row, scribe, tmp_path):
    scribe.note = lambda: 1 / 0
    assert write_waiting() == 0
    row.refresh_from_db()
    assert (row.state, files(tmp_path), told(row.user)) == ("waiting", [], [])


def test_a_worker_takes_one_row_at_a_time_and_leaves_the_other_worker_to_the_clocks(people, scribe):
    first = ask(people.cs, "test", {}, "a.xlsx", timezone.now())
    second = ask(people.eng, "test", {}, "b.xlsx", timezone.now())
    assert writing.claim(clock.now()) == first
    assert writing.claim(clock.now()) is None
    Download.objects.filter(pk=first.pk).update(state="ready")
    assert writing.claim(clock.now()) == second


def test_a_kind_that_is_gone_fails_and_does_not_stop_the_others(people, scribe):
    gone = ask(people.cs, "gone", {}, "a.xlsx", timezone.now())
    ask(people.eng, "test", {}, "b.xlsx", timezone.now())
    assert write_waiting() == 1
    again(gone), again(gone)
    assert Download.objects.get(pk=gone.pk).state == "failed"

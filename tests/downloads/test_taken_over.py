"""Compare-and-set: who lost his lease changes nothing any more, and a row that kills its workers is given up."""

import datetime as dt

import pytest
from django.utils import timezone

from aftersales import clock
from aftersales.downloads import ask, write_waiting, writing
from aftersales.models import Download

from .conftest import files

pytestmark = pytest.mark.django_db
LATER = writing.LEASE + dt.timedelta(seconds=1)


@pytest.fixture
def row(people, scribe):
    return ask(people.cs, "test", {}, "tickets.xlsx", timezone.now())


def test_a_row_under_lease_is_nobody_elses(row):
    at = clock.now()
    assert writing.claim(at) == row
    assert writing.claim(at + writing.LEASE - dt.timedelta(seconds=1)) is None
    assert writing.claim(at + LATER).attempts == 2


def test_writing_renews_the_lease(row):
    at = clock.now()
    taken = writing.claim(at)
    Download.objects.filter(pk=row.pk).update(seen_at=at - LATER)
    writing.Progress(taken).expect(3)
    assert writing.claim(clock.now()) is None


def test_who_lost_his_lease_stops_and_leaves_nothing(row, scribe, tmp_path):
    def overtaken():
        Download.objects.filter(pk=row.pk).update(attempts=2)

    scribe.midway = overtaken
    assert write_waiting() == 0
    row.refresh_from_db()
    assert (row.state, row.path, files(tmp_path), scribe.written) == ("writing", "", [], 0)


def test_he_stops_at_the_next_sign_of_life(row):
    taken = writing.claim(clock.now())
    Download.objects.filter(pk=row.pk).update(attempts=2)
    with pytest.raises(writing.Lost):
        list(writing.Progress(taken).over(range(1000)))


def test_the_control_without_the_attempts_number_writes_twice(row, scribe, tmp_path, monkeypatch):
    """Two workers on one row, each sure that it is his."""
    monkeypatch.setattr(writing, "_mine", lambda row: Download.objects.filter(pk=row.pk))
    first = writing.claim(clock.now())
    second = writing.claim(clock.now() + LATER)
    assert writing._attempt(second) and writing._attempt(first)
    assert (scribe.written, len(files(tmp_path))) == (2, 2)


def test_with_it_the_same_two_write_once(row, scribe, tmp_path):
    first = writing.claim(clock.now())
    second = writing.claim(clock.now() + LATER)
    assert writing._attempt(second) and not writing._attempt(first)
    assert (scribe.written, len(files(tmp_path))) == (1, 1)


def test_the_control_without_a_lease_leaves_the_row_for_ever(row, monkeypatch):
    monkeypatch.setattr(writing, "LEASE", dt.timedelta(days=10_000))
    assert writing.claim(clock.now()) == row  # and its worker dies
    assert writing.claim(clock.now() + dt.timedelta(days=365)) is None


def test_a_row_whose_workers_die_three_times_is_given_up(row):
    at = clock.now()
    for number in range(3):
        assert writing.claim(at + number * LATER).attempts == number + 1
    assert writing.claim(at + 3 * LATER) is None
    row.refresh_from_db()
    assert (row.state, row.why) == ("failed", "trouble")

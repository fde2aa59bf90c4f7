"""The page of downloads and the file behind it: its owner's alone, for seven days, never kept by a cache."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, Posting
from aftersales.downloads import ask, path_of, write_waiting
from aftersales.models import Download

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor")]
PAGE = "/desk/downloads/"


@pytest.fixture
def row(people, scribe):
    row = ask(people.cs, "test", {}, "tickets-20260302.xlsx", timezone.now())
    write_waiting()
    return Download.objects.get(pk=row.pk)


def test_its_owner_fetches_it_and_that_is_written_down(people, as_user, row):
    answer = as_user(people.cs).get(f"{PAGE}{row.pk}/")
    assert b"".join(answer.streaming_content) == path_of(row).read_bytes()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tickets-20260302.xlsx"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    event = AuditEvent.objects.get(verb="download.fetch")
    assert (event.by, event.subject, event.data) == (people.cs, f"download:{row.pk}", {"kind": "test"})


def test_nobody_else_finds_it(people, as_user, row):
    for user in (people.mgr, people.eng, people.aud, people.cs_head):
        assert as_user(user).get(f"{PAGE}{row.pk}/").status_code == 404
        assert row.name not in as_user(user).get(PAGE).content.decode()
    assert as_user(people.sys).get(f"{PAGE}{row.pk}/").status_code == 403
    assert not AuditEvent.objects.filter(verb="download.fetch").exists()


def test_a_visitor_is_asked_to_sign_in(client, row):
    assert client.get(f"{PAGE}{row.pk}/").url.startswith("/accounts/login/")


def test_after_seven_days_it_is_gone(people, as_user, row):
    Download.objects.filter(pk=row.pk).update(ready_at=timezone.now() - dt.timedelta(days=7))
    client = as_user(people.cs)
    assert client.get(f"{PAGE}{row.pk}/").status_code == 404
    text = client.get(PAGE).content.decode()
    assert "expired" in text and f"{PAGE}{row.pk}/" not in text


def test_a_file_that_is_not_there_is_not_found(people, as_user, row):
    path_of(row).unlink()
    assert as_user(people.cs).get(f"{PAGE}{row.pk}/").status_code == 404


def test_what_is_not_written_yet_is_not_found(people, as_user, scribe):
    row = ask(people.cs, "test", {}, "x.xlsx", timezone.now())
    assert as_user(people.cs).get(f"{PAGE}{row.pk}/").status_code == 404


def test_who_has_fewer_rights_than_when_it_was_written_asks_again(people, as_user, row):
    Posting.objects.filter(user=people.cs).update(department="sales")
    answer = as_user(people.cs).get(f"{PAGE}{row.pk}/")
    assert answer.status_code == 403 and "ask for it again" in answer.content.decode()


def test_the_page_shows_how_far_it_is_and_asks_again_while_it_waits(people, as_user, scribe):
    row = ask(people.cs, "test", {}, "x.xlsx", timezone.now())
    client = as_user(people.cs)
    Download.objects.filter(pk=row.pk).update(state="writing", done=1234, total=5000)
    text = client.get(PAGE).content.decode()
    assert (
        '<progress id="download-' in text
        and 'max="5000" value="1234"' in text
        and "1,234 of 5,000 rows" in text
    )
    assert (
        'hx-trigger="every 2s"' in text
        and '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    )
    alone = client.get(PAGE, headers={"hx-request": "true", "hx-target": "downloads"}).content.decode()
    assert alone.startswith('<div id="downloads"') and "<html" not in alone


def test_the_page_rests_once_everything_is_there(people, as_user, row):
    text = as_user(people.cs).get(PAGE).content.decode()
    assert f'href="{PAGE}{row.pk}/"' in text
    assert "every 2s" not in text and "http-equiv" not in text


def test_a_failed_one_says_why(people, as_user, scribe):
    row = ask(people.cs, "test", {}, "x.xlsx", timezone.now())
    Download.objects.filter(pk=row.pk).update(state="failed", why="trouble", ready_at=timezone.now())
    assert "It was tried three times" in as_user(people.cs).get(PAGE).content.decode()
    assert "试了三次" in as_user(people.cs, "zh-hans").get(PAGE).content.decode()


def test_three_rows_ask_no_more_than_one(people, as_user, scribe):
    client, counts = as_user(people.cs), []
    for number in range(3):
        ask(people.cs, "test", {"n": number}, "x.xlsx", timezone.now())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PAGE).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[2] <= 5

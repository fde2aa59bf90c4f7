"""The inbox page: mine alone, unread first, read by opening, paged by key, constant in queries."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from notices import selectors
from notices.models import Notification, Preference
from notices.services import mark_read, supersede, tell

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def person(reader):
    return reader("ENG", language="en")


@pytest.fixture
def desk(person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def told(person, at, count, first=1, **more):
    for n in range(first, first + count):
        tell(
            [person],
            at=at + n * MINUTE,
            event_key=f"event:{n}",
            title="Notice number {n}",
            params={"n": n},
            url="/accounts/",
            **more,
        )
    return list(Notification.objects.filter(recipient=person, channel="app").order_by("pk"))


def shown(client, path="/desk/inbox/"):
    return [row.params["n"] for row in client.get(path).context["rows"]]


def test_unread_come_first_then_the_newest(person, desk, monday):
    rows = told(person, monday, 4)
    mark_read(rows[3], at=monday)
    assert shown(desk) == [3, 2, 1, 4]
    assert selectors.unread(person) == 3


def test_opening_a_notice_is_reading_it_and_leads_on(person, desk, monday):
    row = told(person, monday, 1)[0]
    response = desk.get(reverse("notices:open", args=[row.pk]))
    row.refresh_from_db()
    assert (response.status_code, response["Location"], row.read_at is None) == (302, "/accounts/", False)
    first = row.read_at
    desk.get(reverse("notices:open", args=[row.pk]))
    row.refresh_from_db()
    assert row.read_at == first


def test_another_persons_notice_is_not_found(desk, reader, monday):
    row = told(reader(), monday, 1)[0]
    assert desk.get(reverse("notices:open", args=[row.pk])).status_code == 404
    assert shown(desk) == []


@pytest.mark.parametrize(
    "url",
    ["//evil.example.com/", "/\\\\evil.example.com", "https://evil.example.com/", "javascript:alert(1)", ""],
)
def test_an_address_outside_the_portal_is_not_followed(person, desk, monday, url):
    row = told(person, monday, 1)[0]
    Notification.objects.filter(pk=row.pk).update(url=url)
    assert desk.get(reverse("notices:open", args=[row.pk]))["Location"] == "/desk/inbox/"


def test_mark_all_leaves_what_came_after_the_page_was_shown(person, desk, monday):
    told(person, monday, 2)
    until = desk.get("/desk/inbox/").context["newest"]
    told(person, monday, 1, first=3)
    desk.post("/desk/inbox/read/", {"until": until})
    assert selectors.unread(person) == 1


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 5])
def test_a_strange_mark_all_marks_nothing_of_others(person, desk, reader, monday, until):
    other = reader()
    told(other, monday, 1)
    assert desk.post("/desk/inbox/read/", {"until": until}).status_code == 302
    assert selectors.unread(other) == 1


def test_paging_by_key_shows_everything_once_even_if_something_arrives_between(
    person, desk, monday, monkeypatch
):
    monkeypatch.setattr(selectors, "PAGE", 3)
    for row in told(person, monday, 8)[:4]:
        mark_read(row, at=monday)
    seen, path = [], "/desk/inbox/"
    while path:
        seen += shown(desk, path)
        path = desk.get(path).context["older"]
        if len(seen) == 3:
            told(person, monday, 1, first=9)
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("after", ["u", "x12", "u-3", "r99999999999", "<script>"])
def test_a_strange_key_is_no_error(person, desk, monday, after):
    told(person, monday, 1)
    assert desk.get("/desk/inbox/", {"after": after}).status_code == 200


def test_a_superseded_notice_is_shown_as_such_and_not_counted(person, desk, monday):
    told(person, monday, 1, still_key="deadline:1")
    supersede(still_keys=["deadline:1"], by="met")
    assert b"No longer current" in desk.get("/desk/inbox/").content
    assert selectors.unread(person) == 0


def test_the_number_of_queries_does_not_grow_with_the_notices(
    person, desk, monday, django_assert_num_queries
):
    told(person, monday, 1)
    desk.get("/desk/inbox/")
    with django_assert_num_queries(6) as one:
        desk.get("/desk/inbox/")
    told(person, monday, 2, first=2)
    with django_assert_num_queries(len(one)):
        desk.get("/desk/inbox/")


def test_the_navigation_counts_to_a_hundred(person, monday):
    rows = [
        Notification(
            event_key=f"e{n}",
            recipient=person,
            channel="app",
            kind="",
            title="x",
            status="sent",
            created_at=monday,
            not_before=monday,
        )
        for n in range(130)
    ]
    Notification.objects.bulk_create(rows)
    assert selectors.unread(person) == 100


def test_wishes_are_kept(person, desk):
    response = desk.post("/desk/inbox/wishes/", {"email": "on"})
    assert response.status_code == 302
    assert Preference.objects.values_list("user", "email", "digest", "at_night").get() == (
        person.pk,
        True,
        False,
        False,
    )


def test_an_empty_inbox_says_so(desk):
    assert b"Nothing to read" in desk.get("/desk/inbox/").content


def test_a_visitor_is_asked_to_sign_in(db):
    assert Client().get("/desk/inbox/")["Location"].startswith("/accounts/login/")

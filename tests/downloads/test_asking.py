"""Asking for a long list: a row and a bell, the same wish once, five at a time."""

import pytest

from aftersales.downloads import ask, asking
from aftersales.models import Download
from notices import doorbell

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch):
    rung = []
    monkeypatch.setattr(doorbell, "publish", lambda task, args: rung.append((task, args)))
    monkeypatch.setattr(doorbell.circuit, "may_try", lambda: True)
    return rung


def test_a_wish_is_a_row_and_rings_once_it_is_committed(
    people, monday, rung, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = ask(people.cs, "test", {"stage": "open"}, "tickets.xlsx", monday)
        assert rung == []
    assert rung == [("aftersales.tasks.write_downloads", ())]
    assert (row.user, row.state, row.wishes, row.asked_at) == (
        people.cs,
        "waiting",
        {"stage": "open"},
        monday,
    )


def test_the_same_wish_is_written_once_while_it_waits(people, monday, rung):
    first = ask(people.cs, "test", {"a": "1", "b": "2"}, "one.xlsx", monday)
    assert ask(people.cs, "test", {"b": "2", "a": "1"}, "two.xlsx", monday) == first
    assert ask(people.cs, "test", {}, "three.xlsx", monday) != first
    assert ask(people.eng, "test", {"a": "1", "b": "2"}, "four.xlsx", monday) != first
    Download.objects.filter(pk=first.pk).update(state="ready")
    assert ask(people.cs, "test", {"a": "1", "b": "2"}, "five.xlsx", monday) != first


def test_a_sixth_waits_until_one_is_there(people, monday, rung):
    for number in range(5):
        ask(people.cs, "test", {"n": number}, "x.xlsx", monday)
    with pytest.raises(asking.TooMany):
        ask(people.cs, "test", {"n": 5}, "x.xlsx", monday)
    Download.objects.filter(wishes={"n": 0}).update(state="failed")
    ask(people.cs, "test", {"n": 5}, "x.xlsx", monday)


def test_a_list_is_long_from_one_row_more_than_the_limit(people, monkeypatch):
    from accounts.models import User

    assert people.cs and people.eng and people.fin
    monkeypatch.setattr(asking, "LONG", 3)
    assert not asking.is_long(User.objects.all())
    assert people.wh
    assert asking.is_long(User.objects.order_by("name"))

"""Moments, money and states as people read them."""

import datetime as dt
from types import SimpleNamespace as Thing
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from aftersales.display import moments, states

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = dt.datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)


def draw(source: str, **context: object) -> str:
    return Template("{% load aftersales_tags %}" + source).render(Context(context))


def test_a_moment_is_written_with_its_date_and_minute():
    assert moments.when(dt.datetime(2026, 11, 23, 6, 5, tzinfo=dt.UTC)) == "2026-11-23 14:05"


@pytest.fixture
def in_march(monkeypatch):
    """Whatever the machine's clock says, pages are drawn at `AT`."""
    monkeypatch.setattr(moments.timezone, "now", lambda: AT)


def test_a_short_moment_of_another_year_names_its_year(in_march):
    assert moments.when(AT, "short") == "03-02 10:00"
    assert moments.when(AT.replace(year=2025), "short") == "2025-03-02 10:00"
    assert moments.due(dt.datetime(2026, 1, 1, tzinfo=SHANGHAI), "short") == "2025-12-31 24:00"


def test_what_ends_with_the_day_is_written_24_00_of_that_day(in_march):
    midnight = dt.datetime(2026, 2, 25, tzinfo=SHANGHAI)
    assert moments.due(midnight) == "2026-02-24 24:00"
    assert moments.due(midnight, "short") == "02-24 24:00"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(200, "3 h 20 min left"), (59, "59 min left"), (-30, "30 min over"), (3 * 1440 + 61, "3 d 1 h left")],
)
def test_a_countdown_names_its_two_largest_units(minutes, words):
    with translation.override("en"):
        assert moments.countdown(AT + dt.timedelta(minutes=minutes), AT) == words


def clock(**entries):
    known = {
        "due_at": AT + dt.timedelta(hours=5),
        "met_at": None,
        "ended_as": "",
        "provisional": False,
        "day_clock": False,
    }
    one = Thing(**known | entries)
    one.is_missed = lambda at: (one.met_at or at) > one.due_at
    return one


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ({}, "running"),
        ({"provisional": True}, "provisional"),
        ({"due_at": AT + dt.timedelta(hours=2)}, "soon"),
        ({"day_clock": True}, "soon"),
        ({"due_at": AT - dt.timedelta(minutes=1)}, "overdue"),
        ({"met_at": AT}, "met"),
        ({"due_at": AT - dt.timedelta(hours=1), "met_at": AT}, "late"),
        ({"ended_as": "handed_on"}, "handed_on"),
        ({"paused": True}, "paused"),
    ],
)
def test_the_state_of_a_clock(entries, state):
    assert states.state_of(clock(**entries), AT) == state


@pytest.mark.parametrize("state", states.STATES)
def test_a_state_is_colour_and_icon_and_words(state):
    shown = states.STATES[state]
    with translation.override("en"):
        chip = draw("{% chip state %}", state=state)
        assert f"tone-{shown.tone}" in chip
        assert "<svg" in chip
        assert str(shown.label) in chip


def test_money_and_phones():
    assert "¥1,234.50" in draw("{% money amount %}", amount=1234.5)
    assert "−¥20.00" in draw("{% money amount %}", amount=-20)
    assert draw("{{ phone|masked }}", phone="+8613812345678") == "138****5678"

"""The charter's own words for choices, and how names and moments stand on paper. Paper is Chinese whatever the screen is."""

import datetime as dt
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.display import moments


def channel() -> dict[str, str]:
    return {
        "web": _p("form", "website"),
        "phone": _p("form", "telephone"),
        "sales": _p("form", "relayed by sales"),
    }


def urgency() -> dict[str, str]:
    return {
        "normal": _p("form", "normal"),
        "urgent": _p("form", "urgent"),
        "stopped": _p("form", "stopped on the road"),
    }


def drivable() -> dict[str, str]:
    return {
        "yes": _p("form", "can drive"),
        "limited": _p("form", "slowly, a short way"),
        "no": _p("form", "cannot drive"),
    }


def way() -> dict[str, str]:
    return {
        "phone": _p("form", "telephone"), "wechat": _p("form", "WeChat"), "sms": _p("form", "text message"),
        "visit": _p("form", "in person"),
    }  # fmt: skip


def damage() -> dict[str, str]:
    return {
        "human": _p("form", "human"),
        "not_human": _p("form", "not human"),
        "pending": _p("form", "to be judged"),
    }


def plan() -> dict[str, str]:
    return {
        "a": _p("form", "a: part sent, customer fits it"), "b": _p("form", "b: guidance by telephone"),
        "c": _p("form", "c: visit on site"),
    }  # fmt: skip


def overall() -> dict[str, str]:
    return {
        "very_satisfied": _p("form", "very satisfied"), "satisfied": _p("form", "satisfied"), "neutral": _p("form", "so-so"),
        "dissatisfied": _p("form", "dissatisfied"), "no_comment": _p("form", "no comment"),
    }  # fmt: skip


def reasons() -> dict[str, str]:
    return {
        "quality": _p("form", "quality"), "price": _p("form", "price"), "time": _p("form", "time"),
        "attitude": _p("form", "attitude"), "skill": _p("form", "skill"), "parts": _p("form", "arrival of parts"),
        "other": _p("form", "other"),
    }  # fmt: skip


def old_parts() -> dict[str, str]:
    return {
        "customer_keeps": _p("form", "kept by the customer"), "given_up": _p("form", "given up by the customer"),
        "none": _p("form", "no old part"), "returned": _p("form", "returned to our company"),
    }  # fmt: skip


def payment() -> dict[str, str]:
    return {
        "pay_first": _p("form", "payment first, then goods (8.7)"),
        "send_first": _p("form", "goods first, payment by the agreed day (4.5c)"),
    }


def yes_no(value: bool | None, yes: str = "", no: str = "") -> list[tuple[str, bool]]:
    """Two boxes, neither ticked while nobody has answered."""
    return [(yes or _p("form", "yes"), value is True), (no or _p("form", "no"), value is False)]


def when(moment: dt.date | None) -> str:
    """2026-03-02 10:05, or room to write."""
    return "" if moment is None else moments.when(moment)


def hand(name: Any, moment: dt.datetime | None, between: str = "\n") -> str:
    """Who and when, below each other or side by side."""
    return between.join(word for word in (str(name or ""), when(moment)) if word)


def place(half: str | None) -> str:
    """`2026-03-02 a` → the day and its first collection."""
    day, _blank, window = (half or "").partition(" ")
    words = {"a": _p("form", "1st collection"), "b": _p("form", "2nd collection")}
    return f"{day} {words.get(window, window)}".strip()

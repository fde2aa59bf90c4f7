"""The state of a clock is colour AND icon AND words: one row each, in the order of urgency."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales import charter


class State(NamedTuple):
    """A drawing, the words, and the family whose colours it wears."""

    icon: str
    label: str | Promise
    tone: str


STATES = {
    "overdue": State("exclamation-triangle", _("Overdue"), "danger"),
    "soon": State("bell-alert", _("Due soon"), "warning"),
    "running": State("clock", _("Running"), "accent"),
    "provisional": State("calendar-days", _("Provisional"), "accent"),
    "paused": State("pause-circle", _("Paused"), "quiet"),
    "met": State("check-circle", _("Met"), "success"),
    "late": State("check-badge", _("Met late"), "warning"),
    "handed_on": State("arrow-right-circle", _("Handed on"), "quiet"),
    "merged": State("arrows-pointing-in", _("Merged"), "quiet"),
    "void": State("minus-circle", _("Void"), "quiet"),
}


#: an hour clock that ends within this time is due soon
SOON = dt.timedelta(hours=charter.FIGURES["soon_hours"].default)


def soon(clock: Any) -> dt.timedelta:
    """How long before its end a clock is shown as due soon: the last warning's figure."""
    days = charter.FIGURES["soon_days"].default
    return dt.timedelta(days=days) if getattr(clock, "day_clock", False) else SOON


def state_of(clock: Any, at: dt.datetime) -> str:
    """The key of `STATES` for a deadline (or anything with due_at, met_at, ended_as and is_missed)."""
    if clock.met_at:
        return "late" if clock.is_missed(at) else "met"
    if clock.ended_as:
        return clock.ended_as
    if getattr(clock, "paused", False):
        return "paused"
    return "overdue" if clock.is_missed(at) else running_state(clock, at)


def running_state(clock: Any, at: dt.datetime) -> str:
    """The same of a clock that runs."""
    near = nearness(clock.due_at, at, soon(clock))
    return "provisional" if near == "running" and clock.provisional else near


def nearness(due_at: dt.datetime, at: dt.datetime, within: dt.timedelta = SOON) -> str:
    """Of a running due time alone: overdue, soon or running."""
    if due_at < at:
        return "overdue"
    return "soon" if due_at - at <= within else "running"

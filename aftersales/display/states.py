"""The state of a clock is colour AND icon AND words: one row each, in the order of urgency."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOON = dt.timedelta(hours=2)


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


def state_of(clock: Any, at: dt.datetime) -> str:
    """The key of `STATES` for anything with due_at, met_at, ended_as (and, if it has them, paused and provisional)."""
    if clock.met_at:
        return "late" if clock.met_at > clock.due_at else "met"
    if getattr(clock, "ended_as", ""):
        return clock.ended_as
    if getattr(clock, "paused", False):
        return "paused"
    if clock.due_at < at:
        return "overdue"
    if clock.due_at - at <= SOON:
        return "soon"
    return "provisional" if getattr(clock, "provisional", False) else "running"

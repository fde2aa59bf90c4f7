"""The stages of a stored clock with the figures in force."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from policy import figures

from . import rules
from .models import Deadline

Stages = list[tuple[str, dt.datetime]]


class Leads(NamedTuple):
    """How long before its end an hour clock warns for the last time, and how long after it the head is told."""

    soon: dt.timedelta
    head: dt.timedelta


def leads() -> Leads:
    """In force today."""
    return Leads(*(dt.timedelta(hours=figures.value(name)) for name in ("soon_hours", "head_hours")))


def stages_of(row: Deadline, given: Leads | None = None) -> Stages:
    """(stage, true time) of the clock, lightest first."""
    soon, head = given or leads()
    return rules.instants(
        row.opened_at, row.due_at, day_clock=row.day_clock, reminder=row.row.reminder, soon=soon, head=head,
        warnings=row.row.warnings,
    )  # fmt: skip


def next_instant(
    stages: Iterable[tuple[str, dt.datetime]], after: dt.datetime | None = None
) -> dt.datetime | None:
    """The first of these stages (after a moment)."""
    return min((at for _stage, at in stages if after is None or at > after), default=None)


def first_instant(row: Deadline, after: dt.datetime | None = None) -> dt.datetime | None:
    """When the sweep must look at the clock next: at its first stage (after a moment)."""
    return next_instant(stages_of(row), after)

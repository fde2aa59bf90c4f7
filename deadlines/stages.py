"""The stages of a stored clock with the figures in force."""

import datetime as dt

from policy import figures

from . import rules
from .models import Deadline


def stages_of(row: Deadline) -> list[tuple[str, dt.datetime]]:
    """(stage, true time) of the clock, lightest first."""
    soon = dt.timedelta(hours=figures.value("soon_hours"))
    head = dt.timedelta(hours=figures.value("head_hours"))
    return rules.instants(
        row.opened_at, row.due_at, day_clock=row.day_clock, reminder=row.row.reminder, soon=soon, head=head
    )


def first_instant(row: Deadline, after: dt.datetime | None = None) -> dt.datetime | None:
    """When the sweep must look at it next: its first stage (after a moment)."""
    return min((at for _stage, at in stages_of(row) if after is None or at > after), default=None)

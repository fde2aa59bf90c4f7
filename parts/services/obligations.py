"""What must come back, and what was used, once the work is completed: obligations with clocks of their own (4.7, 5.5)."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType

from aftersales.charter import Fact
from deadlines import services as deadlines
from deadlines.models import Deadline
from repairs.models import Ticket

from ..models import Release, ReleaseLine
from .consuming import report_consumption
from .lines import refresh


def follow(release: Release, *, by: Any, at: dt.datetime) -> None:
    """Clocks and report follow the counts, whichever act moved them; twice is once.

    A duty begins with the completion, or later with what leaves or is corrected afterwards; that of unused parts not before
    the trip is back (4.7). It ends with the last piece.
    """
    ticket = release.ticket
    done = ticket is None or ticket.completed_at is not None  # an order has no completion to wait for
    away = ticket is not None and ticket.on_trip > 0
    lines = refresh(release)
    running = _running(lines)
    for line in lines:
        for rule, owed, begins, ends in _duties(line):
            if owed and done and not (away and rule == "unused_return"):
                deadlines.record(begins, line, at=at, by=by)
            elif not owed and (line.pk, rule) in running:
                deadlines.record(ends, line, at=at, by=by)
    if ticket is not None and done:
        report_consumption(ticket, by=by, at=at)


def trip_over(ticket: Ticket, *, by: Any, at: dt.datetime) -> None:
    """The trip is back at `at`: what is unused of a completed ticket is due from then on (4.7)."""
    if ticket.completed_at is None or ticket.on_trip:
        return
    for release in Release.objects.filter(ticket=ticket, issued_any=True):
        release.ticket = ticket
        follow(release, by=by, at=max(at, ticket.completed_at))


def _duties(line: ReleaseLine) -> list[tuple[str, int, Fact, Fact]]:
    """(clock, pieces owed, what begins it, what ends it)."""
    return [
        ("unused_return", line.unused_out, Fact.UNUSED_LEFT, Fact.UNUSED_RETURNED),
        ("old_part", line.old_due, Fact.OLD_PART_OWED, Fact.OLD_PART_SETTLED),
    ]


def _running(lines: list[ReleaseLine]) -> set[tuple[int, str]]:
    """(line's id, clock) of every clock that runs for these lines, in one statement."""
    kind = ContentType.objects.get_for_model(ReleaseLine)
    rows = Deadline.objects.open().filter(subject_type=kind, subject_id__in=[line.pk for line in lines])
    return set(rows.values_list("subject_id", "rule"))

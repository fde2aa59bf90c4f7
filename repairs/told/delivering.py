"""`deliver`: sends what waits for customers, each text AT MOST once.

A row is marked as being sent before the call and committed so. What was surely not handed on waits and is tried again; a call
whose answer was lost, or whose worker died, is never repeated: the log says “unknown”, and customer service tells him.
"""

import datetime as dt
import logging
import time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from notices.rules import BACK_OFF, quiet

from ..models import CustomerNotice, TicketEvent
from ..services.core import log as note
from . import ways
from .table import EVENTS, is_past
from .words import text_of

log = logging.getLogger(__name__)
Status = CustomerNotice.Status
LOST_AFTER = dt.timedelta(minutes=5)  # longer than a call can take
BUDGET = 45.0  # seconds of one run
TRIES = 5


def deliver(now: dt.datetime) -> int:
    """Send what is due at `now` (aware), not in the quiet hours; how many were handed on. Any number may run at once."""
    give_up_lost(now)
    began, sent, silent = time.monotonic(), 0, set[str]()
    while time.monotonic() - began < BUDGET and not quiet(now):
        row = due(now).exclude(channel__in=silent).order_by("not_before", "pk").first()
        if row is None:
            break
        if claim(row, now):
            result = send(row, now)
            sent += result == Status.SENT
            silent |= {row.channel} if result == Status.WAITING else set()
    return sent


def due(now: dt.datetime) -> QuerySet[CustomerNotice]:
    rows = CustomerNotice.objects.filter(
        status=Status.WAITING, not_before__lte=now, channel__in=list(ways.WAYS)
    )
    return rows.select_related("ticket__engineer", "person")


def claim(row: CustomerNotice, now: dt.datetime) -> bool:
    """Whether this run may send it: marked before the call, by compare-and-set, committed by itself."""
    mine = CustomerNotice.objects.filter(pk=row.pk, status=Status.WAITING)
    return bool(mine.update(status=Status.SENDING, tried_at=now, attempts=row.attempts + 1))


def send(row: CustomerNotice, now: dt.datetime) -> str:
    """One call, and what became of it."""
    if unwanted := why_not(row, now):
        return settle(row, Status.DROPPED, now, unwanted)
    try:
        ways.WAYS[CustomerNotice.Channel(row.channel)](row, text_of(row))
    except ways.NotHandedOn as error:
        return later(row, now, str(error))
    except ways.NotAccepted as error:
        return settle(row, Status.FAILED, now, str(error))
    except Exception as error:
        return settle(
            row, Status.UNKNOWN, now, str(error) if isinstance(error, ways.Lost) else type(error).__name__
        )
    return settle(row, Status.SENT, now)


def why_not(row: CustomerNotice, now: dt.datetime) -> str:
    """Nobody is written to who does not wish it, is erased, or has no address any more, and of no visit that is past."""
    if row.person.erased_at is not None:
        return "erased"
    if row.person.no_notices:
        return "not wished"
    if is_past(row.event, row.params, now):
        return "past"
    address = row.person.phone if row.channel == CustomerNotice.Channel.SMS else row.person.email
    return "" if address else "no address"


def later(row: CustomerNotice, now: dt.datetime, why: str) -> str:
    """Surely not handed on: tried again later and later, at last left to a hand."""
    if row.attempts + 1 >= TRIES:
        return settle(row, Status.FAILED, now, why)
    again = now + dt.timedelta(minutes=BACK_OFF[row.attempts])
    mine = CustomerNotice.objects.filter(pk=row.pk, status=Status.SENDING)
    mine.update(status=Status.WAITING, not_before=again, why=why[:60])
    return Status.WAITING


@transaction.atomic
def settle(row: CustomerNotice, status: str, now: dt.datetime, why: str = "") -> str:
    """Write down what became of it, on the row and in the ticket's timeline; never the words."""
    mine = CustomerNotice.objects.filter(pk=row.pk, status=Status.SENDING)
    if mine.update(status=status, settled_at=now, why=why[:60]) and status != Status.DROPPED:
        log_of(row, status, now)
    if status in (Status.FAILED, Status.UNKNOWN):
        log.warning("customer notice %s: %s (%s)", row.pk, status, why[:60])
    return status


def log_of(row: CustomerNotice, status: str, now: dt.datetime, by: Any = None) -> TicketEvent:
    """Which event, by which channel, when, with what result; no clock takes it for work on the ticket."""
    told = {"event": row.event, "channel": row.channel, "result": status}
    actor = TicketEvent.Actor.STAFF if by else TicketEvent.Actor.PORTAL
    return note(
        row.ticket, "customer_told", by=by, at=now, clause=EVENTS[row.event].clause, data=told, actor=actor
    )


def give_up_lost(now: dt.datetime) -> None:
    """A worker died in a call: whether it was handed on nobody knows."""
    lost = CustomerNotice.objects.filter(status=Status.SENDING, tried_at__lt=now - LOST_AFTER)
    for row in lost.select_related("ticket"):
        settle(row, Status.UNKNOWN, now, "no answer was seen")

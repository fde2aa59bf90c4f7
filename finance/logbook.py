"""Completed rounds of tickets, as their logs tell them: which fell into a month, whose they were, what belongs to which."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from aftersales.limits import following, moment_of
from repairs.models import Ticket, TicketEvent

COMPLETE = "complete"
Round = tuple[int, int]  # (ticket's id, round)


@dataclass(frozen=True)
class Done:
    """A completed round: who was responsible when it was completed, whoever holds the ticket now."""

    ticket: int
    round: int
    at: dt.datetime
    engineer: int

    @property
    def key(self) -> Round:
        return self.ticket, self.round


def completions(month: dt.date, engineers: Iterable[int] | None = None) -> list[Done]:
    """The rounds completed in that month, in their order: of all, or of these engineers."""
    rows = TicketEvent.objects.filter(
        name=COMPLETE, at__gte=moment_of(month), at__lt=moment_of(following(month))
    )
    if engineers is not None:
        ids = list(engineers)
        rows = rows.filter(Q(by__in=ids) | Q(data__for__in=ids))
    found = _done(rows)
    return found if engineers is None else [done for done in found if done.engineer in ids]


def of_rounds(wanted: Iterable[Round]) -> list[Done]:
    """These rounds, in the order of their completion."""
    keys = set(wanted)
    rows = TicketEvent.objects.filter(name=COMPLETE, ticket__in={ticket for ticket, _round in keys})
    return [done for done in _done(rows) if done.key in keys]


def _done(rows: Any) -> list[Done]:
    """A deputy's completion is the engineer's for whom he stood in."""
    last: dict[Round, Done] = {}
    for ticket, turn, at, by, data in rows.order_by("at", "pk").values_list(
        "ticket_id", "round", "at", "by_id", "data"
    ):
        last[ticket, turn] = Done(ticket, turn, at, data.get("for") or by)
    return list(last.values())


class Timeline:
    """When each round of these tickets was completed: to which round a day or a moment belongs."""

    def __init__(self, done: Iterable[Done]) -> None:
        found: dict[int, list[tuple[dt.datetime, int]]] = defaultdict(list)
        given = list(done)
        again = {d.ticket for d in given if d.round > 1} | _reopened({d.ticket for d in given})
        for d in [*(d for d in given if d.ticket not in again), *_all_rounds(again)]:
            found[d.ticket].append((d.at, d.round))
        self.rounds = {ticket: sorted(ends) for ticket, ends in found.items()}
        self.tickets = list(self.rounds)

    def at(self, ticket: int, moment: dt.datetime) -> int:
        """The round completed last by then; before the first completion the first."""
        ends = self.rounds[ticket]
        return next((turn for at, turn in reversed(ends) if at <= moment), ends[0][1])

    def into(self, ticket: int, moment: dt.datetime) -> int | None:
        """The round that was being worked on: the first completed at or after that moment."""
        return next((turn for at, turn in self.rounds[ticket] if at >= moment), None)


def _reopened(tickets: set[int]) -> set[int]:
    return set(Ticket.objects.filter(pk__in=tickets, round__gt=1).values_list("pk", flat=True))


def _all_rounds(tickets: set[int]) -> list[Done]:
    return _done(TicketEvent.objects.filter(name=COMPLETE, ticket__in=tickets)) if tickets else []

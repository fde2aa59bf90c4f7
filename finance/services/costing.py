"""What trips cost the tickets they served (8.4, domain 10): each amount shared equally, written once, into an open month."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from aftersales.limits import local_day
from dispatch.models import Fine, Trip
from policy import figures
from repairs.models import Ticket

from .. import travel
from ..models import Column, TravelCost
from .booking import open_day


@transaction.atomic
def share(
    trip: Trip, column: str, amount: Decimal, *, source: str, paper: str, day: dt.date, at: dt.datetime
) -> None:
    """`amount` yuan over the trip's tickets in the order of their numbers, the odd fen to the first; the share of a ticket
    that was merged is its survivor's (3.1)."""
    served = list(trip.served.select_related("ticket"))
    for row, part in zip(served, travel.shared(amount, len(served)), strict=True):
        if part:
            whose = {"ticket": row.ticket, "round": row.round, "engineer_id": row.ticket.engineer_id}
            if (stands := _survivor(row.ticket)) != row.ticket:
                whose = {"ticket": stands, "round": stands.round, "engineer_id": stands.engineer_id}
            _book(f"{source}:{row.ticket.number}", column, part, paper, day, at, **whose)


def _survivor(ticket: Ticket) -> Ticket:
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket


def _book(
    key: str, column: str, amount: Decimal, paper: str, day: dt.date, at: dt.datetime, **whose: Any
) -> None:
    """The key decides: told twice, it stands once, on the day on which it was first written."""
    facts = {"column": column, "amount": amount, "paper": paper, "at": at, **whose}
    TravelCost.objects.get_or_create(key=key, defaults=facts | {"day": lambda: open_day(day)})


def take_back(paper: str, *, at: dt.datetime) -> None:
    """What a paper cost goes back from the same tickets by opposite rows, once each, in the first open month."""
    for row in TravelCost.objects.filter(paper=paper, amount__gt=0).order_by("pk"):
        whose = {"ticket": row.ticket, "round": row.round, "engineer_id": row.engineer_id}
        _book(f"back:{row.key}", row.column, -row.amount, paper, local_day(at), at, **whose)


def kilometres(trip: Trip, *, at: dt.datetime) -> None:
    """A company car's kilometres, dated by the trip's return; fuel is administration's and not counted again (8.4)."""
    day = local_day(trip.returned_at or at)
    amount = travel.kilometres(trip.driven, Decimal(figures.value("km_yuan", day)))
    if amount > 0:
        share(trip, Column.KILOMETRES, amount, source=f"km:{trip.number}", paper=trip.number, day=day, at=at)


def company_half(fine: Fine, *, at: dt.datetime) -> None:
    """A cost of the trip, dated by the entry; without a trip it is nobody's ticket (8.4)."""
    facts: dict[str, Any] = {
        "source": f"fine:{fine.number}",
        "paper": fine.number,
        "day": local_day(at),
        "at": at,
    }
    if fine.trip is not None:
        share(fine.trip, Column.FINE, fine.company_half, **facts)
        return
    _book(facts["source"], Column.FINE, fine.company_half, fine.number, local_day(at), at)


def of_trip(trip: Trip) -> list[tuple[str, str, Decimal]]:
    """(number of the paper, column, yuan) of everything that is booked for a trip, over all its tickets."""
    papers = [
        trip.number,
        *trip.fines.values_list("number", flat=True),
        *trip.claims.values_list("number", flat=True),
    ]
    rows = TravelCost.objects.filter(
        ticket__in=[row.ticket_id for row in trip.served.all()], paper__in=papers
    )
    return list(rows.order_by("paper", "column").values_list("paper", "column").annotate(Sum("amount")))

"""A trip as its costs see it: who was away on which days, what of it is claimed already, what is left to claim (8.3)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q

from aftersales.limits import local_day, moment_of
from dispatch.models import Trip
from policy import figures

from ... import travel
from ...models import Claim, ClaimLine, LineKind, MealDay


def people_of(trip: Trip) -> list[int]:
    """Everybody who was away: who goes along, and who drives."""
    gone = {row.person_id for row in trip.travellers.all()}
    return sorted(gone | ({trip.driver_id} if trip.driver_id else set()))


def may_claim(trip: Trip, user: Any) -> bool:
    """Only who goes on the trip or drives it (8.2)."""
    return user.pk in people_of(trip)


def days(trip: Trip) -> tuple[dt.date, dt.date]:
    """Day of the departure and day of the return, of a trip that is back."""
    assert trip.departed_at is not None and trip.returned_at is not None
    return local_day(trip.departed_at), local_day(trip.returned_at)


def nights(trip: Trip) -> list[dt.date]:
    return travel.nights_of(*days(trip))


def journey_of(trip: Trip) -> travel.Journey:
    """A trip that departed; while it is not back its end is open."""
    assert trip.departed_at is not None
    last = local_day(trip.returned_at) if trip.returned_at else dt.date.max
    return travel.Journey(
        trip.departed_at, trip.pk, local_day(trip.departed_at), last, frozenset(people_of(trip))
    )


def meal_days(trip: Trip) -> list[travel.PersonDay]:
    """The person-days that are this trip's by the rule, less those that a claim holds already."""
    mine = journey_of(trip)
    owned = travel.meal_days(mine, map(journey_of, _beside(trip, mine)))
    held = MealDay.objects.filter(person__in=mine.people, day__gte=mine.first, day__lte=mine.last)
    taken = set(held.values_list("person", "day"))
    return [each for each in owned if each not in taken]


def _beside(trip: Trip, mine: travel.Journey) -> Any:
    """Other trips of the same people that left before and reach into these days."""
    theirs = Q(driver__in=mine.people) | Q(travellers__person__in=mine.people)
    rows = Trip.objects.filter(theirs, departed_at__lte=mine.left).exclude(pk=trip.pk)
    rows = rows.filter(Q(returned_at=None) | Q(returned_at__gte=moment_of(mine.first)))
    return rows.distinct().prefetch_related("travellers")


def meal_rate(day: dt.date) -> Decimal:
    return Decimal(figures.value("meal_yuan", day))


def lodging_cap(trip: Trip, night: dt.date) -> Decimal:
    """The standard of one night for all who were away, at the rate of that day."""
    return travel.lodging_cap(len(people_of(trip)), Decimal(figures.value("lodging_yuan", night)))


# --- what is claimed already
def holder(trip: Trip, kind: str, night: dt.date | None = None) -> Claim | None:
    """The claim that holds the trip's meals, or this night of it."""
    rows = ClaimLine.objects.filter(trip=trip, kind=kind, live=True, day=night)
    line = rows.select_related("claim").first()
    return line.claim if line else None


def free_nights(trip: Trip) -> list[tuple[dt.date, Decimal]]:
    """The nights that nobody has claimed, each with its standard."""
    rows = ClaimLine.objects.filter(trip=trip, kind=LineKind.LODGING, live=True)
    taken = set(rows.values_list("day", flat=True))
    return [(night, lodging_cap(trip, night)) for night in nights(trip) if night not in taken]


def to_claim(user: Any) -> Any:
    """Trips of his that are back and for which nobody has claimed anything yet, the newest first."""
    mine = Q(driver=user) | Q(travellers__person=user)
    rows = Trip.objects.filter(mine, stage__in=("returned", "settled"))
    claimed = Claim.objects.exclude(stage__in=("withdrawn", "refused", "reversed")).values("trip")
    return rows.exclude(pk__in=claimed).distinct().order_by("-pk")

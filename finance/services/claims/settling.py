"""A trip is settled when its last open claim is over and money was paid for it (6.1, 8.2)."""

import datetime as dt
from typing import Any

from dispatch.flow import TripStage
from dispatch.models import Trip
from dispatch.services import trips

from ...models import Claim


def settle_trip(trip: Trip, *, by: Any, at: dt.datetime) -> None:
    """Called under the trip's lock, after a claim was paid or ended without money."""
    rows = Claim.objects.filter(trip=trip)
    held = trips.note_claims(trip, rows.open().count(), by=by, at=at)
    if held.stage == TripStage.RETURNED and rows.filter(stage="paid").exists() and not rows.open().exists():
        trips.settle(held, by=by, at=at)

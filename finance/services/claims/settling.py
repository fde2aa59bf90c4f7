"""A trip knows how many claims for it are open; with the last one over and money paid for it, it is settled (6.1, 8.2)."""

import datetime as dt
from typing import Any

from dispatch.flow import TripStage
from dispatch.models import Trip
from dispatch.services import trips

from ...models import Claim


def settle_trip(trip: Trip, *, by: Any, at: dt.datetime) -> None:
    """Called under the trip's lock, after a claim was written, paid or ended without money."""
    rows = Claim.objects.filter(trip=trip)
    held = trips.note_claims(trip, rows.open().count(), by=by, at=at)
    over = held.stage == TripStage.RETURNED and not held.open_claims
    if over and rows.filter(stage="paid").exists():
        trips.settle(held, by=by, at=at, why="paid")

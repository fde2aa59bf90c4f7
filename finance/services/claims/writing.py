"""A claim as its owner writes it (B16): lines with their receipts, submitted or withdrawn."""

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.selectors import members
from aftersales import files
from aftersales.charter import Department
from aftersales.models import next_number
from aftersales.paperwork import hand, keep
from aftersales.problems import BadEntry, OutOfTurn, together
from dispatch.flow import TripStage
from dispatch.models import Trip
from dispatch.services import trips

from ...models import Claim, ClaimLine
from . import journeys
from .lines import Entry, put, with_photo
from .settling import settle_trip
from .telling import others, tell_eaters, tell_people

SERIES, CLAUSE = "FY", "8.2"


@transaction.atomic
def write(trip: Trip, entries: Iterable[Entry], *, by: Any, at: dt.datetime) -> Claim:
    """A draft for a trip that is back, by who went on it (B16); a settled trip is open again. Raises `BadEntry` at the
    field of the entry: `day`, `amount`, `note`, `way`, `photo` with its suffix, or `meals`; `BadEntries` of several."""
    demand(by, "expense.claim")
    typed = [with_photo(entry) for entry in entries]
    if not typed:
        raise BadEntry(_("A claim has at least one line."), CLAUSE)
    held = trips.locked(trip)
    _is_his(held, by)
    if held.stage == TripStage.SETTLED:
        held = trips.open_again(held, by=by, at=at)
    claim = Claim(trip=held, claimant=by, number=next_number(SERIES, at))
    keep(claim, "write", by=by, at=at)
    together(functools.partial(put, claim, entry, by, at) for entry in typed)
    settle_trip(held, by=by, at=at)
    return claim


def _is_his(trip: Trip, by: Any) -> None:
    if not journeys.may_claim(trip, by):
        raise Denied(_("Who neither went on the trip nor drove it does not claim for it."), CLAUSE)
    must_be_back(trip)


def must_be_back(trip: Trip) -> None:
    """Nothing is claimed for a trip that is still on its way."""
    if not trip.is_over:
        raise OutOfTurn(_("A claim is written when the trip is back."), CLAUSE, "trip")


@transaction.atomic
def add_line(paper: Claim, *, by: Any, at: dt.datetime, entry: Entry) -> Claim:
    """One more line of a draft."""
    held = _draft(paper, by)
    put(held, with_photo(entry), by, at)
    keep(held, "add", by=by, at=at)
    return held


@transaction.atomic
def remove_line(paper: Claim, *, by: Any, at: dt.datetime, line: ClaimLine) -> Claim:
    """A line of a draft goes again."""
    held = _draft(paper, by)
    found = held.lines.get(pk=line.pk)
    hand(found, by=by, at=at, why="remove")
    found.delete()
    if found.sha256 and not files.named([found.sha256]):
        transaction.on_commit(functools.partial(files.remove, found.sha256))
    keep(held, "remove", by=by, at=at)
    return held


@transaction.atomic
def submit(paper: Claim, *, by: Any, at: dt.datetime) -> Claim:
    """To finance: it is checked line by line."""
    held = _moved(paper, "submit", by, at, submitted_at=at)
    tell_people(
        held,
        others(held, members(Department.FINANCE, at)),
        "submitted",
        at,
        _("{person} claims {amount} yuan for trip {trip}: {number} (8.2)."),
    )
    tell_eaters(held, at)
    return held


@transaction.atomic
def withdraw(paper: Claim, *, by: Any, at: dt.datetime, reason: str = "") -> Claim:
    """Its owner takes it back; its nights and meals are free again."""
    held = _moved(paper, "withdraw", by, at, withdrawn_why=reason)
    let_go(held.lines.all(), by=by, at=at, why="withdraw")
    settle_trip(held.trip, by=by, at=at)
    return held


# --- what they share
def hold(paper: Claim) -> Claim:
    """The claim under its lock; its trip's before, so that nobody waits in a circle."""
    trip = trips.locked(Trip.objects.get(pk=paper.trip_id))
    held = Claim.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    held.trip = trip
    return held


def _draft(paper: Claim, by: Any) -> Claim:
    held = hold(paper)
    demand(by, "expense.claim", held)
    if held.stage != "draft":
        raise OutOfTurn(_("Lines are changed while the claim is a draft."), CLAUSE)
    return held


def _moved(paper: Claim, name: str, by: Any, at: dt.datetime, **entries: Any) -> Claim:
    held = hold(paper)
    demand(by, "expense.claim", held)
    held.move(name, **entries)
    keep(held, name, by=by, at=at)
    return held


def let_go(lines: Iterable[ClaimLine], *, by: Any, at: dt.datetime, why: str) -> None:
    """These lines no longer hold their night or their meals."""
    for line in lines:
        line.live = False
        hand(line, by=by, at=at, why=why)
        line.save()
        line.meal_days.all().delete()

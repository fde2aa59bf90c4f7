"""One line of a claim: what it may be, what it needs, whether somebody has claimed it already (8.2–8.5)."""

import datetime as dt
import functools
import secrets
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aftersales import files
from aftersales.money import is_amount
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, together
from repairs.tasks import ring_derive

from ... import travel
from ...models import BY_RECEIPT, Claim, ClaimLine, LineKind, MealDay
from . import journeys

CLAUSE = "8.2"
K = LineKind
#: lines of one claim; a slip of a program, not of a person
MOST = 100


@dataclass(frozen=True)
class Entry:
    """One line as it was typed. Meals need nothing; `suffix` is what its fields are called in the form."""

    kind: str
    day: dt.date | None = None
    amount: Decimal | None = None
    note: str = ""
    way: str = ""
    photo: Any = None
    suffix: str = ""

    def wrong(self, sentence: Any, field: str, clause: str = CLAUSE, **params: Any) -> BadEntry:
        return BadEntry(sentence, clause, f"{field}{self.suffix}", **params)


def with_photo(entry: Entry) -> Entry:
    """The picture judged and kept before anything is locked."""
    if not entry.photo or hasattr(entry.photo, "sha256"):
        return entry
    stored = files.take(entry.photo, "image", f"photo{entry.suffix}")
    return replace(entry, photo=stored)


def put(claim: Claim, entry: Entry, by: Any, at: dt.datetime) -> ClaimLine:
    """A new last line; raises `BadEntry` at the field of the entry."""
    last = claim.lines.aggregate(last=Max("position"))["last"] or 0
    if last >= MOST:
        raise entry.wrong(_("A claim has {most} lines at most."), "kind", most=MOST)
    line = ClaimLine(
        claim=claim, trip=claim.trip, position=last + 1, kind=entry.kind, note=entry.note.strip()
    )
    owned = _meals(line, entry) if entry.kind == K.MEALS else _by_hand(line, entry)
    hand(line, by=by, at=at, why="add")
    line.save()
    MealDay.objects.bulk_create(MealDay(line=line, person_id=person, day=day) for person, day in owned)
    if line.sha256:
        ring_derive(line.sha256)
    return line


def _meals(line: ClaimLine, entry: Entry) -> list[travel.PersonDay]:
    """Computed, once per trip; two trips of the same people take turns."""
    if (other := journeys.holder(line.trip, K.MEALS)) is not None:
        raise _taken(entry, "meals", other)
    people = journeys.people_of(line.trip)
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people).order_by("pk"))
    owned = journeys.meal_days(line.trip)
    if not owned:
        raise BadEntry(_("The meals of all these days belong to a trip that left before."), "8.3", "meals")
    line.amount = travel.meals(owned, journeys.meal_rate)
    return owned


def _taken(entry: Entry, field: str, other: Claim) -> BadEntry:
    sentence = _("This is claimed already in {number}, by {person}.")
    name = field if field == "meals" else f"{field}{entry.suffix}"
    return BadEntry(sentence, "8.3", name, number=other.number, person=str(other.claimant))


def _by_hand(line: ClaimLine, entry: Entry) -> list[travel.PersonDay]:
    """Amount, day, way and evidence, refused together where several are wrong."""
    together(functools.partial(judge, line, entry) for judge in (_amount, _day, _way, _evidence))
    return []


def _amount(line: ClaimLine, entry: Entry) -> None:
    amount = entry.amount
    if amount is None or not is_amount(amount):
        raise entry.wrong(_("An amount in yuan, more than 0.00, with two decimals at most."), "amount")
    line.amount = round(amount, 2)


def _day(line: ClaimLine, entry: Entry) -> None:
    first, last = journeys.days(line.trip)
    if entry.day is None or not first <= entry.day <= last:
        sentence = _("This day lies outside of the trip: it was from {first} to {last}.")
        raise entry.wrong(sentence, "day", first=str(first), last=str(last))
    line.day = entry.day
    if entry.kind == K.LODGING:
        _lodging(line, entry)


def _way(line: ClaimLine, entry: Entry) -> None:
    if entry.kind == K.FREIGHT and entry.way not in ClaimLine.Way.values:
        raise entry.wrong(_("Say whether the freight was collect or prepaid."), "way", "4.6")
    line.way = entry.way if entry.kind == K.FREIGHT else ""


def _lodging(line: ClaimLine, entry: Entry) -> None:
    if line.day is None or line.day not in journeys.nights(line.trip):
        raise entry.wrong(_("On the day of the return there is no night any more."), "day", "8.3")
    if (other := journeys.holder(line.trip, K.LODGING, line.day)) is not None:
        raise _taken(entry, "day", other)
    line.standard = journeys.lodging_cap(line.trip, line.day)


def _evidence(line: ClaimLine, entry: Entry) -> None:
    if entry.kind in BY_RECEIPT and not entry.photo:
        sentence = _("Take a photo of the receipt; what has none is a line without receipt (8.5).")
        raise entry.wrong(sentence, "photo")
    if entry.kind == K.NO_RECEIPT and not line.note:
        raise entry.wrong(_("Say what it was for and why there is no receipt."), "note", "8.5")
    if entry.photo:
        line.sha256, line.key = entry.photo.sha256, secrets.token_hex(16)

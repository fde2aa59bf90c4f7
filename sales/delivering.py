"""A vehicle is handed over (2.1): the briefing point by point, the customer's hand, and what the vehicle is from then on."""

import datetime as dt
import secrets
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.services import audit
from aftersales import files
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.paper.drawings import strokes_of
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, OutOfTurn, Stale

from .briefing import checklist_of, named
from .identity import held, living
from .models import PERSONAL, Customer, Delivery, DeliverySignature, Vehicle
from .selectors import who_is_now
from .services import open_customer, register_vehicle, write_down

LONGEST = 200_000  # signs of a signature
SERIES, CLAUSE, BRIEF = "JD", "2.1", "delivery.brief"
#: what a correction may say anew; what it does not name stays
FACTS = ("delivered_on", "reading", "accessories", "explained", "reason", "consent")


@transaction.atomic
def deliver(
    *,
    vin: str,
    by: Any,
    at: dt.datetime,
    delivered_on: dt.date,
    signer: str,
    explained: Collection[str],
    model: Any = None,
    customer: Customer | None = None,
    strokes: str = "",
    reading: int | None = None,
    accessories: str = "",
    reason: str = "",
    consent: bool = False,
    photo: Any = None,
    **words: Any,
) -> Delivery:
    """The salesperson hands a vehicle over (A24). A VIN that is not registered needs its `model`; without `customer` the
    `words` (name, phone, organisation, street, region, kind) open one.

    Sets the vehicle's day of delivery, customer and salesperson. Raises `BadEntry` at the entry that is wrong.
    """
    demand(by, BRIEF)
    drawn = next_number(SERIES, at)  # first: two hand-overs of the same vehicle take turns here
    known = living(customer, CLAUSE) if customer is not None else None  # before the vehicle, as a merge does
    vehicle = _vehicle(vin, model, by, at)
    owner = _customer(known, words, vehicle, by, at)
    points = _points(explained, reason, local_day(at))
    _day(delivered_on, vehicle, at)
    row = Delivery(
        number=drawn, vehicle=vehicle, customer=owner, delivered_on=delivered_on, reading=reading,
        accessories=accessories.strip(), explained=points, reason=reason.strip(), consent=consent,
        checklist=checklist_of(local_day(at)).version, before=_before(vehicle), **_kept(photo),
    )  # fmt: skip
    row.sign(by=by, at=at, why="deliver")
    row.save()
    _signed(row, signer, strokes, by, at)
    _take_over(row, by=by, at=at)
    return row


def _vehicle(vin: str, model: Any, by: Any, at: dt.datetime) -> Vehicle:
    """The vehicle, locked; registered now if it was not."""
    plain = "".join(vin.split()).upper()
    found = Vehicle.objects.select_for_update(of=("self",)).filter(vin=plain).first()
    if found is None:
        if model is None:
            raise BadEntry(
                _("This VIN is not registered yet: choose the model, or correct the VIN."), CLAUSE, "model"
            )
        return register_vehicle(vin=plain, model=model, by=by, at=at, seller=by)
    if found.seller_id != by.pk and not (found.seller_id is None and found.customer_id is None):
        raise BadEntry(
            _("This vehicle is not yours to deliver; customer service names its salesperson."), CLAUSE, "vin"
        )
    if (known := Delivery.objects.filter(vehicle=found, current=True).first()) is not None:
        raise BadEntry(
            _("This vehicle has its delivery record {number} already; correct it there."), CLAUSE, "vin",
            number=known.number,
        )  # fmt: skip
    if model is not None and model != found.model:
        raise BadEntry(_("This VIN is registered as {model}."), CLAUSE, "model", model=found.model)
    return found


def _customer(
    known: Customer | None, words: dict[str, Any], vehicle: Vehicle, by: Any, at: dt.datetime
) -> Customer:
    """One of his own, or whose the vehicle is already: a number alone opens nobody's data to him."""
    if known is not None:
        if known.seller_id != by.pk and not (known.seller_id is None and known.pk == vehicle.customer_id):
            raise BadEntry(_("There is no customer of yours with this number."), CLAUSE, "customer")
        return known
    given = {name: (words.get(name) or "").strip() for name in PERSONAL}
    for name in ("name", "phone"):
        if not given[name]:
            raise BadEntry(
                _("A new customer has a name and a phone; or enter the number of a known one."), CLAUSE, name
            )
    mine = Customer.objects.filter(persons__phone=given["phone"], seller=by, erased_at=None).first()
    if mine is not None:
        raise BadEntry(
            _("This phone is known: it is customer {number}."), CLAUSE, "phone", number=mine.number
        )
    kind, region = words.get("kind") or "private", words.get("region") or ""
    return open_customer(write_down(**given), kind=kind, region=region, seller=by, at=at)


def _points(explained: Collection[str], reason: str, day: dt.date, version: str = "") -> list[str]:
    """The points in the order of the list; an open one has a reason."""
    points = (named(version) if version else checklist_of(day)).points
    if unknown := set(explained) - set(points):
        raise BadEntry(_("This point is not on the list."), CLAUSE, "explained", point=min(unknown))
    if len(set(explained)) < len(points) and not reason.strip():
        raise BadEntry(
            _("{count} points were not explained: explain them, or write down why not."), CLAUSE, "reason",
            count=len(points) - len(set(explained)),
        )  # fmt: skip
    return [key for key in points if key in explained]


def _day(day: dt.date, vehicle: Vehicle, at: dt.datetime) -> None:
    if day > local_day(at):
        raise BadEntry(_("The day of delivery has not come yet."), CLAUSE, "delivered_on")
    if vehicle.built_on and day < vehicle.built_on:
        raise BadEntry(_("A vehicle is not delivered before it is built."), CLAUSE, "delivered_on")


def _before(vehicle: Vehicle) -> dict[str, Any]:
    day = vehicle.delivered_on
    return {
        "delivered_on": day and day.isoformat(),
        "customer": vehicle.customer_id,
        "seller": vehicle.seller_id,
    }


def _kept(photo: Any) -> dict[str, str]:
    """Judge and keep a picture; nothing for none."""
    if not photo:
        return {}
    stored = photo if isinstance(photo, files.Kept) else files.take(photo, "image", "photo")
    return {"sha256": stored.sha256, "key": secrets.token_hex(16)}


def _signed(row: Delivery, signer: str, strokes: str, by: Any, at: dt.datetime) -> None:
    """The customer's hand: his name, typed, and the strokes if he drew them. Both are personal data."""
    if not signer.strip():
        raise BadEntry(_("The customer signs: his name, and his signature if he can."), CLAUSE, "signer")
    person = write_down(name=signer.strip())
    person.customer = row.customer
    person.save(update_fields=["customer"])
    DeliverySignature.objects.create(
        delivery=row, person=person, strokes=_strokes(strokes), signed_at=at, witness=by
    )


def _strokes(text: str) -> str:
    """What the field of the signature sends: lists of points, or nothing."""
    if text and (len(text) > LONGEST or not strokes_of(text)):
        raise BadEntry(_("The signature could not be read. Please sign again."), CLAUSE, "strokes")
    return text


def _take_over(row: Delivery, *, by: Any, at: dt.datetime) -> None:
    """The vehicle is the customer's from that day on, and so its warranty counts (4.5a)."""
    vehicle, owner = row.vehicle, row.customer
    vehicle.delivered_on, vehicle.customer = row.delivered_on, owner
    vehicle.seller_id = vehicle.seller_id or by.pk
    hand(vehicle, by=by, at=at, why=row.number)
    vehicle.save()
    if owner.seller_id is None:
        owner.seller = by
        hand(owner, by=by, at=at, why=row.number)
        owner.save()


@transaction.atomic
def correct(
    row: Delivery,
    *,
    correction: str,
    by: Any,
    at: dt.datetime,
    signer: str = "",
    strokes: str = "",
    **facts: Any,
) -> Delivery:
    """The next version of a record; the one before stays as it was signed. A point that is ticked only now needs the
    customer's signature anew: nobody else can say that he was told."""
    row = _held(row, by)
    living(row.customer, CLAUSE)  # whatever a correction says, it says of him (PIPL 47)
    if not correction.strip():
        raise BadEntry(_("Write down why the record is corrected."), CLAUSE, "correction")
    said = {name: facts.get(name, getattr(row, name)) for name in FACTS}
    points = _points(said["explained"], said["reason"], row.delivered_on, row.checklist)
    _day(said["delivered_on"], row.vehicle, at)
    if not signer.strip():
        _still_signed(row, said, points)
    said["explained"] = points
    _may_say_day(row, said["delivered_on"], by)
    follows = _next(row, said, correction, by, at)
    if signer.strip():
        _signed(follows, signer, strokes, by, at)
    _follow_day(row, follows, by, at)
    return follows


def _may_say_day(row: Delivery, day: dt.date, by: Any) -> None:
    """Whose vehicle it is not any more says nothing about its warranty (J09)."""
    if day != row.delivered_on and row.vehicle.seller_id not in (None, by.pk):
        raise BadEntry(
            _("This vehicle has another salesperson now; the day of delivery is his to correct."), CLAUSE, "delivered_on"
        )  # fmt: skip


def _follow_day(row: Delivery, follows: Delivery, by: Any, at: dt.datetime) -> None:
    """The vehicle's day was this record's and goes with it (4.5a); who has the vehicle since then keeps it."""
    follows.vehicle = vehicle = Vehicle.objects.select_for_update(of=("self",)).get(pk=row.vehicle_id)
    if vehicle.delivered_on != row.delivered_on or follows.delivered_on == row.delivered_on:
        return
    vehicle.delivered_on = follows.delivered_on
    hand(vehicle, by=by, at=at, why=follows.number)
    vehicle.save()


def _still_signed(row: Delivery, said: dict[str, Any], points: list[str]) -> None:
    """What the customer alone can say needs his hand anew: points that he was told, his consent, the day that starts his
    warranty."""
    if set(points) - set(row.explained):
        raise BadEntry(_("More points than before: the customer signs for them."), CLAUSE, "signer")
    if said["consent"] and not row.consent:
        raise BadEntry(
            _("The customer himself agrees that we keep his data: he signs for it."), CLAUSE, "signer"
        )
    if said["delivered_on"] != row.delivered_on:
        raise BadEntry(
            _("Another day of delivery than he signed for: the customer signs again."), CLAUSE, "signer"
        )


def _held(row: Delivery, by: Any) -> Delivery:
    """The record, locked; only the current version is acted upon, by whose sale it was."""
    held(row.customer)  # before record and vehicle, as a merge does
    found = (
        Delivery.objects.select_for_update(of=("self",)).select_related("vehicle", "customer").get(pk=row.pk)
    )
    demand(by, BRIEF, found)
    if found.withdrawn_at is not None:
        raise OutOfTurn(_("This record was withdrawn."), CLAUSE)
    if not found.current:
        raise Stale(_("There is a later version of this record; please open that one."), CLAUSE)
    return found


def _next(row: Delivery, said: dict[str, Any], correction: str, by: Any, at: dt.datetime) -> Delivery:
    row.current = False
    hand(row, by=by, at=at, why="corrected")
    row.save()
    follows = Delivery(
        number=f"{row.series}-{row.version + 1}", vehicle=row.vehicle, customer=row.customer, version=row.version + 1,
        replaces=row, checklist=row.checklist, correction=correction.strip(), before=row.before, sha256=row.sha256,
        key=secrets.token_hex(16) if row.sha256 else "", **said,
    )  # fmt: skip
    follows.sign(by=by, at=at, why="correct")
    follows.save()
    return follows


@transaction.atomic
def withdraw(row: Delivery, *, reason: str, by: Any, at: dt.datetime) -> Delivery:
    """A record of the wrong vehicle: it stays, but counts no more, and the vehicle is what it was before."""
    row = _held(row, by)
    if not reason.strip():
        raise BadEntry(_("Write down why the record is withdrawn."), CLAUSE, "reason")
    row.current, row.withdrawn_at = False, at
    row.sign(by=by, at=at, why=reason.strip())
    row.save()
    vehicle, before = row.vehicle, row.before
    if vehicle.customer_id == row.customer_id and vehicle.delivered_on == row.delivered_on:
        day = before.get("delivered_on")
        vehicle.delivered_on = dt.date.fromisoformat(day) if day else None
        owner = Customer.objects.filter(pk=before.get("customer")).first()
        vehicle.customer, vehicle.seller_id = owner and who_is_now(owner), before.get("seller")
        hand(vehicle, by=by, at=at, why=row.number)
        vehicle.save()
    audit("delivery.withdrawn", by=by, at=at, subject=f"delivery:{row.number}", reason=reason.strip())
    return row


def signature_of(row: Delivery) -> DeliverySignature | None:
    """The customer's hand under this version, else under the last one before it that he signed."""
    while True:
        found = (
            DeliverySignature.objects.filter(delivery=row)
            .select_related("person", "witness", "delivery")
            .first()
        )
        if found is not None or row.replaces is None:
            return found
        row = row.replaces

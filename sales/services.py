"""Acts of sales: customers, vehicles, and the erasure of personal data."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.services import audit
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, Stale

from . import events
from .forgetting import forget_deliveries
from .identity import UNKNOWN, held, living
from .lead_services.forgetting import forget as forget_leads
from .models import PERSONAL, Customer, Delivery, Person, Vehicle, filled
from .selectors import customers_by_phone, rows_of, state_of


def write_down(**words: str) -> Person:
    """A new row of personal data, as somebody gave it."""
    return Person.objects.create(**{k: v or "" for k, v in words.items() if k in PERSONAL})


@transaction.atomic
def open_customer(
    person: Person, *, kind: str = "private", region: str = "", seller: Any = None, at: dt.datetime
) -> Customer:
    """A customer for a person who wrote or called; his row of personal data becomes the customer's."""
    customer = Customer.objects.create(
        number=next_number("GK", at), kind=kind, region=region, person=person, seller=seller, made_at=at
    )
    person.customer = customer
    person.save(update_fields=["customer"])
    return customer


def met(
    words: dict[str, str], *, region: str, seller: Any = None, at: dt.datetime
) -> tuple[Customer, Person]:
    """A person as he was written down: of the customer whose phone it is, as who that one is now (A23), or of a new one."""
    known, person = customers_by_phone(words["phone"]), write_down(**words)
    if not known:
        return open_customer(person, region=region, seller=seller, at=at), person
    person.customer = customer = held(known[0])
    person.save(update_fields=["customer"])
    return customer, person


@transaction.atomic
def change_person(person: Person, *, by: Any, at: dt.datetime, **words: str) -> None:
    """Correct a row of personal data; that it was changed is kept, the words are not (PIPL). Of an erased one nothing is."""
    person.refresh_from_db(from_queryset=Person.objects.select_for_update())
    if person.erased_at is not None:
        refuse_more(words)
    changed = sorted(k for k, v in words.items() if k in PERSONAL and getattr(person, k) != (v or ""))
    for name in changed:
        setattr(person, name, words[name] or "")
    if changed:
        person.save()
        audit("person.changed", by=by, at=at, subject=f"person:{person.pk}", fields=changed)


def refuse_more(words: dict[str, Any]) -> None:
    """Refuse, at its field, what somebody would write down about a person who was erased (PIPL 47)."""
    given = next((name for name, word in words.items() if word), None)
    if given is not None:
        raise BadEntry(
            _("The personal data here was erased; nothing more is written down about this customer."),
            field=given,
        )


@transaction.atomic
def register_vehicle(*, vin: str, model: Any, by: Any, at: dt.datetime, **facts: Any) -> Vehicle:
    """Enter a vehicle; its VIN is kept in capitals without blanks."""
    plain = "".join(vin.split()).upper()
    if "/" in plain:
        raise BadEntry(_("A VIN has no stroke (/)."), field="vin")
    if is_registered(plain):
        raise _registered()
    _has_come(facts.get("delivered_on"), at)
    vehicle = Vehicle(vin=plain, model=model, made_at=at, **_his(facts, by))
    hand(vehicle, by=by, at=at)
    _first(vehicle)
    return vehicle


def _has_come(day: dt.date | None, at: dt.datetime) -> None:
    """A delivery of tomorrow would start a warranty (4.5a)."""
    if day is not None and day > local_day(at):
        raise BadEntry(_("The day of delivery has not come yet."), "4.5a", "delivered_on")


def is_registered(vin: str) -> bool:
    return Vehicle.objects.filter(vin=vin).exists()


def _registered() -> BadEntry:
    return BadEntry(_("A vehicle with this VIN is already registered."), field="vin")


def _first(vehicle: Vehicle) -> None:
    """Whoever comes second at the same moment reads the same as a minute later."""
    try:
        with transaction.atomic():
            vehicle.save()
    except IntegrityError as error:
        raise _registered() from error


def _his(facts: dict[str, Any], by: Any) -> dict[str, Any]:
    """A customer among the facts is who he is now; nobody binds a vehicle to one whom he may not open (J09): what hangs on
    the vehicle would open him."""
    if facts.get("customer") is None:
        return facts
    owner = living(facts["customer"])
    if by is not None and not may(by, "customer.view", owner):
        raise BadEntry(UNKNOWN, field="customer")
    return facts | {"customer": owner}


@transaction.atomic
def change_vehicle(
    vehicle: Vehicle, *, by: Any, at: dt.datetime, seen: str | None = None, **facts: Any
) -> Vehicle:
    """Change what is known of a vehicle; its day of delivery only while no record of the hand-over says it (2.1). `seen`: its
    state as the page showed it; raises `Stale` if it is another by now."""
    if facts.get("customer") not in (None, vehicle.customer):
        facts = _his(facts, by)  # before the vehicle, as a merge does
    vehicle.refresh_from_db(from_queryset=Vehicle.objects.select_for_update(of=("self",)))
    _as_seen(vehicle, seen)
    day = facts.get("delivered_on", vehicle.delivered_on)
    if day != vehicle.delivered_on:
        _has_come(day, at)
        as_recorded(Delivery.objects.filter(vehicle=vehicle, current=True).first(), day)
    for name, value in facts.items():
        setattr(vehicle, name, value)
    hand(vehicle, by=by, at=at)
    vehicle.save()
    return vehicle


def _as_seen(row: Vehicle | Customer, seen: str | None) -> None:
    if seen is not None and seen != state_of(row):
        raise Stale(
            _("Somebody else has changed this meanwhile. Nothing was saved; your entries are still here.")
        )


def as_recorded(record: Delivery | None, day: dt.date | None) -> None:
    """Refuse a day of delivery that the vehicle's delivery record contradicts."""
    if record is not None and record.delivered_on != day:
        raise BadEntry(
            _("The delivery record {number} says {day}; correct it there."), "2.1", "delivered_on",
            number=record.number, day=record.delivered_on.isoformat(),
        )  # fmt: skip


@transaction.atomic
def change_customer(
    customer: Customer, *, by: Any, at: dt.datetime, seen: str | None = None, **facts: Any
) -> Customer:
    """Change what is known of a customer; his personal words go to his person's row. Of an erased one nothing is changed. `seen`
    as for a vehicle."""
    customer = living(customer)
    _as_seen(customer, seen)
    change_person(customer.person, by=by, at=at, **{k: v for k, v in facts.items() if k in PERSONAL})
    for name, value in facts.items():
        if name not in PERSONAL:
            setattr(customer, name, value)
    hand(customer, by=by, at=at)
    customer.save()
    return customer


def forget_persons(persons: Iterable[int], *, at: dt.datetime) -> None:
    """Overwrite rows of personal data, also those that were filled again; whoever refers to them keeps the id."""
    rows = Person.objects.filter(Q(erased_at=None) | filled(PERSONAL), pk__in=list(persons))
    for person in rows.select_for_update(of=("self",)).order_by("pk"):
        for name in PERSONAL:
            setattr(person, name, "")
        person.erased_at = at
        person.save()


@transaction.atomic
def erase(customer: Customer, *, by: Any, seconded_by: Any, at: dt.datetime, reason: str) -> None:
    """Overwrite everything personal about a customer, of all rows that are he (A17; SD11: two people).

    The ids stay, so that tickets, history and ledger keep their meaning; what he wrote himself goes through
    `customer_erased`, heard by the departments that keep a customer's own words. Done again it overwrites what came since.
    """
    if seconded_by is None or seconded_by.pk == by.pk:
        raise BadEntry(_("The erasure of personal data needs a second person."), "SD11")
    customer = held(customer)
    rows = rows_of(customer)
    persons = list(Person.objects.filter(customer__in=rows).values_list("pk", flat=True))
    # papers before persons, in the order of whoever corrects a paper
    events.customer_erased.send(Customer, customer=customer, rows=rows, persons=persons, at=at, by=by)
    forget_deliveries(rows, persons, at=at)
    forget_leads(rows, by=by, at=at)
    forget_persons(persons, at=at)
    for row in Customer.objects.filter(Q(erased_at=None) | filled(["region"]), pk__in=rows):
        row.erased_at, row.region = at, ""
        hand(row, by=by, at=at)
        row.save()
    audit(
        "customer.erased",
        by=by,
        at=at,
        subject=f"customer:{customer.number}",
        seconded_by=seconded_by.pk,
        reason=reason,
    )

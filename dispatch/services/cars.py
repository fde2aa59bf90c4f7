"""The cars of the company (6.1, 6.2): register, fuel, when insurance and maintenance are due."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.charter import Fact
from aftersales.limits import local_day
from aftersales.money import is_amount, round_fen
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, Stale
from deadlines import services as deadlines

from ..flow import BOOKED
from ..models import Car, Fuel, Trip

CLAUSE = "6.2"
#: kilometres by which a reading may lie above the register's; a slip of the pen would refuse every true one after it
JUMP = 20_000
#: litres or kWh of one refuelling; no tank holds more
TANK = 2_000
#: what the register's form says; the odometer has its own way, because trips and refuelling move it meanwhile
FACTS = ("plate", "name", "seats", "insured_until", "service_on", "active", "note")


@transaction.atomic
def save_car(car: Car, *, by: Any, at: dt.datetime, odometer: int | None = None) -> Car:
    """Write a new car or its changed facts down (E06); its clocks follow the days that it names, or end with them.

    `odometer` corrects the reading of a car that is registered already. Raises `Stale` if somebody changed the car since
    it was read, `BadEntry` at `plate` (known already) or `active` (a trip still has it).
    """
    demand(by, "car.write")
    held = _held(car) if car.pk else car
    if Car.objects.filter(plate=car.plate).exclude(pk=car.pk).exists():
        raise BadEntry(_("A car with this number plate is registered already."), CLAUSE, "plate")
    if not held.active:
        _is_free(held)
    held.odometer = held.odometer if odometer is None else odometer
    held.revision += 1
    hand(held, by=by, at=at, why="car")
    held.save()
    _tell_clocks(held, by, at)
    return held


def _held(car: Car) -> Car:
    """The car under its lock with the facts as they are to be."""
    held = locked(car)
    if held.revision != car.revision:
        raise Stale(
            _("Somebody else has changed this car meanwhile. Nothing was saved; please look at it again.")
        )
    for name in FACTS:
        setattr(held, name, getattr(car, name))
    return held


def _is_free(car: Car) -> None:
    trip = Trip.objects.filter(car=car.pk, stage__in=BOOKED).first() if car.pk else None
    if trip is not None:
        raise BadEntry(_("Trip {number} still has this car."), CLAUSE, "active", number=trip.number)


def _tell_clocks(car: Car, by: Any, at: dt.datetime) -> None:
    facts = (Fact.CAR_INSURED, Fact.CAR_SERVICED) if car.active else (Fact.CAR_LEFT,)
    for fact in facts:
        deadlines.record(fact, car, at=at, by=by)


def locked(car: Car) -> Car:
    """The car as it stands now, its row locked until the act is done."""
    return Car.objects.select_for_update(of=("self",)).get(pk=car.pk)


def no_jump(car: Car, odometer: int, clause: str) -> None:
    """Raises `BadEntry` at `odometer` where the reading lies too far above the register's; a car of which none is known may
    stand anywhere."""
    if car.odometer and odometer > car.odometer + JUMP:
        sentence = _("The register says {km} km; look at the reading, or have the car's corrected first.")
        raise BadEntry(sentence, clause, "odometer", km=car.odometer)


def read_odometer(car: Car, odometer: int, *, by: Any, at: dt.datetime, why: str) -> None:
    """What a locked car's odometer shows; it never goes back."""
    if odometer > car.odometer:
        car.odometer = odometer
        hand(car, by=by, at=at, why=why)
        car.save()


@transaction.atomic
def refuel(
    car: Car, *, day: dt.date, litres: Decimal, amount: Decimal, odometer: int, by: Any, at: dt.datetime, place: str = ""
) -> Fuel:  # fmt: skip
    """One refuelling (E03). Raises `BadEntry` at `day`, `litres`, `amount` or `odometer` (it does not go back)."""
    demand(by, "vehicle.fuel_log")
    held = locked(car)
    if day > local_day(at):
        raise BadEntry(_("This day lies in the future."), CLAUSE, "day")
    for name, value in (("litres", litres), ("amount", amount)):
        if not is_amount(value):
            raise BadEntry(_("A number of more than 0.00, with two decimals at most."), CLAUSE, name)
    if litres > TANK:
        raise BadEntry(_("No tank holds so much; please look at the number."), CLAUSE, "litres")
    no_jump(held, odometer, CLAUSE)
    _fits_between(held, day, odometer)
    row = Fuel.objects.create(
        car=held,
        day=day,
        litres=litres,
        amount=round_fen(amount),
        odometer=odometer,
        place=place,
        at=at,
        by=by,
    )
    read_odometer(held, odometer, by=by, at=at, why="fuel")
    return row


def _fits_between(car: Car, day: dt.date, odometer: int) -> None:
    """Receipts are often entered late: the reading lies between those of the days before and after."""
    before = car.fuel.filter(day__lte=day).order_by("-odometer").values_list("odometer", flat=True).first()
    after = car.fuel.filter(day__gt=day).order_by("odometer").values_list("odometer", flat=True).first()
    if odometer < (before or 0) or (after is not None and odometer > after):
        raise BadEntry(_("The odometer does not go back; please look at the reading."), CLAUSE, "odometer")

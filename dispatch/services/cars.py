"""The cars of the company (6.1, 6.2): register, fuel, when insurance and maintenance are due."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.charter import Fact
from aftersales.limits import local_day
from aftersales.money import LARGEST, round_fen
from aftersales.paperwork import hand
from aftersales.problems import BadEntry
from deadlines import services as deadlines

from ..models import Car, Fuel

CLAUSE = "6.2"


@transaction.atomic
def save_car(car: Car, *, by: Any, at: dt.datetime) -> Car:
    """Write a new car or its changed facts down (E06); its clocks follow the days that it names."""
    demand(by, "car.write")
    hand(car, by=by, at=at, why="car")
    car.revision += 1
    car.save()
    if not car.active:
        deadlines.record(Fact.CAR_LEFT, car, at=at, by=by)
        return car
    for fact, day in ((Fact.CAR_INSURED, car.insured_until), (Fact.CAR_SERVICED, car.service_on)):
        if day is not None:
            deadlines.record(fact, car, at=at, by=by)
    return car


@transaction.atomic
def refuel(
    car: Car,
    *,
    day: dt.date,
    litres: Decimal,
    amount: Decimal,
    odometer: int,
    by: Any,
    at: dt.datetime,
    place: str = "",
) -> Fuel:
    """One refuelling (E03). Raises `BadEntry` at `day`, `litres`, `amount` or `odometer` (it does not go back)."""
    demand(by, "vehicle.fuel_log")
    held = Car.objects.select_for_update(of=("self",)).get(pk=car.pk)
    if day > local_day(at):
        raise BadEntry(_("This day lies in the future."), CLAUSE, "day")
    for name, value in (("litres", litres), ("amount", amount)):
        if not value.is_finite() or not 0 < value <= LARGEST or value != round(value, 2):
            raise BadEntry(_("A number of more than 0.00, with two decimals at most."), CLAUSE, name)
    before = held.fuel.filter(day__lte=day).order_by("-odometer").values_list("odometer", flat=True).first()
    after = held.fuel.filter(day__gt=day).order_by("odometer").values_list("odometer", flat=True).first()
    if odometer < (before or 0) or (after is not None and odometer > after):
        raise BadEntry(_("The odometer does not go back; please look at the reading."), CLAUSE, "odometer")
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
    Car.objects.filter(pk=held.pk, odometer__lt=odometer).update(odometer=odometer)
    return row

"""The demonstration company's models, vehicles and customers."""

import datetime as dt
import random
from typing import Any

from aftersales.limits import moment_of
from catalogue.models import VehicleModel, WarrantyTerm
from sales import services as sales
from sales.models import Customer, Vehicle

from . import words

FIRST_DAY = dt.date(2023, 1, 1)


def models() -> list[VehicleModel]:
    """The catalogue with a term for the whole vehicle and a longer one for the battery."""
    rows = []
    for code, name, family, hours, months, km in words.MODELS:
        row = VehicleModel.objects.create(code=code, name=name, family=family, counts_hours=hours)
        WarrantyTerm.objects.create(model=row, part_group="whole", since=FIRST_DAY, months=months, km=km)
        WarrantyTerm.objects.create(model=row, part_group="battery", since=FIRST_DAY, months=24, km=None)
        WarrantyTerm.objects.create(model=row, part_group="tyres", since=FIRST_DAY, months=6, km=10_000)
        rows.append(row)
    return rows


def name(rng: random.Random) -> str:
    return rng.choice(words.SURNAMES) + rng.choice(words.GIVEN)


def phone(number: int) -> str:
    """A number of the right form that is plainly invented: 138 0000 xxxx …"""
    return f"+861380000{number:04d}"


def customers(rng: random.Random, sellers: list[Any], start: dt.datetime, count: int = 300) -> list[Customer]:
    rows = []
    for number in range(count):
        kind = rng.choices(["private", "company", "dealer"], [6, 3, 1])[0]
        unit = "" if kind == "private" else rng.choice(words.UNITS)
        region = rng.choices(words.REGIONS, range(len(words.REGIONS), 0, -1))[0]
        street = f"{rng.choice(words.STREETS)}{rng.randint(1, 288)}号"
        person = sales.write_down(name=name(rng), phone=phone(number), organisation=unit, street=street)
        rows.append(
            sales.open_customer(person, kind=kind, region=region, seller=rng.choice(sellers), at=start)
        )
    return rows


def vehicles(
    rng: random.Random,
    kinds: list[VehicleModel],
    owners: list[Customer],
    start: dt.datetime,
    end: dt.datetime,
    count: int = 60,
) -> list[Vehicle]:
    rows = []
    for number in range(count):
        owner, kind = rng.choice(owners), rng.choice(kinds)
        delivered = (start + (end - start) * rng.random() * 0.9).date()
        entered = moment_of(delivered, dt.time(9))
        rows.append(sales.register_vehicle(
            vin=f"LFY{kind.code.replace('-', '')}{delivered.year}{number + 1001:06d}", model=kind, by=owner.seller, at=entered,
            delivered_on=delivered, built_on=delivered - dt.timedelta(days=rng.randint(10, 90)), customer=owner,
            seller=owner.seller, plate=f"FY{number + 101}" if rng.random() < 0.4 else "",
            motor_no=f"M{rng.randint(10**7, 10**8)}", battery_no=f"B{rng.randint(10**7, 10**8)}",
        ))  # fmt: skip
    return rows

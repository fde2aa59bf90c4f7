"""Trips driven by dispatch's own services, and claims for them, as the tests of travel costs need them."""

import datetime as dt
import io
import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftersales.limits import moment_of
from dispatch.models import Car, Fine, Trip
from dispatch.services import fining, trips
from finance.models import Claim, LineKind
from finance.services import claims
from tests import build

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MARCH_2, MARCH_5 = dt.date(2026, 3, 2), dt.date(2026, 3, 5)
_count = itertools.count(1)


def at(day: dt.date, hour: int = 8) -> dt.datetime:
    return moment_of(day, dt.time(hour))


class Road:
    """A company with a vehicle manager, a car and a driver; `trip` is asked for, approved, gone and back."""

    def __init__(self, company: Any) -> None:
        self.who = company
        self.manager = build.person("GA", grants=("vehicle_manager",))
        self.driver = build.person("GA", grants=("driver",))
        self.leader = build.person("MGR", grants=("leader_approve",))
        self.payer = build.person("FIN")

    def ticket(self, day: dt.date = MARCH_2, engineer: Any = None) -> Any:
        who = type("Crew", (), {"eng": engineer or self.who.eng, "cs": self.who.cs})
        return build.ticket(at_stage="contacted", at=at(day, 6) - 2 * DAY, company=who)

    def asked(
        self,
        first: dt.date = MARCH_2,
        last: dt.date = MARCH_5,
        people: Any = None,
        tickets: Any = None,
        hour: int = 8,
    ) -> Trip:
        served = tickets or [self.ticket(first)]
        return trips.request(
            tickets=served, people=people or [served[0].engineer], place="盐城市亭湖区", city="盐城", kilometres=260,
            leaves_at=at(first, hour), returns_at=at(last, 20), easy_access=True, severe_weather=False, bulky=False,
            by=served[0].engineer, at=at(first, 6) - DAY,
        )  # fmt: skip

    def approved(self, *args: Any, **facts: Any) -> Trip:
        trip = self.asked(*args, **facts)
        return trips.approve(trip, means="ride", reason="", by=self.manager, at=trip.made_at + HOUR)

    def gone(self, *args: Any, km: int | None = None, **facts: Any) -> Trip:
        """On its way; with `km` by the company's car, driven by the driver."""
        trip = self.asked(*args, **facts)
        hand: dict[str, Any] = {"by": self.manager, "at": trip.made_at + HOUR}
        if km is None:
            trip = trips.approve(trip, means="ride", reason="", **hand)
        else:
            car = Car.objects.create(plate=f"苏J{next(_count):05d}", name="皮卡", seats=7)
            trip = trips.approve(trip, means="car", car=car, driver=self.driver, reason="急件", **hand)
        return trips.depart(trip, by=trip.requester, at=trip.leaves_at, odometer=None if km is None else 1000)

    def trip(self, *args: Any, km: int | None = None, **facts: Any) -> Trip:
        trip = self.gone(*args, km=km, **facts)
        odometer = None if km is None else 1000 + km
        return trips.come_back(trip, by=trip.requester, at=trip.returns_at, odometer=odometer)

    def fine(self, amount: str, trip: Trip | None = None, when: dt.datetime | None = None) -> Fine:
        """Entered a day after it happened: on the trip, or by the driver on no trip at all."""
        car = (
            trip.car if trip is not None else Car.objects.create(plate=f"苏J{next(_count):05d}", name="轿车")
        )
        assert car is not None
        moment = when or (trip.leaves_at + HOUR if trip is not None else at(MARCH_2))
        return fining.enter(
            car, happened_at=moment, offence="超速", notice=f"N{next(_count)}", amount=Decimal(amount),
            driver=None if trip is not None else self.driver, by=self.manager, at=moment + DAY,
        )  # fmt: skip

    # --- claims
    def write(
        self, trip: Trip, *entries: claims.Entry, by: Any = None, when: dt.datetime | None = None
    ) -> Claim:
        when = when or at(MARCH_5, 21)
        return claims.write(
            trip, entries or [meals()], by=by or trip.requester, at=max(when, trip.returned_at or when)
        )

    def submitted(self, trip: Trip, *entries: claims.Entry, **facts: Any) -> Claim:
        paper = self.write(trip, *entries, **facts)
        return claims.submit(paper, by=paper.claimant, at=paper.made_at + HOUR)

    def checked(self, trip: Trip, *entries: claims.Entry, struck: Any = None, **facts: Any) -> Claim:
        paper = self.submitted(trip, *entries, **facts)
        return claims.check(paper, by=self.who.fin, at=paper.made_at + 2 * HOUR, struck=struck)

    def decided(self, trip: Trip, *entries: claims.Entry, yes: bool = True, **facts: Any) -> Claim:
        paper = self.checked(trip, *entries, **facts)
        granted = {line.pk: (yes, "情况属实") for line in paper.lines.all() if line.needs_leader}
        return claims.decide(paper, by=self.leader, at=paper.made_at + 3 * HOUR, granted=granted)

    def pay(self, paper: Claim, when: dt.datetime | None = None, by: Any = None) -> Claim:
        return claims.pay(paper, by=by or self.payer, at=when or paper.made_at + 4 * HOUR)

    def paid(
        self, trip: Trip, *entries: claims.Entry, when: dt.datetime | None = None, **facts: Any
    ) -> Claim:
        return self.pay(self.checked(trip, *entries, **facts), when)


@pytest.fixture
def road(people: Any, settings: Any, tmp_path: Any) -> Road:
    settings.MEDIA_ROOT = tmp_path
    return Road(people)


# --- lines
def receipt(shade: int | None = None) -> SimpleUploadedFile:
    """A photo, each of another shade unless it is given."""
    n = shade if shade is not None else next(_count)
    out = io.BytesIO()
    Image.new("RGB", (40 + n % 50, 30 + n // 50), (n % 256, 90, 120)).save(out, "PNG")
    return SimpleUploadedFile("receipt.png", out.getvalue(), "image/png")


def meals() -> claims.Entry:
    return claims.Entry(LineKind.MEALS)


def night(day: dt.date, amount: str, **facts: Any) -> claims.Entry:
    return claims.Entry(LineKind.LODGING, day, Decimal(amount), **{"photo": receipt()} | facts)


def ride(amount: str, day: dt.date = MARCH_2, **facts: Any) -> claims.Entry:
    return claims.Entry(LineKind.TRANSPORT, day, Decimal(amount), **{"photo": receipt()} | facts)


def freight(amount: str, day: dt.date = MARCH_2, **facts: Any) -> claims.Entry:
    return claims.Entry(
        LineKind.FREIGHT, day, Decimal(amount), **{"photo": receipt(), "way": "collect"} | facts
    )


def lost(amount: str, day: dt.date = MARCH_2, note: str = "摩的进厂，没有票据") -> claims.Entry:
    return claims.Entry(LineKind.NO_RECEIPT, day, Decimal(amount), note)

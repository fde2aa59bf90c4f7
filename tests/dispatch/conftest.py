"""A yard with cars and drivers, an engineer with tickets, a vehicle manager who decides."""

import datetime as dt
from typing import Any

import pytest

from dispatch.models import Car, Trip
from dispatch.services import cars, trips
from tests import build
from tests.parts.conftest import as_user, signed_in

__all__ = ["as_user", "signed_in"]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Yard:
    """Drives the real services. Trips leave `hours` after the moment `at`; they are asked for at `at`."""

    def __init__(self, company: Any, at: dt.datetime) -> None:
        self.who, self.at = company, at
        self.manager = build.person("GA", grants=("vehicle_manager",))
        self.eng = company.eng
        self.count = 0

    def ticket(self, **facts: Any) -> Any:
        facts = {"at_stage": "planned", "plan": "c", "at": self.at - 2 * HOUR, "company": self.who} | facts
        return build.ticket(facts.pop("at_stage"), **facts)

    def car(self, **facts: Any) -> Car:
        self.count += 1
        facts = {"plate": f"苏M·{self.count:05}", "name": "依维柯", "seats": 5, "odometer": 12_000} | facts
        return cars.save_car(Car(**facts), by=self.manager, at=self.at)

    def driver(self, *roles: str) -> Any:
        return build.person(*(roles or ("GA",)), grants=("driver",))

    def asked(self, *, hours: float = 1, takes: float = 8, **facts: Any) -> Trip:
        """Nearby, hard to reach, back late: the advice depends on `facts`; without them 6.1a."""
        leaves = self.at + hours * HOUR
        given = {
            "tickets": None, "people": [self.eng], "place": "泰州海陵区", "city": "泰州", "kilometres": None, "leaves_at": leaves,
            "returns_at": leaves + takes * HOUR, "easy_access": True, "severe_weather": False, "bulky": False, "by": self.eng,
            "at": self.at,
        } | facts  # fmt: skip
        given["tickets"] = given["tickets"] or [self.ticket()]
        return trips.request(**given)

    def approved(self, car: Any = None, driver: Any = None, **facts: Any) -> Trip:
        """By car, which the bulky part that comes along advises (6.1c)."""
        reason = facts.pop("reason", "")
        paper = self.asked(bulky=True, **facts)
        return self.by_car(paper, car or self.car(), driver or self.driver(), reason=reason)

    def by_car(self, paper: Trip, car: Any, driver: Any, **facts: Any) -> Trip:
        given = {"means": "car", "car": car, "driver": driver, "by": self.manager, "at": self.at} | facts
        return trips.approve(paper, **given)

    def departed(self, *args: Any, odometer: int = 12_000, **facts: Any) -> Trip:
        paper = self.approved(*args, **facts)
        return trips.depart(paper, by=self.eng, at=paper.leaves_at, odometer=odometer)

    def returned(self, *args: Any, km: int = 137, **facts: Any) -> Trip:
        paper = self.departed(*args, **facts)
        return trips.come_back(paper, by=self.eng, at=paper.returns_at, odometer=paper.odometer_out + km)


@pytest.fixture
def yard(people: Any, monday: dt.datetime) -> Yard:
    return Yard(people, monday)


@pytest.fixture
def now_yard(people: Any) -> Yard:
    """The same in the present, for pages, which read the database's clock."""
    from django.utils import timezone

    return Yard(people, timezone.now().replace(second=0, microsecond=0) - 30 * HOUR)


@pytest.fixture(autouse=True)
def _sentences_in_english(english: None) -> None:
    """What the services refuse is compared in English here."""

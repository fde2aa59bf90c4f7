"""What a journey may cost (8.2–8.5), as pure decisions over days, persons and rates: no table is asked here."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from aftersales.money import fen_of, round_fen, split, yuan_of

DAY = dt.timedelta(days=1)
PersonDay = tuple[int, dt.date]
#: yuan per person and day, per room and night, or per kilometre, by the day itself
Rate = Callable[[dt.date], Decimal]


@dataclass(frozen=True)
class Journey:
    """Who was away from when until when: departure and return day both count. `order` is the trip's own number: it decides
    between two that left in the same second."""

    left: dt.datetime
    order: int
    first: dt.date
    last: dt.date
    people: frozenset[int]

    @property
    def rank(self) -> tuple[dt.datetime, int]:
        return self.left, self.order

    def covers(self, person: int, day: dt.date) -> bool:
        return person in self.people and self.first <= day <= self.last


def days_of(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every calendar day, departure and return day included."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def nights_of(first: dt.date, last: dt.date) -> list[dt.date]:
    """The nights, each named by the day on which it begins: none on the day of the return."""
    return days_of(first, last)[:-1]


def meal_days(mine: Journey, others: Iterable[Journey] = ()) -> list[PersonDay]:
    """Whose meals on which days belong to this journey: a day shared by two belongs to the one that left first (domain 11)."""
    before = [other for other in others if other.rank < mine.rank]
    return [
        (person, day)
        for day in days_of(mine.first, mine.last)
        for person in sorted(mine.people)
        if not any(other.covers(person, day) for other in before)
    ]


def meals(owned: Iterable[PersonDay], rate: Rate) -> Decimal:
    """Yuan for so many person-days, each at the rate of its own day (8.3)."""
    return sum((rate(day) for _person, day in owned), Decimal("0.00"))


def lodging_cap(persons: int, rate: Decimal) -> Decimal:
    """The standard of one night: two persons share a room, one person has one (8.3)."""
    return -(-persons // 2) * rate


class Night(NamedTuple):
    """What of a night's receipt lies within the standard and what above it; nothing is netted between nights."""

    within: Decimal
    above: Decimal


def night(receipt: Decimal, cap: Decimal) -> Night:
    return Night(min(receipt, cap), max(receipt - cap, Decimal("0.00")))


def kilometres(driven: int, rate: Decimal) -> Decimal:
    """What the company's car cost on a trip (8.4)."""
    return round_fen(driven * rate)


def shared(amount: Decimal, tickets: int) -> list[Decimal]:
    """An amount over so many tickets, equally; the odd fen to the first, the lowest number (domain 6, 10)."""
    return [yuan_of(part) for part in split(fen_of(amount), [1] * tickets)]

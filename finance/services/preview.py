"""What a confirmation will take from a person's wage (8.8): drawn on the page, compared under the locks, then taken."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from parts.rules import digest
from policy import figures

from ..flow import DeductionStage
from ..models import Deduction, MinimumWage, Wage
from ..selectors import open_amounts
from ..wages import cap, fill

NOTHING = Decimal("0.00")


class Taken(NamedTuple):
    """One draft: what is still open of it, and what of that the month can bear (yuan)."""

    row: Deduction
    open: Decimal
    part: Decimal

    @property
    def rest(self) -> Decimal:
        """What moves to the next month."""
        return self.open - self.part


@dataclass(frozen=True)
class Preview:
    """The drafts of one person and payroll month in their order, under the month's cap; `room` is None while wage or
    local minimum wage are not entered, and then nothing can be taken."""

    person: int
    month: dt.date
    wage: Decimal | None
    minimum: Decimal | None
    room: Decimal | None
    lines: list[Taken]

    @property
    def total(self) -> Decimal:
        return sum((line.part for line in self.lines), NOTHING)

    @property
    def due(self) -> Decimal:
        return sum((line.open for line in self.lines), NOTHING)

    @property
    def rest(self) -> Decimal:
        return self.due - self.total

    def digest(self) -> str:
        """Of everything that the page shows and a confirmation rests on."""
        lines = (f"{line.row.number}={line.open}/{line.part}" for line in self.lines)
        return digest(f"{self.person} {self.month:%Y-%m}", f"{self.wage} {self.minimum} {self.room}", *lines)


def drafts(month: dt.date) -> list[Deduction]:
    """The drafts of a payroll month in the order in which they are taken: carried remainders, the oldest due day, number."""
    rows = Deduction.objects.filter(month=month, stage=DeductionStage.DRAFT)
    return list(rows.select_related("receivable", "engineer").order_by("-carried", "due_on", "number"))


def of_person(person: int, month: dt.date, rows: Iterable[Deduction]) -> Preview:
    """Of these drafts of one person."""
    return of_people(month, [person], rows)[person]


def of_people(month: dt.date, people: Iterable[int], rows: Iterable[Deduction]) -> dict[int, Preview]:
    """Of many people at once, in a fixed number of statements."""
    found, theirs = list(rows), list(people)
    wages = dict(Wage.objects.filter(month=month, person__in=theirs).values_list("person", "amount"))
    minimum = MinimumWage.objects.filter(since__lte=month).values_list("amount", flat=True).first()
    share = figures.value("deduction_share", month)
    left = open_amounts([row.receivable for row in found if row.receivable is not None])
    return {
        person: _preview(
            person, month, wages.get(person), minimum, share,
            [(row, still_open(row, left)) for row in found if row.engineer_id == person],
        )
        for person in theirs
    }  # fmt: skip


def still_open(row: Deduction, left: dict[int, Decimal]) -> Decimal:
    """A debt's draft never takes more than is open of the debt."""
    return row.amount if row.receivable_id is None else min(row.amount, max(left[row.receivable_id], NOTHING))


def _preview(
    person: int, month: dt.date, wage: Decimal | None, minimum: Decimal | None, share: Decimal,
    due: list[tuple[Deduction, Decimal]],
) -> Preview:  # fmt: skip
    room = None if wage is None or minimum is None else cap(wage, minimum, share)
    parts = fill([amount for _row, amount in due], room or NOTHING)
    lines = [Taken(row, amount, part) for (row, amount), part in zip(due, parts, strict=True)]
    return Preview(person, month, wage, minimum, room, lines)

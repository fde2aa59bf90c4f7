"""What the cells of the opening workbook may say, and what the portal knows already; every fault is named at its cell."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.selectors import members
from aftersales.charter import Department
from aftersales.limits import local_day
from aftersales.problems import BadEntry
from catalogue import cells as plain
from catalogue.models import Part
from sales.models import Customer, CustomerMerge

from ..models import Movement, PartCode, SlipLine, Zone
from ..services.codes import clean

MOST_FAULTS, MOST_PIECES, EARLIEST = 200, 99_999, dt.date(2000, 1, 1)
Text = str | Promise
Note = Callable[[int, str], None]


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: `Sheet!C7`."""

    cell: str
    what: str


@dataclass(frozen=True)
class SheetKind:
    """One sheet: `read(cells, note, known)` answers what a row says, or None after it has noted its faults."""

    title: Text
    columns: tuple[Text, ...]
    read: Callable[..., Any]


@dataclass
class DryRun:
    """What a workbook would bring: `rows` by sheet, or its faults."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    more: int = 0  # faults that are not listed

    def note(self, cell: str, what: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(cell, what))
        else:
            self.more += 1


class Known:
    """What the portal knows at `at`, each thing read once and only if a sheet asks for it."""

    def __init__(self, at: dt.datetime) -> None:
        self.at, self.today = at, local_day(at)
        self.seen: set[Any] = set()  # rows of this workbook, by what makes them one
        self.given: set[str] = set()  # identification codes of this workbook

    @cached_property
    def parts(self) -> dict[str, Part]:
        return {part.code.upper(): part for part in Part.objects.all()}

    @cached_property
    def moved(self) -> set[int]:
        """Parts that have moved at all, by whatever paper."""
        return set(Movement.objects.order_by().values_list("part_id", flat=True).distinct())

    @cached_property
    def traded(self) -> set[int]:
        """Parts that have moved since the opening: what is said of their past now is too late."""
        rows = Movement.objects.exclude(source=Zone.OPENING).order_by()
        return set(rows.values_list("part_id", flat=True).distinct())

    @cached_property
    def codes(self) -> set[str]:
        return set(PartCode.objects.values_list("code", flat=True))

    @cached_property
    def engineers(self) -> dict[str, Any]:
        return {user.username: user for user in members(Department.ENGINEERS, self.at)}

    @cached_property
    def customers(self) -> dict[str, Customer]:
        """By number; neither erased nor merged into another one."""
        gone = CustomerMerge.objects.filter(undone_at=None).values("gone")
        rows = Customer.objects.filter(erased_at=None).exclude(pk__in=gone)
        return {row.number: row for row in rows.select_related("person")}

    @cached_property
    def taken(self) -> set[tuple[int, int, str, int]]:
        """(engineer, customer, paper slip, part) that earlier workbooks brought."""
        rows = SlipLine.objects.filter(line__opening=True)
        names = ("slip__release__engineer", "slip__release__debtor", "slip__paper_number", "line__part")
        return set(rows.values_list(*names))


def text_of(value: Any, column: int, note: Note, limit: int = 40) -> str:
    """The words of a compulsory cell, or "" once its fault is noted."""
    try:
        return plain.within(limit, required=True)(value)
    except BadEntry as refusal:
        note(column, str(refusal))
        return ""


def part_of(value: Any, column: int, note: Note, known: Known) -> Part | None:
    text = str(value if value is not None else "").strip()
    part = known.parts.get(text.upper())
    if part is None:
        none = _("No part has the code “{code}”.").format(code=text[:40])
        note(column, none if text else _("The part code is missing."))
    return part


def pieces_of(value: Any, column: int, note: Note) -> int | None:
    text = str(value if value is not None else "").strip()
    whole = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    if isinstance(value, float) and value.is_integer() and 0 < value <= MOST_PIECES:
        whole = int(value)
    if isinstance(value, bool) or not 0 < whole <= MOST_PIECES:
        sentence = _("“{text}” is no number of pieces (1 to {most}).")
        note(column, sentence.format(text=text[:40], most=MOST_PIECES))
        return None
    return whole


def codes_of(value: Any) -> list[str]:
    """Identification codes, separated by blanks or commas."""
    words = str(value if value is not None else "").replace(",", " ").replace("，", " ").split()
    return [clean(word) for word in words]


def codes_fit(part: Part, pieces: int, texts: list[str], column: int, note: Note, known: Known) -> bool:
    """One new code a piece for a valuable part; the workbook and the portal know none of them yet."""
    if (part.valuable or texts) and len(texts) != pieces:
        sentence = _("{pieces} pieces, {codes} identification codes.")
        note(column, sentence.format(pieces=pieces, codes=len(texts)))
        return False
    for text in texts:
        if text in known.codes or text in known.given or not text.isprintable() or len(text) > 60:
            sentence = _("The identification code {code} is there already, or cannot be one.")
            note(column, sentence.format(code=text[:60]))
            return False
        known.given.add(text)
    return True


def engineer_of(value: Any, column: int, note: Note, known: Known) -> Any:
    name = text_of(value, column, note, 150)
    found = known.engineers.get(name)
    if name and found is None:
        note(column, _("No engineer signs in as “{name}”.").format(name=name[:40]))
    return found


def customer_of(value: Any, column: int, note: Note, known: Known) -> Customer | None:
    number = text_of(value, column, note)
    found = known.customers.get(number)
    if number and found is None:
        note(column, _("No customer has the number “{number}”.").format(number=number))
    return found


def day_of(value: Any, column: int, note: Note, known: Known) -> dt.date | None:
    """A date cell, or 2026-03-02 written as text; a day that has been."""
    day = value.date() if isinstance(value, dt.datetime) else value
    if not isinstance(day, dt.date):
        try:
            day = dt.date.fromisoformat(str(value if value is not None else "").strip())
        except ValueError:
            note(column, _("This is no date (2026-03-02)."))
            return None
    if not EARLIEST <= day <= known.today:
        note(column, _("This day has not come yet, or lies too far back."))
        return None
    return day


def amount_of(value: Any, column: int, note: Note, nothing: str) -> Decimal | None:
    """Yuan, more than nothing; `nothing` says why."""
    try:
        found = plain.amount(value)
    except BadEntry as refusal:
        note(column, str(refusal))
        return None
    if not found:
        note(column, nothing)
        return None
    return found

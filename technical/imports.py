"""The standard 9.7 from a workbook: every bad cell named with its reason, all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from catalogue import cells
from catalogue.imports.parts import in_order
from catalogue.imports.reading import Book, Column, Fault, Sheet, word_reader
from catalogue.models import label_of

from .models import Clause
from .services.clauses import CHOICES, FACTS, whole

SHEET, HEADINGS = _("Standard"), "1"
UNKNOWN = _("Choose one of the words of the standard.")


def columns() -> list[Column]:
    """The template's columns, in order: the fields of 9.7."""
    readers: dict[str, Callable[[Any], Any]] = {
        "number": cells.within(12, required=True), "criterion": cells.within(300, required=True),
        "party": cells.within(80, required=True), "factor": number, "amount": cells.maybe_amount, "percent": number,
        "points": count, "cap": cells.maybe_amount, "appeal_days": count,
        **{name: word_reader(choices.choices, UNKNOWN) for name, choices in CHOICES.items()},
    }  # fmt: skip
    needed = ("number", "category", "criterion", "party", "severity", "method")
    return [Column(name, label_of(Clause, name), readers[name], name in needed) for name in FACTS]


def number(value: Any) -> Decimal | None:
    """A number as it was typed, or nothing."""
    return None if value is None or value == "" else cells.amount(value)


def count(value: Any) -> int | None:
    """A whole number, or nothing."""
    found = number(value)
    if found is not None and found != int(found):
        raise BadEntry(_("This is no whole number."))
    return None if found is None else int(found)


@dataclass
class Clauses:
    """What a workbook says: `rows` for `draft_standard`, or `faults`."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)


def read_clauses(file: IO[bytes]) -> Clauses:
    """Read the sheet of clauses; raises `BadEntry` at `file` for what is no workbook."""
    with Book(file) as book:
        sheet = book.read(book.sheet(SHEET, first=True), columns())
    bad = {fault.cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for fault in sheet.faults}
    for place, row in enumerate(sheet.rows):
        if not bad & {HEADINGS, str(sheet.numbers[place])}:  # what does not read well has its faults already
            _check(sheet, place, row)
    _doubles(sheet)
    return Clauses(sheet.rows, in_order(sheet.faults))


def _check(sheet: Sheet, place: int, row: dict[str, Any]) -> None:
    try:
        sheet.rows[place] = whole(row)
    except BadEntry as why:
        sheet.blame_row(place, why.field, why)


def _doubles(sheet: Sheet) -> None:
    seen: dict[str, int] = {}
    for place, row in enumerate(sheet.rows):
        if row.get("number") and seen.setdefault(row["number"], place) != place:
            sheet.blame_row(
                place, "number", BadEntry(_("The clause {number} stands here twice."), number=row["number"])
            )

"""The part master from a workbook."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry

from .. import cells
from ..models import FLAGS, Part, PartGroup, PriceLine, label_of
from ..services.parts import wrong_together
from .reading import Book, Column, Fault, spellings

SHEET = _("Parts")


def column(name: str, read: Callable[[Any], Any], needed: bool = False) -> Column:
    return Column(name, label_of(Part, name), read, needed)


def group_reader() -> Callable[[Any], str]:
    """Part groups by their word in any language, or by their code; blank is the whole vehicle."""
    words = {word: value for value, label in PartGroup.choices for word in spellings(label, value)} | {
        "": "whole"
    }

    def read(value: Any) -> str:
        word = cells.text(value)
        found = words.get(word) or words.get("".join(word.split()).lower())
        if found is None:
            raise BadEntry(_("There is no such part group."))
        return str(found)

    return read


def columns() -> list[Column]:
    """The template's columns, in order; an export has the price as well, which only a price list changes."""
    return [
        column("code", cells.code, needed=True), column("name", cells.within(80, required=True), needed=True),
        column("spec", cells.within(120)), column("unit", unit), column("group", group_reader()),
        *(column(name, cells.flag) for name in FLAGS), column("active", cells.in_use), column("fits", cells.codes),
        *(Column(name, label_of(PriceLine, name)) for name in ("price", "cost")),
    ]  # fmt: skip


def unit(value: Any) -> str:
    return _unit(value) or "件"


_unit = cells.within(10)


@dataclass
class Parts:
    """What a workbook says of parts: `rows` for `propose_parts`, or `faults`."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)


def read_parts(file: IO[bytes]) -> Parts:
    """Read the sheet of parts; raises `BadEntry` at `file` for what is no workbook."""
    with Book(file) as book:
        sheet = book.read(book.sheet(SHEET, first=True), columns())
    for place, why in wrong_together([_known(row, place) for place, row in enumerate(sheet.rows)]):
        sheet.blame_row(place, why.field, why)
    return Parts(sheet.rows, in_order(sheet.faults))


def _known(row: dict[str, Any], place: int) -> dict[str, Any]:
    """What counts beside other rows; a code that could not be read is no double of another."""
    code, group, fits = row.get("code"), row.get("group"), row.get("fits")
    return {"code": code or f"?{place}", "group": group or PartGroup.WHOLE, "fits": fits or ()}


def in_order(faults: list[Fault]) -> list[Fault]:
    """By row, then by column, as one goes through the sheet."""

    def place(fault: Fault) -> tuple[str, int, int, str]:
        letters = fault.cell.partition(":")[0].rstrip("0123456789")
        digits = fault.cell.partition(":")[0][len(letters) :]
        return fault.sheet, int(digits or 0), len(letters), letters

    return sorted(faults, key=place)

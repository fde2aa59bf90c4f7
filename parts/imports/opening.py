"""Opening stock from a workbook (J46): a template, a dry run that names every bad cell, and all of it or nothing.

A sheet is a `SheetKind`: its title, its columns and how a row is read; the sheets of open loans and awaited old parts
join `SHEETS` here.
"""

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from aftersales.problems import BadEntry
from catalogue.models import Part

from ..models import GoodsReceipt, Movement, PartCode
from ..services import receive_goods
from ..services.codes import clean

MOST_ROWS, MOST_FAULTS, MOST_PIECES, BYTES = 100_000, 200, 99_999, 20_000_000
CLAUSE = "5"
Text = str | Promise


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
    """What the store knows already, read once."""

    def __init__(self) -> None:
        self.parts = {part.code.upper(): part for part in Part.objects.all()}
        self.moved = set(Movement.objects.order_by().values_list("part_id", flat=True).distinct())
        self.codes = set(PartCode.objects.values_list("code", flat=True))
        self.seen: dict[str, str] = {}  # part code → its first cell
        self.given: dict[str, str] = {}  # identification code → its first cell


def read_stock(cells: list[Any], note: Callable[[int, str], None], known: Known) -> dict[str, Any] | None:
    """A row of the stock sheet: part code, pieces in the store, identification codes."""
    code, count, codes = (cells + [None] * 3)[:3]
    part, pieces = _part(code, note, known), _pieces(count, note)
    texts = [clean(word) for word in str(codes or "").replace(",", " ").replace("，", " ").split()]
    if part is None or pieces is None:
        return None
    return (
        {"part": part, "quantity": pieces, "codes": texts}
        if _codes(part, pieces, texts, note, known)
        else None
    )


def _part(code: Any, note: Callable[[int, str], None], known: Known) -> Part | None:
    text = str(code if code is not None else "").strip()
    part = known.parts.get(text.upper())
    if part is None:
        note(
            0,
            _("No part has the code “{code}”.").format(code=text[:40])
            if text
            else _("The part code is missing."),
        )
        return None
    if part.pk in known.moved:
        note(0, _("{code} has movements already; count it instead.").format(code=part.code))
        return None
    if part.code in known.seen:
        note(0, _("{code} stands in another row already.").format(code=part.code))
        return None
    known.seen[part.code] = part.code
    return part


def _pieces(count: Any, note: Callable[[int, str], None]) -> int | None:
    text = str(count if count is not None else "").strip()
    whole = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    if isinstance(count, float) and count.is_integer() and 0 < count <= MOST_PIECES:
        whole = int(count)
    if isinstance(count, bool) or not 0 < whole <= MOST_PIECES:
        note(1, _("“{text}” is no number of pieces (1 to {most}).").format(text=text[:40], most=MOST_PIECES))
        return None
    return whole


def _codes(part: Part, pieces: int, texts: list[str], note: Callable[[int, str], None], known: Known) -> bool:
    if (part.valuable or texts) and len(texts) != pieces:
        note(2, _("{pieces} pieces, {codes} identification codes.").format(pieces=pieces, codes=len(texts)))
        return False
    for text in texts:
        if text in known.codes or text in known.given or not text.isprintable() or len(text) > 60:
            note(
                2,
                _("The identification code {code} is there already, or cannot be one.").format(
                    code=text[:60]
                ),
            )
            return False
        known.given[text] = text
    return True


STOCK = SheetKind(
    gettext_lazy("Stock"),
    (gettext_lazy("Part code"), gettext_lazy("Pieces in the store"), gettext_lazy("Identification codes")),
    read_stock,
)  # fmt: skip
SHEETS: dict[str, SheetKind] = {"stock": STOCK}


def template(out: IO[bytes]) -> None:
    """An empty workbook with the heads of all sheets."""
    book = Workbook(write_only=True)
    for kind in SHEETS.values():
        sheet = book.create_sheet(str(kind.title)[:31])
        sheet.append([str(column) for column in kind.columns])
    book.save(out)


def dry_run(file: IO[bytes]) -> DryRun:
    """Read all of it; the sheets stand in the template's order. Formulas are read as what they show."""
    found, known = DryRun(), Known()
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError):
        raise BadEntry(_("This is no Excel workbook (.xlsx)."), CLAUSE, "file") from None
    for (name, kind), sheet in zip(SHEETS.items(), book.worksheets, strict=False):
        found.rows[name] = list(_read(sheet, kind, found, known))
    if not any(found.rows.values()) and not found.faults:
        found.note("A2", _("The workbook holds no rows."))
    return found


def _read(sheet: Any, kind: SheetKind, found: DryRun, known: Known) -> Iterator[Any]:
    for number, cells in enumerate(
        sheet.iter_rows(min_row=2, max_col=len(kind.columns), values_only=True), start=2
    ):
        if number > MOST_ROWS + 1:
            found.note(f"A{number}", _("At most {most} rows are taken.").format(most=MOST_ROWS))
            return
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue

        def note(column: int, what: str, row: int = number) -> None:
            found.note(f"{sheet.title}!{get_column_letter(column + 1)}{row}", what)

        row = kind.read(list(cells), note, known)
        if row is not None:
            yield row


@transaction.atomic
def take_in(run: DryRun, *, source: str, by: Any, at: dt.datetime) -> GoodsReceipt:
    """All of it, as one goods receipt of the opening stock; nothing when a single cell is bad."""
    if run.faults:
        raise BadEntry(_("The workbook has faults; nothing was taken in."), CLAUSE, "file")
    return receive_goods(
        supplier=str(_("Opening stock")),
        batch=source[:60],
        lines=run.rows.get("stock", []),
        opening=True,
        by=by,
        at=at,
    )

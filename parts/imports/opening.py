"""The opening workbook (J46): a template, a dry run that names every bad cell, and all of it or nothing."""

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from aftersales.problems import BadEntry
from catalogue.imports.reading import MOST_ROWS, Book

from ..models import GoodsReceipt
from ..services import receive_goods, take_over
from .cells import DryRun, Known, SheetKind
from .sheets import SHEETS

CLAUSE = "5"


def template(out: IO[bytes], sheets: dict[str, SheetKind] = SHEETS) -> None:
    """An empty workbook with the heads of all sheets."""
    book = Workbook(write_only=True)
    for kind in sheets.values():
        sheet = book.create_sheet(str(kind.title)[:31])
        sheet.freeze_panes = "A2"
        heads = [str(column) for column in kind.columns]
        for place, head in enumerate(heads, 1):
            sheet.column_dimensions[get_column_letter(place)].width = max(14, 2 * len(head) + 2)
        sheet.append(heads)
    book.save(out)


def dry_run(
    file: IO[bytes], at: dt.datetime, sheets: dict[str, SheetKind] = SHEETS, known: Known | None = None
) -> DryRun:
    """Read all of it; the sheets stand in the template's order. Formulas are read as what they show. Raises `BadEntry` at `file`
    for what is no workbook or was made to hurt."""
    found, known = DryRun(), known or Known(at)
    with Book(file, shown=True) as opened:
        for (name, kind), sheet in zip(sheets.items(), opened.book.worksheets, strict=False):
            lines = opened.lines(sheet, len(kind.columns))
            found.rows[name] = list(_read(sheet.title, lines, kind, found, known))
    if not any(found.rows.values()) and not found.faults:
        found.note("A2", _("The workbook holds no rows."))
    return found


def _read(title: str, lines: Iterator[Any], kind: SheetKind, found: DryRun, known: Known) -> Iterator[Any]:
    width = len(kind.columns)
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            found.note(f"A{number}", _("At most {most} rows are taken.").format(most=MOST_ROWS))
            return
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue

        def note(column: int, what: str, row: int = number) -> None:
            found.note(f"{title}!{get_column_letter(column + 1)}{row}", what)

        row = kind.read([*cells, *[None] * (width - len(cells))], note, known)
        if row is not None:
            yield row


@transaction.atomic
def take_in(run: DryRun, *, source: str, by: Any, at: dt.datetime) -> GoodsReceipt | None:
    """All of it, the stock as one goods receipt; nothing when a single cell is bad."""
    if run.faults:
        raise BadEntry(_("The workbook has faults; nothing was taken in."), CLAUSE, "file")
    stock = run.rows.get("stock", [])
    receipt = None
    if stock:
        supplier = str(_("Opening stock"))
        receipt = receive_goods(supplier=supplier, batch=source[:60], lines=stock, opening=True, by=by, at=at)
    take_over(run.rows.get("loans", []), run.rows.get("awaited", []), by=by, at=at)
    return receipt

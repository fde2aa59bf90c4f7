"""Rows → workbook, streamed: text from outside stays text, numbers and dates are real ones (performance P13)."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters that a cell can hold
REPLACED = "\ufffd"
DATE, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """Text as a sheet can hold it: control characters replaced, cut where a cell ends."""
    return ILLEGAL_CHARACTERS_RE.sub(REPLACED, text)[:LONGEST]


def text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    """A cell typed as a string; what a spreadsheet might read as a formula carries the quote prefix as well."""
    cell = WriteOnlyCell(sheet)
    cell.value = plain(text)
    cell.data_type = "s"
    if text.startswith(DANGEROUS):
        cell.quotePrefix = True
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, dt.datetime):
        return _dated(sheet, timezone.make_naive(value) if timezone.is_aware(value) else value, MOMENT)
    if isinstance(value, dt.date):
        return _dated(sheet, value, DATE)
    return text_cell(sheet, str(value))


def _dated(sheet: Any, value: Any, shape: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = shape
    return cell


@dataclass
class Leaf:
    """One sheet to write: `rows` may be any iterator and is read once; `count` says afterwards how many there were.

    `sums` names columns by place from 0: below the rows their SUM stands as a formula, and under it the portal's own number.
    """

    title: Any
    head: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()
    sums: Sequence[int] = ()
    count: int = 0


def write(
    out: IO[bytes], title: str, head: Sequence[Any], rows: Iterable[Sequence[Any]], widths: Sequence[int] = ()
) -> int:
    """Write one sheet into `out`; answers the number of rows. `rows` may be any iterator and is read once."""
    leaf = Leaf(title, head, rows, widths)
    write_book(out, [leaf])
    return leaf.count


def write_book(out: IO[bytes], leaves: Sequence[Leaf]) -> None:
    """Write these sheets into one workbook."""
    book = Workbook(write_only=True)
    for leaf in leaves:
        _write(book, leaf)
    book.save(out)


def spooled(*leaves: Leaf) -> IO[bytes]:
    """These sheets in a temporary file, to be read from its beginning; the answer that hands it over closes it."""
    out = tempfile.SpooledTemporaryFile(max_size=8_000_000)  # noqa: SIM115  # the answer closes it
    write_book(out, leaves)
    out.seek(0)
    return out


def _write(book: Any, leaf: Leaf) -> None:
    sheet = book.create_sheet(plain(str(leaf.title))[:31] or "1")
    sheet.freeze_panes = "A2"
    for place, width in enumerate(leaf.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_head(sheet, str(label)) for label in leaf.head])
    totals = dict.fromkeys(leaf.sums, Decimal(0))
    for row in leaf.rows:
        leaf.count += 1
        for place in totals:
            totals[place] += row[place] or 0
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(leaf.head))}{leaf.count + 1}"
    if totals and leaf.count:
        _foot(sheet, leaf, totals)


def _foot(sheet: Any, leaf: Leaf, totals: dict[int, Decimal]) -> None:
    """Two rows under a blank one, so that sorting and filtering leave them alone."""
    last = leaf.count + 1
    formulas = {
        place: f"=SUM({get_column_letter(place + 1)}2:{get_column_letter(place + 1)}{last})"
        for place in totals
    }
    sheet.append([])
    for word, values in ((_("Total"), formulas), (_("Total by the portal"), totals)):
        row: list[Any] = [values.get(place) for place in range(len(leaf.head))]
        sheet.append([_head(sheet, str(word)) if row[0] is None else row[0], *row[1:]])


def _head(sheet: Any, label: str) -> WriteOnlyCell:
    cell = text_cell(sheet, label)
    cell.font = Font(bold=True)
    return cell


def in_batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of at most `size`, so that what belongs to them is asked for many at once."""
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def dated(what: str, at: dt.datetime) -> str:
    """The name of a list's workbook, by the wall clock: tickets-20261126-1405.xlsx."""
    return f"{what}-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"


def workbook(out: Any, name: str) -> FileResponse:
    """The answer that hands a written workbook over; no cache keeps it."""
    return FileResponse(
        out, as_attachment=True, filename=name, content_type=TYPE, headers={"Cache-Control": "no-store"}
    )

"""Rows → workbook, streamed: text from outside stays text, numbers and dates are real ones (performance P13)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
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
    """One sheet to write: `rows` may be any iterator and is read once; `count` says afterwards how many there were."""

    title: Any
    head: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()
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


def _write(book: Any, leaf: Leaf) -> None:
    sheet = book.create_sheet(plain(str(leaf.title))[:31] or "1")
    sheet.freeze_panes = "A2"
    for place, width in enumerate(leaf.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_head(sheet, str(label)) for label in leaf.head])
    for row in leaf.rows:
        leaf.count += 1
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(leaf.head))}{leaf.count + 1}"


def _head(sheet: Any, label: str) -> WriteOnlyCell:
    cell = text_cell(sheet, label)
    cell.font = Font(bold=True)
    return cell


def workbook(out: Any, name: str) -> FileResponse:
    """The answer that hands a written workbook over; no cache keeps it."""
    return FileResponse(
        out, as_attachment=True, filename=name, content_type=TYPE, headers={"Cache-Control": "no-store"}
    )

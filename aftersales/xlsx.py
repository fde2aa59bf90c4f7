"""Rows → workbook, streamed: text from outside stays text, numbers and dates are real ones (performance P13)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse
from openpyxl.cell import WriteOnlyCell

from . import sheetxml
from .sheetxml import DANGEROUS, LONGEST, plain

__all__ = ["LONGEST", "TYPE", "Leaf", "in_batches", "plain", "text_cell", "workbook", "write", "write_book"]
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATE, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
AT_ONCE = 500  # rows handed on together


def text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    """For sheets laid out with openpyxl: a cell typed as a string; what a spreadsheet might read as a formula carries
    the quote prefix as well."""
    cell = WriteOnlyCell(sheet)
    cell.value = plain(text)
    cell.data_type = "s"
    if text.startswith(DANGEROUS):
        cell.quotePrefix = True
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
    with ZipFile(
        out, "w", ZIP_DEFLATED, compresslevel=4
    ) as book:  # level 6 takes twice as long for a tenth less
        areas = [_write(book, number, leaf) for number, leaf in enumerate(leaves, 1)]
        names = sheetxml.titles(str(leaf.title) for leaf in leaves)
        for path, text in sheetxml.book(names, areas).items():
            book.writestr(path, text)


def _write(book: ZipFile, number: int, leaf: Leaf) -> str:
    """One sheet, row after row; answers the area that its filter covers."""
    columns = sheetxml.letters(len(leaf.head))
    with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write(sheetxml.top(leaf.widths).encode())
        sheet.write(sheetxml.head_row([str(label) for label in leaf.head], columns).encode())
        rows = iter(leaf.rows)
        while some := list(islice(rows, AT_ONCE)):
            text = [sheetxml.row(place, values, columns) for place, values in enumerate(some, leaf.count + 2)]
            sheet.write("".join(text).encode())
            leaf.count += len(some)
        area = f"A1:{columns[-1] if columns else 'A'}{leaf.count + 1}"
        sheet.write(sheetxml.tail(area).encode())
    return area


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


def workbook(out: Any, name: str) -> FileResponse:
    """The answer that hands a written workbook over; no cache keeps it."""
    return FileResponse(
        out, as_attachment=True, filename=name, content_type=TYPE, headers={"Cache-Control": "no-store"}
    )

"""Sheets laid out to be printed (finance's months and years): openpyxl, because layout is what it is good at (P13)."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from .sheetxml import title
from .xlsx import Leaf, plain, text_cell

DATE, MOMENT, MONEY = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0.00"
LANDSCAPE, A4 = "landscape", 9


@dataclass
class Laid(Leaf):
    """A sheet laid out to be printed: landscape A4, as wide as the page, its head repeated on each.

    `own`: a function asked after the rows, one value a column: the portal's own total, or None where there is none. The row
    below the rows sums exactly them by formula; the row after it holds the portal's own totals as plain numbers.
    `words`: what these two rows are called. `money`: places of columns in yuan. `after`: rows below that do not count.
    """

    own: Callable[[], Sequence[Any]] | None = None
    words: tuple[Any, Any] = ("", "")
    money: Sequence[int] = ()
    after: Iterable[Sequence[Any]] = ()


def summing(lines: Sequence[Sequence[Any]], places: Iterable[int]) -> Callable[[], list[Any]]:
    """The portal's own totals of these columns, exact; None for the others."""
    wanted = set(places)

    def sums() -> list[Any]:
        width = max((len(line) for line in lines), default=max(wanted, default=0) + 1)
        return [_exact(lines, place) if place in wanted else None for place in range(width)]

    return sums


def _exact(lines: Sequence[Sequence[Any]], place: int) -> Any:
    values = [line[place] for line in lines if line[place] not in (None, "")]
    return sum(values, Decimal("0.00") if any(isinstance(v, Decimal) for v in values) else 0)


def write_book(out: IO[bytes], leaves: Sequence[Laid]) -> None:
    """Write these sheets into one workbook."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for leaf in leaves:
        _lay(book, leaf, title(str(leaf.title), taken))
    book.save(out)


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


def _begin(book: Any, leaf: Leaf, name: str) -> Any:
    """The sheet with its widths; a write-only one wants all that before its first row."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"  # the head, and what the row is about
    for place, width in enumerate(leaf.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    return sheet


def _lay(book: Any, leaf: Laid, name: str) -> None:
    """A sheet to be printed, with its totals."""
    sheet = _begin(book, leaf, name)
    _page(sheet, str(leaf.title) or name)
    pens = Pens(sheet, leaf)
    sheet.append([_head(sheet, str(label)) for label in leaf.head])
    for row in leaf.rows:
        leaf.count += 1
        sheet.append(pens.row(row))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(leaf.head))}{leaf.count + 1}"
    if leaf.own is not None:
        own = list(leaf.own())
        sheet.append(
            pens.totals(leaf.words[0], [_sum(place, leaf.count, value) for place, value in enumerate(own, 1)])
        )
        sheet.append(pens.totals(leaf.words[1], own))
    for place, row in enumerate(leaf.after):
        if not place:
            sheet.append([])
        sheet.append(pens.row(row))


def _page(sheet: Any, title: str) -> None:
    """Landscape A4, fitted to its width, the head on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = LANDSCAPE, A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.center.text = plain(title).replace("&", "&&")
    sheet.oddFooter.center.text = "&P / &N"


def _sum(place: int, count: int, own: Any) -> Any:
    """The formula over exactly the rows of a column; over no row it is nothing."""
    if own is None:
        return None
    letter = get_column_letter(place)
    return f"=SUM({letter}2:{letter}{count + 1})" if count else 0


class Pens:
    """The cells of a laid sheet: a write-only one is written the moment it is appended, so that a column's cell serves
    again and again, with its format found once."""

    def __init__(self, sheet: Any, leaf: Laid) -> None:
        self.sheet, self.money = sheet, set(leaf.money)
        self.cells = [self._yuan() if place in self.money else None for place in range(len(leaf.head))]

    def _yuan(self, bold: bool = False) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet)
        cell.number_format = MONEY
        if bold:
            cell.font = Font(bold=True)
        return cell

    def row(self, values: Sequence[Any]) -> list[Any]:
        return [self._cell(place, value) for place, value in enumerate(values)]

    def _cell(self, place: int, value: Any) -> Any:
        cell = self.cells[place] if place < len(self.cells) else None
        if cell is None or not isinstance(value, Decimal | int):
            return _cell(self.sheet, value)
        cell.value = value
        return cell

    def totals(self, word: Any, values: Sequence[Any]) -> list[Any]:
        """A row of totals in bold; formulas are the portal's own, never somebody's text."""
        return [
            _head(self.sheet, str(word)),
            *(self._total(place, v) for place, v in enumerate(values) if place),
        ]

    def _total(self, place: int, value: Any) -> Any:
        if value is None:
            return None
        cell = self._yuan(bold=True) if place in self.money else WriteOnlyCell(self.sheet)
        cell.value = value
        return cell


def _head(sheet: Any, label: str) -> WriteOnlyCell:
    cell = text_cell(sheet, label)
    cell.font = Font(bold=True)
    return cell

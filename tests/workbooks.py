"""Workbooks as a bookkeeper reads them: each total sums exactly its rows, the portal's own number stands below it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

MONEY = "#,##0.00"
FORMULA = re.compile(r"=SUM\(([A-Z]+)2:([A-Z]+)(\d+)\)")


class Total(NamedTuple):
    """A column with a total: what stands above it, the cell of the formula, the cell of the portal's own number."""

    sheet: str
    label: str
    rows: list[Decimal]
    formula: str  # its address
    own: str

    @property
    def sum(self) -> Decimal:
        return sum(self.rows, Decimal(0))


def totals(book: Any) -> list[Total]:
    """Every total of a workbook with its formulas; whatever is no sum over exactly the rows fails here."""
    return [total for sheet in book for total in _totals(sheet)]


def _totals(sheet: Any) -> Iterator[Total]:
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    if not formulas:  # no rows: at most the two empty totals
        assert sheet.max_row <= 3, sheet.title
        return
    assert len({cell.row for cell in formulas}) == 1, sheet.title
    line = formulas[0].row
    last = line - 1 if any(cell.value is not None for cell in sheet[line - 1]) else line - 2
    assert last >= 2 and all(any(c.value is not None for c in sheet[n]) for n in range(1, last + 1)), (
        sheet.title
    )
    money = {cell.column for row in sheet.iter_rows(2, last) for cell in row if cell.number_format == MONEY}
    assert money <= {cell.column for cell in formulas}, (sheet.title, "a column of yuan without a total")
    for cell in formulas:
        letter = get_column_letter(cell.column)
        assert FORMULA.fullmatch(cell.value).groups() == (letter, letter, str(last)), (
            sheet.title,
            cell.value,
        )
        rows = [sheet.cell(n, cell.column).value for n in range(2, last + 1)]
        assert all(value is None or isinstance(value, int | float) for value in rows), (sheet.title, rows)
        yield Total(
            sheet.title,
            sheet.cell(1, cell.column).value,
            [yuan(value) for value in rows if value is not None],
            cell.coordinate,
            f"{letter}{line + 1}",
        )


def yuan(value: Any) -> Decimal:
    """A number of a sheet, to the fen."""
    return round(Decimal(str(value)), 2)


def own_of(book: Any, total: Total) -> Decimal:
    """The portal's own number: a plain one, no formula."""
    value = book[total.sheet][total.own].value
    assert isinstance(value, int | float), (total, value)
    return yuan(value)


def checked(book: Any) -> dict[tuple[str, str], Decimal]:
    """(sheet, column) → total, each of them proved by its rows and equal to the portal's own number."""
    found = {}
    for total in totals(book):
        assert own_of(book, total) == total.sum and (total.sheet, total.label) not in found, total
        found[total.sheet, total.label] = total.sum
    return found

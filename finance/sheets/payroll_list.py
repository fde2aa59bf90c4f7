"""The list for payroll as Excel (8.8, C36): per person what is kept back and what comes back, then each paper behind it.

Totals are SUM formulas over exactly their rows, with the portal's own total as a plain number beside them; A4 across,
frozen heads, real numbers and dates, outside text inert.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from aftersales.limits import local_day
from aftersales.xlsx import DATE, text_cell

from ..flow import DeductionStage
from ..models import Deduction, Refund, month_name
from ..services.booking import of_month
from ..services.reasons import shown
from .ways import about

NOTHING = Decimal("0.00")
MONEY, A4 = "#,##0.00", 9
HEAD_FILL = PatternFill("solid", fgColor="DDE7F0")


def deducted(month: dt.date) -> list[Deduction]:
    """What was confirmed for the month, by person and in the order in which it was taken."""
    rows = Deduction.objects.filter(month=month, stage=DeductionStage.CONFIRMED)
    rows = rows.select_related("engineer", "receivable__ticket", "receivable__order")
    return list(rows.order_by("engineer__name", "engineer", "-carried", "due_on", "number"))


def put_on_the_list(month: dt.date) -> list[Refund]:
    """Refunds that finance put on this month's list, by person."""
    rows = Refund.objects.filter(of_month(month, "paid_on"), paid_how="payroll", dropped_at=None)
    rows = rows.select_related("deduction__engineer", "receipt")
    return list(rows.order_by("deduction__engineer__name", "deduction__engineer", "pk"))


def write(out: IO[bytes], month: dt.date) -> int:
    """Write the workbook; answers how many people stand in it."""
    taken, back = deducted(month), put_on_the_list(month)
    people = _people(taken, back)
    book, name = Workbook(write_only=True), month_name(month)
    heads: list[Any] = [
        _("Name"),
        _("Login"),
        _("Deducted (yuan)"),
        _("Refunded (yuan)"),
        _("To keep back (yuan)"),
    ]
    _leaf(book, f"{_('Payroll')} {name}", heads, people, sums=(2, 3, 4), widths=(18, 18, 18, 18, 20))
    _leaf(
        book, _("Deductions"),
        [_("Name"), _("Number"), _("Kind"), _p("deduction", "For"), _("Due on"), _("Carried over"), _("Confirmed on"),
         _("Deducted (yuan)")],
        [_deduction(row) for row in taken], sums=(7,), widths=(18, 20, 14, 20, 13, 10, 13, 18),
    )  # fmt: skip
    _leaf(
        book, _("Refunds"),
        [_("Name"), _("Deduction"), _p("money", "Receipt"), _("Put on the list on"), _("Refunded (yuan)")],
        [_refund(row) for row in back], sums=(4,), widths=(18, 20, 20, 18, 18),
    )  # fmt: skip
    book.save(out)
    return len(people)


def _people(taken: Iterable[Deduction], back: Iterable[Refund]) -> list[tuple[Any, ...]]:
    sums: dict[Any, list[Decimal]] = {}
    for row in taken:
        sums.setdefault(row.engineer, [NOTHING, NOTHING])[0] += row.confirmed or NOTHING
    for refund in back:
        sums.setdefault(refund.deduction.engineer, [NOTHING, NOTHING])[1] += refund.amount
    return [
        (str(person), person.username, minus, plus, minus - plus)
        for person, (minus, plus) in sorted(sums.items(), key=lambda pair: (pair[0].name, pair[0].pk))
    ]


def _deduction(row: Deduction) -> tuple[Any, ...]:
    day = local_day(row.confirmed_at) if row.confirmed_at else None
    return (
        str(row.engineer), row.number, str(row.get_kind_display()), row.paper or about(row.receivable), row.due_on,
        _("yes") if row.carried else "", day, row.confirmed,
    )  # fmt: skip


def _refund(row: Refund) -> tuple[Any, ...]:
    receipt = row.receipt.number if row.receipt else shown(row.why)
    return (str(row.deduction.engineer), row.deduction.number, receipt, row.paid_on, row.amount)


# --- a sheet that is laid out to be printed
def _leaf(
    book: Any, title: Any, head: Sequence[Any], rows: Sequence[Sequence[Any]], *, sums: Sequence[int],
    widths: Sequence[int],
) -> None:  # fmt: skip
    """A head, its rows, a row of SUM formulas and below it the portal's own totals as plain numbers."""
    sheet = book.create_sheet(str(title)[:31])
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_bold(sheet, text_cell(sheet, str(label)), HEAD_FILL) for label in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    if rows:
        _totals(sheet, head, rows, sums)


def _totals(sheet: Any, head: Sequence[Any], rows: Sequence[Sequence[Any]], sums: Sequence[int]) -> None:
    last = len(rows) + 1
    formulas: list[Any] = [None] * len(head)
    own: list[Any] = [None] * len(head)
    for place in sums:
        letter = get_column_letter(place + 1)
        formulas[place] = _bold(sheet, _number(sheet, f"=SUM({letter}2:{letter}{last})"))
        own[place] = _number(sheet, sum((row[place] for row in rows), NOTHING))
    formulas[0] = _bold(sheet, text_cell(sheet, _("Total")))
    own[0] = text_cell(sheet, _("Total by the portal"))
    sheet.append(formulas)
    sheet.append(own)


def _bold(sheet: Any, cell: Any, fill: Any = None) -> Any:
    cell.font = Font(bold=True)
    if fill is not None:
        cell.fill = fill
    return cell


def _number(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = MONEY
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, Decimal):
        return _number(sheet, value)
    if isinstance(value, dt.date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = DATE
        return cell
    return None if value is None else text_cell(sheet, str(value))

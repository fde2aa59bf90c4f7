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

from aftersales.laid import Laid, summing, write_book
from aftersales.limits import local_day

from ..flow import DeductionStage
from ..models import Deduction, Refund, month_name
from ..services.booking import of_month
from ..services.reasons import shown
from .ways import about

NOTHING = Decimal("0.00")


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
    leaves = [
        _leaf(
            f"{_('Payroll')} {month_name(month)}",
            [_("Name"), _("Login"), _("Deducted (yuan)"), _("Refunded (yuan)"), _("To keep back (yuan)")],
            people, sums=(2, 3, 4), widths=(18, 18, 18, 18, 20),
        ),
        _leaf(
            _("Deductions"),
            [_("Name"), _("Number"), _("Kind"), _p("deduction", "For"), _("Due on"), _("Carried over"), _("Confirmed on"),
             _("Deducted (yuan)")],
            [_deduction(row) for row in taken], sums=(7,), widths=(18, 20, 14, 20, 13, 10, 13, 18),
        ),
        _leaf(
            _("Refunds"),
            [_("Name"), _("Deduction"), _p("money", "Receipt"), _("Put on the list on"), _("Refunded (yuan)")],
            [_refund(row) for row in back], sums=(4,), widths=(18, 20, 20, 18, 18),
        ),
    ]  # fmt: skip
    write_book(out, leaves)
    return len(people)


def _leaf(
    title: Any,
    head: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    *,
    sums: Sequence[int],
    widths: Sequence[int],
) -> Laid:
    """Without rows there is nothing to sum."""
    words = (_("Total"), _("Total by the portal"))
    return Laid(title, head, rows, widths, own=summing(rows, sums) if rows else None, words=words, money=sums)


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

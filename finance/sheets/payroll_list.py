"""The list for payroll as Excel (8.8, C36): per person what is kept back and what comes back, then each paper behind it.

Totals are SUM formulas over exactly their rows, with the portal's own total as a plain number beside them; A4 across,
frozen heads, real numbers and dates, outside text inert.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from aftersales.laid import Laid, summing, write_book
from aftersales.limits import local_day

from ..flow import DeductionStage
from ..models import Deduction, Fee, Refund, month_name
from ..services import fees
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


def passed_on(month: dt.date) -> list[tuple[Deduction, Fee]]:
    """Information fees (4.2) kept back in the month, each with the fee: it is paid with the other's wage of the same month."""
    rows = [row for row in deducted(month) if row.kind == Deduction.Kind.FEE]
    known = Fee.objects.filter(number__in=[row.paper for row in rows]).select_related("seller", "engineer")
    by_number = {fee.number: fee for fee in known}
    return [(row, by_number[row.paper]) for row in rows]


def write(out: IO[bytes], month: dt.date) -> int:
    """Write the workbook; answers how many people stand in it."""
    taken, back, passed = deducted(month), put_on_the_list(month), passed_on(month)
    people = _people(taken, back, passed)
    leaves = [
        _whole(month, people, bool(passed)),
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
        *([_fees(passed)] if passed else []),
    ]  # fmt: skip
    write_book(out, leaves)
    return len(people)


def _whole(month: dt.date, people: list[tuple[Any, ...]], has_fees: bool) -> Laid:
    """One row a person; what is paid for information fees has its column in the months that know any."""
    head = [_("Name"), _("Login"), _("Deducted (yuan)"), _("Refunded (yuan)"), _("To keep back (yuan)")]
    rows = people if has_fees else [(*row[:4], row[5]) for row in people]
    if has_fees:
        head.insert(4, _("Information fees to pay (yuan)"))
    sums, widths = range(2, len(head)), (18, 18, 18, 18, *((24,) if has_fees else ()), 20)
    return _leaf(f"{_('Payroll')} {month_name(month)}", head, rows, sums=tuple(sums), widths=widths)


def _fees(passed: list[tuple[Deduction, Fee]]) -> Laid:
    """Whose wage is the larger by what was kept back from whose (4.2)."""
    head = [_("Paid to"), _("Information fee"), _("Kept back from"), _("Deduction"), _("Amount (yuan)")]
    rows = [
        (str(fees.gets(row, fee)), fee.number, str(row.engineer), row.number, row.confirmed)
        for row, fee in passed
    ]
    return _leaf(_("Information fees"), head, rows, sums=(4,), widths=(18, 20, 18, 20, 18))


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


def _people(
    taken: Iterable[Deduction], back: Iterable[Refund], passed: Iterable[tuple[Deduction, Fee]] = ()
) -> list[tuple[Any, ...]]:
    sums: dict[Any, list[Decimal]] = defaultdict(lambda: [NOTHING, NOTHING, NOTHING])
    for row in taken:
        sums[row.engineer][0] += row.confirmed or NOTHING
    for refund in back:
        sums[refund.deduction.engineer][1] += refund.amount
    for row, fee in passed:
        sums[fees.gets(row, fee)][2] += row.confirmed or NOTHING
    return [
        (str(person), person.username, minus, plus, paid, minus - plus - paid)
        for person, (minus, plus, paid) in sorted(sums.items(), key=lambda pair: (pair[0].name, pair[0].pk))
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

"""The books of a month are closed (C20) and, by two leaders, opened again (C21, SD12); the nightly proof of the books."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.models import AuditEvent
from accounts.services import audit
from aftersales.limits import first_of, following, local_day
from aftersales.problems import BadEntry, OutOfTurn

from ..closing import is_installed
from ..flow import ReconciliationStage, YearEndStage
from ..models import (
    Account,
    ClosedMonth,
    Deduction,
    Kind,
    MonthReopening,
    Receipt,
    ReceiptUse,
    Reconciliation,
    Refund,
    Transfer,
    YearEnd,
)
from ..selectors import balances
from . import accounts, booking, ledger, reconciling

CLAUSE = "8.10"
NOTHING = Decimal("0.00")


@transaction.atomic
def close(month: dt.date, *, by: Any, at: dt.datetime, reason: str = "") -> ClosedMonth:
    """Close the books of a month that is over: no row falls into it any more, its accounts are rolled up.

    Months close in their order. While somebody's reconciliation is not signed by both, a reason is asked.
    """
    demand(by, "month.close")
    month = first_of(month)
    if local_day(at) < following(month):
        raise OutOfTurn(_("The month is not over yet."), CLAUSE)
    booking.hold(month)
    if booking.is_closed(month):
        raise OutOfTurn(_("This month is already closed."), CLAUSE)
    _in_order(month)
    reconciling.open_all(at)  # the nightly job may not have come yet
    if reconciling.unsigned(month) and not reason.strip():
        raise BadEntry(
            _("Not everybody has reconciled this month; say why it is closed all the same."), CLAUSE, "reason"
        )
    row = ClosedMonth.objects.create(month=month, closed_at=at, closed_by=by, reason=reason)
    accounts.roll_up(row)
    audit("month.closed", by=by, at=at, month=str(row), reason=reason)
    return row


def _in_order(month: dt.date) -> None:
    first = booking.first_day()
    closed = set(
        ClosedMonth.objects.filter(reopened_at=None, month__lt=month).values_list("month", flat=True)
    )
    for earlier in booking.months_between(first, month) if first else []:
        if earlier not in closed:
            raise OutOfTurn(_("First {month} is closed."), CLAUSE, month=f"{earlier:%Y-%m}")


@transaction.atomic
def propose_reopening(row: ClosedMonth, *, by: Any, at: dt.datetime, reason: str) -> MonthReopening:
    """The first of two leaders says why (C21)."""
    demand(by, "month.reopen")
    _latest(row)
    made: MonthReopening = ledger.propose(
        MonthReopening, by=by, at=at, clause=CLAUSE, about={"closed": row}, reason=reason
    )
    return made


@transaction.atomic
def second_reopening(row: MonthReopening, *, by: Any, at: dt.datetime) -> ClosedMonth:
    """Another leader opens the books of the month again."""
    demand(by, "month.reopen")
    held = ledger.open_proposal(row)
    if by.pk == held.proposed_by_id:
        raise Denied(_("Opening a closed month needs two persons (SD12)."), CLAUSE)
    closed = ClosedMonth.objects.select_for_update(of=("self",)).get(pk=held.closed_id)
    _latest(closed)
    closed.reopened_at = at
    closed.save(update_fields=["reopened_at"])
    ledger.settle(held, by=by, at=at)
    audit(
        "month.reopened", by=by, at=at, month=str(closed), reason=held.reason, proposed_by=held.proposed_by_id
    )
    return closed


@transaction.atomic
def drop_reopening(row: MonthReopening, *, by: Any, at: dt.datetime) -> None:
    """Any leader lets the proposal fall; the month stays closed."""
    demand(by, "month.reopen")
    ledger.let_fall(row, at=at)


def _latest(row: ClosedMonth) -> None:
    if row.reopened_at is not None:
        raise OutOfTurn(_("This month is open already."), CLAUSE)
    if ClosedMonth.objects.filter(reopened_at=None, month__gt=row.month).exists():
        raise OutOfTurn(_("A later month is closed; open that one first."), CLAUSE)
    year = row.month.year
    if YearEnd.objects.filter(year=year, stage=YearEndStage.LOCKED).exists():
        sentence = _("The year end of {year} is approved and locked; its months stay closed.")
        raise OutOfTurn(sentence, CLAUSE, year=year)


# --- the proof
def prove(now: dt.datetime) -> list[str]:
    """Nightly: whatever does not add up in the books, as short words for the log; [] when all is well. Kept as an event."""
    found = [
        *_uses(),
        *_wages(),
        *_signed(),
        *_credit(),
        *([] if is_installed() else ["closed months are not guarded"]),
    ]
    audit("books.proved", by=None, at=now, faults=found[:20], rows=Transfer.objects.count())
    return found


def last_proof() -> AuditEvent | None:
    return AuditEvent.objects.filter(verb="books.proved").order_by("-pk").first()


def _uses() -> list[str]:
    """No receipt covers or pays more than it holds."""
    sums = ReceiptUse.objects.order_by().values_list("receipt").annotate(total=Sum("amount"))
    used = {pk: total for pk, total in sums if total}
    rows = Receipt.objects.filter(pk__in=used)
    return [f"{row.number} is used beyond its amount" for row in rows if used[row.pk] > row.amount]


def _wages() -> list[str]:
    """What was kept back from a wage is what was confirmed less what was refunded; a fee (4.2) was passed on at once."""
    kept: dict[str, Decimal] = {}
    for row in Deduction.objects.exclude(confirmed=None).exclude(kind="fee").select_related("engineer"):
        kept[row.engineer.username] = kept.get(row.engineer.username, NOTHING) + row.confirmed
    for refund in Refund.objects.filter(dropped_at=None).select_related("deduction__engineer"):
        kept[refund.deduction.engineer.username] -= refund.amount
    accounts = {account.of: account.balance() for account in Account.objects.filter(kind=Kind.WAGE)}
    names = sorted({*kept, *accounts})
    return [f"wage of {n} differs" for n in names if kept.get(n, NOTHING) != accounts.get(n, NOTHING)]


def _signed() -> list[str]:
    """A locked reconciliation says what the ledger says, and begins with the last closing."""
    rows = Reconciliation.objects.filter(stage=ReconciliationStage.LOCKED).select_related("engineer")
    return [
        f"{row.number} differs from the ledger"
        for row in rows
        if reconciling.figures(row.engineer, row.month).facts() != reconciling.shown(row).facts()
    ]


def _credit() -> list[str]:
    """No debt is paid beyond what it is (the rest is the customer's credit)."""
    accounts = Account.objects.filter(kind=Kind.RECEIVABLE)
    found = balances(accounts)
    return [f"{account.of} is below nothing" for account in accounts if found[account.pk] < 0]

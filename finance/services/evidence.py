"""What stands below each figure of a reconciliation (8.8): the rows of the ledger that make it, and the debts still open."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum

from aftersales.limits import following

from ..models import Kind, Receivable, Transfer
from .booking import last_of, of_month
from .reasons import Why
from .reconciling import NEW, NOTHING

#: the figures that a month's rows make, in the order of the formula
MOVED = ("new", "adjusted", "collected", "deducted", "refunded")
#: what is shown as a plus below a figure although it takes away from the debts
TAKES = ("collected", "deducted")


class Evidence(NamedTuple):
    """One row below a figure: `amount` is signed as the figure counts it (yuan)."""

    figure: str
    row: Transfer
    debt: Receivable
    amount: Decimal


class Open(NamedTuple):
    """A debt that is open at the month's end, and how many days it is overdue then (not yet due: 0 or less)."""

    debt: Receivable
    amount: Decimal
    days: int


def figure_of(why: str, sign: int) -> str:
    """Which figure a row counts in: onto (+1) or off (-1) a debt."""
    if why in NEW and sign == 1:
        return "new"
    named = {
        Why.PAID: "collected",
        Why.CREDIT: "collected",
        Why.DEDUCTED: "deducted",
        Why.REFUNDED: "refunded",
    }
    return named.get(Why(why), "adjusted") if why in Why.values else "adjusted"


def rows_of(engineer: Any, month: dt.date) -> list[Evidence]:
    """The month's rows of his debts, in their order; two statements."""
    keys = Receivable.objects.filter(engineer=engineer).values("key")
    mine = Q(source__kind=Kind.RECEIVABLE, source__of__in=keys) | Q(
        target__kind=Kind.RECEIVABLE, target__of__in=keys
    )
    rows = list(
        Transfer.objects.filter(mine, of_month(month))
        .select_related("source", "target")
        .order_by("day", "pk")
    )
    debts = _named(engineer, {account.of for row in rows for account in (row.source, row.target)})
    return [found for row in rows for found in _sides(row, debts)]


def _named(engineer: Any, keys: Iterable[str]) -> dict[str, Receivable]:
    """His debts of these keys."""
    rows = Receivable.objects.filter(engineer=engineer, key__in=list(keys))
    return {row.key: row for row in rows.select_related("ticket", "order", "customer__person")}


def _sides(row: Transfer, debts: dict[str, Receivable]) -> Iterable[Evidence]:
    for account, sign in ((row.target, 1), (row.source, -1)):
        debt = debts.get(account.of) if account.kind == Kind.RECEIVABLE else None
        if debt is not None:
            figure = figure_of(row.why, sign)
            yield Evidence(figure, row, debt, -sign * row.amount if figure in TAKES else sign * row.amount)


def open_debts(engineer: Any, month: dt.date) -> list[Open]:
    """What is open at the month's end, the oldest due day first; its sum is the closing. Three statements."""
    sums, end = _balances(engineer, following(month)), last_of(month)
    debts = _named(engineer, (key for key, total in sums.items() if total))
    found = [Open(debt, sums[key], (end - debt.due_on).days) for key, debt in debts.items()]
    return sorted(found, key=lambda row: (row.debt.due_on, row.debt.pk))


def _balances(engineer: Any, before: dt.date) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    keys = Receivable.objects.filter(engineer=engineer).values("key")
    for side, sign in (("target", 1), ("source", -1)):
        rows = Transfer.objects.filter(
            **{f"{side}__kind": Kind.RECEIVABLE, f"{side}__of__in": keys}, day__lt=before
        ).order_by()
        for key, total in rows.values_list(f"{side}__of").annotate(total=Sum("amount")):
            sums[key] = sums.get(key, NOTHING) + sign * total
    return sums


def ageing(days: int) -> str:
    """0–30 (not yet due included) · 31–40 · > 40 (domain 5, 10)."""
    return "0–30" if days <= 30 else "31–40" if days <= 40 else "> 40"

"""The accounts by cash (8.10): a month's or year's income and costs by engineer, model and region.

Income and its part cost by the day on which the money settled the debt, freight by the day of sending or, collect, of
arrival, claims by payment, kilometres by the trip's return, fines by entry, finance's own lines by their month; the cost of
warranty parts as a memo. What is not collected does not count, and a deduction is no income. Money belongs to the engineer
who answers for the debt (8.8): he bears what never comes. A closed month is read from its roll-up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from aftersales.limits import following

from ..models import AccountRow, ClosedMonth, Column
from ..rules import ZERO
from ..selectors import yuan
from .cash import Where, adjusted, collected, freight, travelled
from .memo import memo

Amounts = dict[tuple[Where, str], Decimal]  # (where, column) → yuan


def of_month(month: dt.date) -> Amounts:
    """The month's accounts: the roll-up if the month is closed, else computed now."""
    closed = ClosedMonth.objects.filter(month=month, reopened_at=None).first()
    kept = rolled_up([closed]) if closed is not None else {}
    return kept or compute(month)


def of_year(year: int, until: dt.date | None = None) -> Amounts:
    """The sum of the year's months that began before `until` (all without it): closed ones rolled up, open ones computed."""
    months = [month for month in months_of(year) if until is None or month < until]
    closed = {row.month: row for row in ClosedMonth.objects.filter(month__in=months, reopened_at=None)}
    found = defaultdict(lambda: ZERO, rolled_up(closed.values()))
    for begin, end in stretches([month for month in months if month not in closed]):
        for key, amount in compute(begin, end).items():
            found[key] += amount
    return {key: amount for key, amount in found.items() if amount}


def stretches(months: list[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Months that follow each other as one stretch (from, until before): they are computed at once."""
    found: list[tuple[dt.date, dt.date]] = []
    for month in months:
        begin = found.pop()[0] if found and found[-1][1] == month else month
        found.append((begin, following(month)))
    return found


def months_of(year: int) -> list[dt.date]:
    return [dt.date(year, number, 1) for number in range(1, 13)]


def rolled_up(closed: Iterable[ClosedMonth]) -> Amounts:
    rows = AccountRow.objects.filter(closed__in=list(closed)).order_by()
    sums = rows.values_list("engineer", "model", "region", "column").annotate(total=Sum("amount"))
    return {
        (Where(engineer, model, region), column): yuan(total)
        for engineer, model, region, column, total in sums
    }


def roll_up(closed: ClosedMonth) -> int:
    """Write the accounts of a month that has just been closed, in its transaction; again is nothing. Answers the rows."""
    if closed.rows.exists():
        return 0
    rows = [
        AccountRow(
            closed=closed, engineer_id=where.engineer, model=where.model, region=where.region, column=column, amount=amount
        )
        for (where, column), amount in sorted(compute(closed.month).items(), key=lambda item: str(item[0]))
    ]  # fmt: skip
    return len(AccountRow.objects.bulk_create(rows))


# --- summed up
def by_engineer(amounts: Amounts) -> dict[Any, dict[str, Decimal]]:
    """Engineer's id → column → yuan; in the same way `by_model` and `by_region`."""
    return _by(amounts, "engineer")


def by_model(amounts: Amounts) -> dict[Any, dict[str, Decimal]]:
    return _by(amounts, "model")


def by_region(amounts: Amounts) -> dict[Any, dict[str, Decimal]]:
    return _by(amounts, "region")


def _by(amounts: Amounts, name: str) -> dict[Any, dict[str, Decimal]]:
    found: dict[Any, dict[str, Decimal]] = {}
    for (where, column), amount in amounts.items():
        mine = found.setdefault(getattr(where, name), dict.fromkeys(Column.values, ZERO))
        mine[column] += amount
    return found


def total(groups: Mapping[Any, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Column → yuan over all groups."""
    return {column: sum((group[column] for group in groups.values()), ZERO) for column in Column.values}


# --- computed
def compute(begin: dt.date, end: dt.date | None = None) -> Amounts:
    """The accounts of a month, or of the months until before `end`, from ledger and slips: reads the rows of these days and
    the past of the debts and part lines that they touched."""
    until = end or following(begin)
    found: Amounts = defaultdict(lambda: ZERO)
    for source in (collected, freight, travelled, memo, adjusted):
        for where, column, amount in source(begin, until):
            found[where, str(column)] += amount
    return {key: amount for key, amount in found.items() if amount}

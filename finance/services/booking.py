"""On which day a row of the ledger is booked: corrections of a closed month fall into the first open one (domain 5)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from aftersales.limits import first_of, following, local_day

from ..flow import ReconciliationStage
from ..models import Account, ClosedMonth, Kind, Reconciliation, Transfer, TravelCost
from .reasons import Why

#: the number of our lock among PostgreSQL's advisory locks; the second key is the month, 202611
LOCK = 7310


def before(month: dt.date) -> dt.date:
    """The first day of the month before."""
    return first_of(first_of(month) - dt.timedelta(days=1))


def last_of(month: dt.date) -> dt.date:
    return following(month) - dt.timedelta(days=1)


def open_day(day: dt.date, accounts: Iterable[Account] = ()) -> dt.date:
    """`day`, or the first day after the last month that is closed or, for the engineer who is liable for one of these
    `accounts`, reconciled and locked: a month before it, even one that never had a row, is its opening. One statement."""
    shut = list(_shut(first_of(day), accounts))
    return following(max(shut)) if shut else day


def _shut(since: dt.date, accounts: Iterable[Account]) -> Any:
    closed = ClosedMonth.objects.filter(reopened_at=None, month__gte=since).order_by()
    months: Any = closed.values_list("month", flat=True)
    keys = [account.of for account in accounts if account.kind == Kind.RECEIVABLE]
    if not keys:
        return months
    locked = Reconciliation.objects.filter(
        stage=ReconciliationStage.LOCKED, month__gte=since, engineer__receivables__key__in=keys
    )
    return months.union(locked.order_by().values_list("month", flat=True), all=True)


def hold(month: dt.date) -> None:
    """Nobody books into this month until the transaction ends: who closes or locks it holds it first (SQLite has one
    writer anyway). Whoever books shares the lock, in the trigger (`closing.py`)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, month.year * 100 + month.month])


def first_day() -> dt.date | None:
    """With which the portal's own books begin. A debt taken over from paper keeps its old day, but counts from the day on
    which it was taken over: no month before that is closed."""
    rows = Transfer.objects.exclude(why=Why.OPENING).order_by("day")
    own = rows.values_list("day", flat=True).first()
    opening = Transfer.objects.filter(
        source__kind=Kind.OPENING
    )  # by its account: nothing leads from a reason to its rows
    taken = opening.order_by("at").values_list("at", flat=True).first()
    cost = TravelCost.objects.order_by("day").values_list("day", flat=True).first()
    days = [own, local_day(taken) if taken else None, cost]
    return min((day for day in days if day), default=None)


def months_between(first: dt.date, end: dt.date) -> list[dt.date]:
    """The months from `first` up to `end`, without it."""
    found, month = [], first_of(first)
    while month < first_of(end):
        found.append(month)
        month = following(month)
    return found


def is_closed(month: dt.date) -> bool:
    return ClosedMonth.objects.filter(reopened_at=None, month=first_of(month)).exists()


def of_month(month: dt.date, field: str = "day") -> models.Q:
    """Rows whose day lies in the month."""
    return models.Q(**{f"{field}__gte": first_of(month), f"{field}__lt": following(month)})

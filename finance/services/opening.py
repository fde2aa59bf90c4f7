"""Debts that paper held before the portal (J83): taken over once, with their true days and whoever answers for them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.services import audit
from aftersales.problems import BadEntry

from ..models import Account, Kind, Receivable
from ..selectors import account_of
from . import ledger, owing
from .reasons import Why

CLAUSE, RIGHT = "8.8", "receivable.import"


def key_of(number: str) -> str:
    """The debt's key: its number in the old books makes it come once."""
    return f"opening:{number}"


@transaction.atomic
def take_over(rows: Sequence[dict[str, Any]], *, source: str, by: Any, at: dt.datetime) -> list[Receivable]:
    """All of them or none. Each row: key, customer, engineer, amount (yuan), arose_on, due_on, note (the old paper), and
    perhaps cost (yuan): what the parts in it cost, so that the year's share is of the profit and not of the price (8.10)."""
    demand(by, RIGHT)
    made = [_take(row, by, at) for row in rows]
    audit("receivables.opened", by=by, at=at, subject=f"opening:{source[:60]}", rows=len(made))
    return made


def _take(row: dict[str, Any], by: Any, at: dt.datetime) -> Receivable:
    facts = {name: row[name] for name in ("customer", "engineer", "amount", "arose_on", "due_on", "note")}
    facts["cost"] = row.get("cost")
    debt, is_new = Receivable.objects.get_or_create(
        key=key_of(row["key"]), defaults=facts | {"kind": Receivable.Kind.PARTS, "made_at": at}
    )
    if not is_new:
        raise BadEntry(_("{key} was taken in already."), CLAUSE, "file", key=row["key"])
    ledger.post(
        debt.key, source=Account.objects.of_kind(Kind.OPENING), target=account_of(debt), amount=debt.amount, day=debt.arose_on,
        paper=debt.note[:20], why=Why.OPENING, by=by, at=at,
    )  # fmt: skip
    owing.arose(debt)
    return debt

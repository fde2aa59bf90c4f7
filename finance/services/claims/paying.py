"""What remains of a claim is paid: ledger, costs of the tickets, the trip settled, in one transaction (C35, SD04)."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.limits import local_day
from aftersales.paperwork import keep

from ...models import COLUMN, Account, Claim, Kind, LineKind
from .. import costing, ledger
from ..reasons import Why
from .deciding import held_for
from .settling import settle_trip
from .telling import tell_people


def key_of(paper: Claim) -> str:
    """Under which the ledger knows the payment."""
    return f"claim:{paper.number}"


@transaction.atomic
def pay(paper: Claim, *, by: Any, at: dt.datetime) -> Claim:
    """Pay today; twice at once is once: the second finds it paid."""
    held = held_for(paper, "expense.pay", by)
    amount = held.payable
    held.move("pay", amount=amount, paid_by=by, paid_at=at)
    keep(held, "pay", by=by, at=at)
    accounts = Account.objects
    ledger.post(
        key_of(held), source=accounts.of_kind(Kind.BANK), target=accounts.of_kind(Kind.TRAVEL, held.claimant.username),
        amount=amount, day=local_day(at), paper=held.number, why=Why.CLAIMED, by=by, at=at,
    )  # fmt: skip
    _book(held, at)
    tell_people(held, [held.claimant_id], "paid", at, _("{number}: {amount} yuan are paid to you (8.2)."))
    settle_trip(held.trip, by=by, at=at)
    return held


def _book(held: Claim, at: dt.datetime) -> None:
    """Each column's sum over the tickets of the trip, dated by the payment (domain 10)."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in held.lines.all():
        sums[COLUMN[LineKind(line.kind)]] += line.paid
    for column, amount in sorted(sums.items()):
        costing.share(
            held.trip,
            column,
            amount,
            source=f"{held.number}:{column}",
            paper=held.number,
            day=local_day(at),
            at=at,
        )

"""A debt is given up (C28, SD12): one proposes with a reason, another carries it out; what the engineer bears stays his."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.limits import local_day
from aftersales.problems import BadEntry

from ..models import Account, Kind, Receivable, WriteOff
from ..selectors import account_of
from . import ledger, owing
from .reasons import Why

CLAUSE, RIGHT = "8.8", "receivable.write_off"


@transaction.atomic
def propose(receivable: Receivable, *, amount: Decimal, reason: str, by: Any, at: dt.datetime) -> WriteOff:
    """The first of the two. `amount`: yuan, at most what neither the customer has paid nor the engineer bears."""
    _may(by, receivable)
    row = owing.hold(receivable)
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
        raise BadEntry(_("An amount is more than 0.00 and has two decimals at most."), CLAUSE, "amount")
    _fits(row, amount)
    found: WriteOff = ledger.propose(
        WriteOff, by=by, at=at, clause=CLAUSE, about={"receivable": row}, amount=amount, reason=reason
    )
    return found


@transaction.atomic
def second(proposal: WriteOff, *, by: Any, at: dt.datetime) -> WriteOff:
    """The second person: the debt's account is relieved, drafts shrink, the clock stops if nothing is left."""
    row = owing.hold(proposal.receivable)
    held: WriteOff = ledger.open_proposal(proposal)
    _may(by, row)
    if by.pk == held.proposed_by_id:
        raise Denied(_("A write-off needs two persons (SD12)."), CLAUSE)
    _fits(row, held.amount)
    ledger.post(
        f"write_off:{held.pk}", source=account_of(row), target=Account.objects.of_kind(Kind.LOSS), amount=held.amount,
        day=local_day(at), paper=row.clock_title()[:20], why=Why.WRITTEN_OFF, by=by, at=at,
    )  # fmt: skip
    ledger.settle(held, by=by, at=at)
    owing.follow(row, by=by, at=at)
    return held


@transaction.atomic
def drop(proposal: WriteOff, *, by: Any, at: dt.datetime) -> WriteOff:
    """Any of those who may write off lets it fall."""
    _may(by, proposal.receivable)
    held: WriteOff = ledger.open_proposal(proposal)
    held.dropped_at = at
    held.save(update_fields=["dropped_at"])
    return held


def _may(by: Any, receivable: Receivable) -> None:
    demand(by, RIGHT)
    if receivable.engineer_id == by.pk:
        raise Denied(_("Nobody gives up a debt that he answers for himself (SD04)."), CLAUSE)


def _fits(row: Receivable, amount: Decimal) -> None:
    left = owing.left(row)
    if amount > left:
        sentence = _("Only {left} yuan are neither paid nor borne by the engineer.")
        raise BadEntry(sentence, CLAUSE, "amount", left=max(left, owing.NONE))

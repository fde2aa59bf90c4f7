"""A customer's credit (C29): shown, used by hand (C38), or paid back by two persons; never more than covers nothing."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.limits import local_day
from aftersales.problems import BadEntry

from ..models import Account, CustomerRefund, Kind, Receipt, ReceiptUse
from ..selectors import credit_of, free_of
from . import ledger
from .reasons import Why

RIGHT = "customer.refund"
NONE = Decimal("0.00")


def spendable(customer: Any, receipts: Iterable[Receipt] | None = None) -> Decimal:
    """Yuan of his receipts that cover no signed release and have paid no debt; never more than the books owe him."""
    rows = list(
        receipts if receipts is not None else Receipt.objects.filter(customer=customer, reversed_at=None)
    )
    return max(min(sum(free_of(rows).values(), NONE), credit_of(customer.number)), NONE)


@transaction.atomic
def propose(
    customer: Any, *, amount: Decimal, method: str, reason: str, by: Any, at: dt.datetime, reference: str = ""
) -> CustomerRefund:
    """The first of the two says how much goes back, how and why (SD12)."""
    demand(by, RIGHT)
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
        raise BadEntry(_("An amount is more than 0.00 and has two decimals at most."), field="amount")
    _fits(amount, spendable(customer, _held(customer)))
    row: CustomerRefund = ledger.propose(
        CustomerRefund, by=by, at=at, about={"customer": customer}, amount=amount, method=method, reference=reference,
        reason=reason,
    )  # fmt: skip
    return row


@transaction.atomic
def second(proposal: CustomerRefund, *, by: Any, at: dt.datetime) -> CustomerRefund:
    """Another one pays: bank → customer's account, out of his oldest receipts; both as free as they are now."""
    demand(by, RIGHT)
    rows = _held(proposal.customer)
    held: CustomerRefund = ledger.open_proposal(proposal, "proposed_by", "customer")
    if by.pk == held.proposed_by_id:
        raise Denied(_("Money is paid back to a customer by two persons (SD12)."))
    _fits(held.amount, spendable(held.customer, rows))
    _take(held, rows, by, at)
    accounts = Account.objects
    ledger.post(
        f"paid_back:{held.pk}", source=accounts.of_kind(Kind.BANK),
        target=accounts.of_kind(Kind.CUSTOMER, held.customer.number), amount=held.amount, day=local_day(at),
        paper=held.customer.number, why=Why.PAID_BACK, by=by, at=at,
    )  # fmt: skip
    ledger.settle(held, by=by, at=at)
    return held


@transaction.atomic
def drop(proposal: CustomerRefund, *, by: Any, at: dt.datetime) -> CustomerRefund:
    """Any of those who may lets it fall."""
    demand(by, RIGHT)
    held: CustomerRefund = ledger.open_proposal(proposal)
    held.dropped_at = at
    held.save(update_fields=["dropped_at"])
    return held


def _held(customer: Any) -> list[Receipt]:
    """His receipts under their locks, the oldest first: nobody uses them up meanwhile."""
    rows = Receipt.objects.select_for_update(of=("self",)).filter(customer=customer, reversed_at=None)
    return list(rows.order_by("pk"))


def _fits(amount: Decimal, most: Decimal) -> None:
    if amount > most:
        raise BadEntry(
            _("Only {most} yuan of this customer's money cover nothing."), field="amount", most=most
        )


def _take(held: CustomerRefund, rows: list[Receipt], by: Any, at: dt.datetime) -> None:
    rest, free = held.amount, free_of(rows)
    for row in rows:
        part = min(rest, free[row.pk])
        if part > 0:
            ReceiptUse.objects.create(receipt=row, refund=held, amount=part, at=at, by=by)
            rest -= part

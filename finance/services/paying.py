"""Money pays debts (C38, 8.8): for its ticket pro rata to what is open, without a reference the oldest first; what the
engineer already bears goes back to him first, what is too much stays the customer's credit.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.charter import Fact
from aftersales.limits import local_day
from aftersales.money import fen_of, split, yuan_of
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from notices.services import tell

from ..models import Account, Deduction, Kind, Receipt, ReceiptUse, Receivable, Refund, Transfer
from ..selectors import account_of, free, open_amounts, yuan
from . import ledger, owing, telling
from .reasons import Why

CLAUSE = "8.8"


def spread(receipt: Receipt, *, by: Any, at: dt.datetime) -> list[ReceiptUse]:
    """Pay what the receipt is for: its ticket's or order's debts pro rata, else the customer's oldest (domain 10, 11)."""
    rows = _debts(receipt)
    owed = {row.pk: max(owing.owed(row), Decimal(0)) for row in rows}
    rows = [row for row in rows if owed[row.pk]]
    if not rows:
        return []
    shares = (
        _pro_rata(rows, owed, receipt)
        if receipt.ticket_id or receipt.order_id
        else _oldest(rows, owed, receipt)
    )
    return [
        _pay(Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk), row, amount, by, at)
        for row, amount in shares
        if amount
    ]


def _debts(receipt: Receipt) -> list[Receivable]:
    """Under their locks, in the order in which money without a reference pays them."""
    rows = Receivable.objects.select_for_update(of=("self",)).filter(customer=receipt.customer)
    if receipt.ticket_id or receipt.order_id:
        rows = rows.filter(Q(ticket=receipt.ticket_id) & Q(order=receipt.order_id))
    return sorted(rows.order_by("pk"), key=lambda row: (row.due_on, row.pk))


def _pro_rata(
    rows: list[Receivable], owed: dict[int, Decimal], receipt: Receipt
) -> list[tuple[Receivable, Decimal]]:
    rows = sorted(rows, key=lambda row: row.pk)
    weights = [fen_of(owed[row.pk]) for row in rows]
    total = min(fen_of(free(receipt)), sum(weights))
    return [(row, yuan_of(part)) for row, part in zip(rows, split(total, weights), strict=True)]


def _oldest(
    rows: list[Receivable], owed: dict[int, Decimal], receipt: Receipt
) -> list[tuple[Receivable, Decimal]]:
    found, money = [], free(receipt)
    for row in rows:
        part = min(money, owed[row.pk])
        found.append((row, part))
        money -= part
    return found


@transaction.atomic
def allocate(
    receipt: Receipt, *, receivable: Receivable, amount: Decimal, by: Any, at: dt.datetime
) -> ReceiptUse:
    """By hand (C38): what the receipt still holds pays another debt of the same customer."""
    demand(by, "receipt.allocate")
    row = owing.hold(receivable)
    held = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if row.customer_id != held.customer_id:
        raise BadEntry(_("This debt is another customer's."), "8.6", "receivable")
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
        raise BadEntry(_("An amount is more than 0.00 and has two decimals at most."), "8.6", "amount")
    if amount > free(held):
        raise BadEntry(_("The receipt still holds {left} yuan."), "8.6", "amount", left=free(held))
    if amount > owing.owed(row):
        raise BadEntry(_("Only {owed} yuan of this debt are open."), "8.6", "amount", owed=owing.owed(row))
    use = _pay(held, row, amount, by, at)
    telling.tell_liable([use], at=at)
    return use


def _pay(receipt: Receipt, row: Receivable, amount: Decimal, by: Any, at: dt.datetime) -> ReceiptUse:
    use = ReceiptUse.objects.create(receipt=receipt, receivable=row, amount=amount, at=at, by=by)
    customer = Account.objects.of_kind(Kind.CUSTOMER, receipt.customer.number)
    day, facts = local_day(receipt.arrived_at), {"paper": receipt.number, "by": by, "at": at}
    bears = owing.borne(row)
    if bears > 0:
        give_back(row, min(bears, amount), receipt=receipt, day=day, **facts)
    ledger.post(
        f"pay:{use.pk}",
        source=account_of(row),
        target=customer,
        amount=amount,
        day=day,
        why=Why.PAID,
        **facts,
    )
    owing.follow(row, by=by, at=at)
    return use


def give_back(
    row: Receivable, amount: Decimal, *, receipt: Receipt | None, day: dt.date, paper: str, by: Any, at: dt.datetime,
    why: str = "",
) -> list[Refund]:  # fmt: skip
    """Repay the engineer what he bears of a debt, the oldest deduction first (8.8); the clock of two working days runs
    from the later of the money's arrival and the confirmation."""
    made, rest = [], amount
    deductions = (
        Deduction.objects.select_for_update(of=("self",)).filter(receivable=row).exclude(confirmed=None)
    )
    for deduction in deductions.order_by("month", "pk"):
        refunded = sum((row.amount for row in deduction.refunds.filter(dropped_at=None)), Decimal(0))
        part = min(rest, deduction.confirmed - refunded)
        if part > 0:
            made.append(_refund(deduction, part, receipt, row, day, paper, by, at, why))
            rest -= part
    return made


def _refund(
    deduction: Deduction, amount: Decimal, receipt: Receipt | None, row: Receivable, day: dt.date, paper: str, by: Any,
    at: dt.datetime, why: str,
) -> Refund:  # fmt: skip
    key = f"refund:{deduction.pk}:{receipt.pk if receipt else paper}"
    again = Refund.objects.filter(key__startswith=key).count()
    key = f"{key}:{again + 1}" if again else key
    begins = max(receipt.arrived_at if receipt else at, deduction.confirmed_at or at)
    refund = Refund.objects.create(
        key=key, deduction=deduction, receipt=receipt, why=why, amount=amount, arose_at=begins, made_at=at
    )
    ledger.post(
        key, source=Account.objects.of_kind(Kind.WAGE, deduction.engineer.username), target=account_of(row),
        amount=amount, day=day, paper=deduction.number, why=Why.REFUNDED, by=by, at=at,
    )  # fmt: skip
    deadlines.record(Fact.REFUND_AROSE, refund, at=begins, by=by)
    said = (
        _("The customer has paid: {amount} yuan that were deducted come back to you (8.8).")
        if receipt
        else _("Less is owed than before: {amount} yuan that were deducted come back to you (8.8).")
    )
    tell(
        [deduction.engineer_id], at=at, event_key=f"{key}:arose", kind="payment", title=said, params={"amount": str(amount)},
        url=deduction.get_absolute_url(),
    )  # fmt: skip
    return refund


def undo(receipt: Receipt, *, by: Any, at: dt.datetime) -> None:
    """The receipt is reversed: what it still pays is open again; a refund that was not repaid yet is taken back."""
    if Refund.objects.filter(receipt=receipt).exclude(settled_at=None).exists():
        raise OutOfTurn(
            _("What this money refunded has already been repaid to the engineer; it stays."), CLAUSE
        )
    rows = hold_paid(receipt)
    customer = Account.objects.of_kind(Kind.CUSTOMER, receipt.customer.number)
    for row in rows:
        amount = pays(receipt, row)
        if amount > 0:
            ledger.post(
                f"undo:{receipt.number}:{row.pk}", source=customer, target=account_of(row), amount=amount, day=local_day(at),
                paper=receipt.number, why=Why.UNDONE, by=by, at=at,
            )  # fmt: skip
            ReceiptUse.objects.create(receipt=receipt, receivable=row, amount=-amount, at=at, by=by)
    for refund in Refund.objects.select_for_update(of=("self",)).filter(receipt=receipt, dropped_at=None):
        _opposite(Transfer.objects.get(key=refund.key), receipt, by, at)
        deadlines.record(Fact.REFUND_PAID, refund, at=at, by=by)
        refund.dropped_at = at
        refund.save(update_fields=["dropped_at"])
    for row in rows:
        lighten(row, paper=receipt.number, why=Why.UNDONE, day=local_day(at), by=by, at=at)
        owing.follow(row, by=by, at=at)


def lighten(row: Receivable, *, paper: str, why: str, day: dt.date, by: Any, at: dt.datetime) -> None:
    """Less is owed than the engineer bears: what is too much comes back to him (domain 10)."""
    too_much = min(-owing.left(row), owing.borne(row))
    if too_much > 0:
        give_back(row, too_much, receipt=None, day=day, paper=paper, by=by, at=at, why=why)


def hold_paid(receipt: Receipt) -> list[Receivable]:
    """The debts that it paid, under their locks: debts come before receipts, so that nobody waits in a circle."""
    paid = ReceiptUse.objects.filter(receipt=receipt).exclude(receivable=None).values("receivable")
    return list(Receivable.objects.select_for_update(of=("self",)).filter(pk__in=paid).order_by("pk"))


def pays(receipt: Receipt, row: Receivable) -> Decimal:
    """What of this receipt pays this debt, less what has become free again."""
    rows = ReceiptUse.objects.filter(receipt=receipt, receivable=row)
    return yuan(rows.aggregate(total=Sum("amount"))["total"])


def free_again(row: Receivable, amount: Decimal, *, by: Any, at: dt.datetime) -> None:
    """Less is owed than was paid: so much of what paid the debt is the customer's credit again, the newest money first."""
    uses = ReceiptUse.objects.filter(receivable=row).order_by().values_list("receipt")
    for pk, paid in uses.annotate(total=Sum("amount")).order_by("-receipt"):
        part = min(amount, yuan(paid))
        if part > 0:
            ReceiptUse.objects.create(receipt_id=pk, receivable=row, amount=-part, at=at, by=by)
            amount -= part


def _opposite(row: Transfer, receipt: Receipt, by: Any, at: dt.datetime) -> None:
    ledger.post(
        f"undo:{row.pk}", source=row.target, target=row.source, amount=row.amount, day=local_day(at),
        paper=receipt.number, why=Why.UNDONE, by=by, at=at,
    )  # fmt: skip


def open_debts(customer: Any) -> list[tuple[Receivable, Decimal]]:
    """A customer's debts that are not paid, the oldest first, with what is open of each."""
    rows = list(Receivable.objects.filter(customer=customer).select_related("ticket", "order", "engineer"))
    amounts = open_amounts(rows)
    return [(row, amounts[row.pk]) for row in rows if amounts[row.pk] > 0]

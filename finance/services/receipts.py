"""Money arrives (8.6): finance records a receipt once, the books follow, the responsible engineer is told."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.charter import Fact
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.money import LARGEST, round_fen
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from notices.services import tell
from repairs.services.for_parts import service_from_parts
from repairs.services.quoting import lock_about

from ..models import Account, Kind, Receipt, ReceiptUse, Receivable, Reversal, Transfer
from ..selectors import free, paid_back, used
from . import ledger, merging, paying, telling
from .reasons import Why

SERIES = "SK"
#: an older day is a slip of the pen: it would open months that nobody ever closed
OLDEST = dt.timedelta(days=2 * 365)


@transaction.atomic
def record(
    *,
    customer: Any,
    amount: Decimal,
    arrived_at: dt.datetime,
    method: str,
    by: Any,
    at: dt.datetime,
    ticket: Any = None,
    order: Any = None,
    reference: str = "",
) -> Receipt:
    """Write down money that arrived (C03) from `customer`, for a ticket, a parts order or neither.

    Raises `BadEntry` at `amount` (0, negative, finer than a fen) or `arrived_at` (later than now, 8.6).
    """
    demand(by, "payment.record")
    ticket = _survivor(ticket, customer)
    _check(customer, amount, arrived_at, ticket, order, at)
    row = Receipt(
        number=next_number(SERIES, at), customer=customer, ticket=ticket, order=order, amount=round_fen(amount),
        arrived_at=arrived_at, method=method, reference=reference,
    )  # fmt: skip
    row.sign(by=by, at=at)
    row.save()
    _book(row, by, at)
    on_ticket(row.ticket, "payment_arrived", by=by, at=at, receipt=row.number)
    uses = paying.spread(row, by=by, at=at)
    deadlines.record(Fact.MONEY_ARRIVED, row, at=arrived_at, by=by)
    _tell(row, uses, at)
    telling.tell_liable(uses, at=at)
    deadlines.record(Fact.MONEY_TOLD, row, at=at, by=by)
    return row


def _survivor(ticket: Any, customer: Any) -> Any:
    """Money for a report that was merged is for the ticket that went on, if that is the same customer's (3.1)."""
    found = ticket
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found if found is not None and found.customer_id == customer.pk else ticket


def on_ticket(ticket: Any, name: str, *, by: Any, at: dt.datetime, **data: str) -> None:
    """A ticket for which something was paid, be it in transit, or issued is not cancelled (domain 2)."""
    if ticket is None:
        return
    paid = ticket.receipts.filter(reversed_at=None).exists() or ticket.site_money.in_transit().exists()
    issued = ticket.releases.filter(issued_any=True).exists()
    service_from_parts(ticket, name, by=by, at=at, clause="8.6", data=data, issued_or_paid=paid or issued)


def _check(
    customer: Any, amount: Decimal, arrived_at: dt.datetime, ticket: Any, order: Any, at: dt.datetime
) -> None:
    check_money(amount, arrived_at, at, "arrived_at")
    if is_before(arrived_at, ticket or order):
        raise BadEntry(_("This lies before {paper} was reported; please look at the date."), "8.6", "arrived_at",
                       paper=(ticket or order).number)  # fmt: skip
    _check_customer(customer, ticket, order)


def is_before(arrived_at: dt.datetime, about: Any) -> bool:
    """Whether money that names this ticket or order would have come on a day before there was one: a slip in the year."""
    if about is None:
        return False
    begun = getattr(about, "reported_at", None) or about.made_at
    return local_day(arrived_at) < local_day(begun)


def check_money(amount: Decimal, arrived_at: dt.datetime, at: dt.datetime, when: str) -> None:
    """Whether so many yuan can have come at that time; raises `BadEntry` at `amount` or at the field `when`."""
    if not amount.is_finite() or amount <= 0:
        raise BadEntry(_("Money that arrived is more than 0.00."), "8.6", "amount")
    if amount > LARGEST:
        raise BadEntry(_("This is more than an amount can be: {largest}."), "8.6", "amount", largest=LARGEST)
    if amount != round(amount, 2):
        raise BadEntry(_("An amount has two decimals at most."), "8.6", "amount")
    if arrived_at > at:
        raise BadEntry(_("Money cannot have arrived later than now."), "8.6", when)
    if arrived_at < at - OLDEST:
        raise BadEntry(_("This lies too far back; please look at the year."), "8.6", when)


def _check_customer(customer: Any, ticket: Any, order: Any) -> None:
    """Money for a ticket or an order comes from its customer, or from who owes for it: else it would cover the parts of
    somebody else."""
    about = ticket or order
    if ticket is not None and order is not None:
        raise BadEntry(_("Money is for a ticket or for a parts order, not for both."), "8.6", "order")
    if (
        about is not None
        and about.customer_id not in (None, customer.pk)
        and not owes(customer, ticket, order)
    ):
        raise BadEntry(_("{paper} belongs to another customer."), "8.6", "customer", paper=about.number)


def owes(customer: Any, ticket: Any, order: Any) -> bool:
    """Whether a debt of this ticket or order is his: the payer may be another than who reported."""
    return Receivable.objects.filter(customer=customer, ticket=ticket, order=order).exists()


def key_of(receipt: Receipt) -> str:
    return f"receipt:{receipt.number}"


def _book(row: Receipt, by: Any, at: dt.datetime) -> None:
    accounts = Account.objects
    ledger.post(
        key_of(row), source=accounts.of_kind(Kind.CUSTOMER, row.customer.number), target=accounts.of_kind(Kind.BANK),
        amount=row.amount, day=local_day(row.arrived_at), paper=row.number, why=Why.RECEIPT, by=by, at=at,
    )  # fmt: skip


def _tell(row: Receipt, uses: list[ReceiptUse], at: dt.datetime) -> None:
    """The responsible engineer hears of it the moment it is entered (8.6): of money that is there for parts, not of what has
    paid debts that he answers for, which he is told as such."""
    about = row.ticket or row.order
    if about is None or about.engineer_id is None:
        return
    liable = {use.receivable.engineer_id for use in uses if use.receivable is not None}
    if about.engineer_id in liable and not free(row):
        return
    tell(
        [about.engineer_id], at=at, event_key=f"{key_of(row)}:arrived", kind="payment",
        title=_("Money has arrived for {paper}: you can collect the parts as soon as finance has signed (8.6)."),
        params={"paper": about.number}, url=about.get_absolute_url(),
    )  # fmt: skip


@transaction.atomic
def take_back(receipt: Receipt, *, by: Any, second: Any, at: dt.datetime, why: str) -> Transfer:
    """Reverse a receipt (C16, two persons SD12); refused while a signed release rests on it."""
    if receipt.ticket is not None:
        lock_about(receipt.ticket)  # before the receipt, as every signature does: nobody waits in a circle
    paying.hold_paid(receipt)
    held = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    _unused(held)
    paying.undo(held, by=second, at=at)
    done = ledger.reverse(Transfer.objects.get(key=key_of(held)), by=by, second=second, at=at, why=why)
    merging.to_its_customer(held, done, by=second, at=at)
    held.reversed_at = at
    held.sign(by=by, at=at, why=why)
    held.save()
    on_ticket(held.ticket, "payment_reversed", by=by, at=at, receipt=held.number)
    return done


def _unused(receipt: Receipt) -> None:
    in_use = used(receipt, for_releases=True)
    if in_use:
        sentence = _("{amount} yuan of this receipt cover signed releases; revoke those first.")
        raise OutOfTurn(sentence, "4.5b", amount=in_use)
    back = paid_back(receipt)
    if back:
        raise OutOfTurn(_("{amount} yuan of this receipt were paid back to the customer."), amount=back)


@transaction.atomic
def propose_reversal(receipt: Receipt, *, by: Any, at: dt.datetime, reason: str) -> Reversal:
    """The first of the two; refused at once while a signed release rests on the receipt."""
    _unused(receipt)
    return ledger.propose_reversal(Transfer.objects.get(key=key_of(receipt)), by=by, at=at, reason=reason)


@transaction.atomic
def second(receipt: Receipt, row: Any, *, by: Any, at: dt.datetime) -> Transfer:
    """The second person carries out the proposed reversal of a receipt."""
    held = ledger.waiting(row)
    done = take_back(receipt, by=held.proposed_by, second=by, at=at, why=held.reason)
    ledger.settle(held, by=by, at=at)
    return done

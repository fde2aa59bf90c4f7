"""A debt's life (4.11, 8.8): what is open of it, what the engineer bears, its clock, its drafts; labour at completion."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from aftersales.charter import Fact
from aftersales.limits import local_day, moment_of
from aftersales.money import yuan_of
from catalogue.models import LineKind
from deadlines import services as deadlines
from repairs.models import Ticket
from repairs.services.quotations import accepted

from ..flow import DeductionStage
from ..models import Account, Deduction, Kind, Receivable, Refund, Transfer
from ..selectors import account_of, yuan
from . import ledger
from .reasons import Why

LIVE = (DeductionStage.DRAFT, DeductionStage.OBJECTED)
NONE = Decimal("0.00")


def hold(row: Receivable) -> Receivable:
    """The debt under its lock: whoever pays, deducts or gives it up takes this first."""
    return Receivable.objects.select_for_update(of=("self",)).get(pk=row.pk)


def left(row: Receivable) -> Decimal:
    """Yuan that neither the customer has paid nor the engineer bears: the balance of its account."""
    return account_of(row).balance()


def borne(row: Receivable) -> Decimal:
    """What was deducted for it and not refunded (net)."""
    confirmed = Deduction.objects.filter(receivable=row).aggregate(total=Sum("confirmed"))["total"]
    refunded = Refund.objects.filter(deduction__receivable=row, dropped_at=None).aggregate(
        total=Sum("amount")
    )["total"]
    return yuan(confirmed) - yuan(refunded)


def given_up(row: Receivable) -> Decimal:
    """What was written off of it and still is."""
    account, lost = account_of(row), Account.objects.of_kind(Kind.LOSS)
    gone = Transfer.objects.filter(source=account, target=lost).aggregate(total=Sum("amount"))["total"]
    back = Transfer.objects.filter(source=lost, target=account).aggregate(total=Sum("amount"))["total"]
    return yuan(gone) - yuan(back)


def owed(row: Receivable) -> Decimal:
    """What the customer still owes, whoever bears it meanwhile."""
    return left(row) + borne(row)


def follow(row: Receivable, *, by: Any, at: dt.datetime) -> None:
    """After anything moved its account: a draft asks what is left, or drops; an objection is never about more than he saw.
    At nothing the debt's clock stops."""
    amount = left(row)
    for draft in Deduction.objects.select_for_update(of=("self",)).filter(receivable=row, stage__in=LIVE):
        objected = draft.stage == DeductionStage.OBJECTED
        if amount <= 0:
            draft.move("drop")
        else:
            draft.amount = min(draft.amount, amount) if objected else amount
        draft.sign(by=by, at=at, why="money moved")
        draft.save()
    if amount <= 0:
        deadlines.record(Fact.DEBT_SETTLED, row, at=at, by=by)


def arose(row: Receivable) -> None:
    """Its 40 days run from the due day (the day itself is not counted)."""
    deadlines.record(Fact.DEBT_AROSE, row, at=moment_of(row.due_on), by=None)


# --- labour
#: which lines of a quotation are the engineer's work; the rest of what is not a part is other income (9.4)
WORK = (LineKind.LABOUR, LineKind.DIAGNOSIS, LineKind.INSPECTION, LineKind.MACHINING)


def charge_work(ticket: Ticket, *, by: Any, at: dt.datetime) -> Receivable | None:
    """At completion: what the accepted quotation charges beside parts is owed from that day on (domain 5)."""
    quote = accepted(ticket, local_day(at))
    if quote is None or quote.round not in (None, ticket.round):
        return None
    sums = {kind: yuan_of(0) for kind in (Kind.LABOUR, Kind.OTHER)}
    for line in quote.lines.exclude(kind=LineKind.PART):
        sums[Kind.LABOUR if line.kind in WORK else Kind.OTHER] += line.amount
    if not any(sums.values()) or ticket.engineer_id is None:
        return None
    key, day = f"labour:{ticket.number}:{ticket.round}", local_day(at)
    row, _new = Receivable.objects.get_or_create(
        key=key,
        defaults={
            "kind": Receivable.Kind.LABOUR, "ticket": ticket, "customer": quote.customer or ticket.customer,
            "engineer_id": ticket.engineer_id, "amount": sum(sums.values(), NONE), "arose_on": day, "due_on": day,
            "made_at": at,
        },
    )  # fmt: skip
    for kind, amount in sums.items():
        if amount:
            ledger.post(
                f"{key}:{kind}", source=Account.objects.of_kind(kind), target=account_of(row), amount=amount, day=day,
                paper=ticket.number, why=Why.LABOUR, by=by, at=at,
            )  # fmt: skip
    arose(row)
    return row

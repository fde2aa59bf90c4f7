"""The information fee (4.2): owed by the salesperson to the engineer, through the ledger and the payroll list.

Booked once for each sale, from the engineer's account to the salesperson's; what the month's deductions keep back from the
salesperson (within the cap) is paid with the engineer's wage of the same month. Taken back, it goes the other way.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.paperwork import keep
from aftersales.problems import OutOfTurn
from notices.services import tell
from sales.lead_flow import SaleStage
from sales.models import Sale

from ..flow import DeductionStage, FeeStage
from ..models import Account, Deduction, Fee, Kind, Reversal, Transfer
from . import deducting, ledger
from .reasons import Why

SERIES, CLAUSE = "XF", "4.2"
PAY, REVERSE = "info_fee.pay", "ledger.reverse"


@transaction.atomic
def arise(sale: Sale, *, by: Any, at: dt.datetime) -> Fee | None:
    """A fee for finance to put on the list, if the sale owes one. Told twice, it stands once."""
    known = Fee.objects.filter(sale=sale).first()
    if known is not None or not sale.fee:
        return known
    fee = Fee(
        sale=sale,
        seller=sale.seller,
        engineer=sale.informant,
        commission=sale.commission,
        share=sale.share,
        amount=sale.fee,
    )
    fee.number = next_number(SERIES, at)
    keep(fee, "arise", by=by, at=at)
    _tell(
        fee,
        [fee.engineer_id],
        "arose",
        _("Your lead led to a sale: an information fee of {amount} yuan (4.2)."),
        at,
    )
    return fee


@transaction.atomic
def pay(fee: Fee, *, by: Any, at: dt.datetime) -> Fee:
    """Finance puts it on the payroll list (C26): booked under the sale's key, and a draft deduction of the salesperson."""
    held = _held(fee, PAY, by)
    if held.sale.stage != SaleStage.CONFIRMED:
        raise OutOfTurn(_("Its sale is not confirmed any more; nothing is paid now (4.2)."), CLAUSE)
    held.move("pay", ordered_by=by, ordered_at=at)
    ledger.post(
        held.key, source=account(Kind.FEE, held.engineer), target=account(Kind.SELLER, held.seller), amount=held.amount,
        day=local_day(at), paper=held.number, why=Why.FEE, by=by, at=at,
    )  # fmt: skip
    draft = deducting.of_paper(Deduction.Kind.FEE, held.seller_id, held.number, held.amount, at, by=by)
    keep(held, "pay", by=by, at=at)
    _tell(held, [held.seller_id], "ordered", _("An information fee of {amount} yuan is to be deducted from your wage of {month} "
          "(4.2)."), at, month=f"{draft.month:%Y-%m}")  # fmt: skip
    return held


def account(kind: str, person: Any) -> Account:
    return Account.objects.of_kind(kind, person.username)


def sides(row: Deduction) -> tuple[Account, Account]:
    """(whose debt a deduction pays, to whom it goes): the salesperson's, or, once the fee is taken back, the engineer's."""
    fee = Fee.objects.select_related("seller", "engineer").get(number=row.paper)
    owed, due = account(Kind.SELLER, fee.seller), account(Kind.FEE, fee.engineer)
    return (owed, due) if row.engineer_id == fee.seller_id else (due, owed)


def gets(row: Deduction, fee: Fee) -> Any:
    """Whose wage is the larger by what a deduction for `fee` keeps back."""
    return fee.engineer if row.engineer_id == fee.seller_id else fee.seller


def pass_on(row: Deduction, amount: Decimal, due: Account, *, by: Any, at: dt.datetime) -> Transfer:
    """What was kept back is paid with the other one's wage of the same month."""
    return ledger.post(
        f"{row.key}:passed", source=account(Kind.WAGE, row.engineer), target=due, amount=amount, day=local_day(at),
        paper=row.paper, why=Why.FEE_PASSED, by=by, at=at,
    )  # fmt: skip


def paid(fee: Fee, person: Any) -> Decimal:
    """Yuan that were kept back from this person's wages for it."""
    rows = Deduction.objects.filter(kind=Deduction.Kind.FEE, paper=fee.number, engineer=person)
    return rows.aggregate(total=Sum("confirmed"))["total"] or Decimal("0.00")


# --- a sale that was cancelled
@transaction.atomic
def cancelled(sale: Sale, *, by: Any, at: dt.datetime) -> None:
    """Of a cancelled sale: dropped while nothing is booked; what is booked waits for two of finance (`take_back`)."""
    fee = Fee.objects.select_for_update(of=("self",)).filter(sale=sale, stage=FeeStage.DUE).first()
    if fee is not None:
        fee.move("drop")
        keep(fee, "drop", by=by, at=at)
        _tell(
            fee,
            [fee.engineer_id],
            "dropped",
            _("The sale was cancelled: no information fee ({number}, 4.2)."),
            at,
        )


def proposal_of(fee: Fee) -> Reversal | None:
    """The proposal that waits for its second person."""
    rows = Reversal.objects.filter(transfer__key=fee.key, done_at=None, dropped_at=None)
    return rows.select_related("proposed_by").first()


@transaction.atomic
def propose_reversal(fee: Fee, *, reason: str, by: Any, at: dt.datetime) -> Fee:
    """The first of the two says why (SD12); nothing moves yet."""
    held = _held(fee, REVERSE, by)
    if (stuck := held.why_not("take_back")) is not None:
        raise stuck
    ledger.propose_reversal(Transfer.objects.get(key=held.key), by=by, at=at, reason=reason)
    return keep(held, "propose_reversal", by=by, at=at)


@transaction.atomic
def take_back(fee: Fee, *, by: Any, at: dt.datetime) -> Fee:
    """The second carries it out, once: drafts fall, and what the engineer had got is deducted from him for the salesperson."""
    held = _held(fee, REVERSE, by)
    proposal = _proposed(held)
    held.move("take_back")
    ledger.second_reversal(proposal, by=by, at=at)
    _drop_drafts(held, by, at)
    if got := paid(held, held.seller):
        deducting.of_paper(Deduction.Kind.FEE, held.engineer_id, held.number, got, at, by=by)
    _tell(
        held,
        [held.engineer_id, held.seller_id],
        "reversed",
        _("Information fee {number} is taken back (4.2)."),
        at,
    )
    return keep(held, "take_back", by=by, at=at)


@transaction.atomic
def let_stand(fee: Fee, *, by: Any, at: dt.datetime) -> Fee:
    """The proposal falls."""
    held = _held(fee, REVERSE, by)
    ledger.drop_reversal(_proposed(held), by=by, at=at)
    return keep(held, "let_stand", by=by, at=at)


def _proposed(fee: Fee) -> Reversal:
    found = proposal_of(fee)
    if found is None:
        raise OutOfTurn(_("Nobody has proposed to take this fee back."), CLAUSE)
    return found


def _drop_drafts(fee: Fee, by: Any, at: dt.datetime) -> None:
    rows = Deduction.objects.select_for_update(of=("self",)).filter(paper=fee.number, kind=Deduction.Kind.FEE)
    for row in rows.filter(stage__in=(DeductionStage.DRAFT, DeductionStage.OBJECTED)).order_by("pk"):
        row.move("drop")
        row.sign(by=by, at=at, why="taken back")
        row.save()


def apart(fee: Fee, by: Any, action: str = PAY) -> None:
    """SD04: nobody pays or takes back his own fee; who confirmed the commission does not pay what rests on it."""
    if by.pk in (fee.seller_id, fee.engineer_id):
        raise Denied(_("Nobody decides about his own information fee (SD04)."), CLAUSE)
    if action == PAY and by.pk == fee.sale.confirmed_by_id:
        raise Denied(_("Who confirmed the commission does not pay the fee that rests on it (SD04)."), CLAUSE)


def locked(fee: Fee) -> Fee:
    rows = Fee.objects.select_for_update(of=("self",)).select_related("sale", "seller", "engineer")
    return rows.get(pk=fee.pk)


def _held(fee: Fee, action: str, by: Any) -> Fee:
    demand(by, action, fee)
    held = locked(fee)
    apart(held, by, action)
    return held


def _tell(fee: Fee, people: list[int], key: str, title: Any, at: dt.datetime, **params: str) -> None:
    tell(
        people, at=at, event_key=f"{fee.number}:{key}", kind="payment", url=fee.get_absolute_url(), title=title,
        params={"number": fee.number, "amount": str(fee.amount), **params},
    )  # fmt: skip

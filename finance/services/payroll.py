"""The deductions of one person and payroll month are confirmed once, within the cap (8.8, domain 5); refunds are repaid."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.services import audit
from aftersales.charter import Fact
from aftersales.limits import first_of, following, local_day
from aftersales.money import LARGEST
from aftersales.problems import BadEntry, OutOfTurn, Stale
from deadlines import services as deadlines
from notices.services import tell
from policy import figures

from ..flow import DeductionStage
from ..models import Account, Deduction, Kind, MinimumWage, Payroll, Receivable, Refund, Wage
from ..selectors import account_of
from ..wages import cap
from . import deducting, fees, ledger, owing, preview
from .reasons import Why

CLAUSE = "8.8"
NOTHING = Decimal("0.00")


# --- wages
@transaction.atomic
def enter_wage(person: Any, *, month: dt.date, amount: Decimal, by: Any, at: dt.datetime) -> Wage:
    """The wage of a month (C30); it may be corrected until the deductions of that month are confirmed."""
    demand(by, "wage.enter")
    _amount(amount, NOTHING)
    month = first_of(month)
    row, _new = Wage.objects.update_or_create(
        person=person, month=month, defaults={"amount": amount, "entered_by": by, "entered_at": at}
    )
    if Payroll.objects.filter(
        person=person, month=month
    ).exists():  # asked with the wage in hand: a confirmation holds it
        raise OutOfTurn(_("The deductions of this month are confirmed; its wage stays."), CLAUSE)
    audit("wage.entered", by=by, at=at, subject=person, month=f"{month:%Y-%m}")
    return row


@transaction.atomic
def enter_minimum(*, since: dt.date, amount: Decimal, by: Any, at: dt.datetime) -> MinimumWage:
    """The local minimum wage from a month on (C30)."""
    demand(by, "wage.enter")
    _amount(amount, Decimal("0.01"))
    since = first_of(since)
    if Payroll.objects.filter(month__gte=since).exists():
        raise OutOfTurn(_("Deductions from this month on are confirmed; the minimum wage stays."), CLAUSE)
    row, _new = MinimumWage.objects.update_or_create(
        since=since, defaults={"amount": amount, "entered_by": by, "entered_at": at}
    )
    audit("wage.minimum", by=by, at=at, month=f"{since:%Y-%m}")
    return row


def _amount(amount: Decimal, least: Decimal) -> None:
    if not amount.is_finite() or not least <= amount <= LARGEST or amount != round(amount, 2):
        raise BadEntry(_("An amount in yuan, with two decimals at most."), CLAUSE, "amount")


def wage_of(person: Any, month: dt.date) -> Decimal | None:
    return Wage.objects.filter(person=person, month=month).values_list("amount", flat=True).first()


def minimum_of(month: dt.date) -> Decimal | None:
    rows = MinimumWage.objects.filter(since__lte=month).order_by("-since")
    return rows.values_list("amount", flat=True).first()


def cap_of(person: Any, month: dt.date) -> Decimal | None:
    """What the wage of that month can bear; None until wage and minimum wage are entered."""
    wage, minimum = wage_of(person, month), minimum_of(month)
    if wage is None or minimum is None:
        return None
    return cap(wage, minimum, figures.value("deduction_share", month))


# --- confirming
def waiting(person: Any, month: dt.date) -> list[Deduction]:
    """The drafts of that payroll month in the order in which they are taken: carried remainders, then the oldest due day."""
    rows = Deduction.objects.filter(engineer=person, month=month, stage=DeductionStage.DRAFT)
    rows = rows.select_related("engineer", "receivable__ticket", "receivable__order")
    return list(rows.order_by("-carried", "due_on", "number"))


@transaction.atomic
def confirm(person: Any, *, month: dt.date, by: Any, at: dt.datetime, shown: str = "") -> Payroll:
    """Confirm the month's drafts of one person (C13): once, at any time in the payroll month, within the cap.

    Balances are read again under their locks; what does not fit moves to the next month, where it comes first.
    `shown`: the digest of the preview that was seen; raises `Stale` when something else would be taken now.
    """
    month = first_of(month)
    demand(by, "deduction.confirm")
    deducting.not_himself(by, person.pk)
    if first_of(local_day(at)) != month:
        raise OutOfTurn(_("Deductions are confirmed in their payroll month."), CLAUSE)
    # of=: its order joins the person, whose row under a lock would hold up every commit that names him
    list(Wage.objects.select_for_update(of=("self",)).filter(person=person, month=month))
    now = preview.of_person(person.pk, month, _held(person, month, by))
    if now.room is None or now.wage is None or now.minimum is None:
        raise BadEntry(_("Wage and local minimum wage of this month are not entered yet."), CLAUSE, "month")
    row, is_new = Payroll.objects.get_or_create(
        person=person, month=month,
        defaults={"wage": now.wage, "minimum": now.minimum, "cap": now.room, "total": now.total,
                  "confirmed_at": at, "confirmed_by": by},
    )  # fmt: skip
    if not is_new:
        raise OutOfTurn(_("The deductions of this month are already confirmed."), CLAUSE)
    if shown and shown != now.digest():
        raise Stale(_("Something has changed since this was shown. Nothing was confirmed; below it stands as it is now."),
                    CLAUSE)  # fmt: skip
    _take(now, by, at)
    return row


def _held(person: Any, month: dt.date, by: Any) -> list[Deduction]:
    """The debts under their locks first, as payments take them; then the drafts as they are now."""
    debts = Receivable.objects.filter(deductions__in=waiting(person, month))
    list(Receivable.objects.select_for_update(of=("self",)).filter(pk__in=debts.values("pk")).order_by("pk"))
    rows = waiting(person, month)
    deducting.apart_from(rows, by)
    return rows


def _take(now: preview.Preview, by: Any, at: dt.datetime) -> None:
    for row, due, part in now.lines:
        if part:
            _confirm(row, part, by, at)
        if due > part:
            deducting.roll(row, following(row.month), at=at, by=by, amount=due - part, carried=True)


def _confirm(row: Deduction, amount: Decimal, by: Any, at: dt.datetime) -> None:
    row.move("confirm", confirmed=amount, confirmed_by=by, confirmed_at=at)
    row.sign(by=by, at=at, why="confirmed")
    row.save()
    source, due = _sides(row)
    ledger.post(
        row.key, source=source, target=Account.objects.of_kind(Kind.WAGE, row.engineer.username), amount=amount,
        day=local_day(at), paper=row.number, why=Why.DEDUCTED, by=by, at=at,
    )  # fmt: skip
    if row.receivable:
        owing.follow(row.receivable, by=by, at=at)
    if due is not None:
        fees.pass_on(row, amount, due, by=by, at=at)
    tell(
        [row.engineer_id], at=at, event_key=f"{row.key}:confirmed", kind="payment", url=row.get_absolute_url(),
        title=_("{amount} yuan are deducted from your wage of {month} (8.8)."),
        params={"amount": str(amount), "month": f"{row.month:%Y-%m}"},
    )  # fmt: skip


def _sides(row: Deduction) -> tuple[Account, Account | None]:
    """Which account it takes from, and (of an information fee) to whose it goes on."""
    if row.kind == Deduction.Kind.FEE:
        return fees.sides(row)
    return (account_of(row.receivable) if row.receivable else Account.objects.of_kind(Kind.OTHER)), None


# --- refunds
@transaction.atomic
def repay(refund: Refund, *, paid_on: dt.date, paid_how: str, by: Any, at: dt.datetime) -> Refund:
    """Finance repaid it, or put it on the payroll list (C15, 8.8); the day is typed."""
    demand(by, "deduction.refund")
    held = Refund.objects.select_for_update(of=("self",)).select_related("deduction").get(pk=refund.pk)
    if held.settled_at is not None or held.dropped_at is not None:
        raise OutOfTurn(_("This refund has already been settled."), CLAUSE)
    deducting.apart(held.deduction, by)
    if not local_day(held.arose_at) <= paid_on <= local_day(at):
        raise BadEntry(_("The day lies between the money's arrival and today."), CLAUSE, "paid_on")
    held.paid_on, held.paid_how, held.paid_by, held.settled_at = paid_on, paid_how, by, at
    held.save(update_fields=["paid_on", "paid_how", "paid_by", "settled_at"])
    deadlines.record(Fact.REFUND_PAID, held, at=at, by=by)
    return held

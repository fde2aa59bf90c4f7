"""Money taken on site (domain 5): the engineer declares it, it is in transit until finance confirms it, then it counts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.selectors import members
from aftersales.charter import Department
from aftersales.money import round_fen
from aftersales.problems import OutOfTurn
from notices.services import tell
from repairs.tasks import keep_one
from sales.selectors import who_is_now

from ..filters import with_amounts
from ..models import Receivable, SiteMoney
from . import receipts

CLAUSE, CONFIRM = "8.8", "site_money.confirm"


@transaction.atomic
def declare(
    about: Any,
    *,
    amount: Decimal,
    method: str,
    taken_at: dt.datetime,
    by: Any,
    at: dt.datetime,
    note: str = "",
    photo: Any = None,
) -> SiteMoney:
    """The engineer of the ticket or order (J77) says what he was given, in yuan, with a photo if he took one. Raises `BadEntry`
    at `amount` or `taken_at` as a receipt does, at `photo` what is no picture."""
    demand(by, "site_money.declare", about)
    if about.customer is None:
        raise OutOfTurn(_("Customer service has not matched the customer yet."), CLAUSE)
    receipts.check_money(amount, taken_at, at, "taken_at")
    name = "order" if about.number.startswith("DD") else "ticket"
    row = SiteMoney.objects.create(
        engineer=by, customer=about.customer, amount=round_fen(amount), method=method, taken_at=taken_at, note=note,
        declared_at=at, **{name: about}, **keep_one(photo),
    )  # fmt: skip
    receipts.on_ticket(row.ticket, "money_in_transit", by=by, at=at)
    tell(
        [person.pk for person in members(Department.FINANCE, at)], at=at, event_key=f"site_money:{row.pk}:declared",
        kind="payment", title=_("{engineer} took {amount} yuan on site for {paper}; please confirm."),
        params={"engineer": str(by), "amount": str(amount), "paper": about.number}, url=reverse("finance:site_money"),
    )  # fmt: skip
    return row


def owed_about(rows: Iterable[SiteMoney]) -> dict[int, Decimal]:
    """Declaration → what its customer still owes on its ticket or order, whoever bears it; two statements for all."""
    found = list(rows)
    about = Q(ticket__in=[row.ticket_id for row in found if row.ticket_id])
    about |= Q(order__in=[row.order_id for row in found if row.order_id])
    owed: dict[tuple[Any, Any], Decimal] = defaultdict(Decimal)
    for debt in with_amounts(Receivable.objects.filter(about)) if found else []:
        owed[debt.ticket_id, debt.order_id] += max(debt.left + debt.bears, Decimal(0))
    return {row.pk: owed[row.ticket_id, row.order_id] for row in found}


@transaction.atomic
def confirm(row: SiteMoney, *, by: Any, at: dt.datetime) -> SiteMoney:
    """Finance has it: a receipt with the time at which it was taken (J79; C03 asks whoever records money)."""
    held = _held(row, by)
    about = held.ticket or held.order
    held.receipt = receipts.record(
        customer=getattr(about, "customer", None) or who_is_now(held.customer), ticket=held.ticket, order=held.order,
        amount=held.amount, arrived_at=held.taken_at, method=held.method, by=by, at=at,
    )  # fmt: skip
    return _decide(held, SiteMoney.State.CONFIRMED, by, at)


@transaction.atomic
def refuse(row: SiteMoney, *, reason: str, by: Any, at: dt.datetime) -> SiteMoney:
    """Finance has not got it; the engineer is told why."""
    held = _held(row, by)
    held.refused_why = reason
    done = _decide(held, SiteMoney.State.REFUSED, by, at)
    receipts.on_ticket(held.ticket, "money_in_transit_refused", by=by, at=at)
    tell(
        [held.engineer_id], at=at, event_key=f"site_money:{held.pk}:refused", kind="payment",
        title=_("Finance does not confirm the {amount} yuan that you took on site for {paper}."),
        params={"amount": str(held.amount), "paper": _number(held)}, url=reverse("finance:site_money"),
    )  # fmt: skip
    return done


def _number(held: SiteMoney) -> str:
    about: Any = held.ticket or held.order
    return str(about.number)


def _held(row: SiteMoney, by: Any) -> SiteMoney:
    rows = SiteMoney.objects.select_for_update(of=("self",)).select_related("customer", "ticket", "order")
    held = rows.get(pk=row.pk)
    demand(by, CONFIRM)
    if held.engineer_id == by.pk:
        raise Denied(_("Nobody confirms the money that he declared himself (SD04)."), CLAUSE)
    if held.state != SiteMoney.State.DECLARED:
        raise OutOfTurn(_("This money has already been decided about."), CLAUSE)
    return held


def _decide(held: SiteMoney, state: str, by: Any, at: dt.datetime) -> SiteMoney:
    held.state, held.decided_by, held.decided_at = state, by, at
    held.save()
    return held

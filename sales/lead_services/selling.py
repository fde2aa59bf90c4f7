"""A sale: the salesperson writes it down with his commission, another confirms it, two cancel it (4.2, SD04, SD12).

Every act takes the customer's lock first, as a merge does.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.selectors import heads_of
from aftersales.charter import Department
from aftersales.limits import DAY, local_day
from aftersales.models import next_number
from aftersales.money import is_amount, is_sum
from aftersales.paperwork import hand, keep
from aftersales.problems import BadEntry, OutOfTurn
from notices.services import tell
from policy import figures

from .. import events, identity
from ..around import Around, came_late, undecided
from ..identity import UNKNOWN, living
from ..lead_flow import SaleStage
from ..lead_selectors import buyers_of
from ..models import Customer, Sale, Vehicle
from .core import CLAUSE
from .finding import first_lead, use_up
from .giving_back import give_back, note
from .matching import match_again

SERIES, CONFIRM = "XS", "commission.confirm"


@transaction.atomic
def record(
    customer: Customer, *, sold_on: dt.date, commission: Decimal, by: Any, at: dt.datetime, quantity: int = 1,
    model: Any = None, price: Decimal | None = None, vehicles: Sequence[Vehicle] = (),
) -> Sale:  # fmt: skip
    """Write down a sale of `by` (J135). Under the customer's lock the earliest lead alive on that day is found and used up;
    amounts are yuan. Raises `BadEntry` at the entry that is wrong."""
    demand(by, "sale.record")
    _check_day(sold_on, at)
    _check(commission, price)
    buyer = _buyer(customer, by)
    _unsold(vehicles, buyer, by)
    lead = first_lead(buyer, sold_on, at)
    sale = Sale(
        number=next_number(SERIES, at), customer=buyer, seller=by, sold_on=sold_on, commission=commission, price=price,
        quantity=quantity, model=model, lead=lead, share=figures.value("fee_share", sold_on),
    )  # fmt: skip
    sale.sign(by=by, at=at, why="record")
    note(sale)
    sale.save()
    sale.vehicles.set(vehicles)
    use_up(sale, by, at)
    return sale


def _buyer(customer: Customer, by: Any) -> Customer:
    """Who he is now, locked: one whom `by` may open, or whose lead or vehicle is in his hand (J09)."""
    found = living(customer, CLAUSE)
    if not buyers_of(by).filter(pk=found.pk).exists():
        raise BadEntry(UNKNOWN, field="customer")
    return found


def _check_day(day: dt.date, at: dt.datetime) -> None:
    """Not of tomorrow, and soon enough that others still know which day it was: the fee hangs on it."""
    today = local_day(at)
    if day > today:
        raise BadEntry(_("This day lies in the future."), CLAUSE, "sold_on")
    days = int(figures.value("sale_days", today))
    if day < today - days * DAY:
        raise BadEntry(
            _("A sale is written down within {days} days. For an older one two leaders raise this figure first."),
            CLAUSE, "sold_on", days=days,
        )  # fmt: skip


def _check(commission: Decimal, price: Decimal | None) -> None:
    if not is_sum(commission):
        raise BadEntry(_("An amount in yuan, with two decimals at most."), CLAUSE, "commission")
    if price is not None and not is_amount(price):
        raise BadEntry(_("An amount in yuan, more than 0.00, with two decimals at most."), CLAUSE, "price")


def _unsold(vehicles: Sequence[Vehicle], buyer: Customer, by: Any) -> None:
    """A vehicle is sold once, as long as its sale is not cancelled; whose sale it is stands there for whom J136 opens it."""
    held = (
        Vehicle.objects.select_for_update(of=("self",)).filter(pk__in=[v.pk for v in vehicles]).order_by("pk")
    )
    keys = [_his_to_sell(vehicle, buyer, by).pk for vehicle in held]
    row = Sale.objects.filter(vehicles__in=keys).exclude(stage=SaleStage.CANCELLED).order_by("pk").first()
    if row is None:
        return
    vin = row.vehicles.filter(pk__in=keys).values_list("vin", flat=True)[0]
    if Sale.objects.visible_to(by).filter(pk=row.pk).exists():
        raise BadEntry(
            _("{vin} stands in sale {number} already."), CLAUSE, "vehicles", vin=vin, number=row.number
        )
    raise BadEntry(_("{vin} stands in another sale already."), CLAUSE, "vehicles", vin=vin)


def _his_to_sell(vehicle: Vehicle, buyer: Customer, by: Any) -> Vehicle:
    """One that he sells, the buyer's, or nobody's; that another sells it to somebody else is not his to overrule."""
    is_nobodys = vehicle.seller_id is None and vehicle.customer_id is None
    if not (is_nobodys or vehicle.seller_id == by.pk or vehicle.customer_id == buyer.pk):
        raise BadEntry(
            _("{vin} is not yours to sell; customer service names its salesperson."), CLAUSE, "vehicles", vin=vehicle.vin
        )  # fmt: skip
    return vehicle


def _own(sale: Sale, by: Any, at: dt.datetime) -> None:
    """Whoever sold looks after a customer who had nobody: once another has confirmed it, for the customer opens to him."""
    customer = identity.held(sale.customer)
    if customer.seller_id is None:
        customer.seller = sale.seller
        hand(customer, by=by, at=at)
        customer.save()


# --- the commission
@transaction.atomic
def confirm(sale: Sale, *, by: Any, at: dt.datetime, reason: str = "") -> Sale:
    """Another than the seller confirms the commission (J137, SD04); the fee, if one is owed, is finance's from now on. Where a
    lead came between the day of the sale and its entry he says why that day is right. While another sale of this customer
    that may lose its lead to it waits for its cancellation, nobody confirms it."""
    held = _held(sale, by)
    if (other := undecided(held)) is not None:
        raise OutOfTurn(_("Sale {number} of this customer is asked to be cancelled; the lead that led to it may be this sale's. "
                          "That is decided first."), CLAUSE, number=other.number)  # fmt: skip
    late = Around(held).late
    if late and not reason.strip():
        raise BadEntry(came_late(late), CLAUSE, "reason")
    held.move("confirm", confirmed_by=by, confirmed_at=at, reason=reason.strip())
    keep(held, "confirm", by=by, at=at)
    _own(held, by, at)
    _tell(held, "confirmed", _("The commission of your sale {number} is confirmed."), at)
    events.commission_confirmed.send(Sale, sale=held, at=at, by=by)
    return held


@transaction.atomic
def send_back(sale: Sale, *, reason: str, by: Any, at: dt.datetime) -> Sale:
    """It is wrong: the seller corrects it."""
    held = _held(sale, by)
    held.move("send_back", reason=reason)
    key = f"returned:{held.revision}"
    _tell(held, key, _("Your sale {number} was sent back: {reason}"), at, reason=reason)
    if held.has_left:
        said = _("Sale {number} of {seller}, who has left, was sent back: {reason}")
        _tell(held, key, said, at, heads_of(Department.SALES), reason=reason, seller=held.seller.name)
    return keep(held, "send_back", by=by, at=at)


@transaction.atomic
def correct(sale: Sale, *, commission: Decimal, price: Decimal | None, by: Any, at: dt.datetime) -> Sale:
    """The seller, or the head of sales for one who has left, corrects the amounts; day and lead stay as they were found."""
    demand(by, "sale.record", sale)
    held = locked(sale)
    _check(commission, price)
    instead = by if by.pk != held.seller_id else None
    held.move("correct", commission=commission, price=price, corrected_by=instead)
    return keep(held, "correct", by=by, at=at)


# --- cancelling
@transaction.atomic
def ask_cancel(sale: Sale, *, reason: str, by: Any, at: dt.datetime) -> Sale:
    """The seller, or the head of sales for one who has left, says why; another carries it out (SD12)."""
    demand(by, "sale.record", sale)
    held = locked(sale)
    held.move("ask_cancel", reason=reason, asked_by=by, asked_at=at)
    return keep(held, "ask_cancel", by=by, at=at)


@transaction.atomic
def cancel(sale: Sale, *, by: Any, at: dt.datetime) -> Sale:
    """The second person: its leads stand as before, finance takes back what was ordered, and what was written down anew
    meanwhile follows the lead."""
    held = _held(sale, by)
    held.move("cancel", cancelled_by=by, cancelled_at=at)
    keep(held, "cancel", by=by, at=at)
    give_back(held, name="free", by=by, at=at, sold=True)
    match_again(held.customer, by=by, at=at, name="take_up")
    events.sale_cancelled.send(Sale, sale=held, at=at, by=by)
    _tell(held, "cancelled", _("Your sale {number} is cancelled."), at)
    return held


@transaction.atomic
def let_stand(sale: Sale, *, by: Any, at: dt.datetime) -> Sale:
    """The second person does not agree: the sale stands as before."""
    held = _held(sale, by)
    held.move("let_stand" if held.confirmed_at else "let_wait")
    _tell(held, f"stands:{held.revision}", _("Your sale {number} stands."), at)
    return keep(held, "let_stand", by=by, at=at)


def apart(sale: Sale, by: Any) -> None:
    """SD04: nobody approves his own commission, nor one that he entered for another, nor one on which his own fee rests, nor
    carries out the cancellation that he asked for (SD12)."""
    if by.pk == sale.seller_id:
        raise Denied(_("Nobody confirms his own commission (SD04)."), CLAUSE)
    if by.pk == sale.corrected_by_id:
        raise Denied(_("Nobody decides about a commission that he corrected himself (SD04)."), CLAUSE)
    if sale.informant is not None and by.pk == sale.informant.pk:
        raise Denied(_("Nobody decides about a sale on which his own information fee rests (SD04)."), CLAUSE)
    if by.pk == sale.cancel_asked_by_id:
        raise Denied(_("Cancelling a sale takes two persons (SD12)."), CLAUSE)


def locked(sale: Sale) -> Sale:
    """The sale under its lock, after its customer's."""
    identity.held(sale.customer)
    return Sale.objects.select_for_update(of=("self",)).select_related("lead").get(pk=sale.pk)


def _held(sale: Sale, by: Any) -> Sale:
    demand(by, CONFIRM, sale)
    held = locked(sale)  # its lead may have been found by a merge meanwhile
    apart(held, by)
    return held


def _tell(sale: Sale, key: str, title: Any, at: dt.datetime, people: Any = (), **params: str) -> None:
    """The seller, unless others are named."""
    tell(
        list(people) or [sale.seller_id], at=at, event_key=f"{sale.number}:{key}", kind="notice", url=sale.get_absolute_url(),
        title=title, params={"number": sale.number, **params},
    )  # fmt: skip

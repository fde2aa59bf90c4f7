"""Parts-only orders (8.7): a customer buys parts without a repair; one engineer may consent to sending first."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.access import demand
from accounts.selectors import members
from aftersales.charter import Department
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from notices.services import tell
from sales import services as people
from sales.identity import held
from sales.models import Customer, Person

from .. import events
from ..models import OrderStage, PartsOrder
from ..quote_flow import QuoteStage
from .quoting import OPEN, lock_about, replace


@transaction.atomic
def open_order(
    *,
    by: Any,
    at: dt.datetime,
    engineer: Any,
    customer: Customer | None = None,
    kind: str = "private",
    region: str = "",
    remark: str = "",
    **words: str,
) -> PartsOrder:
    """Open an order (B25) for a known customer, or for one whose words (name, phone, …) are written down now."""
    _may_name(by, engineer, at)
    customer = held(customer) if customer is not None else None
    contact = _contact(customer, words)
    customer = customer or people.open_customer(contact, kind=kind, region=region, at=at)
    order = PartsOrder(number=next_number("DD", at), customer=customer, contact=contact, engineer=engineer)
    order.remark = remark
    order.sign(by=by, at=at, why="open")
    order.save()
    _tell_engineer(order, by, at)
    return order


@transaction.atomic
def order_from_before(
    *, customer: Customer, engineer: Any, remark: str, by: Any, at: dt.datetime
) -> PartsOrder:
    """What an engineer and a customer had open on paper when the portal began hangs on this; the import asks its own right."""
    order = PartsOrder(
        number=next_number("DD", at), customer=customer, contact=customer.person, engineer=engineer
    )
    order.remark = remark
    order.sign(by=by, at=at, why="open")
    order.save()
    return order


def _may_name(by: Any, engineer: Any, at: dt.datetime) -> None:
    """Customer service names any engineer, an engineer himself: who is named may consent and is liable (B08, 8.8)."""
    demand(by, "parts_order.open", PartsOrder(engineer=engineer))
    if not members(Department.ENGINEERS, at).filter(pk=engineer.pk).exists():
        raise BadEntry(_("Only an engineer may be named here."), "8.7", "engineer")


def _contact(customer: Customer | None, words: dict[str, str]) -> Person:
    """Who receives the parts: the customer's own contact, or somebody else whose words were given."""
    given = {name: word for name, word in words.items() if word}
    if customer is not None and customer.erased_at:
        raise BadEntry(_("This customer's data were erased; open him anew."), "8.7", "customer")
    if customer is not None and not given:
        return customer.person
    if not given.get("name"):
        raise BadEntry(_("Name the person to whom the parts go."), "8.7", "name")
    person = people.write_down(**given)
    if customer is not None:
        person.customer = customer
        person.save(update_fields=["customer"])
    return person


def _tell_engineer(order: PartsOrder, by: Any, at: dt.datetime) -> None:
    if order.engineer != by:
        tell(
            [order.engineer], event_key=f"order:{order.pk}:{order.revision}:named", at=at, url=order.get_absolute_url(),
            title=gettext_noop("Parts-only order {number} names you"), params={"number": order.number},
        )  # fmt: skip


@transaction.atomic
def change_order(
    order: PartsOrder, *, by: Any, at: dt.datetime, engineer: Any, remark: str = ""
) -> PartsOrder:
    """Another engineer, or other words of what is wanted."""
    order = lock_about(order)
    _may_name(by, engineer, at)
    other = order.engineer_id != engineer.pk
    order.engineer, order.remark = engineer, remark
    order.sign(by=by, at=at, why="edit")
    order.save()
    if other:
        _tell_engineer(order, by, at)
    return order


@transaction.atomic
def end_order(order: PartsOrder, *, by: Any, at: dt.datetime) -> PartsOrder:
    """Nothing comes of it: possible while no quotation lies with the customer or was accepted."""
    order = lock_about(order)
    if order.quotations.filter(stage__in=(QuoteStage.SENT, QuoteStage.ACCEPTED)).exists():
        raise OutOfTurn(_("A quotation lies with the customer or was accepted; this order goes on."), "8.7")
    replace(order.quotations.filter(stage__in=OPEN), by=by, at=at)
    order.stage = OrderStage.ENDED
    order.sign(by=by, at=at, why="end")
    order.save()
    events.order_ended.send(PartsOrder, order=order, at=at, by=by)
    return order

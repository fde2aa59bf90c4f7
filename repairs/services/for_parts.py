"""What the departments of the parts write on a ticket (architecture: write it down); every act stands in the timeline."""

import datetime as dt
from typing import Any

from django.db import transaction

from sales.identity import held
from sales.models import Customer
from sales.services import open_customer

from ..flow import PlanType
from ..models import Ticket
from .core import act, advance, locked, save


@transaction.atomic
def service_from_parts(
    ticket: Ticket, name: str, *, by: Any, at: dt.datetime, clause: str = "4.5", why: str = "", signed: int = 0,
    parcels: int = 0, out: int = 0, data: dict[str, Any] | None = None, **fields: Any,
) -> Ticket:  # fmt: skip
    """Note act `name` in the timeline and set plain fields: `waits_for_parts`, `undeclared_parts`, `issued_or_paid`;
    `signed` and `parcels` are added to the counts that let warehouse and administration see the ticket (A13), `out` to
    that of the trips under way."""
    ticket = locked(ticket)
    fields |= {"signed_releases": ticket.signed_releases + signed} if signed else {}
    fields |= {"trips_and_parcels": ticket.trips_and_parcels + parcels} if parcels else {}
    fields |= {"on_trip": ticket.on_trip + out} if out else {}
    changed = {field: value for field, value in fields.items() if getattr(ticket, field) != value}
    if changed:
        for field, value in changed.items():
            setattr(ticket, field, value)
        ticket.sign(by=by, at=at, why=name)
        save(ticket)
    act(ticket, name, by=by, at=at, clause=clause, why=why, **(data or {}))
    return ticket


@transaction.atomic
def ship_begin(ticket: Ticket, *, by: Any, at: dt.datetime, note: str = "") -> Ticket:
    """The parcel of plan a is on its way: its service has begun (4.4a; administration, domain 11)."""
    ticket = locked(ticket)
    if ticket.plan_type == PlanType.SELF_INSTALL and ticket.stage == "planned":
        advance(ticket, "begin", by=by, at=at, why=note)
    return ticket


@transaction.atomic
def payer_of(ticket: Ticket, *, by: Any, at: dt.datetime) -> Customer:
    """The ticket's customer; one whom customer service has not matched yet is opened now, so that somebody can owe."""
    ticket = locked(ticket)
    if ticket.customer is None:
        known = ticket.contact.customer
        ticket.customer = held(known) if known else open_customer(ticket.contact, region=ticket.region, at=at)
        ticket.sign(by=by, at=at, why="customer opened")
        save(ticket)
    return ticket.customer

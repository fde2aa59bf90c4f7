"""The service itself: begun by phone or on site, completed with the customer's word or signature (charter 4.4, 4.7)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from sales import services as people

from ..flow import PlanType
from ..models import Signature, Ticket
from .contacting import current_sheet
from .core import advance, locked, not_later


@transaction.atomic
def begin(
    ticket: Ticket, *, by: Any, at: dt.datetime, arrived_at: dt.datetime | None = None, note: str = ""
) -> Ticket:
    """Guidance has begun (b) or the engineer is on site (c); plan a begins when the parcel is sent (4.4)."""
    ticket = locked(ticket)
    arrived = not_later(arrived_at, at, "arrived_at")
    if arrived < _minute(ticket.reported_at):
        raise BadEntry(_("The customer reported only after this time."), "4.4", "arrived_at")
    advance(ticket, "begin", by=by, at=at, why=note)
    sheet = current_sheet(ticket)
    if sheet is not None:
        sheet.arrived_at = arrived
        sheet.sign(by=by, at=at, why="begin")
        sheet.save()
    return ticket


@transaction.atomic
def complete(
    ticket: Ticket,
    *,
    by: Any,
    at: dt.datetime,
    work_done: str,
    result: str = "",
    customer_word: str = "",
    left_at: dt.datetime | None = None,
    signer: str = "",
    strokes: str = "",
) -> Ticket:
    """The work is done: a, b the customer says so, c he signs on the phone screen (drawn or typed name)."""
    ticket = locked(ticket)
    left = not_later(left_at, at, "left_at")
    if (sheet := current_sheet(ticket)) is not None and sheet.arrived_at and left < _minute(sheet.arrived_at):
        when = f"{timezone.localtime(sheet.arrived_at):%Y-%m-%d %H:%M}"
        raise BadEntry(_("The service began at {when}; it does not end before."), "4.4", "left_at", when=when)
    if ticket.plan_type == PlanType.VISIT and not signer.strip():
        raise BadEntry(_("The customer signs for the work: name, and signature if he can."), "4.7", "signer")
    if ticket.plan_type != PlanType.VISIT and not customer_word.strip():
        raise BadEntry(_("Write down how and when the customer said that it works."), "4.7", "customer_word")
    ticket.completed_at = at
    advance(ticket, "complete", by=by, at=at)
    if signer.strip():
        person = people.write_down(name=signer.strip())
        person.customer = ticket.customer
        person.save(update_fields=["customer"])
        Signature.objects.create(
            ticket=ticket, round=ticket.round, person=person, strokes=strokes, signed_at=at, witness=by
        )
    _close_sheet(
        ticket, by=by, at=at, work_done=work_done, result=result, left_at=left, customer_word=customer_word
    )
    return ticket


def _minute(moment: dt.datetime) -> dt.datetime:
    """As people type it."""
    return moment.replace(second=0, microsecond=0)


def _close_sheet(ticket: Ticket, *, by: Any, at: dt.datetime, **entries: Any) -> None:
    sheet = current_sheet(ticket)
    if sheet is None:
        return
    for name, value in entries.items():
        setattr(sheet, name, value)
    sheet.sign(by=by, at=at, why="complete")
    sheet.save()

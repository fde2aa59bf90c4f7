"""`tell_customer` writes rows and nothing else; they go out after the commit, or wait for a hand."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from aftersales import phones
from notices.channels import email_works
from notices.doorbell import ring

from ..models import Channel as From
from ..models import CustomerNotice, Ticket

Channel, Status = CustomerNotice.Channel, CustomerNotice.Status
DELIVER = "repairs.tasks.tell_customers"


def tell_customer(
    ticket: Ticket, event: str, *, key: Any = "", at: dt.datetime, not_before: dt.datetime | None = None, **params: Any
) -> None:  # fmt: skip
    """Let the customer hear of an event of the table, once for each `key` of it; one statement.

    `params` are numbers and moments (ISO), never personal data. Without a way out the row waits for a hand; who has just read
    on the website that his report arrived, and soon hears who calls, is not told so by a hand.
    """
    ways = channels(ticket)
    if ways == [Channel.HAND] and event in ("received", "taken_up") and ticket.channel == From.WEB:
        return
    CustomerNotice.objects.bulk_create(
        [
            CustomerNotice(
                ticket=ticket, person_id=ticket.contact_id, event=event, event_key=f"{event}:{key}", params=params, channel=way,
                created_at=at, not_before=not_before or at,
            )
            for way in ways
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if ways != [Channel.HAND]:
        ring(DELIVER)


def channels(ticket: Ticket) -> list[str]:
    """The ways by which this customer can be reached now; a hand where there is none."""
    found: list[str] = []
    if settings.SMS_URL and phones.is_mobile(ticket.contact.phone):
        found.append(Channel.SMS)
    if ticket.contact.email and email_works():
        found.append(Channel.EMAIL)
    return found or [Channel.HAND]


def overtake(ticket: Ticket, events: Iterable[str], *, by: str) -> int:
    """What waits of these events is no longer true and does not go out any more (one statement)."""
    rows = CustomerNotice.objects.filter(ticket=ticket, event__in=list(events), status=Status.WAITING)
    return rows.update(status=Status.DROPPED, why=by[:60])

"""Who sees a customer's phone and street on a ticket, and what is written down about it (A12–A14, A18; PIPL 51)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from accounts.access import may
from accounts.models import AuditEvent
from accounts.services import audit
from aftersales.models import SHANGHAI, within_rate

from .models import PartsOrder, Ticket

SEEN, REVEALED = "ticket.person_seen", "ticket.phone_revealed"
ORDER_SEEN = "order.person_seen"
FOR_EVER = dt.timedelta(days=36_500)


def plain_for(user: Any, ticket: Ticket) -> bool:
    """Phone and street in plain: customer service and the responsible engineer, or who stands in for him (A12)."""
    if not may(user, "ticket.view_full", ticket):
        return False
    return "CS" in user.roles or ticket.is_responsible(user)


def street_for(user: Any, ticket: Ticket) -> bool:
    """The street: whoever A18 names."""
    return may(user, "ticket.view_full", ticket) and may(user, "shipment.address", ticket)


def reveal_for(user: Any, ticket: Ticket) -> bool:
    """By click, each one logged (A14)."""
    return not plain_for(user, ticket) and may(user, "customer.phone_reveal", ticket)


def order_plain_for(user: Any, order: PartsOrder) -> bool:
    """Phone and street of a parts-only order: customer service, and the engineer whom it names (as A12)."""
    return "CS" in user.roles or ("ENG" in user.roles and order.engineer_id == user.pk)


def note_order_seen(user: Any, order: PartsOrder, at: dt.datetime) -> None:
    """One log row per person, order and Shanghai day."""
    day = at.astimezone(SHANGHAI)
    if within_rate(f"{ORDER_SEEN}:{user.pk}:{order.pk}:{day:%Y%m%d}", 1, FOR_EVER, at):
        audit(ORDER_SEEN, by=user, at=at, subject=f"order:{order.number}")


def subject_of(ticket: Ticket) -> str:
    return f"ticket:{ticket.number}"


def note_all_seen(user: Any, tickets: Iterable[Ticket], at: dt.datetime) -> None:
    """As `note_seen`, of a page that shows several: one statement once they are noted."""
    rows = {subject_of(ticket): ticket for ticket in tickets}
    day = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    known = AuditEvent.objects.filter(by=user, verb=SEEN, subject__in=list(rows), at__gte=day)
    noted = set(known.values_list("subject", flat=True))
    for subject, ticket in rows.items():
        if subject not in noted:
            note_seen(user, ticket, at)


def note_seen(user: Any, ticket: Ticket, at: dt.datetime) -> None:
    """One log row per person, ticket and Shanghai day, however often the page is opened."""
    day = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    if AuditEvent.objects.filter(by=user, verb=SEEN, subject=subject_of(ticket), at__gte=day).exists():
        return
    if within_rate(f"{SEEN}:{user.pk}:{ticket.pk}:{day:%Y%m%d}", 1, FOR_EVER, at):
        audit(SEEN, by=user, at=at, subject=subject_of(ticket))


def reveal(ticket: Ticket, *, by: Any, at: dt.datetime) -> str:
    """The phone in plain, after the look was written down."""
    audit(REVEALED, by=by, at=at, subject=subject_of(ticket))
    return ticket.contact.phone

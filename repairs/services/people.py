"""Who works on a ticket: responsible engineer and crew (domain 2; A11, B24, B27)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import head_of
from aftersales.charter import Department
from aftersales.problems import BadEntry, OutOfTurn
from notices.services import tell

from ..models import CrewMember, Ticket
from .core import act, advance, locked
from .intake import tell_engineer


@transaction.atomic
def reassign(ticket: Ticket, *, by: Any, at: dt.datetime, engineer: Any, reason: str) -> Ticket:
    """Another engineer takes over, in the same round: the old one's unmet clocks end as handed on, missed stay his."""
    ticket = locked(ticket)
    if ticket.engineer_id == engineer.pk:
        raise BadEntry(_("This engineer is already responsible for the ticket."), "3.2", "engineer")
    data = {"from": ticket.engineer_id, "engineer": engineer.pk}
    advance(ticket, "reassign", by=by, at=at, engineer=engineer, why=reason, data=data)
    CrewMember.objects.filter(ticket=ticket, user=engineer, until=None).update(until=at)
    tell_engineer(ticket, at=at)
    return ticket


@transaction.atomic
def ask_replacement(ticket: Ticket, *, by: Any, at: dt.datetime, reason: str) -> Ticket:
    """The engineer asks to be replaced (4.1); the head of customer service decides."""
    ticket = locked(ticket)
    if not ticket.is_open:
        raise OutOfTurn(_("This ticket is finished; there is nobody to replace."), "4.1")
    act(ticket, "ask_replacement", by=by, at=at, clause="4.1", why=reason)
    head = head_of(Department.SERVICE, at)
    if head is not None:
        tell(
            [head],
            event_key=f"ticket:{ticket.pk}:replace:{ticket.turn}",
            at=at,
            url=ticket.get_absolute_url(),
            title=gettext_noop("The engineer of ticket {number} asks to be replaced"),
            params={"number": ticket.number},
        )
    return ticket


@transaction.atomic
def crew_add(ticket: Ticket, *, by: Any, at: dt.datetime, user: Any) -> Ticket:
    """Somebody goes along: he reads and notes, the steps stay the responsible one's."""
    ticket = locked(ticket)
    if user.pk == ticket.engineer_id or ticket.crew.filter(user=user, until=None).exists():
        raise BadEntry(_("This person already belongs to the ticket."), field="user")
    CrewMember.objects.create(ticket=ticket, user=user, since=at)
    act(ticket, "crew_add", by=by, at=at, user=user.pk)
    return ticket


@transaction.atomic
def crew_leave(ticket: Ticket, *, by: Any, at: dt.datetime, user: Any) -> Ticket:
    ticket = locked(ticket)
    if not ticket.crew.filter(user=user, until=None).update(until=at):
        raise BadEntry(_("This person is not in the crew."), field="user")
    act(ticket, "crew_leave", by=by, at=at, user=user.pk)
    return ticket


@transaction.atomic
def log_unreachable(ticket: Ticket, *, by: Any, at: dt.datetime, note: str = "") -> Ticket:
    """Customer service could not reach the engineer by phone (4.1: his mobile is on day and night)."""
    ticket = locked(ticket)
    act(ticket, "unreachable", by=by, at=at, clause="4.1", why=note, engineer=ticket.engineer_id)
    return ticket

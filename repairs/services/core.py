"""The one door through which a ticket moves: step, history, timeline and clock in one transaction."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors import deputy_of
from aftersales.charter import Fact
from aftersales.flow import ConcurrentTransition
from aftersales.problems import BadEntry, Stale
from deadlines import services as deadlines

from .. import events
from ..models import Ticket, TicketEvent
from ..models.log import actor_of


def locked(ticket: Ticket, *beside: Ticket) -> Ticket:
    """The ticket as it stands now, its row locked until the act is done; with others whose turn it is to be locked too,
    in one order for everybody, so that two who merge crosswise do not wait for each other for ever. One that this act holds
    already (`is_held`, steps.take) is not read again."""
    if ticket.is_held and not beside:
        return ticket
    wanted = {row.pk for row in (ticket, *beside)}
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("contact")
    rows = rows.filter(pk__in=wanted).order_by("pk")
    return next(row for row in rows if row.pk == ticket.pk)


@transaction.atomic
def advance(
    ticket: Ticket,
    name: str,
    *,
    by: Any,
    at: dt.datetime,
    why: str = "",
    data: dict[str, Any] | None = None,
    **entries: Any,
) -> TicketEvent:
    """Take one step of the flow and let the clock know what happened."""
    before = ticket.stage
    ticket.move(name, **entries)
    step = getattr(ticket, name)._django_fsm.get_transition(before).custom
    ticket.sign(by=by, at=at, why=why or name)
    save(ticket)
    event = log(ticket, name, by=by, at=at, clause=step["clause"], before=before, why=why, data=data)
    deadlines.record(step["fact"], ticket, at=at, by=by)
    events.ticket_moved.send(Ticket, ticket=ticket, step=name, at=at, by=by)
    return event


def save(ticket: Ticket) -> None:
    """Save, or say that somebody else was faster (compare-and-set on the stage that was loaded)."""
    try:
        ticket.save()
    except ConcurrentTransition:
        raise Stale(
            _("Somebody else has just moved this ticket. Nothing was saved; please look at it again.")
        ) from None


def log(
    ticket: Ticket,
    name: str,
    *,
    by: Any,
    at: dt.datetime,
    clause: str = "",
    before: str = "",
    why: str = "",
    data: dict[str, Any] | None = None,
    actor: str = "",
) -> TicketEvent:
    """Add an entry to the timeline; `before` is the stage it left, empty for an act that moves nothing.

    An act of the engineer's by who stands in for him says so: `for` names the engineer.
    """
    if name in ENGINEERS_ACTS and stands_in(ticket, by, at):
        data = {**(data or {}), "for": ticket.engineer_id}
    return TicketEvent.objects.create(
        ticket=ticket,
        at=at,
        by=by,
        actor=actor or actor_of(by),
        name=name,
        clause=clause,
        from_stage=before,
        to_stage=ticket.stage if before else "",
        round=ticket.round,
        why=why,
        data=data or {},
    )


#: what only the responsible engineer does, by its name in the timeline
ENGINEERS_ACTS = {
    "reach", "plan", "replan", "consent", "begin", "complete", "pause_plan", "edit_sheet", "ask_replacement",
}  # fmt: skip


def stands_in(ticket: Ticket, by: Any, at: dt.datetime) -> bool:
    """Whether `by` is the deputy of this ticket's engineer at that moment."""
    if by is None or by.pk == ticket.engineer_id:
        return False
    ticket.look_at(at)
    return ticket.is_responsible(by)


def hands(ticket: Ticket, at: dt.datetime) -> list[Any]:
    """Who hears what concerns the engineer: he, and while he is away whoever stands in for him."""
    if getattr(ticket.engineer, "absent", None) is False:  # the list from which he was chosen has just asked
        return [ticket.engineer]
    deputy = deputy_of(ticket.engineer, at) if ticket.engineer else None
    return [ticket.engineer, deputy] if deputy is not None else [ticket.engineer]


def act(
    ticket: Ticket, name: str, *, by: Any, at: dt.datetime, clause: str = "", why: str = "", **data: Any
) -> TicketEvent:
    """An act that moves no stage: it stands in the timeline and shows that the ticket is alive."""
    event = log(ticket, name, by=by, at=at, clause=clause, why=why, data=data)
    deadlines.record(Fact.MOVED, ticket, at=at, by=by)
    return event


def not_later(moment: dt.datetime | None, at: dt.datetime, field: str) -> dt.datetime:
    """The typed real time, or the arrival when none was typed; never in the future."""
    if moment is not None and moment > at + dt.timedelta(minutes=1):
        raise BadEntry(_("This time lies in the future; enter when it really happened."), field=field)
    return min(moment, at) if moment is not None else at

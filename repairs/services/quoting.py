"""What every act on a quotation shares: locks in one order, the paper's sums, the ticket's plain field."""

import datetime as dt
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from aftersales.flow import ConcurrentTransition
from aftersales.money import LARGEST
from aftersales.problems import BadEntry, OutOfTurn, Stale

from ..models import PartsOrder, Quotation, QuotationLine, Ticket
from ..quote_flow import QuoteStage
from . import core

Held = TypeVar("Held", bound=Any)
OPEN = (QuoteStage.DRAFT, QuoteStage.APPROVED, QuoteStage.SENT)


def lock_about(about: Any) -> Any:
    """The ticket or order as it stands now, its row locked. Always before its quotations: then nobody waits in a circle."""
    if isinstance(about, Ticket):
        return core.locked(about)
    return PartsOrder.objects.select_for_update(of=("self",)).get(pk=about.pk)


def held(paper: Held) -> Held:
    """A paper of a ticket or order (quotation, release) as it stands now, locked after what it is about."""
    about = lock_about(paper.about)
    fresh = type(paper).objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if fresh.ticket_id:
        fresh.ticket = about
    else:
        fresh.order = about
    return fresh


def demand_open(about: Any) -> None:
    if not about.is_open:
        raise OutOfTurn(_("This paper is finished; nothing more is quoted for it."), "9.4")


def demand_draft(quote: Quotation) -> None:
    if quote.stage != QuoteStage.DRAFT:
        raise OutOfTurn(_("Only a draft is changed; make another version instead."), "9.4")


def recount(quote: Quotation, lines: list[QuotationLine] | None = None) -> None:
    """Number of lines, discount and total, as the lines say; saved by whoever calls."""
    lines = list(quote.lines.all()) if lines is None else lines
    quote.line_count = len(lines)
    quote.has_discount = any(line.discount for line in lines)
    quote.total = sum((line.amount for line in lines), Decimal(0))
    if quote.total > LARGEST:
        raise BadEntry(_("This total is beyond every quotation; look at the quantities."), "9.4", "quantity")


def write(quote: Quotation, name: str, *, by: Any, at: dt.datetime) -> Quotation:
    """Sign and save; somebody who was faster makes it `Stale`."""
    quote.sign(by=by, at=at, why=name)
    try:
        quote.save()
    except ConcurrentTransition:
        raise Stale(
            _("Somebody else has just moved this quotation. Nothing was saved; please look at it again.")
        ) from None
    return quote


def note(quote: Quotation, name: str, *, by: Any, at: dt.datetime, why: str = "") -> None:
    """The act in the ticket's timeline, and the ticket's field that work waits for; an order has only the paper's history."""
    if quote.ticket is None:
        return
    sync(quote.ticket, by=by, at=at)
    core.act(quote.ticket, name, by=by, at=at, clause="9.4", why=why, number=quote.number)


def sync(ticket: Ticket, *, by: Any, at: dt.datetime) -> None:
    """`quotation_open`: a quotation of this round that costs something lies unanswered with the customer (9.4)."""
    rows = ticket.quotations.filter(stage=QuoteStage.SENT, round=ticket.round, total__gt=Decimal(0))
    waiting = rows.exists()
    if ticket.quotation_open == waiting:
        return
    ticket.quotation_open = waiting
    ticket.sign(by=by, at=at, why="quotation")
    core.save(ticket)


def replace(rows: Any, *, by: Any, at: dt.datetime) -> None:
    """These quotations are replaced by a later one."""
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.move("supersede")
        write(row, "supersede", by=by, at=at)

"""Quotations 9.4 of tickets and parts-only orders: drafted from the published lists, sent, answered by the customer.

The latest approved version wins: what is sent replaces older ones that nobody answered, what is accepted replaces
what was accepted before.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import head_of
from aftersales.charter import Department
from aftersales.limits import day_end, local_day
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.models import LineKind
from notices.services import tell

from .. import pricing
from ..models import Quotation, QuotationLine
from ..quote_flow import QuoteStage
from ..told.writing import overtake, tell_customer
from .core import not_later
from .drafting import add_line, another, change_facts, change_line, draft, drop_line, last_day, reprice
from .quoting import OPEN, demand_open, held, note, replace, write
from .talk import message

__all__ = [
    "accept", "accepted", "accepted_lines", "add_line", "another", "approve", "ask_approval", "change_facts", "change_line",
    "decline", "draft", "drop_line", "reprice", "send", "supersede",
]  # fmt: skip


def ask_approval(quote: Quotation, *, by: Any, at: dt.datetime) -> Quotation:
    """Tell the head of after-sales that a discount waits for his word (J32)."""
    if not quote.has_discount:
        raise OutOfTurn(_("Nothing here needs approval; it may be sent."), "9.4")
    head = head_of(Department.ENGINEERS, at)
    if head is None or head.pk in _writers(quote):
        raise OutOfTurn(
            _("The head of after-sales cannot approve his own quotation, and there is no other."), "SD05"
        )
    tell(
        [head], event_key=f"quote:{quote.pk}:{quote.revision}:approval", at=at, url=quote.get_absolute_url(),
        title=gettext_noop("Quotation {number} holds a discount and waits for your approval"), params={"number": quote.number},
    )  # fmt: skip
    return quote


def _writers(quote: Quotation) -> set[int | None]:
    """Whose quotation it is: the engineer's, and everybody's who wrote on it (SD05)."""
    wrote = quote.history.order_by().values_list("history_user", flat=True).distinct()
    return {quote.made_by_id, quote.about.engineer_id, *wrote}


@transaction.atomic
def approve(quote: Quotation, *, by: Any, at: dt.datetime) -> Quotation:
    """The head of after-sales allows the discount (J32), never on his own quotation (SD05)."""
    quote = held(quote)
    if by.pk in _writers(quote):
        raise OutOfTurn(_("Nobody approves his own quotation."), "SD05")
    _prices_stand(quote, at)
    quote.move("approve", approved_by=by, approved_at=at)
    write(quote, "approve", by=by, at=at)
    note(quote, "quote_approve", by=by, at=at)
    return quote


def _prices_stand(quote: Quotation, at: dt.datetime) -> None:
    moved = pricing.moved_on(list(quote.lines.all()), local_day(at))
    if moved:
        sentence = _(
            "Other prices are in force since this was written ({codes}); read them anew or make another version."
        )
        raise OutOfTurn(sentence, "8.1", codes=", ".join(moved))


@transaction.atomic
def send(quote: Quotation, *, by: Any, at: dt.datetime) -> Quotation:
    """The customer may see and answer it from now on; older ones that nobody answered are replaced. No clock moves."""
    quote = held(quote)
    demand_open(quote.about)
    quote.move("send", sent_at=at)
    _prices_stand(quote, at)
    quote.valid_until = last_day(at)
    write(quote, "send", by=by, at=at)
    replace(quote.about.quotations.filter(stage__in=OPEN, version__lt=quote.version), by=by, at=at)
    note(quote, "quote_send", by=by, at=at)
    if quote.ticket is not None:
        overtake(quote.ticket, ["quotation"], by=quote.number)
        tell_customer(quote.ticket, "quotation", key=quote.number, at=at, quotation=quote.number)
    return quote


@transaction.atomic
def accept(
    quote: Quotation, *, at: dt.datetime, by: Any = None, how: str = "", said_at: dt.datetime | None = None
) -> Quotation:
    """The customer agrees (B22): on his page, or recorded by staff with how and when he said so. Never after its last day."""
    quote = held(quote)
    if by is None and quote.stage == QuoteStage.ACCEPTED:
        return quote
    demand_open(quote.about)
    said = _said(quote, at, by, how, said_at)
    quote.move("accept", answered_at=at)
    if local_day(said) > quote.valid_until:
        raise OutOfTurn(
            _("This quotation was valid until {day}. Ask for a new one."), "9.4", day=f"{quote.valid_until}"
        )
    _answer(quote, "accept", by=by, at=at, said=said, how=how)
    older = quote.about.quotations.filter(
        stage=QuoteStage.ACCEPTED, round=quote.round, version__lt=quote.version
    )
    replace(older, by=by, at=at)
    return quote


@transaction.atomic
def decline(
    quote: Quotation,
    *,
    at: dt.datetime,
    by: Any = None,
    how: str = "",
    said_at: dt.datetime | None = None,
    reason: str = "",
) -> Quotation:
    """The customer says no, with or without a reason; also after its last day."""
    quote = held(quote)
    if by is None and quote.stage == QuoteStage.DECLINED:
        return quote
    said = _said(quote, at, by, how, said_at)
    quote.move("decline", answered_at=at)
    quote.reason = reason if by is not None else ""
    _answer(quote, "decline", by=by, at=at, said=said, how=how)
    if by is None and reason and quote.ticket is not None:
        message(quote.ticket, at=at, text=reason)  # his own words stand where they can be erased (PIPL)
    return quote


def _said(quote: Quotation, at: dt.datetime, by: Any, how: str, said_at: dt.datetime | None) -> dt.datetime:
    """When the customer said so: now on his own page; staff says how and when, not before it was sent, not in the future."""
    if by is None:
        return at
    if not how.strip():
        raise BadEntry(_("Write down how the customer said so."), "9.4", "how")
    said = not_later(said_at, at, "said_at")
    if quote.sent_at and said < quote.sent_at.replace(second=0, microsecond=0):
        raise BadEntry(_("The quotation was sent later than this."), "9.4", "said_at")
    return said


def _answer(quote: Quotation, name: str, *, by: Any, at: dt.datetime, said: dt.datetime, how: str) -> None:
    quote.answered_how, quote.answered_by, quote.answered_said_at = how, by, said
    write(quote, name, by=by, at=at)
    note(quote, f"quote_{name}", by=by, at=at, why=quote.reason or how)
    if quote.ticket is not None:
        overtake(quote.ticket, ["quotation"], by=name)
    engineer = quote.about.engineer
    if engineer is not None and engineer != by:
        tell(
            [engineer], event_key=f"quote:{quote.pk}:{name}", at=at, url=quote.get_absolute_url(),
            title=ANSWERS[name], params={"number": quote.number},
        )  # fmt: skip


ANSWERS = {
    "accept": gettext_noop("The customer accepts quotation {number}"),
    "decline": gettext_noop("The customer declines quotation {number}"),
}


@transaction.atomic
def supersede(quote: Quotation, *, by: Any, at: dt.datetime, reason: str = "") -> Quotation:
    """Take back a quotation that nobody answered; an accepted one is replaced only by a newer accepted one."""
    quote = held(quote)
    if quote.stage not in OPEN:
        raise OutOfTurn(_("Only what nobody has answered yet is taken back."), "9.4")
    quote.move("supersede")
    quote.reason = reason
    write(quote, "withdraw", by=by, at=at)
    note(quote, "quote_withdraw", by=by, at=at, why=reason)
    if quote.ticket is not None:
        overtake(quote.ticket, ["quotation"], by="withdraw")
    return quote


def accepted(about: Any, day: dt.date) -> Quotation | None:
    """What counts on that day: the latest accepted quotation that nothing newer replaced."""
    rows = about.quotations.filter(stage=QuoteStage.ACCEPTED, answered_at__lt=day_end(day))
    return rows.order_by("-version").first()


def accepted_lines(about: Any, day: dt.date) -> dict[int, QuotationLine]:
    """Part → its line in the quotation that counts on that day: the price at which it is charged."""
    quote = accepted(about, day)
    lines = quote.lines.filter(kind=LineKind.PART).select_related("part") if quote else []
    return {line.part_id: line for line in lines if line.part_id}

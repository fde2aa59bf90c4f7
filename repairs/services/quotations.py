"""Quotations 9.4 of tickets and parts-only orders: drafted from the published lists, sent, answered by the customer.

The latest approved version wins: what is sent replaces older ones that nobody answered, what is accepted replaces
what was accepted before.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import head_of
from aftersales.charter import Department
from aftersales.limits import day_end, local_day
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.models import LineKind
from notices.services import tell
from policy import figures

from .. import pricing
from ..models import Quotation, QuotationLine, Ticket
from ..quote_flow import QuoteStage
from .core import not_later
from .quoting import OPEN, demand_draft, demand_open, held, lock_about, note, recount, replace, write
from .talk import message

FACTS = ("customer", "terms", "old_parts", "delivery", "warranty_note", "invoice_title", "invoice_tax_number")


@transaction.atomic
def draft(
    about: Any, *, by: Any, at: dt.datetime, lines: list[dict[str, Any]] | None = None, **facts: Any
) -> Quotation:
    """The next version for a ticket or order (B07); prices and rates of the day, never the form's (8.1)."""
    about = lock_about(about)
    demand_open(about)
    quote = Quotation(**({"ticket": about} if isinstance(about, Ticket) else {"order": about}))
    latest = about.quotations.aggregate(last=Max("version"))["last"] or 0
    quote.version, quote.round, quote.customer = latest + 1, getattr(about, "round", None), about.customer
    quote.number, quote.valid_until = next_number("BJ", at), last_day(at)
    _fill(quote, facts)
    rows = pricing.priced(lines or [], local_day(at))
    recount(quote, rows)
    write(quote, "draft", by=by, at=at)
    _put(quote, rows)
    note(quote, "quote_draft", by=by, at=at)
    return quote


def last_day(at: dt.datetime) -> dt.date:
    """Until when a quotation of that moment is valid (⚙ quotation_days); that day is included."""
    return local_day(at) + dt.timedelta(days=int(figures.value("quotation_days", local_day(at))))


def _fill(quote: Quotation, facts: dict[str, Any]) -> None:
    for name in [name for name in FACTS if name in facts]:
        value = facts[name]
        setattr(quote, name, value if value is not None or name == "customer" else "")


def _put(quote: Quotation, lines: list[QuotationLine]) -> None:
    """Lines behind those that stand already; a part stands once, so that its price is found by it."""
    last = quote.lines.aggregate(last=Max("position"))["last"] or 0
    parts = set(quote.lines.exclude(part=None).values_list("part", flat=True))
    for line in lines:
        if line.part_id in parts:
            raise BadEntry(
                _("“{part}” stands here already; change its quantity."), "9.4", "part", part=str(line.part)
            )
        last += 1
        line.quotation, line.position = quote, last
        line.save(force_insert=True)
        parts |= {line.part_id} if line.part_id else set()


@transaction.atomic
def add_line(quote: Quotation, *, by: Any, at: dt.datetime, **wanted: Any) -> Quotation:
    """One more line of a draft, at the published price of the day."""
    quote = held(quote)
    demand_draft(quote)
    _put(quote, pricing.priced([wanted], local_day(at)))
    recount(quote)
    return write(quote, "add_line", by=by, at=at)


@transaction.atomic
def change_line(
    quote: Quotation, *, by: Any, at: dt.datetime, line: int, quantity: Any, discount: Any = 0
) -> Quotation:
    """Another quantity or discount of the line at this position; its price is read anew."""
    quote = held(quote)
    demand_draft(quote)
    _rewrite(_line_at(quote, line), local_day(at), quantity=quantity, discount=discount or 0)
    recount(quote)
    return write(quote, "change_line", by=by, at=at)


def _line_at(quote: Quotation, position: int) -> QuotationLine:
    found = quote.lines.select_related("part").filter(position=position).first()
    if found is None:
        raise BadEntry(_("This line is no longer there."), "9.4", "line")
    return found


def _rewrite(row: QuotationLine, day: dt.date, **changed: Any) -> None:
    fresh = pricing.priced([pricing.wanted_of(row) | changed], day)[0]
    fresh.pk, fresh.quotation_id, fresh.position = row.pk, row.quotation_id, row.position
    fresh.save(force_update=True)


@transaction.atomic
def drop_line(quote: Quotation, *, by: Any, at: dt.datetime, line: int) -> Quotation:
    """Take the line at this position out of the draft."""
    quote = held(quote)
    demand_draft(quote)
    _line_at(quote, line).delete()
    recount(quote)
    return write(quote, "drop_line", by=by, at=at)


@transaction.atomic
def reprice(quote: Quotation, *, by: Any, at: dt.datetime) -> Quotation:
    """Read every price of the draft anew from the lists of the day."""
    quote = held(quote)
    demand_draft(quote)
    for row in quote.lines.select_related("part"):
        _rewrite(row, local_day(at))
    recount(quote)
    return write(quote, "reprice", by=by, at=at)


@transaction.atomic
def change_facts(quote: Quotation, *, by: Any, at: dt.datetime, **facts: Any) -> Quotation:
    """Payment, old parts, delivery, warranty and invoice data of a draft."""
    quote = held(quote)
    demand_draft(quote)
    _fill(quote, facts)
    return write(quote, "facts", by=by, at=at)


@transaction.atomic
def another(quote: Quotation, *, by: Any, at: dt.datetime) -> Quotation:
    """Another version with the same lines, at the prices of today; this one stays as it is until the new one is sent."""
    quote = held(quote)
    facts = {name: getattr(quote, name) for name in FACTS}
    wanted = [pricing.wanted_of(line) for line in quote.lines.select_related("part")]
    return draft(quote.about, by=by, at=at, lines=wanted, **facts)


def ask_approval(quote: Quotation, *, by: Any, at: dt.datetime) -> Quotation:
    """Tell the head of after-sales that a discount waits for his word (J32)."""
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

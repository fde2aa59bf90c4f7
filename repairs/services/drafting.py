"""Drafts of quotations 9.4: every line is read from the published lists of the day (8.1), none from a form."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.problems import BadEntry
from policy import figures

from .. import pricing
from ..models import Quotation, QuotationLine, Ticket
from .quoting import demand_draft, demand_open, held, lock_about, note, recount, write

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

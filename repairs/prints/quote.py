"""Form 9.4: the quotation of a ticket or a parts-only order (9.4, 8.1, 8.7)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.money import in_words, plain
from aftersales.paper import heads
from aftersales.paper.sheets import Plain, cell, column, one_of, section, table

from ..models import Quotation
from ..quote_flow import QuoteStage
from . import common, words
from .read import BLANK

ROWS = 6  # ruled lines


@dataclass
class QuoteRecord:
    """One quotation as one person may see it."""

    quote: Quotation
    by: Any
    at: dt.datetime
    plain: bool

    @property
    def home(self) -> Quotation:
        """The page to which the paper's code leads."""
        return self.quote


def sheet(record: QuoteRecord) -> Plain:
    quote = record.quote
    about = _p("form", "Repair order number") if quote.ticket else _p("form", "Order number")
    parts = [_customer(record), _lines(quote), _total(quote), _terms(quote), _confirmed(quote)]
    numbers = {
        _p("form", "Quotation number"): quote.number, about: quote.about.number,
        _p("form", "Version of the quotation"): str(quote.version),
    }  # fmt: skip
    title = _p("form", "After-sales quotation")
    return common.sheet(record, "9.4", title, quote.number, parts, quote, **numbers)


def name_of(person: Any) -> str:
    return (person.organisation or person.shown_name) if person else ""


def _customer(record: QuoteRecord) -> Plain:
    quote, person = record.quote, record.quote.about.contact
    ticket = quote.ticket or BLANK
    owner = getattr(ticket.vehicle, "customer", None)
    payer = name_of(quote.customer.person) if quote.customer else ""
    unit = _p("form", "Reporting customer") if quote.ticket else _p("form", "Ordering customer")
    return section(
        _p("form section", "Customer"),
        [cell(unit, name_of(person), 6), cell(_p("form", "Paying customer"), payer, 6)],
        [cell(_p("form", "Final user"), name_of(owner.person) if owner else "", 6),
         cell(_p("form", "Contact"), person.shown_name, 6)],
        [cell(_p("form", "Telephone"), common.phone(record, person.phone), 4),
         cell(_p("form", "Vehicle model"), ticket.model, 4),
         cell(_p("form", "Kilometres / hours"), f"{ticket.odometer:,}" if ticket.odometer else "", 4)],
        [cell(_p("form", "VIN / frame number"), ticket.vin, 6),
         cell(_p("form", "Date of the quotation"), quote.sent_at or quote.made_at, 6)],
    )  # fmt: skip


def _lines(quote: Quotation) -> Plain:
    rows = [
        [str(n), line.get_kind_display(), line.code, line.name, line.spec, line.unit, line.shown_quantity,
         f"{line.unit_price:,.2f}", share(line.tax_rate), share(line.discount), f"{line.amount:,.2f}"]
        for n, line in enumerate(quote.lines.all(), start=1)
    ]  # fmt: skip
    return table(_p("form section", "Lines"), [
        column(_p("form", "No."), 4), column(_p("form", "Kind of line"), 5), column(_p("form", "Code"), 9),
        column(_p("form", "Name"), 11), column(_p("form", "Specification"), 11), column(_p("form", "Unit"), 4),
        column(_p("form", "Quantity / hours"), 6), column(_p("form", "Unit price"), 7, _p("form", "tax included")),
        column(_p("form", "Tax rate"), 5), column(_p("form", "Discount"), 5), column(_p("form", "Amount"), 8),
    ], rows, ruled=ROWS)  # fmt: skip


def share(value: Decimal) -> str:
    return f"{plain(value * 100)}%" if value else ""


def _total(quote: Quotation) -> Plain:
    return section(
        _p("form section", "Total"),
        [cell(_p("form", "Total in figures"), f"¥{quote.total:,.2f}", 5),
         cell(_p("form", "Total in words"), in_words(quote.total), 7)],
    )  # fmt: skip


def _terms(quote: Quotation) -> Plain:
    return section(
        _p("form section", "Terms"),
        [cell(_p("form", "Old parts"), options=one_of(words.old_parts(), quote.old_parts))],
        [cell(_p("form", "Terms of payment"), options=one_of(words.payment(), quote.terms))],
        [cell(_p("form", "Delivery time"), quote.delivery, 6), cell(_p("form", "Valid until"), quote.valid_until, 6)],
        [cell(_p("form", "Warranty note"), quote.warranty_note, lines=2)],
        [cell(_p("form", "Invoice title"), quote.invoice_title, 6), cell(_p("form", "Tax number"), quote.invoice_tax_number, 6)],
        [cell(_p("form", "Invoice number"), w=5), cell(_p("form", "Receiving account"), heads.account(), 7)],
    )  # fmt: skip


def _confirmed(quote: Quotation) -> Plain:
    yes, no = quote.stage == QuoteStage.ACCEPTED, quote.stage == QuoteStage.DECLINED
    boxes = [(_p("form", "accepts"), yes), (_p("form", "declines"), no)]
    return section(
        _p("form section", "Confirmation"),
        [cell(_p("form", "Quoted by"), words.hand(quote.made_by, quote.made_at, " "), 6),
         cell(_p("form", "Checked by (quotation)"), words.hand(quote.approved_by, quote.approved_at, " "), 6)],
        [cell(_p("form", "State"), quote.stage_label(), 4, lines=2),
         cell(_p("form", "Customer's confirmation"), answer(quote), 8, options=boxes, lines=2)],
    )  # fmt: skip


def answer(quote: Quotation) -> str:
    """How and when the customer said so, and who wrote it down."""
    if quote.answered_at is None:
        return ""
    said = words.when(quote.answered_said_at or quote.answered_at)
    if quote.answered_by is None:
        return f"{said} {_p('form', 'the customer, on his own page')}"
    return f"{said} {quote.answered_how} {_p('form', 'recorded by {who}').format(who=quote.answered_by)}"

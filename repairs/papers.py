"""Quotations and parts-only orders as pages: what stands on the sheet, and the desk that serves it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access import may
from accounts.steps import Step
from aftersales.display import moments
from aftersales.display.marks import link
from aftersales.display.sheet import Cell, Part, Sheet, Table
from aftersales.limits import local_day
from aftersales.money import in_words, plain, yuan_of
from deadlines.papers import PaperDesk

from . import order_steps, payloads, privacy, quote_steps
from .logbook import Line
from .models import PartsOrder, Quotation
from .quote_flow import QuoteStage
from .selectors import orders, quotations


def yuan(amount: Decimal | None) -> str:
    return "–" if amount is None else f"¥{amount:,.2f}"


def percent(share: Decimal) -> str:
    return f"{plain(share * 100)} %" if share else ""


def when_by(moment: Any, by: Any) -> str:
    return f"{moments.when(moment)} {by or ''}".strip() if moment else ""


# --- the quotation
def quote_sheet(quote: Quotation, user: Any) -> Sheet:
    """The paper 9.4: whom and what it is for, lines, total in figures and words, terms, hands."""
    return Sheet(
        title=_("Quotation"), story=yuan(quote.total),
        parts=[_for(quote), _lines(quote), _total(quote), _terms(quote), _hands(quote)],
        prints=[(_("Print 9.4"), f"{quote.get_absolute_url()}print/")] if may(user, "form.print", quote.about) else [],
        links=[(quote.about.number, quote.about.get_absolute_url())], banner=_banner(quote), next=_next(quote),
    )  # fmt: skip


def _next(quote: Quotation) -> Any:
    if quote.stage == QuoteStage.SENT:
        return _("The customer answers on his private page, or tells us by phone; write down what he says.")
    if quote.stage != QuoteStage.DRAFT:
        return ""
    if quote.has_discount and not quote.approved_by_id:
        return _("The head of after-sales approves the discount; then it goes to the customer.")
    return _("The engineer completes the lines and sends it to the customer.")


def _banner(quote: Quotation) -> tuple[str, Any, Any] | None:
    if quote.is_expired(local_day(timezone.now())):
        return (
            "warning",
            _("This quotation has run out"),
            _("It was valid until {day}; draft another version.").format(day=quote.valid_until),
        )
    if quote.stage == QuoteStage.DRAFT and quote.has_discount:
        return "info", _("A discount waits for the head of after-sales"), _("It goes out once he has approved it.")  # fmt: skip
    return None


def _for(quote: Quotation) -> Part:
    about, person = quote.about, quote.about.contact
    rows: list[Cell] = [
        (_("Ticket") if quote.ticket else _("Parts-only order"), link(about)), (_("Version"), quote.version),
        (_("Contact"), person.shown_name), (_("Customer or company"), person.organisation),
    ]  # fmt: skip
    if quote.customer_id and quote.customer is not None:
        rows.append((_("Paying customer"), quote.customer.person.organisation or quote.customer.person.shown_name))  # fmt: skip
    if quote.ticket is not None:
        rows += [
            (_("Model"), quote.ticket.model),
            (_("VIN"), quote.ticket.vin),
            (_("Kilometres or hours"), quote.ticket.odometer),
        ]
    return Part("for", _("For"), [row for row in rows if row[1] not in ("", None)])


HEAD = (
    (pgettext_lazy("line", "Code"), ""), (pgettext_lazy("line", "Name"), ""), (gettext_lazy("Kind"), ""),
    (gettext_lazy("Quantity"), "number"),
    (gettext_lazy("Unit price"), "money"), (gettext_lazy("Tax"), "number"), (gettext_lazy("Discount"), "number"),
    (gettext_lazy("Amount"), "money"),
)  # fmt: skip


def _lines(quote: Quotation) -> Part:
    rows: list[Sequence[Any]] = [
        (line.code, f"{line.name} {line.spec}".strip(), line.get_kind_display(), f"{line.shown_quantity} {line.unit}",
         yuan(line.unit_price), percent(line.tax_rate), percent(line.discount), yuan(line.amount))
        for line in quote.lines.all()
    ]  # fmt: skip
    empty = _("No line yet. Add the parts and the work; prices come from the published lists (8.1).")
    return Part("lines", _("Lines"), table=Table(HEAD, rows), empty=empty)


def _total(quote: Quotation) -> Part:
    return Part(
        "total",
        _("Total"),
        [(_("In figures, tax included"), yuan(quote.total)), (_("In words"), in_words(quote.total))],
    )


def _terms(quote: Quotation) -> Part:
    rows: list[Cell] = [
        (_("Valid until"), moments.when(quote.valid_until)), (_("Payment"), quote.get_terms_display()),
        (_("Old parts"), quote.get_old_parts_display()), (_("Delivery time"), quote.delivery),
        (_("Warranty of the new parts"), quote.warranty_note), (_("Invoice title"), quote.invoice_title),
        (_("Tax number"), quote.invoice_tax_number),
    ]  # fmt: skip
    return Part("terms", _("Terms"), [row for row in rows if row[1]])


def _hands(quote: Quotation) -> Part:
    rows: list[Cell] = [
        (_("Quoted by"), when_by(quote.made_at, quote.made_by)),
        (_("Checked by"), when_by(quote.approved_at, quote.approved_by)),
        (_("Sent"), when_by(quote.sent_at, "")), (_("Answered"), answered(quote)), (_("Reason"), quote.reason),
    ]  # fmt: skip
    return Part("hands", _("Hands"), [row for row in rows if row[1]])


def answered(quote: Quotation) -> str:
    """Who said what, how and when."""
    if quote.answered_at is None:
        return ""
    if quote.answered_by is None:
        return f"{moments.when(quote.answered_at)} {_('the customer, on his own page')}"
    said = moments.when(quote.answered_said_at or quote.answered_at)
    return f"{said} · {quote.answered_how} · {_('recorded by {who}').format(who=quote.answered_by)}"


def quote_part(rows: list[Sequence[Any]]) -> Part:
    """The quotations of a ticket or order as a section of its own paper."""
    head = [(_("Number"), ""), (_("Stage"), ""), (_("Total"), "money"), (_("Valid until"), "")]
    return Part("quotations", _("Quotations 9.4"), table=Table(head, rows), empty=_("No quotation yet."))


def of_order(order: PartsOrder) -> Part:
    rows = order.quotations.order_by("-version")
    return quote_part(
        [(link(q), q.get_stage_display(), yuan(q.total), moments.when(q.valid_until)) for q in rows]
    )


def of_ticket(lines: list[Line]) -> Part | None:
    """From what was read beside the ticket: its page costs no further statement (P5)."""
    rows = [
        (link(Quotation(number=line.a)), QuoteStage(line.b).label, yuan(yuan_of(int(line.c))), line.d)
        for line in reversed(lines) if line.kind == "quotation"
    ]  # fmt: skip
    return quote_part([*rows]) if rows else None


QUOTES = PaperDesk(
    app="repairs", name="quotation", plural="quotations", steps=quote_steps.STEPS, view="quote.view", step_action="quote.step",
    rows=quotations, sheet=quote_sheet, payload=payloads.quotation, home=("repairs:quotations", gettext_lazy("Quotations")),
    acts={"draft": gettext_lazy("Drafted"), "add_line": gettext_lazy("Line added"),
          "supersede": gettext_lazy("Replaced by a later one")},
)  # fmt: skip


# --- the order
def order_sheet(order: PartsOrder, user: Any) -> Sheet:
    """A parts-only order: who buys, where it goes, who may consent, its quotations."""
    person, at = order.contact, timezone.now()
    plain_phone = privacy.order_plain_for(user, order)
    if plain_phone:
        privacy.note_order_seen(user, order, at)
    rows: list[Cell] = [
        (_("Customer"), link(order.customer) if may(user, "customer.view", order.customer) else order.customer.number),
        (_("Contact"), person.shown_name), (_("Customer or company"), person.organisation),
        (_("Phone"), person.shown_phone if plain_phone else person.masked_phone),
        (_("Engineer who may consent"), order.engineer), (_("What the customer wants"), order.remark, "wide"),
    ]  # fmt: skip
    if plain_phone and person.street:
        rows.insert(4, (_("Street and number"), person.street))
    rows.insert(4, (_("Province, city, district"), order.customer.region))
    return Sheet(
        title=_("Parts-only order"), story=f"{_('Engineer')} {order.engineer}",
        parts=[Part("order", _("Order"), [row for row in rows if row[1]]), of_order(order)],
        next=_("Quote the parts; once the customer has accepted and paid, or the engineer agrees to send first, ask for "
               "them (8.7).") if order.is_open else "",
    )  # fmt: skip


class OrderDesk(PaperDesk):
    """A drafted quotation is opened at once: its lines are written next."""

    def _done(self, request: Any, paper: Any, step: Step, done: Any) -> HttpResponse:
        answer = super()._done(request, paper, step, done)
        if not isinstance(done, Quotation):
            return answer
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": done.get_absolute_url()})
        return redirect(done)


ORDERS = OrderDesk(
    app="repairs", name="order", plural="orders", steps=order_steps.STEPS, view="parts_order.view", step_action="quote.step",
    rows=orders, sheet=order_sheet, payload=payloads.order, home=("repairs:orders", gettext_lazy("Parts-only orders")),
    acts={"open": gettext_lazy("Opened")},
)  # fmt: skip

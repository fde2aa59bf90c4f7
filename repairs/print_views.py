"""The printed forms of a ticket: an A4 page and a PDF. Paper is Chinese; `?lang=en` is the English version."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from accounts.access import action, demand
from aftersales.paper.answers import CHINESE, file, language, private

from . import prints, privacy, selectors
from .models import Quotation, Ticket

#: what departments above know of the ticket; the shell gives it, for they may not be asked from here
BesideOf = Callable[[prints.Record], prints.Beside]


def nothing(record: prints.Record) -> prints.Beside:
    return prints.Beside()


@action("form.print")
@require_GET
def page(request: HttpRequest, number: str, form: str, beside: BesideOf = nothing) -> HttpResponse:
    """The form as an A4 page, for the screen and the browser's own printing."""
    with translation.override(language(request)):
        record = opened(request, number, form, beside)
        context = {
            "sheet": prints.SHEETS[form](record),
            "ticket": record.ticket,
            **_links(record, form, request),
        }
        return private(render(request, "prints/form.html", context))


@action("form.print")
@require_GET
def pdf(request: HttpRequest, number: str, form: str, beside: BesideOf = nothing) -> HttpResponse:
    """The form as PDF with its fonts inside."""
    with translation.override(language(request)):
        sheet = prints.SHEETS[form](opened(request, number, form, beside)) if form in prints.SHEETS else None
    if sheet is None:
        raise Http404
    return file(sheet)


@action("form.print")
@require_GET
def quotation_page(request: HttpRequest, number: str) -> HttpResponse:
    """Form 9.4 as an A4 page."""
    with translation.override(language(request)):
        record = opened_quotation(request, number)
        other = "?" if language(request) != CHINESE else "?lang=en"
        address = reverse("repairs:quotation_pdf", args=[record.quote.number])
        links = {
            "pdf_url": f"{address}?{request.GET.urlencode()}".rstrip("?"),
            "other_url": other,
            "rounds": [],
        }
        context = {"sheet": prints.quotation(record), "ticket": record.quote, **links}
        return private(render(request, "prints/form.html", context))


@action("form.print")
@require_GET
def quotation_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Form 9.4 as PDF."""
    with translation.override(language(request)):
        return file(prints.quotation(opened_quotation(request, number)))


def opened_quotation(request: HttpRequest, number: str) -> prints.QuoteRecord:
    """The quotation behind form 9.4, if this person may see and print it; a plain telephone on paper is written down."""
    user, at = request.user, request.arrived_at  # type: ignore[attr-defined]  # as above
    found = get_object_or_404(selectors.quotations(user), number=number.replace("\x00", ""))
    demand(user, "form.print", found.about)
    plain = _seen_in_plain(user, found, at)
    return prints.QuoteRecord(found, by=user, at=at, plain=plain)


def _seen_in_plain(user: Any, found: Quotation, at: Any) -> bool:
    """Whether the telephone stands there in plain; if so, the look is written down."""
    if found.ticket is not None:
        plain = privacy.plain_for(user, found.ticket)
        if plain:
            privacy.note_seen(user, found.ticket, at)
        return plain
    plain = found.order is not None and privacy.order_plain_for(user, found.order)
    if plain and found.order is not None:
        privacy.note_order_seen(user, found.order, at)
    return plain


def opened(request: HttpRequest, number: str, form: str, beside: BesideOf) -> prints.Record:
    """The record behind a form, if this person may see it; plain telephone numbers on paper are written down (A12)."""
    at = request.arrived_at  # type: ignore[attr-defined]  # set by ArrivalMiddleware
    ticket = get_object_or_404(
        selectors.for_page(request.user).select_related(
            "intake__made_by", "intake__changed_by", "intake__repeat_of"
        ),
        number=number,
    )
    if form not in prints.SHEETS:
        raise Http404
    demand(request.user, "form.print", ticket)
    if form == "9.5":
        demand(request.user, "revisit.view", ticket)
    record = prints.read(
        ticket, by=request.user, at=at, round=_round(request, ticket), own=request.GET.get("by") == "customer"
    )
    if record.plain:
        privacy.note_seen(request.user, ticket, at)
    if form == "9.2":
        record.beside = beside(record)
    return record


def _round(request: HttpRequest, ticket: Ticket) -> int:
    text = request.GET.get("round", "") or str(ticket.round)
    if not text.isdecimal() or not 1 <= int(text[:5]) <= ticket.round:
        raise Http404
    return int(text)


def _links(record: prints.Record, form: str, request: HttpRequest) -> dict[str, Any]:
    """The same form as PDF, in the other language, and the other rounds."""
    asked = request.GET.copy()
    other = asked.copy()
    other.pop("lang", None)
    if language(request) == CHINESE:
        other["lang"] = "en"
    rounds = []
    for number in range(1, record.ticket.round + 1) if form != "9.1" else []:
        asked["round"] = str(number)
        rounds.append({"number": number, "url": f"?{asked.urlencode()}", "current": number == record.round})
    where = reverse("repairs:print_pdf", args=[record.ticket.number, form])
    return {
        "pdf_url": f"{where}?{request.GET.urlencode()}".rstrip("?"),
        "other_url": f"?{other.urlencode()}",
        "rounds": rounds if len(rounds) > 1 else [],
    }

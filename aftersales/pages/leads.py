"""Registering a purchase lead: from a ticket, whose customer it is then, or by itself; the lead's page with its ticket (4.2)."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import action, may
from accounts.services import audit
from aftersales.display.sheet import Part, Sheet
from aftersales.limits import local_day
from aftersales.models import within_rate
from aftersales.operations import once
from aftersales.problems import BadEntry, Refusal
from repairs.flow import Stage
from repairs.models import Ticket
from sales import lead_sheets as sheets
from sales.desk import papers as desks
from sales.identity import UNKNOWN
from sales.lead_forms import LeadForm, unknown_person
from sales.lead_services import Consent, Wish, register
from sales.models import Customer, Lead, Person, Source
from sales.selectors import customers_for
from sales.services import met

CREATE, HANDLE = "purchase_intent.create", "purchase_intent.handle"
SEEN, FOR_EVER = "lead.person_seen", dt.timedelta(days=36_500)
AFTER = (Stage.COMPLETED, Stage.CLOSED)


@action(CREATE, HANDLE)
@require_http_methods(["GET", "POST"])
@once
def new_lead(request: Any) -> HttpResponse:
    """`?for=BX…` names the ticket on which the customer spoke of it."""
    data = request.POST if request.method == "POST" else None
    number = (
        (request.POST.get("ticket", "") if data else request.GET.get("for", ""))
        .replace("\x00", "")
        .strip()[:20]
    )
    ticket = ticket_of(request.user, number)
    form = LeadForm(data, known=ticket is not None, user=request.user, initial={"ticket": number})
    if form.is_bound and form.is_valid():
        try:
            lead = enter(form.cleaned_data, ticket, by=request.user, at=request.arrived_at)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, said(lead))
            return redirect(lead)
    return _page(request, form, ticket)


def _page(request: Any, form: LeadForm, ticket: Ticket | None) -> HttpResponse:
    back = ticket.get_absolute_url() if ticket else reverse("sales:leads")
    known = ""
    if ticket is not None:
        known = " · ".join(
            word for word in (ticket.number, ticket.contact.shown_name, ticket.contact.organisation) if word
        )
    context = {
        "form": form,
        "back": back,
        "whence": ticket.number if ticket else _("Purchase leads"),
        "known": known,
    }
    return render(request, "sales/new_lead.html", context, status=422 if form.is_bound else 200)


def ticket_of(user: Any, number: str) -> Ticket | None:
    """The ticket, if this person sees it and its customer is known; none without a number, else 404."""
    if not number:
        return None
    found = (
        Ticket.objects.visible_to(user).select_related("customer", "contact").filter(number=number).first()
    )
    if found is None or found.customer is None:
        raise Http404
    return found


def enter(entries: dict[str, Any], ticket: Ticket | None, *, by: Any, at: dt.datetime) -> Lead:
    """Register what the form says; whoever is known by his phone is that customer."""
    customer, contact = _whose(entries, ticket, by, at)
    return register(
        customer, contact=contact, source=source_of(ticket, by), by=by, at=at, ticket=ticket.number if ticket else "",
        consent=Consent(entries["consent_how"], entries.get("consent_at") or at),
        wish=Wish(entries.get("model"), entries.get("quantity") or 1, entries["wanted"], entries.get("words") or ""),
    )  # fmt: skip


def source_of(ticket: Ticket | None, by: Any) -> str:
    """Where the lead comes from: a repair or its callback, a salesperson himself, or else where."""
    if ticket is not None and may(by, CREATE):
        called_back = ticket.stage in AFTER and "ENG" not in by.roles
        return Source.CALLBACK if called_back else Source.TICKET
    return Source.OTHER if may(by, CREATE) else Source.OWN


def _whose(
    entries: dict[str, Any], ticket: Ticket | None, by: Any, at: dt.datetime
) -> tuple[Customer, Person]:
    if ticket is not None and ticket.customer is not None:
        return ticket.customer, ticket.contact
    customer: Customer | None = entries.get("customer")
    if customer is None:
        seller = by if may(by, HANDLE) else None
        return met(unknown_person(entries), region=entries.get("region") or "", seller=seller, at=at)
    if not customers_for(by).filter(pk=customer.pk).exists():
        raise BadEntry(UNKNOWN, field="customer")  # the lead would open him to whom he is not
    return customer, customer.person


def said(lead: Lead) -> str:
    """What the page says after it: also that somebody was first."""
    before = Lead.objects.filter(
        customer=lead.customer_id, last_day__gte=local_day(lead.registered_at), pk__lt=lead.pk
    )
    if before.exclude(stage="won").exists():
        return _("{number} is registered. An earlier lead of this customer comes first.").format(
            number=lead.number
        )
    return _("{number} is registered.").format(number=lead.number)


# --- the lead's page
def lead_sheet(lead: Lead, user: Any) -> Sheet:
    """With the way to the ticket, for whom it opens, and to the sale."""
    if sheets.told_plain(lead, user):
        note_seen(lead, user)
    sheet = sheets.lead_sheet(lead, user)
    for part in sheet.parts:
        _open_ticket(part, lead, user)
    if lead.stage in ("open", "taken") and not lead.is_lapsed and may(user, "sale.record", lead):
        sheet.ways = [(_("Record a sale"), f"{reverse('sales:new_sale')}?lead={lead.number}")]
    return sheet


def _open_ticket(part: Part, lead: Lead, user: Any) -> None:
    if (
        part.id != "origin"
        or not lead.ticket
        or not Ticket.objects.visible_to(user).filter(number=lead.ticket).exists()
    ):
        return
    way = format_html(
        '<a class="number" href="{}">{}</a>', reverse("repairs:ticket", args=[lead.ticket]), lead.ticket
    )
    part.rows = [
        (label, way, *rest) if value == lead.ticket else (label, value, *rest)
        for label, value, *rest in part.rows
    ]


def note_seen(lead: Lead, user: Any) -> None:
    """One log row per person, lead and day that he saw the customer's number (A14)."""
    from aftersales import clock

    now = clock.now()
    if within_rate(f"{SEEN}:{user.pk}:{lead.pk}:{local_day(now):%Y%m%d}", 1, FOR_EVER, now):
        audit(SEEN, by=user, at=now, subject=f"lead:{lead.number}")


LEADS = replace(desks.LEADS, sheet=lead_sheet)
urlpatterns = LEADS.urls("sales/leads/")

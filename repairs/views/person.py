"""A customer's phone by click (A14), and the pictures of a ticket (B15)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, demand, may
from aftersales import files
from repairs import privacy
from repairs.models import Attachment, Ticket

from .step import opened

ORIGINAL = {"TECH", "MGR", "AUD"}


@action("customer.phone_reveal")
@require_POST
def reveal(request: Any, number: str) -> HttpResponse:
    """The phone in plain; each look is written down."""
    ticket = opened(request, number)
    demand(request.user, "customer.phone_reveal", ticket)
    at = request.arrived_at
    phone = privacy.reveal(ticket, by=request.user, at=at)
    template = "repairs/_phone_plain.html" if request.headers.get("HX-Request") else "repairs/phone.html"
    return render(request, template, {"phone": phone, "ticket": ticket})


@action("evidence.view")
@require_GET
def attachment(request: Any, key: str) -> HttpResponseBase:
    """A picture as people see it, without metadata; the original only for whom B15 names."""
    row = get_object_or_404(Attachment.objects.filter(erased_at=None).select_related("ticket"), key=key)
    if not Ticket.objects.visible_to(request.user).filter(pk=row.ticket_id).exists():
        raise Http404
    if not may(request.user, "evidence.view", row.ticket):
        raise Http404
    original = "original" in request.GET and bool(request.user.roles & ORIGINAL)
    return files.serve(request, row, f"{row.ticket.number}-{row.pk}", original=original)

"""Customer service tells a customer itself: the ready text to copy, and that it was told (once per event)."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, demand
from aftersales.operations import once
from aftersales.problems import Refusal
from repairs.models import CustomerNotice, Ticket
from repairs.told.by_hand import told_by_hand, untold
from repairs.told.table import EVENTS, Event
from repairs.told.words import text_of

SHOWN = 50


class ToTell(NamedTuple):
    """One thing to tell as a page shows it."""

    row: CustomerNotice
    event: Event
    text: str


def shown(row: CustomerNotice) -> ToTell:
    return ToTell(row, EVENTS[row.event], text_of(row))


@action("customer.untold")
@require_GET
def to_tell(request: Any) -> HttpResponse:
    """What happened and nobody has told the customer yet, the oldest first, of one report together; two statements."""
    rows = untold(request.arrived_at).select_related("ticket__engineer", "ticket__contact")
    found = list(rows[: SHOWN + 1])
    reports: dict[int, list[ToTell]] = {}
    for row in found[:SHOWN]:
        reports.setdefault(row.ticket_id, []).append(shown(row))
    context = {"reports": list(reports.values()), "more": len(found) > SHOWN, "most": SHOWN}
    return render(request, "repairs/to_tell.html", context)


@action("customer.tell")
@require_POST
@once
def told(request: Any, number: str, pk: int) -> HttpResponse:
    """Somebody has told him by WeChat; back to the page from which he came."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number)
    demand(request.user, "customer.tell", ticket)
    row = get_object_or_404(ticket.customer_notices.select_related("ticket"), pk=pk)
    try:
        told_by_hand(row, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down: told by WeChat."))
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else ticket)

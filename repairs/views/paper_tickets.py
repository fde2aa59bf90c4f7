"""Closed paper tickets: found by VIN or number, taken in from Excel once."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from aftersales.display.paging import paged
from aftersales.operations import once
from aftersales.xlsx import workbook
from catalogue.views.files import checked
from repairs import paper_tickets
from repairs.models import PaperTicket
from sales.file_views import page_of
from sales.forms import FileForm
from sales.models import Vehicle

VIEW, IMPORT = "paper_ticket.view", paper_tickets.IMPORT


@action(VIEW)
@require_GET
def listing(request: Any) -> HttpResponse:
    """By VIN (its beginning or end) or by the number on the paper."""
    word = request.GET.get("q", "").replace("\x00", "").strip().upper()[:40]
    rows = PaperTicket.objects.annotate(known=Exists(Vehicle.objects.filter(vin=OuterRef("vin"))))
    if word:
        rows = (
            rows.filter(vin__startswith=word)
            | rows.filter(vin__endswith=word)
            | rows.filter(number__iexact=word)
        )
    context = {"word": word, "may_import": may(request.user, IMPORT)}
    return render(request, "repairs/paper_tickets.html", context | paged(request, rows))


@action(IMPORT)
@require_http_methods(["GET", "POST"])
@once
def take_in(request: Any) -> HttpResponse:
    """Check a workbook of paper tickets, or keep all of it."""
    at, by = request.arrived_at, request.user
    page = page_of(
        _("Import closed paper tickets"),
        "repairs:paper_tickets",
        "repairs:paper_tickets_template",
        _("Closed paper tickets"),
    )

    def keep(found: Any, form: Any) -> Any:
        return paper_tickets.save(found, source=form.cleaned_data["file"].name, by=by, at=at)

    return checked(request, FileForm, lambda file: paper_tickets.read(file, at), keep, page)


@action(IMPORT)
@require_GET
def template(request: Any) -> FileResponse:
    """An empty workbook to fill."""
    return workbook(paper_tickets.template(request.arrived_at), "paper-tickets-template.xlsx")

"""Warranty terms (4.5a): proposals and their decision by another, the terms as a workbook and back."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, may
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import workbook
from catalogue import exports
from catalogue.forms import PartsFileForm, ReasonForm
from catalogue.imports.terms import read_terms
from catalogue.models import TermBatch
from catalogue.services import terms as services

from .files import checked

SHOWN = 50


@action("catalogue.view")
@require_GET
def proposals(request: Any) -> HttpResponse:
    """What waits, then what was decided lately; each with its terms."""
    rows = TermBatch.objects.select_related("proposed_by", "decided_by").prefetch_related("lines__model")
    context = {
        "waiting": rows.filter(decided_at=None)[:SHOWN], "decided": rows.exclude(decided_at=None)[:SHOWN],
        "may_decide": may(request.user, services.APPROVE), "may_write": may(request.user, services.PROPOSE),
        "form": ReasonForm(),
    }  # fmt: skip
    return render(request, "catalogue/terms.html", context)


@action(services.APPROVE)
@require_POST
@once
def decide(request: Any, pk: int) -> HttpResponse:
    """`do`: approve, or refuse with the reason."""
    batch, at, by = get_object_or_404(TermBatch, pk=pk), request.arrived_at, request.user
    try:
        if request.POST.get("do") == "approve":
            services.approve_terms(batch, by=by, at=at)
        else:
            services.refuse_terms(batch, reason=request.POST.get("reason", ""), by=by, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("catalogue:terms")


@action(services.PROPOSE)
@require_http_methods(["GET", "POST"])
@once
def import_terms(request: Any) -> HttpResponse:
    """Check a workbook of terms, or propose what is new in it."""
    at, by = request.arrived_at, request.user
    page = {
        "title": _("Import warranty terms"), "back": reverse("catalogue:terms"), "whence": _("Proposed warranty terms"),
        "template": reverse("catalogue:export_terms"),
    }  # fmt: skip

    def keep(found: Any, form: Any) -> Any:
        facts = form.cleaned_data
        return services.propose_terms(
            found.rows, reason=facts["reason"], by=by, at=at, source=facts["file"].name
        )

    return checked(request, PartsFileForm, lambda file: read_terms(file, local_day(at)), keep, page)


@action("catalogue.view")
@require_GET
def export_terms(request: Any) -> FileResponse:
    """Every term; with new rows it comes back as a proposal."""
    return workbook(exports.terms(by=request.user, at=request.arrived_at), "warranty-terms.xlsx")

"""The opening import of debts: template, dry run, all or nothing, once (J83)."""

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import workbook

from ..debt_forms import OpeningForm
from ..imports import opening
from ..services.opening import RIGHT, take_over


@action(RIGHT)
@require_http_methods(["GET", "POST"])
@once
def page(request: Any) -> HttpResponse:
    form = OpeningForm(request.POST, request.FILES) if request.method == "POST" else OpeningForm()
    run = None
    if form.is_valid():
        try:
            run = opening.dry_run(form.cleaned_data["file"], request.arrived_at)
            if form.cleaned_data["act"] == "take" and not run.faults:
                return _taken(request, run, form.cleaned_data["file"].name)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    wrong = form.is_bound and (form.errors or (run is not None and run.faults))
    count = len(run.rows.get("debts", [])) if run else 0
    context = {"form": form, "run": run, "count": count}
    return render(request, "finance/opening_debts.html", context, status=422 if wrong else 200)


def _taken(request: Any, run: Any, name: str) -> HttpResponse:
    made = take_over(run.rows["debts"], source=name, by=request.user, at=request.arrived_at)
    messages.success(request, _("{count} debts are taken over.").format(count=len(made)))
    return redirect("finance:receivables")


@action(RIGHT)
@require_GET
def template(request: Any) -> FileResponse:
    """An empty workbook to fill."""
    out = io.BytesIO()
    opening.template(out)
    out.seek(0)
    return workbook(out, "opening-debts.xlsx")

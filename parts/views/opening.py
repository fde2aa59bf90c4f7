"""The opening import: template, dry run, all or nothing (J46)."""

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import TYPE

from ..imports import opening

IMPORT = "parts.import"


class OpeningForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Workbook (.xlsx)"))
    act = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[("dry", gettext_lazy("Look for faults only")), ("take", gettext_lazy("Take it in"))]
    )  # fmt: skip


@action(IMPORT)
@require_http_methods(["GET", "POST"])
@once
def page(request: Any) -> HttpResponse:
    form = (
        OpeningForm(request.POST, request.FILES)
        if request.method == "POST"
        else OpeningForm(initial={"act": "dry"})
    )
    run = None
    if request.method == "POST" and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            run = opening.dry_run(file, request.arrived_at)
            if form.cleaned_data["act"] == "take" and not run.faults:
                receipt = opening.take_in(run, source=file.name, by=request.user, at=request.arrived_at)
                messages.success(request, _("Saved."))
                return redirect(receipt or "parts:releases")
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    wrong = form.is_bound and (form.errors or (run is not None and run.faults))
    count = sum(len(rows) for rows in run.rows.values()) if run else 0
    return render(
        request,
        "parts/opening.html",
        {"form": form, "run": run, "count": count},
        status=422 if wrong else 200,
    )


@action(IMPORT)
@require_GET
def template(request: Any) -> FileResponse:
    out = io.BytesIO()
    opening.template(out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename="opening.xlsx", content_type=TYPE)

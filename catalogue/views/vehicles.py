"""Models and their warranty terms: everybody reads, the technical department writes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from aftersales.operations import once
from aftersales.problems import Refusal
from catalogue import services
from catalogue.forms import ModelForm, TermForm
from catalogue.models import VehicleModel

WRITE = "catalogue.write"


@action("catalogue.view")
@require_GET
def models(request: Any) -> HttpResponse:
    """Every model with its terms (two statements)."""
    rows = VehicleModel.objects.prefetch_related("terms")
    return render(request, "catalogue/models.html", {"rows": rows, "may_write": may(request.user, WRITE)})


@action(WRITE)
@require_http_methods(["GET", "POST"])
@once
def new_model(request: Any) -> HttpResponse:
    return _edit(request, VehicleModel())


@action(WRITE)
@require_http_methods(["GET", "POST"])
@once
def edit_model(request: Any, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(VehicleModel, pk=pk))


def _edit(request: Any, row: VehicleModel) -> HttpResponse:
    form = ModelForm(request.POST, instance=row) if request.method == "POST" else ModelForm(instance=row)
    if request.method == "POST" and form.is_valid():
        services.save_model(form.instance, by=request.user, at=request.arrived_at)
        messages.success(request, _("Saved."))
        return redirect("catalogue:models")
    title = _("Change model {code}").format(code=row.code) if row.code else _("New model")
    return _page(request, form, title)


@action(WRITE)
@require_http_methods(["GET", "POST"])
@once
def new_term(request: Any, pk: int) -> HttpResponse:
    """Propose another term of a model from a day on; somebody else puts it in force."""
    model = get_object_or_404(VehicleModel, pk=pk)
    form = TermForm(request.POST, of=model) if request.method == "POST" else TermForm(of=model)
    if request.method == "POST" and form.is_valid():
        facts = {"reason": form.cleaned_data["reason"], "by": request.user, "at": request.arrived_at}
        try:
            batch = services.propose_terms([form.row()], **facts)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Proposed. It counts once somebody else has put it in force."))
            return redirect(batch)
    return _page(request, form, _("Propose a warranty term of {model}").format(model=model))


def _page(request: Any, form: Any, title: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "catalogue/form.html", {"form": form, "title": title}, status=status)

"""The page of figures, proposing a change and seconding it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import action
from aftersales.charter import FIGURES
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal

from . import selectors, services
from .figures import value
from .forms import ProposeForm
from .models import FigureChange
from .rules import plain


@action("policy.view")
def figures(request: Any) -> HttpResponse:
    """Every figure: clause, value, since when, set and seconded by whom."""
    return render(request, "policy/figures.html", {"lines": selectors.lines(local_day(request.arrived_at))})


@action("policy.edit")
@once
def propose(request: Any, name: str) -> HttpResponse:
    """Propose a new value."""
    figure = FIGURES.get(name)
    if figure is None or not figure.adjustable:
        raise Http404
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose(name, **form.cleaned_data, by=request.user, at=request.arrived_at)
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Proposed. Somebody else must second it before its day."))
            return redirect("policy:figures")
    present = plain(figure, value(name, local_day(request.arrived_at)))
    return render(request, "policy/propose.html", {"figure": figure, "present": present, "form": form})


@action("policy.edit")
@require_POST
@once
def second(request: Any, pk: int) -> HttpResponse:
    """Second a proposal of somebody else."""
    change = get_object_or_404(FigureChange, pk=pk)
    try:
        services.second(change, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Seconded: in force from {day}.").format(day=change.since))
    return redirect("policy:figures")

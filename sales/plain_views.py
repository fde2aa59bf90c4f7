"""The page on which leaders ask for, and let out, a list of customers in plain (A15)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import action
from aftersales.operations import once
from aftersales.problems import Refusal

from . import filters, plain
from .forms import ReasonForm
from .models import CustomerKind, PlainExport

SHOWN = 50


@action(plain.ACTION)
@require_http_methods(["GET", "POST"])
@once
def requests(request: Any) -> HttpResponse:
    """Ask, under the filters of the address; below, what was asked for and how it was decided."""
    wishes = {
        k: v for k, v in filters.asked(filters.CustomerFilter, request.GET).items() if k in plain.NARROW
    }
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        plain.ask(wishes, **form.cleaned_data, by=request.user, at=request.arrived_at)
        messages.success(
            request, _("Asked for. Another leader lets the list out; then it is in your downloads.")
        )
        return redirect("sales:plain")
    rows = list(PlainExport.objects.select_related("asked_by", "decided_by")[:SHOWN])
    for row in rows:
        row.narrowed = _narrowed(row.wishes)  # type: ignore[attr-defined]
        row.mine = row.asked_by_id == request.user.pk  # type: ignore[attr-defined]
    page = {"form": form, "rows": rows, "narrowed": _narrowed(wishes)}
    return render(request, "sales/plain.html", page, status=422 if form.is_bound else 200)


def _narrowed(wishes: dict[str, str]) -> str:
    kind = dict(CustomerKind.choices).get(wishes.get("kind", ""), "")
    return " · ".join(str(word) for word in (kind, wishes.get("region")) if word) or _("all customers")


@action(plain.ACTION)
@require_POST
@once
def let_out(request: Any, pk: int) -> HttpResponse:
    return _decided(request, pk, plain.let_out, _("The list is being written for who asked for it."))


@action(plain.ACTION)
@require_POST
@once
def refuse(request: Any, pk: int) -> HttpResponse:
    return _decided(request, pk, plain.refuse, _("The list is not let out."))


def _decided(request: Any, pk: int, act: Callable[..., Any], said: str) -> HttpResponse:
    row = get_object_or_404(PlainExport, pk=pk)
    try:
        act(row, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("sales:plain")

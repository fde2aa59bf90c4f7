"""Workbooks that come in: checked first, kept only when told to and only without a single fault."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import workbook
from catalogue import exports, imports, services
from catalogue.forms import PartsFileForm, PricesFileForm

SHOWN = 1000  # faults that a page names one by one; the API names them all


@action("part.write")
@require_http_methods(["GET", "POST"])
@once
def import_parts(request: Any) -> HttpResponse:
    """Check a workbook of parts, or propose what it says."""

    def keep(found: Any, form: Any) -> Any:
        return services.propose_parts(
            found.rows, reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at,
            source=form.cleaned_data["file"].name,
        )  # fmt: skip

    page = {
        "title": _("Import parts"),
        "back": reverse("catalogue:parts"),
        "whence": _("Parts"),
        "template": reverse("catalogue:parts_template"),
    }
    return checked(request, PartsFileForm, imports.read_parts, keep, page)


@action("price_list.draft")
@require_http_methods(["GET", "POST"])
@once
def import_prices(request: Any) -> HttpResponse:
    """Check a workbook of prices and rates, or make a draft of it."""

    def keep(found: Any, form: Any) -> Any:
        facts = form.cleaned_data
        return services.draft_prices(
            facts["title"], facts["effective_on"], prices=found.prices, rates=found.rates, by=request.user,
            at=request.arrived_at, source=facts["file"].name,
        )  # fmt: skip

    page = {
        "title": _("Import a price list"),
        "back": reverse("catalogue:price_lists"),
        "whence": _("Price lists"),
        "template": reverse("catalogue:prices_template"),
    }
    return checked(request, PricesFileForm, imports.read_prices, keep, page)


def checked(
    request: Any, shape: Any, read: Callable[[Any], Any], keep: Callable[..., Any], page: dict[str, Any]
) -> HttpResponse:
    """A page that checks a workbook with `read` and hands what it found to `keep` when told to and without a fault. `page`:
    title, back and whence (its word), template; where no second person follows also `hint`, and what `keep` answers says in
    words what came of it."""
    if request.method == "GET":
        return render(request, "catalogue/import.html", page | {"form": shape()})
    form = shape(request.POST, request.FILES)
    found, status = None, 422
    if form.is_valid():
        try:
            found = read(form.cleaned_data["file"])
            if request.POST.get("do") == "keep" and not found.faults:
                return _kept(request, keep(found, form), page)
            status = 422 if found.faults else 200
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    faults = found.faults if found else []
    context = page | {
        "form": form,
        "found": found,
        "faults": faults[:SHOWN],
        "more": max(len(faults) - SHOWN, 0),
        "count": len(faults),
    }
    alone = request.headers.get("HX-Request")
    return render(
        request, "catalogue/_import.html" if alone else "catalogue/import.html", context, status=status
    )


def _kept(request: Any, paper: Any, page: dict[str, Any]) -> HttpResponse:
    said = (
        paper.said()
        if hasattr(paper, "said")
        else _("Imported. It counts once somebody else has approved it.")
    )
    messages.success(request, said)
    where = paper.get_absolute_url() if hasattr(paper, "get_absolute_url") else page["back"]
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": where})
    return redirect(where)


@action("part.write")
@require_GET
def parts_template(request: Any) -> FileResponse:
    """An empty workbook to fill."""
    return workbook(exports.parts_template(), "parts-template.xlsx")


@action("price_list.draft")
@require_GET
def prices_template(request: Any) -> FileResponse:
    """An empty workbook to fill."""
    return workbook(exports.prices_template(), "prices-template.xlsx")

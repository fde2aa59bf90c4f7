"""The part list, and proposing a new part or a change of one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import dated, workbook
from catalogue import exports, services
from catalogue.filters import PartFilter, asked, filtered
from catalogue.forms import NewPartForm, PartForm
from catalogue.models import Part
from catalogue.selectors import price_lines
from catalogue.sheets import marks

LIST, PAGE = "catalogue:parts", 50


@action("part.view")
@require_GET
def parts(request: Any) -> HttpResponse:
    """Parts in the order of their codes, 50 a page; to htmx the table alone."""
    wanted, day = asked(request.GET), local_day(timezone.now())
    rows, links = page(request, filtered(wanted, day=day), wanted)
    prices, costs = price_lines([part.pk for part in rows], day), may(request.user, "cost.view")
    for part in rows:
        line = prices.get(part.pk)
        part.price, part.cost = (line.price, line.cost if costs else None) if line else (None, None)  # type: ignore[attr-defined]  # for the template
        part.marks = marks(part)  # type: ignore[attr-defined]  # as above
    context = {
        "rows": rows, **links, "costs": costs, "q": wanted.get("q", ""), "query": urlencode(wanted), "action": reverse(LIST),
        "form": PartFilter(wanted), "may_export": may(request.user, "list.export"), "may_write": may(request.user, "part.write"),
    }  # fmt: skip
    alone = request.headers.get("HX-Target") == "list"
    return render(request, "catalogue/_parts.html" if alone else "catalogue/parts.html", context)


def page(request: Any, rows: Any, wanted: dict[str, str]) -> tuple[list[Part], dict[str, str]]:
    """A page by key: the codes after `after`, or the ones just before `before`."""
    after, before = (_code(request, name) for name in ("after", "before"))
    if before:
        found = list(rows.filter(code__lt=before).order_by("-code")[: PAGE + 1])
        kept = found[:PAGE][::-1]
        more = {"back": len(found) > PAGE, "on": bool(kept)}
    else:
        found = list((rows.filter(code__gt=after) if after else rows).order_by("code")[: PAGE + 1])
        kept = found[:PAGE]
        more = {"back": bool(after and kept), "on": len(found) > PAGE}
    keys = {"back": ("before", 0), "on": ("after", -1)}
    return kept, {
        way: f"?{urlencode({**wanted, name: kept[place].code})}" if more[way] else ""
        for way, (name, place) in keys.items()
    }


def _code(request: Any, name: str) -> str:
    return str(request.GET.get(name, "")).replace("\x00", "")[:40]


@action("list.export")
@require_GET
def export(request: Any) -> FileResponse:
    """What the list shows, as a workbook; written down (A27), without costs for whom they are not (C32)."""
    wanted, at = asked(request.GET), request.arrived_at
    day, costs = local_day(at), may(request.user, "cost.view")
    out = exports.parts(
        filtered(wanted, day=day), day, costs=costs, by=request.user, at=at, asked=sorted(wanted)
    )
    return workbook(out, dated("parts", at))


@action("part.write")
@require_http_methods(["GET", "POST"])
@once
def new_part(request: Any) -> HttpResponse:
    form = NewPartForm(request.POST if request.method == "POST" else None)
    return _propose(request, form, _("Propose a new part"), reverse(LIST))


@action("part.write")
@require_http_methods(["GET", "POST"])
@once
def edit_part(request: Any, code: str) -> HttpResponse:
    """Propose a change; the part stays as it is until somebody else approves."""
    part = get_object_or_404(Part, code=code)
    form = PartForm(request.POST if request.method == "POST" else None, part=part)
    return _propose(
        request, form, _("Propose a change of {code}").format(code=part.code), part.get_absolute_url()
    )


def _propose(request: Any, form: Any, title: str, back: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.propose_parts(
                [form.facts()], reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Proposed. It counts once somebody else has approved it."))
            return redirect(batch)
    return form_page(request, form, title, back)


def form_page(request: Any, form: Any, title: str, back: str, label: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "label": label or _("Propose")}
    return render(request, "catalogue/part_form.html", context, status=422 if form.is_bound else 200)

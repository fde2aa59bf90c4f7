"""Proposals for the part master: what waits for a second person, what it would change, and the decision (SD05)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action
from aftersales.operations import once
from aftersales.problems import Refusal
from catalogue import services
from catalogue.forms import ReasonForm
from catalogue.models import Part, PartBatch
from catalogue.sheets import changes, says

PAGE = 50


def keyed(request: Any, rows: Any, name: str = "before") -> tuple[list[Any], str]:
    """Newest first by key; (rows, query of the following page)."""
    before = request.GET.get(name, "")
    if before.isascii() and before.isdecimal() and len(before) < 16:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], f"?{name}={found[PAGE - 1].pk}" if len(found) > PAGE else ""


@action("part.write")
@require_GET
def batches(request: Any) -> HttpResponse:
    """Proposals, those that wait first on their own tab."""
    waiting = request.GET.get("done") != "1"
    rows = PartBatch.objects.filter(decided_at__isnull=waiting).select_related("proposed_by", "decided_by")
    found, following = keyed(request, rows)
    here = reverse("catalogue:batches")
    tabs = [
        {"url": here, "label": _("Waiting for a second person"), "current": waiting},
        {"url": f"{here}?done=1", "label": _("Decided"), "current": not waiting},
    ]
    following = following + ("" if waiting or not following else "&done=1")
    return render(
        request,
        "catalogue/batches.html",
        {"rows": found, "next": following, "tabs": tabs, "waiting": waiting},
    )


@action("part.write")
@require_GET
def batch(request: Any, pk: int) -> HttpResponse:
    """One proposal with what it would change, part by part."""
    row = get_object_or_404(PartBatch.objects.select_related("proposed_by", "decided_by"), pk=pk)
    return _page(request, row, ReasonForm())


def _page(request: Any, row: PartBatch, form: Any, status: int = 200) -> HttpResponse:
    found, following = shown_versions(request, row)
    mine, decided = row.proposed_by_id == request.user.pk, row.decided_at is not None
    context = {
        "batch": row, "rows": found, "next": following, "form": form, "mine": mine, "decided": decided,
        "count": row.versions.count(),
    }  # fmt: skip
    return render(request, "catalogue/batch.html", context, status=status)


def shown_versions(request: Any, row: PartBatch) -> tuple[list[Any], str]:
    """A page of versions in the order of the file, each with its changes against the part of today (three statements)."""
    after = request.GET.get("after", "")
    versions = row.versions.order_by("pk")
    if after.isascii() and after.isdecimal() and len(after) < 16:
        versions = versions.filter(pk__gt=int(after))
    found = list(versions[: PAGE + 1])
    parts = {}
    if row.decided_at is None:
        known = Part.objects.filter(code__in=[v.code for v in found[:PAGE]]).prefetch_related("fits")
        parts = {part.code: part for part in known}
    for version in found[:PAGE]:
        part = parts.get(version.code)
        version.is_new, version.says = part is None and row.decided_at is None, says(version)  # type: ignore[attr-defined]  # for the template
        version.changes = changes(version, part) if row.decided_at is None else []  # type: ignore[attr-defined]  # as above
    return found[:PAGE], f"?after={found[PAGE - 1].pk}" if len(found) > PAGE else ""


@action("part.write")
@require_POST
@once
def approve(request: Any, pk: int) -> HttpResponse:
    row = get_object_or_404(PartBatch, pk=pk)
    try:
        services.approve_parts(row, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Approved. The part master is changed."))
    return redirect(row)


@action("part.write")
@require_http_methods(["POST"])
@once
def refuse(request: Any, pk: int) -> HttpResponse:
    row, form = get_object_or_404(PartBatch, pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, 422)
    try:
        services.refuse_parts(row, by=request.user, at=request.arrived_at, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Refused. The part master stays as it is."))
    return redirect(row)

"""Opening a release, the lists of releases and returns, the slip."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, demand
from aftersales.operations import once
from aftersales.problems import Refusal

from .. import selectors
from ..desk.releases import about_of, releases_for, returns_for
from ..flow import ReleaseStage, TwoStage
from ..forms.releases import NewReleaseForm
from ..models import Slip
from ..services import releases as services

PAGE = 50


@action("parts.request")
@require_http_methods(["GET", "POST"])
@once
def new_release(request: Any, number: str) -> HttpResponse:
    """Ask for parts: the sheet is opened, its lines are added on it."""
    about = about_of(request.user, number)
    demand(request.user, "parts.request", about)
    form = NewReleaseForm(request.POST if request.method == "POST" else None, about=about)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            paper = services.draft(about, by=request.user, at=request.arrived_at, **form.cleaned_data)
        except Refusal as refused:
            refusal = refused
        else:
            return redirect(f"{paper.get_absolute_url()}?step=add_line")
    context = {"form": form, "about": about, "refusal": refusal}
    return render(request, "parts/new_release.html", context, status=422 if request.method == "POST" else 200)


@action("release.view")
@require_GET
def releases(request: Any) -> HttpResponse:
    """The sheets that this person may see, newest first, by stage."""
    stage = request.GET.get("stage", "")
    rows = releases_for(request.user).order_by("-pk")
    rows = rows.filter(stage=stage) if stage in ReleaseStage.values else rows
    tabs = _tabs("parts:releases", ReleaseStage.choices, stage)
    return render(request, "parts/releases.html", {**_paged(request, rows), "tabs": tabs, "stage": stage})


@action("return.view")
@require_GET
def returns(request: Any) -> HttpResponse:
    stage = request.GET.get("stage", "")
    rows = returns_for(request.user).order_by("-pk")
    rows = rows.filter(stage=stage) if stage in TwoStage.values else rows
    tabs = _tabs("parts:returns", TwoStage.choices, stage)
    return render(request, "parts/returns.html", {**_paged(request, rows), "tabs": tabs, "stage": stage})


def _tabs(name: str, choices: Any, stage: str) -> list[dict[str, Any]]:
    here = reverse(name)
    found = [("", _("All")), *choices]
    return [
        {"label": word, "url": f"{here}?stage={key}" if key else here, "current": key == stage}
        for key, word in found
    ]


def _paged(request: Any, rows: Any) -> dict[str, Any]:
    """By key, so that page 2,000 is as fast as page 1."""
    before = request.GET.get("before", "")
    rows = rows.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 18 else rows
    found = list(rows[: PAGE + 1])
    query = request.GET.copy()
    if len(found) > PAGE:
        query["before"] = str(found[PAGE - 1].pk)
    return {
        "rows": found[:PAGE],
        "next": f"?{query.urlencode()}" if len(found) > PAGE else "",
        "before": before,
    }


@action("stock.issue")
@require_GET
def issuing(request: Any) -> HttpResponse:
    """The warehouse's queue: signed parts to issue (5.1)."""
    return render(request, "parts/issuing.html", {"rows": list(selectors.lines_to_issue()[:200])})


@action("release.view")
@require_GET
def slip(request: Any, number: str) -> HttpResponse:
    """A slip of the after-sales book, as a page (5.4)."""
    visible = releases_for(request.user).values("pk")
    rows = Slip.objects.filter(release__in=visible).select_related(
        "release__ticket", "release__order", "made_by"
    )
    found = get_object_or_404(rows, number=number)
    lines = found.lines.select_related("line__part")
    return render(request, "parts/slip.html", {"slip": found, "lines": lines})

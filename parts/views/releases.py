"""Opening a release, the lists of releases and returns, the slip."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, demand
from aftersales.display.paging import paged
from aftersales.operations import once
from aftersales.problems import Refusal

from .. import selectors
from ..desk.releases import about_of, releases_for, returns_for
from ..flow import ReleaseStage, TwoStage
from ..forms.releases import NewReleaseForm
from ..models import Slip
from ..services import releases as services
from .pages import tabs_of


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
    tabs = tabs_of(ReleaseStage.choices, stage, reverse("parts:releases"))
    return render(
        request,
        "parts/releases.html",
        {**_paged(request, rows, lambda x: x.about), "tabs": tabs, "stage": stage},
    )


@action("return.view")
@require_GET
def returns(request: Any) -> HttpResponse:
    stage = request.GET.get("stage", "")
    rows = returns_for(request.user).order_by("-pk")
    rows = rows.filter(stage=stage) if stage in TwoStage.values else rows
    tabs = tabs_of(TwoStage.choices, stage, reverse("parts:returns"))
    return render(
        request,
        "parts/returns.html",
        {**_paged(request, rows, lambda x: x.release.about), "tabs": tabs, "stage": stage},
    )


def _paged(request: Any, rows: Any, about: Callable[[Any], Any]) -> dict[str, Any]:
    """A page; each row says whether its ticket or order opens for the reader."""
    page = paged(request, rows)
    ours = selectors.openable(request.user, map(about, page["rows"]))
    for row in page["rows"]:
        row.about_opens = about(row) in ours
    return page | {"before": request.GET.get("before", "")}


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
    about = found.release.about
    context = {
        "slip": found,
        "lines": lines,
        "about_opens": about in selectors.openable(request.user, [about]),
    }
    return render(request, "parts/slip.html", context)

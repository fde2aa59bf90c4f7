"""The desk of the standard 9.7 (7.1): its versions and clauses; technical drafts, a leader publishes (F08, F09, SD05)."""

from functools import partial
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, demand, may
from accounts.views.answers import done
from aftersales.display import moments
from aftersales.display.paging import by_key
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.xlsx import workbook
from catalogue.views.files import checked
from parts.print_views import views_of
from parts.views.pages import bound, fill, listed, opening

from .. import exports, imports, selectors, standard_print
from ..forms.standards import ClauseForm, FileForm, NewForm
from ..models import Standard, StandardStage
from ..services import standards
from ..services.clauses import FACTS
from . import standards_api as api
from .standards_api import opened

VIEW, STEP, DRAFT, PUBLISH = "standard.view", "standard.step", standards.DRAFT, standards.PUBLISH
HOME = "technical:standards"


@action(VIEW)
@require_GET
def standard_list(request: Any) -> HttpResponse:
    """Versions, newest first, and which of them is in force."""
    rows, more = by_key(request, selectors.standards_for(request.user))
    now = selectors.standard_on(local_day(request.arrived_at))
    head = [(_("Version"), "tight"), (_p("standard", "Title"), ""), (_("Effective from"), "tight"), (_("Stage"), "tight"),
            (_("Drafted by"), ""), (_("Published by"), "")]  # fmt: skip
    new, file = (
        (_("New version"), reverse("technical:new_standard")),
        (_("Import"), reverse("technical:import_standard")),
    )
    return listed(
        request, _("Standard 9.7"), head, [_row(row, now) for row in rows], next=more, clause="9.7", icon="book-open",
        empty=_("No version of the standard yet"), buttons=[new, file] if may(request.user, DRAFT) else [],
    )  # fmt: skip


def _row(row: Standard, now: Standard | None) -> tuple[Any, ...]:
    return (
        opening(row.get_absolute_url(), row.version), row.title, moments.when(row.effective_on), stage_of(row, now),
        str(row.drafted_by), str(row.published_by or "–"),
    )  # fmt: skip


def stage_of(row: Standard, now: Standard | None) -> str:
    """Its stage, and whether it counts today."""
    if now is not None and row.pk == now.pk:
        return _p("standard", "In force")
    ahead = row.stage == StandardStage.PUBLISHED and (now is None or row.effective_on > now.effective_on)
    return f"{row.get_stage_display()} · {_p('standard', 'ahead')}" if ahead else str(row.get_stage_display())


@action(VIEW)
@require_GET
def standard(request: Any, pk: int) -> HttpResponse:
    """One version with its clauses; who drafted it writes into it until it is published. `?clause=…` opens one of them."""
    paper = opened(request, pk)
    asked = paper.clauses.filter(number=request.GET.get("clause", "").replace("\x00", "")[:12]).first()
    return _page(request, paper, ClauseForm(instance=asked) if asked else ClauseForm())


def _page(request: Any, paper: Standard, form: Any) -> HttpResponse:
    user, draft = request.user, paper.stage == StandardStage.DRAFT
    mine = draft and paper.drafted_by_id == user.pk and may(user, DRAFT)
    context = {
        "paper": paper, "rows": selectors.clauses_of(paper), "mine": mine, "form": form if mine else None,
        "state": stage_of(paper, selectors.standard_on(local_day(request.arrived_at))),
        "may_publish": draft and paper.drafted_by_id != user.pk and may(user, PUBLISH),
        "may_drop": draft and may(user, DRAFT), "may_export": may(user, "list.export"),
    }  # fmt: skip
    return render(request, "technical/standard.html", context, status=422 if form.is_bound else 200)


@action(DRAFT)
@require_http_methods(["GET", "POST"])
@once
def new_standard(request: Any) -> HttpResponse:
    """A draft: empty, or with the clauses of the version in force."""

    def act(*, copy: bool, **head: Any) -> Standard:
        clauses = selectors.facts_in_force(local_day(request.arrived_at), FACTS) if copy else []
        return standards.draft_standard(clauses=clauses, **head)

    return fill(
        request,
        bound(request, NewForm),
        act,
        title=_("New version"),
        back=reverse(HOME),
        label=_("Save the draft"),
    )


@action(DRAFT)
@require_http_methods(["GET", "POST"])
@once
def import_standard(request: Any) -> HttpResponse:
    """Check a workbook of clauses, or make a draft of it."""

    def keep(found: Any, form: Any) -> Standard:
        head = {name: form.cleaned_data[name] for name in ("version", "title", "effective_on")}
        source = form.cleaned_data["file"].name
        return standards.draft_standard(
            **head, clauses=found.rows, source=source, by=request.user, at=request.arrived_at
        )

    page = {
        "title": _("Import a version"),
        "back": reverse(HOME),
        "whence": _("Standard 9.7"),
        "template": reverse("technical:standard_template"),
    }
    return checked(request, FileForm, imports.read_clauses, keep, page)


@action(DRAFT)
@require_POST
@once
def put_clause(request: Any, pk: int) -> HttpResponse:
    """Write a clause into one's own draft; a second entry of its number replaces the first."""
    paper, form = opened(request, pk), ClauseForm(request.POST)
    if form.is_valid():
        act = partial(
            standards.put_clause, paper, by=request.user, at=request.arrived_at, **form.cleaned_data
        )
        if done(request, act, _("Saved."), form):
            return redirect(paper)
    return _page(request, paper, form)


@action(DRAFT)
@require_POST
@once
def remove_clause(request: Any, pk: int, number: str) -> HttpResponse:
    """Take a clause out of one's own draft."""
    return _done(request, opened(request, pk), standards.remove_clause, number)


@action(STEP)
@require_POST
@once
def publish(request: Any, pk: int) -> HttpResponse:
    """Put a version in force from its day on; never one's own (SD05)."""
    demand(request.user, PUBLISH)
    return _done(request, opened(request, pk), standards.publish)


@action(STEP)
@require_POST
@once
def drop(request: Any, pk: int) -> HttpResponse:
    """A draft that nobody shall publish."""
    demand(request.user, DRAFT)
    return _done(request, opened(request, pk), standards.drop)


def _done(request: Any, paper: Standard, act: Any, *entries: Any) -> HttpResponse:
    """Do it, or say why not; the version's page follows either way."""
    done(request, partial(act, paper, *entries, by=request.user, at=request.arrived_at), _("Saved."))
    return redirect(paper)


@action("list.export")
@require_GET
def export(request: Any, pk: int) -> FileResponse:
    """One version as a workbook that can come back as the next one; written down (A27)."""
    demand(request.user, VIEW)
    paper = opened(request, pk)
    out = exports.standard(paper, by=request.user, at=request.arrived_at)
    return workbook(out, f"standard-{paper.effective_on:%Y%m%d}-{paper.pk}.xlsx")


@action(DRAFT)
@require_GET
def template(request: Any) -> FileResponse:
    """A workbook with one example, to fill."""
    return workbook(exports.template(), "standard-template.xlsx")


SCHEMAS = api.SCHEMAS
ONE = "standards/<int:pk>/"
urlpatterns = [
    path("standards/", standard_list, name="standards"),
    path("standards/new/", new_standard, name="new_standard"),
    path("standards/import/", import_standard, name="import_standard"),
    path("standards/import/template.xlsx", template, name="standard_template"),
    path(ONE, standard, name="standard"),
    path(f"{ONE}export.xlsx", export, name="export_standard"),
    path(f"{ONE}clauses/", put_clause, name="put_clause"),
    path(f"{ONE}clauses/<str:number>/remove/", remove_clause, name="remove_clause"),
    path(f"{ONE}publish/", publish, name="publish_standard"),
    path(f"{ONE}drop/", drop, name="drop_standard"),
    *views_of("technical", "standards/", "standard", VIEW, standard_print.among, standard_print.standard),
]
api_urlpatterns = api.urlpatterns

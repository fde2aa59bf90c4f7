"""The desk of rectification notices ZG (7.2): written from the report, carried out, verified; as pages and endpoints."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales import files
from aftersales.display import moments
from aftersales.display.paging import by_key, word_of
from aftersales.jsonforms import bound as from_json
from aftersales.jsonforms import record, ref
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import Refusal
from aftersales.rest import KEY, refusals
from deadlines.papers import PaperDesk
from parts.print_views import among, views_of
from parts.views.pages import bound, fill, listed, mark, opening, tabs_of

from .. import prints, selectors
from ..flow import NoticeStage
from ..forms.notices import IssueForm
from ..models import Notice
from ..notice_steps import ACTS, STEPS
from ..services import notices
from ..sheets import notices as sheets
from ..shown import title
from . import campaigns

N = NoticeStage
VIEW = "rectification.view"


def person(user: Any) -> dict[str, Any] | None:
    return {"username": user.username, "name": user.name} if user else None


def payload(paper: Notice, user: Any) -> dict[str, Any]:
    """Facts of a notice; days are dates, `came_back` counts the reports of the same fault since the measures were in place."""
    return brief(paper, user) | {
        "problem": paper.problem, "measures": paper.measures, "effect_weeks": paper.effect_weeks, "turn": paper.turn,
        "done": paper.done, "prevention": paper.prevention, "carried_out_by": person(paper.carried_out_by),
        "carried_out_at": paper.carried_out_at, "verdict": paper.verdict, "verified_by": person(paper.verified_by),
        "verified_at": paper.verified_at, "came_back": paper.came_back, "effect": paper.effect, "closed_at": paper.closed_at,
        "withdrawn_why": paper.withdrawn_why,
        "pictures": [reverse("technical:notice_picture", args=[paper.number, row.key]) for row in paper.pictures.all()],
    }  # fmt: skip


def brief(paper: Notice, user: Any) -> dict[str, Any]:
    return {
        "report": paper.report.number, "case": title(paper.report), "department": paper.department,
        "person": person(paper.person), "due_on": paper.due_on, "effect_on": paper.effect_on,
    }  # fmt: skip


DESK = PaperDesk(
    app="technical", name="notice", plural="rectifications", steps=STEPS, view=VIEW, step_action="rectification.step",
    rows=selectors.notices_for, sheet=sheets.notice, payload=payload, brief=brief,
    home=("technical:notices", gettext_lazy("Rectification")), acts=ACTS,
)  # fmt: skip


@action(VIEW)
@require_GET
def notice_list(request: Any) -> HttpResponse:
    """Notices that this person may see, newest first; of one stage."""
    stage = word_of(request, "stage", 12)
    rows = selectors.notices_for(request.user)
    found, more = by_key(request, rows.filter(stage=stage) if stage in N.values else rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Case"), ""), (_("Department"), ""), (_("Responsible person"), ""),
            (_("Done by"), "tight"), (_("Effect is checked on"), "tight")]  # fmt: skip
    return listed(
        request, _("Rectification"), head, [_row(x) for x in found], next=more, tabs=tabs_of(N.choices, stage), clause="7.2",
        empty=_("No rectification notice here"), icon="wrench-screwdriver",
    )  # fmt: skip


def _row(paper: Notice) -> tuple[Any, ...]:
    effect = moments.when(paper.effect_on) if paper.effect_on else "–"
    return (
        opening(paper.get_absolute_url(), paper.number), mark(paper), title(paper.report), paper.get_department_display(),
        str(paper.person), moments.when(paper.due_on), effect,
    )  # fmt: skip


# --- a new one
#: one of the reports that this person may see; else 404
report_of = among(selectors.reports_for)


@action(notices.ISSUE)
@require_http_methods(["GET", "POST"])
@once
def new_notice(request: Any, number: str) -> HttpResponse:
    """Technical writes a notice from the report's page (F05)."""
    report = report_of(request.user, number)
    try:
        notices.may_issue(report, request.arrived_at)
    except Refusal as refusal:
        context = {"paper": report, "refusal": refusal, "back": report.get_absolute_url(), "home": _home(),
                   "step": {"label": _("Issue a rectification notice"), "clause": notices.CLAUSE}}  # fmt: skip
        return render(request, "components/paper_step.html", context, status=refusal.status)
    form = bound(request, IssueForm, initial={"problem": report.confirmed_cause})

    def act(**entries: Any) -> Notice:
        return notices.issue(report, **entries)

    return fill(
        request, form, act, title=_("Rectification notice to {report}").format(report=report.number),
        label=_("Issue a rectification notice"), back=report.get_absolute_url(), note=title(report),
    )  # fmt: skip


def _home() -> tuple[str, str]:
    return reverse("technical:reports"), _("Quality reports")


@action(VIEW)
@require_GET
def picture(request: Any, number: str, key: str) -> HttpResponseBase:
    """A picture of the evidence, for whoever sees the notice; without metadata."""
    paper = DESK.opened(request.user, number)
    row = get_object_or_404(paper.pictures, key=key)
    return files.serve(request, files.Picture(row.sha256), paper.number, original=False)


# --- API
REPORT = OpenApiParameter("number", str, OpenApiParameter.PATH, description="ZL20261123-0001")
SCHEMAS: dict[str, Any] = {"NoticeMade": record(number="text", url="text")} | campaigns.SCHEMAS


@extend_schema(operation_id="issue_rectification", parameters=[REPORT, KEY],
               request={"application/json": {"type": "object", "additionalProperties": True}},
               responses={201: ref("NoticeMade")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action(notices.ISSUE)
@api_view(["POST"])
@once
def issue_notice(request: Any, number: str) -> Response:
    """Issue a rectification notice to a quality report (F05, 7.2); the body is the form's entries."""
    report = report_of(request.user, number)
    notices.may_issue(report, request.arrived_at)
    form = from_json(IssueForm, request.data)
    if not form.is_valid():
        return of_form(form)
    paper = notices.issue(report, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": paper.number, "url": paper.get_absolute_url()}, status=201)


urlpatterns: list[Any] = [
    path("notices/", notice_list, name="notices"),
    path("reports/<str:number>/notice/", new_notice, name="new_notice"),
    *views_of("technical", "notices/", "notice", VIEW, among(selectors.notices_for), prints.notice),
    path("notices/<str:number>/pictures/<str:key>/", picture, name="notice_picture"),
    *campaigns.urlpatterns,
    *DESK.urls("notices/"),
]
api_urlpatterns: list[Any] = [
    path("quality-reports/<str:number>/rectification", issue_notice, name="issue_rectification"),
    *campaigns.api_urlpatterns,
    *DESK.api_urls(),
]

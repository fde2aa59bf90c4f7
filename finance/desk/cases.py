"""A case of quality in finance (8.9): what it cost, what the standard asks, and the two ways to be done with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import Denied, action
from aftersales.display import moments
from aftersales.display.paging import by_key
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import Refusal
from aftersales.rest import KEY, refusals
from parts.print_views import among
from parts.views.pages import bound as filled
from parts.views.pages import fill, listed, opening
from technical.flow import ReportStage
from technical.models import Report, Share
from technical.selectors import reports_for
from technical.shown import title

from ..services import assessing, quality_cost
from ..services.asking import asks_nothing, unwritten
from ..sheets import cases as sheets
from .waiting import cases_to_assess

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="ZL20261123-0007")
SCHEMAS = {
    "CaseAsks": record(who="text", person="text?", percent="text", clause="text", amount="text", basis="text"),
    "Case": record(report="text", stage="text", cost="object", loss="text", asks="[CaseAsks]"),
    "CaseAssessed": record(report="text", numbers="[text]"),
}  # fmt: skip


class WaiveForm(forms.Form):
    """Why nothing, or nothing more, is assessed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


#: a report that this person may see; else 404
opened = among(reports_for)


# --- pages
@action(assessing.DRAFT)
@require_GET
def waiting(request: Any) -> HttpResponse:
    """Final judgements that hold somebody of ours responsible and of which nothing is written yet, the newest first."""
    shares = Prefetch("shares", Share.objects.select_related("person", "clause"))
    found, more = by_key(request, cases_to_assess().prefetch_related(shares))
    head = [(_("Report"), "tight"), (_("The case"), ""), (_("Who answers"), ""), (_("Final since"), "tight")]
    rows = [
        (opening(reverse("finance:case", args=[x.number]), x.number), title(x), "; ".join(map(str, x.ours)),
         moments.when(x.final_at) if x.final_at else "")
        for x in found
    ]  # fmt: skip
    return listed(request, _("Final judgements to assess"), head, rows, next=more, clause="8.9",
                  empty=_("Nothing waits to be assessed"), icon="check-circle")  # fmt: skip


@action(assessing.DRAFT)
@require_GET
def page(request: Any, number: str) -> HttpResponse:
    """What the case cost, what the standard asks for it, and the drafts that would be written."""
    report, at = opened(request.user, number), request.arrived_at
    rows = unwritten(report, at)
    nothing, hands = (
        asks_nothing(report, at),
        assessing.may_waive(report, at) if report.stage == ReportStage.FINAL else [],
    )
    context = {
        "report": report, "asks": bool(rows), "nothing": nothing, "hands": hands, "may_waive": request.user in hands,
        "parts": sheets.case(report, quality_cost.of(report, at), rows, request.user),
    }  # fmt: skip
    return render(request, "finance/case.html", context)


@action(assessing.DRAFT)
@require_POST
@once
def write(request: Any, number: str) -> HttpResponse:
    """Draft what follows from the judgement (J80)."""
    report = opened(request.user, number)
    try:
        rows = assessing.from_report(report, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("finance:case", report.number)
    messages.success(request, _("{count} assessments wait for a leader.").format(count=len(rows)))
    return redirect(rows[0] if len(rows) == 1 else report)


@action(assessing.WAIVE)
@require_http_methods(["GET", "POST"])
@once
def waive(request: Any, number: str) -> HttpResponse:
    """Nothing is assessed, with the reason (J108)."""
    report = opened(request.user, number)

    def act(**entries: Any) -> Report:
        return assessing.waive(report, **entries).case

    return fill(request, filled(request, WaiveForm), act, title=_("Nothing is assessed"), back=report.get_absolute_url(),
                note=_("Nothing more follows from this judgement; the reason stays with it."))  # fmt: skip


# --- API
@extend_schema(operation_id="quality_case", parameters=[NUMBER],
               responses={200: ref("Case")} | refusals(401, 403, 404))  # fmt: skip
@action("statement.view", "assessment.view")
@api_view(["GET"])
def one(request: Any, number: str) -> Response:
    """What a case cost by column, and what the standard still asks for it; only for who may see money of others."""
    if not sheets.sees_cost(request.user):
        raise Denied(_("What a case cost is for who may see every statistics sheet or assessment."), "8.9")
    report, at = opened(request.user, number), request.arrived_at
    return Response(sheets.facts(report, quality_cost.of(report, at), unwritten(report, at)))


@extend_schema(operation_id="assess_case", parameters=[NUMBER, KEY], request=None,
               responses={201: ref("CaseAssessed")} | refusals(401, 403, 404, 409))  # fmt: skip
@action(assessing.DRAFT)
@api_view(["POST"])
@once
def api_write(request: Any, number: str) -> Response:
    """A draft for every share of a final case whose clause asks money (J80)."""
    report = opened(request.user, number)
    rows = assessing.from_report(report, by=request.user, at=request.arrived_at)
    return Response({"report": report.number, "numbers": [row.number for row in rows]}, status=201)


@extend_schema(operation_id="waive_case", parameters=[NUMBER, KEY],
               request={"application/json": schema_of(WaiveForm())},
               responses={200: ref("CaseAssessed")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action(assessing.WAIVE)
@api_view(["POST"])
@once
def api_waive(request: Any, number: str) -> Response:
    """Nothing, or nothing more, is assessed of a final case: with the reason (J108)."""
    report = opened(request.user, number)
    form = bound(WaiveForm, request.data)
    if not form.is_valid():
        return of_form(form)
    assessing.waive(report, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"report": report.number, "numbers": []})


HERE = "assessments/cases/<str:number>"
urlpatterns = [
    path("assessments/cases/", waiting, name="cases"),
    path(f"{HERE}/", page, name="case"),
    path(f"{HERE}/write/", write, name="write_case"),
    path(f"{HERE}/waive/", waive, name="waive_case"),
]
api_urlpatterns = [
    path(HERE, one, name="quality_case"),
    path(f"{HERE}/write", api_write, name="assess_case"),
    path(f"{HERE}/waive", api_waive, name="waive_case"),
]

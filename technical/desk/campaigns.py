"""A service campaign of a notice (7.2): chosen, looked at before it starts, started; as page and endpoint."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales.display.sheet import Table
from aftersales.jsonforms import bound as from_json
from aftersales.jsonforms import record, ref
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import Refusal
from aftersales.rest import KEY, refusals
from parts.print_views import among

from .. import selectors
from ..forms.campaigns import CampaignForm
from ..models import Notice
from ..services import campaigns
from ..services.campaigns import START, WHY, Drawn

#: the notice, if this person may see it; else 404
opened = among(selectors.notices_for)


def known(notice: Notice) -> dict[str, Any]:
    made = getattr(notice, "campaign", None)
    return {"title": made.title, "symptom": made.symptom} if made else {"symptom": notice.measures}


@action(START)
@require_http_methods(["GET", "POST"])
def campaign(request: Any, number: str) -> HttpResponse:
    """Choose the vehicles; sent, the form shows what would happen and changes nothing yet."""
    notice = opened(request.user, number)
    form = CampaignForm(request.POST) if request.method == "POST" else CampaignForm(initial=known(notice))
    drawn = None
    if form.is_bound and form.is_valid():
        drawn = campaigns.preview(notice, form.cleaned_data["vehicles"], form.cleaned_data["unknown"])
    return _page(request, notice, form, drawn)


def _page(request: Any, notice: Notice, form: Any, drawn: Drawn | None, status: int = 0) -> HttpResponse:
    context = {
        "notice": notice, "form": form, "drawn": drawn, "table": _table(drawn) if drawn else None,
        "start": reverse("technical:start_campaign", args=[notice.number]),
    }  # fmt: skip
    return render(request, "technical/campaign.html", context, status=status or (422 if form.errors else 200))


def _table(drawn: Drawn) -> Table:
    called: list[tuple[Any, ...]] = [(x.vin, x.model.name, _("gets a ticket")) for x in drawn.called]
    left: list[tuple[Any, ...]] = [(row["vin"], "", WHY[row["why"]]) for row in drawn.left_out]
    return Table([(_("VIN"), "tight"), (_("Model"), ""), (_("What happens"), "")], called + left)


@action(START)
@require_POST
@once
def start_campaign(request: Any, number: str) -> HttpResponse:
    """What was looked at begins: a ticket for each vehicle (J104)."""
    notice, form = opened(request.user, number), CampaignForm(request.POST)
    if not form.is_valid():
        return _page(request, notice, form, None)
    try:
        campaigns.start(notice, by=request.user, at=request.arrived_at, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, notice, form, None, refusal.status)
    messages.success(request, _("The campaign has started; customer service hands the tickets over."))
    return redirect(notice)


# --- API
NOTICE = OpenApiParameter("number", str, OpenApiParameter.PATH, description="ZG20261123-0001")
DRY = OpenApiParameter("dry_run", bool, description="true: say what would happen, and write nothing")
SCHEMAS: dict[str, Any] = {"CampaignDrawn": record(started="bool", called="[text]", left_out="[object]")}


@extend_schema(operation_id="start_campaign", parameters=[NOTICE, DRY, KEY],
               request={"application/json": {"type": "object", "additionalProperties": True}},
               responses={200: ref("CampaignDrawn"), 201: ref("CampaignDrawn")}
               | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action(START)
@api_view(["POST"])
@once
def api_campaign(request: Any, number: str) -> Response:
    """Call in the vehicles of a batch; with `dry_run=true` only what would happen. `left_out` are {vin, why}."""
    notice, form = opened(request.user, number), from_json(CampaignForm, request.data)
    if not form.is_valid():
        return of_form(form)
    dry = request.query_params.get("dry_run", "") == "true"
    drawn = campaigns.preview(notice, form.cleaned_data["vehicles"], form.cleaned_data["unknown"])
    if not dry:
        campaigns.start(notice, by=request.user, at=request.arrived_at, **form.cleaned_data)
    said = {"started": not dry, "called": [x.vin for x in drawn.called], "left_out": drawn.left_out}
    return Response(said, status=200 if dry else 201)


urlpatterns: list[Any] = [
    path("notices/<str:number>/campaign/", campaign, name="campaign"),
    path("notices/<str:number>/campaign/start/", start_campaign, name="start_campaign"),
]
api_urlpatterns: list[Any] = [
    path("rectifications/<str:number>/campaign", api_campaign, name="start_campaign"),
]

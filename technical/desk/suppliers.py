"""The desk of claims on suppliers 索赔 SP (7.1): written by technical or purchasing from a final judgement, sent, settled."""

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, may
from accounts.steps import Step, Steps
from aftersales.display import moments
from aftersales.display.marks import yuan
from aftersales.display.paging import by_key, word_of
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, refusals
from deadlines.papers import PaperDesk
from parts.print_views import among, views_of
from parts.views.pages import link, listed, mark, opening, tabs_of

from .. import prints, selectors
from ..flow import SupplierClaimStage
from ..forms.suppliers import ClaimForm, DropForm, SendForm, SettleForm
from ..models import SupplierClaim
from ..services import suppliers
from ..sheets import suppliers as sheets
from ..shown import percent, title

WAITING = "waiting"
C, VIEW, WRITE = SupplierClaimStage, "supplier_claim.view", suppliers.WRITE
STEPS = Steps(SupplierClaim, [
    Step("send", gettext_lazy("Send to the supplier"), "7.1", WRITE, SendForm, suppliers.send, (C.DRAFT,), ("send",)),
    Step("settle", pgettext_lazy("supplier claim", "Settle"), "7.1", WRITE, SettleForm, suppliers.settle, (C.SENT,), ("settle",)),
    Step("drop", gettext_lazy("Drop"), "7.1", WRITE, DropForm, suppliers.drop, (C.DRAFT, C.SENT), ("drop",), danger=True),
], lock=suppliers.locked)  # fmt: skip
ACTS = {
    "claim": pgettext_lazy("supplier claim act", "Written"), "send": pgettext_lazy("supplier claim act", "Sent"),
    "settle": pgettext_lazy("supplier claim act", "Settled"), "drop": pgettext_lazy("supplier claim act", "Dropped"),
}  # fmt: skip


def payload(paper: SupplierClaim, user: Any) -> dict[str, Any]:
    """Facts of a claim; amounts are strings of yuan, `percent` the supplier's share of the case."""
    settled = paper.settled_amount
    return {
        "supplier": paper.supplier, "report": paper.share.report.number, "percent": str(paper.share.percent),
        "clause": paper.share.clause.number, "loss": str(paper.loss), "amount": str(paper.amount), "basis": paper.basis,
        "sent_on": paper.sent_on, "settled_on": paper.settled_on, "settled_how": paper.settled_how,
        "settled_amount": None if settled is None else str(settled), "dropped_why": paper.dropped_why,
    }  # fmt: skip


DESK = PaperDesk(
    app="technical", name="supplier_claim", plural="supplier-claims", steps=STEPS, view=VIEW, step_action=WRITE,
    rows=selectors.supplier_claims_for, sheet=sheets.claim, payload=payload,
    home=("technical:supplier_claims", gettext_lazy("Claims on suppliers")), acts=ACTS,
)  # fmt: skip


@action(VIEW)
@require_GET
def claim_list(request: Any) -> HttpResponse:
    """Claims on suppliers, newest first; of one stage, or what is still to be claimed."""
    stage = word_of(request, "stage", 12)
    if stage == WAITING:
        return _to_claim(request)
    rows = selectors.supplier_claims_for(request.user)
    found, more = by_key(request, rows.filter(stage=stage) if stage in C.values else rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Supplier"), ""), (_("Quality report"), "tight"),
            (_("Claimed"), "money"), (_("Sent on"), "tight"), (_("Borne by the supplier"), "money")]  # fmt: skip
    closed = request.user.cell("quality_report.view") != "Y"
    return _listed(
        request, stage, head, [_row(x, closed) for x in found], more, _("No claim on a supplier here")
    )


def _listed(request: Any, stage: str, head: Any, rows: Any, more: str, empty: str) -> HttpResponse:
    tabs = tabs_of([(WAITING, _("To be claimed")), *C.choices], stage)
    return listed(
        request, _("Claims on suppliers"), head, rows, next=more, tabs=tabs, clause="7.1", icon="building-storefront", empty=empty
    )  # fmt: skip


def _to_claim(request: Any) -> HttpResponse:
    """Shares of suppliers in final judgements; the number opens the claim for who may write it."""
    found, more = by_key(request, selectors.to_claim())
    head = [(_("Quality report"), "tight"), (_("Supplier"), ""), (_("What failed"), ""), (_p("judgement", "Share"), "number"),
            (_("Clause of the standard 9.7"), "")]  # fmt: skip
    user = request.user
    rows = [
        (_opens(x.report, user), x.supplier, title(x.report), percent(x.percent), str(x.clause)) for x in found
    ]  # fmt: skip
    return _listed(request, WAITING, head, rows, more, _("Every supplier's share is claimed"))


def _opens(report: Any, user: Any) -> Any:
    """To who writes claims the form, to who reads every report the case."""
    if may(user, WRITE):
        return opening(reverse("technical:claim_from_supplier", args=[report.number]), report.number)
    opens = user.cell("quality_report.view") == "Y"
    return opening(report.get_absolute_url(), report.number) if opens else report.number


def _row(paper: SupplierClaim, closed: bool) -> tuple[Any, ...]:
    return (
        opening(paper.get_absolute_url(), paper.number), mark(paper), paper.supplier, link(paper.share.report, closed=closed),
        yuan(paper.amount), moments.when(paper.sent_on) if paper.sent_on else "–",
        yuan(paper.settled_amount) if paper.settled_amount is not None else "–",
    )  # fmt: skip


NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="ZL20261123-0007")
BODY = schema_of(ClaimForm())
BODY["properties"]["share"] = {"type": "string", "description": "the supplier, as the judgement names him"}
SCHEMAS = {"SupplierClaimMade": record(number="text", url="text")}


#: a final case with a share of a supplier, for which purchasing need not see the report (F10); else 404
case_to_claim = among(lambda _user: selectors.cases_to_claim())


@extend_schema(operation_id="claim_from_supplier", parameters=[NUMBER, KEY], request={"application/json": BODY},
               responses={201: ref("SupplierClaimMade")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action(WRITE)
@api_view(["POST"])
@once
def claim_from_supplier(request: Any, number: str) -> Response:
    """A claim for a supplier's share of a final case (J103); `share` is the supplier as the judgement names him."""
    report = case_to_claim(request.user, number)
    form = bound(ClaimForm, request.data, report=report)
    if not form.is_valid():
        return of_form(form)
    paper = suppliers.claim(by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": paper.number, "url": paper.get_absolute_url()}, status=201)


HERE = "supplier-claims/"
urlpatterns = [
    path(HERE, claim_list, name="supplier_claims"),
    *views_of(
        "technical", HERE, "supplier_claim", VIEW, among(selectors.supplier_claims_for), prints.supplier_claim
    ),
    *DESK.urls(HERE),
]
api_urlpatterns = [
    path("quality-reports/<str:number>/supplier-claim", claim_from_supplier, name="claim_from_supplier"),
    *DESK.api_urls(),
]

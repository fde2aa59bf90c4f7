"""The quality report as one desk: technical's paper, with what the case cost and what follows from it (7.1, 8.9)."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import action, may
from aftersales.display.sheet import Part, Sheet
from aftersales.operations import once
from finance.models import Waiver
from finance.services import assessing, quality_cost
from finance.services.asking import asks_nothing
from finance.sheets import cases
from parts.views.pages import fill
from technical import selectors
from technical.desk import reports
from technical.desk.suppliers import case_to_claim
from technical.flow import ReportStage
from technical.forms.suppliers import ClaimForm
from technical.models import Report
from technical.services import suppliers
from technical.shown import percent, title

R = ReportStage
#: from here on money may follow
DONE = (R.FINAL, R.ASSESSED)


def sheet(paper: Report, user: Any) -> Sheet:
    """What technical shows, what the case cost and what was assessed, for whom it is open; and the ways to what follows."""
    found = reports.DESK.sheet(paper, user)
    found.parts = [*found.parts, *_money(paper, user)]
    found.ways = [*found.ways, *_ways(paper, user)]
    if paper.stage == R.FINAL and asks_nothing(paper, timezone.now()):
        found.next = _(
            "The clauses ask 0.00 yuan: finance says with a reason that nothing is assessed (8.9)."
        )
    found.links = [*found.links, *_claims(paper, user)]
    return found


def _money(paper: Report, user: Any) -> list[Part]:
    if paper.stage == R.DRAFT:
        return []
    cost = [cases.cost(quality_cost.of(paper, timezone.now()))] if cases.sees_cost(user) else []
    written = cases.assessments(paper, user) if paper.stage in DONE else None
    return [*cost, *([written] if written else []), *_waived(paper, user)]


def _waived(paper: Report, user: Any) -> list[Part]:
    """Why nothing more was assessed, for who reads assessments."""
    if paper.stage != R.ASSESSED or user.cell("assessment.view") != "Y":
        return []
    row = Waiver.objects.filter(case=paper).select_related("by").first()
    if row is None:
        return []
    return [
        Part(
            "waived",
            _("Nothing more is assessed"),
            [(_("Reason"), row.reason, "wide"), (_("Decided by"), row.by)],
        )
    ]


def _ways(paper: Report, user: Any) -> list[tuple[str, str]]:
    ways = []
    money = paper.stage == R.FINAL and assessing.is_apart(paper, user)
    if money and may(user, assessing.DRAFT):
        ways.append((_("Write what follows"), reverse("finance:case", args=[paper.number])))
    if money and may(user, assessing.WAIVE):
        ways.append((_("Nothing is assessed"), reverse("finance:waive_case", args=[paper.number])))
    if paper.stage in DONE and may(user, suppliers.WRITE) and selectors.claimable(paper):
        ways.append(
            (_("Claim from the supplier"), reverse("technical:claim_from_supplier", args=[paper.number]))
        )
    return ways


def _claims(paper: Report, user: Any) -> list[tuple[str, str]]:
    rows = selectors.supplier_claims_for(user).filter(share__report=paper) if paper.stage in DONE else []
    return [(row.number, row.get_absolute_url()) for row in rows]


DESK = replace(reports.DESK, sheet=sheet)


# --- a claim on the supplier, with the loss that finance knows
@action(suppliers.WRITE)
@require_http_methods(["GET", "POST"])
@once
def claim(request: Any, number: str) -> HttpResponse:
    """Technical or purchasing claims a supplier's share (J103); loss, amount and how it was computed stand there already."""
    paper = case_to_claim(request.user, number)
    sent = [request.POST] if request.method == "POST" else []
    form = ClaimForm(*sent, report=paper, initial=_proposed(paper, request.arrived_at))
    return fill(
        request, form, suppliers.claim, title=_("Claim from the supplier"), back=reverse("technical:supplier_claims"),
        note=f"{paper.number} · {title(paper)}",
    )  # fmt: skip


def _proposed(paper: Report, at: Any) -> dict[str, Any]:
    """For the first supplier's share that nobody has claimed."""
    rows = selectors.claimable(paper)
    if not rows:
        return {}
    loss = quality_cost.total(quality_cost.of(paper, at))
    basis = _("{share} of the loss of {loss} yuan; clause {clause}").format(
        share=percent(rows[0].percent), loss=loss, clause=rows[0].clause.number
    )
    return {
        "share": rows[0].supplier,
        "loss": loss,
        "amount": suppliers.proposed(rows[0], loss),
        "basis": basis,
    }


urlpatterns = [
    path("reports/<str:number>/claim/", claim, name="claim_from_supplier"),
    *DESK.urls("reports/"),
]

"""The desk of quality reports ZL (4.10, 7.1): written from the ticket, judged, appealed; as pages and endpoints."""

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand, may
from aftersales.display import moments
from aftersales.display.paging import by_key, word_of
from aftersales.jsonforms import record, ref
from aftersales.operations import once
from aftersales.rest import KEY, refusals
from deadlines.papers import PaperDesk
from parts.print_views import among, views_of
from parts.views.pages import bound, fill, if_empty, listed, mark, opening, tabs_of
from repairs.flow import PlanType
from repairs.models import Ticket

from .. import learning, prints, selectors
from ..flow import ReportStage
from ..forms.reports import WriteForm
from ..learning import VIEWS
from ..models import FailureMode, Report
from ..services import writing
from ..sheets import reports as sheets
from ..shown import place_of, title
from ..steps import ACTS, STEPS
from .learning import DAY, WORDS, bar_of, wish_of

R = ReportStage


def person(user: Any) -> dict[str, Any] | None:
    return {"username": user.username, "name": user.name} if user else None


def payload(paper: Report, user: Any) -> dict[str, Any]:
    """Facts of a report; percents are strings, `appeal_until` the moment at which the time for an appeal is over."""
    judged = paper.stage in (R.JUDGED, R.APPEALED, R.FINAL, R.ASSESSED)
    return brief(paper, user) | {
        "supplier": paper.supplier, "supplier_changed": paper.supplier_changed, "batch": paper.batch,
        "produced_on": paper.produced_on, "delivered_on": paper.delivered_on, "odometer": paper.odometer, "what": paper.what,
        "when_found": paper.when_found, "where_found": paper.where_found, "who_found": paper.who_found,
        "how_found": paper.how_found, "how_many": paper.how_many, "measured": paper.measured, "causes": paper.causes,
        "interim": paper.interim, "repaired": paper.repaired, "suggestion": paper.suggestion, "similar_3": paper.similar_3,
        "similar_12": paper.similar_12, "sent_back_why": paper.sent_back_why, "confirmed_cause": paper.confirmed_cause,
        "is_technical": paper.is_technical, "ruling": paper.ruling or None, "judged_at": paper.judged_at,
        "appeal_until": paper.appeal_until, "final_at": paper.final_at,
        "pictures": [
            {"url": x.attachment.get_absolute_url(), "caption": x.caption} for x in selectors.evidence_of(paper, user)
        ],
        "exhibits": [{"label": x.label, "name": x.name, "place": place_of(x)} for x in
                     paper.exhibits.select_related("line__release", "report")],
        "shares": [_share(row) for row in selectors.shares_of(paper) if not row.replaced] if judged else [],
    }  # fmt: skip


def _share(row: Any) -> dict[str, Any]:
    return {
        "party": row.party, "department": row.department or None, "person": person(row.person), "supplier": row.supplier or None,
        "percent": str(row.percent), "clause": row.clause.number, "note": row.note, "accepted_at": row.accepted_at,
    }  # fmt: skip


def brief(paper: Report, user: Any) -> dict[str, Any]:
    return {
        "ticket": paper.ticket.number, "round": paper.round, "engineer": person(paper.engineer), "plan": paper.plan_type,
        "model": paper.model, "vin": paper.vin, "part_name": paper.part_name, "part_no": paper.part_no,
        "failure_mode": paper.failure_mode, "submitted_at": paper.submitted_at,
    }  # fmt: skip


DESK = PaperDesk(
    app="technical", name="report", plural="quality-reports", steps=STEPS, view="quality_report.view", step_action="quality.step",
    rows=selectors.reports_for, sheet=sheets.report, payload=payload, brief=brief,
    home=("technical:reports", gettext_lazy("Quality reports")), acts=ACTS, operation="quality_report",
)  # fmt: skip


@action("quality_report.view")
@require_GET
def report_list(request: Any) -> HttpResponse:
    """Reports that this person may see, newest first; of one stage, and of what the address asks (number, ticket, VIN, what
    failed, and the filters of `learning`)."""
    stage, q = word_of(request, "stage", 12), word_of(request, "q")
    rows = asked(request, selectors.reports_for(request.user), q)
    stage = stage if stage in R.values else ""
    found, more = by_key(request, rows.filter(stage=stage) if stage else rows)
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Case"), ""), (_("Ticket"), "tight"),
            (_p("quality report", "Written by"), ""),
            (_("Submitted at"), "tight")]  # fmt: skip
    return listed(
        request, _("Quality reports"), head, [_row(x) for x in found], next=more, tabs=tabs_of(R.choices, stage), clause="4.10",
        icon="beaker", fields=_fields(request, q), **if_empty(request, ("q", "bar", *NARROWED), _("No quality report here")),
    )  # fmt: skip


def _fields(request: Any, q: str) -> list[tuple[str, Any, str, Any]]:
    """The search, and the filters with which the reader came from the counts."""
    came = [
        (name, word, word_of(request, name), DRAWN.get(name))
        for name, word in NARROWED.items()
        if word_of(request, name)
    ]
    return [("q", _("Number, ticket, VIN or part"), q, None), *came, *_bar(request)]


def _bar(request: Any) -> list[tuple[str, Any, str, Any]]:
    """The bar of the counts whose number was tapped, or all again."""
    bar = bar_of(request)
    if bar is None:
        return []
    by, key = bar
    return [("bar", VIEWS[by], f"{by}:{key}", [(f"{by}:{key}", learning.word(by, key)), ("", _("All"))])]


NARROWED = {name: VIEWS[name] for name in (*WORDS, "failure_mode")} | {
    "since": pgettext_lazy("period", "From"), "until": pgettext_lazy("period", "To"),
}  # fmt: skip
DRAWN: dict[str, Any] = {"failure_mode": FailureMode.choices, "since": DAY, "until": DAY}


def asked(request: Any, rows: Any, q: str) -> Any:
    """Of these rows those that the address asks for."""
    if any(word_of(request, name) for name in (*NARROWED, "bar")):
        rows = rows.filter(pk__in=learning.counted(wish_of(request)).values("pk"))
    if not q:
        return rows
    found = Q(number__iendswith=q) | Q(ticket__number__iendswith=q) | Q(vin__icontains=q)
    return rows.filter(found | Q(part_name__icontains=q) | Q(part_no__icontains=q) | Q(model__icontains=q))


def _row(paper: Report) -> tuple[Any, ...]:
    when = moments.when(paper.submitted_at) if paper.submitted_at else "–"
    where = opening(paper.get_absolute_url(), paper.number)
    return where, mark(paper), title(paper), paper.ticket.number, str(paper.engineer), when


# --- a new one
def ticket_of(user: Any, number: str) -> Ticket:
    """One of his own tickets, or one that went to another since he did its last round; else 404."""
    known = number.replace("\x00", "")
    found: Ticket | None = Ticket.objects.visible_to(user).filter(number=known).first()
    if found is None:
        found = get_object_or_404(Ticket, number=known)
        if not selectors.worked(found, user):
            raise Http404
    return found


@action(writing.ACTION)
@require_http_methods(["GET", "POST"])
@once
def new_report(request: Any, number: str) -> HttpResponse:
    """Write the report of a ticket (B13) with everything known filled in; one that is there is opened instead."""
    ticket = ticket_of(request.user, number)
    writing.writer(ticket, request.user)
    turn = selectors.reported_round(ticket)
    there = selectors.reports_for(request.user).filter(ticket=ticket, round=turn).first()
    if there is not None:
        return redirect(there)
    form = bound(request, WriteForm, initial=selectors.written(ticket, turn))
    if selectors.known(ticket, turn)["plan_type"] == PlanType.GUIDANCE:
        form.shorten()
    sees = may(request.user, "ticket.view_full", ticket)
    return fill(
        request, form, partial(writing.begin, ticket), title=_("Quality report of {number}").format(number=ticket.number),
        label=_("Keep as a draft"), back=ticket.get_absolute_url() if sees else reverse("technical:reports"), clause="4.10",
    )  # fmt: skip


TICKET = OpenApiParameter("number", str, OpenApiParameter.PATH, description="BX20261123-0007")
SCHEMAS = {"ReportMade": record(number="text", url="text")}


@extend_schema(operation_id="open_quality_report", parameters=[TICKET, KEY], request=None,
               responses={201: ref("ReportMade")} | refusals(401, 403, 404, 409))  # fmt: skip
@action(writing.ACTION)
@api_view(["POST"])
@once
def open_report(request: Any, number: str) -> Response:
    """Open the quality report of a ticket's last completed round (B13), or answer with the one that is there."""
    demand(request.user, writing.ACTION)
    paper = writing.open_report(ticket_of(request.user, number), by=request.user, at=request.arrived_at)
    return Response({"number": paper.number, "url": paper.get_absolute_url()}, status=201)


urlpatterns = [
    path("reports/", report_list, name="reports"),
    path("tickets/<str:number>/report/", new_report, name="new_report"),
    *views_of(
        "technical", "reports/", "report", "quality_report.view", among(selectors.reports_for), prints.report
    ),
]
api_urlpatterns = [
    path("tickets/<str:number>/quality-report", open_report, name="open_quality_report"),
    *DESK.api_urls(),
]

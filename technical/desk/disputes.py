"""The desk of disputes (4.5a, F11): what customers object to, taken down by customer service, answered by technical."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand, may
from aftersales.display import moments
from aftersales.display.paging import by_key, word_of
from aftersales.jsonforms import bound as from_json
from aftersales.jsonforms import record, ref
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.problems import Refusal
from aftersales.rest import KEY, MANY, page_of, refusals
from parts.views.pages import bound, fill, listed, opening, tabs_of

from .. import selectors
from ..forms.disputes import AnswerForm, RaiseForm
from ..models import Dispute
from ..services import disputes
from ..sheets import disputes as sheets

VIEW, RAISE, ANSWER = "dispute.view", disputes.RAISE, disputes.ANSWER


def opened(user: Any, pk: int) -> Dispute:
    """The dispute, if this person may see it; else 404."""
    found: Dispute = get_object_or_404(selectors.disputes_for(user), pk=pk)
    return found


@action(VIEW)
@require_GET
def dispute_list(request: Any) -> HttpResponse:
    """Disputes that this person may see, newest first; open ones or answered ones."""
    state = word_of(request, "state", 10)
    rows = selectors.disputes_for(request.user)
    rows = rows.filter(answered_at__isnull=state == "open") if state in STATES else rows
    found, more = by_key(request, rows)
    head = [(_("Ticket"), "tight"), (_p("dispute", "About"), ""), (_p("dispute", "Raised"), "tight"), (_("Answer"), ""),
            (_("Answered by"), "")]  # fmt: skip
    new = [(_("Take down a dispute"), reverse("technical:new_dispute"))] if may(request.user, RAISE) else []
    choices = [("open", _p("dispute", "Open")), ("answered", _p("dispute", "Answered"))]
    return listed(
        request, _("Disputes"), head, [_row(x) for x in found], next=more, buttons=new, clause="4.5a", empty=_("No dispute here"),
        tabs=[tab | {"url": tab["url"].replace("?stage=", "?state=")} for tab in tabs_of(choices, state)],
        icon="chat-bubble-left-right",
    )  # fmt: skip


STATES = ("open", "answered")


def _row(paper: Dispute) -> tuple[Any, ...]:
    answered = paper.get_outcome_display() if paper.answered_at else _p("dispute", "Open")
    where = opening(paper.get_absolute_url(), paper.ticket.number)
    return where, paper.get_kind_display(), moments.when(paper.at), answered, str(paper.answered_by or "–")


@action(VIEW)
@require_http_methods(["GET", "POST"])
@once
def dispute(request: Any, pk: int) -> HttpResponse:
    """One dispute; technical answers it here (J106)."""
    paper = opened(request.user, pk)
    if request.method == "POST":
        return _answered(request, paper)
    offered = paper.answered_at is None and may(request.user, ANSWER)
    barred = _barred(paper, request.user) if offered else None
    return _page(request, paper, AnswerForm() if offered and not barred else None, barred)


def _answered(request: Any, paper: Dispute) -> HttpResponse:
    demand(request.user, ANSWER)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, paper, form, None, 422)
    try:
        disputes.answer(paper, by=request.user, at=request.arrived_at, **form.cleaned_data)
    except Refusal as refusal:
        return _page(request, paper, form, refusal, refusal.status)
    messages.success(request, _("The customer reads the answer on his page."))
    return redirect(paper)


def _barred(paper: Dispute, user: Any) -> Refusal | None:
    """SD08: who is barred is told so before he begins."""
    try:
        disputes.apart(paper, user)
    except Refusal as refusal:
        return refusal
    return None


def _page(
    request: Any, paper: Dispute, form: Any, refusal: Refusal | None, status: int = 200
) -> HttpResponse:
    context = {
        "dispute": paper, "parts": sheets.parts(paper, request.user), "next": sheets.next_of(paper), "refusal": refusal,
        "form": form,
    }  # fmt: skip
    return render(request, "technical/dispute.html", context, status=status)


@action(RAISE)
@require_http_methods(["GET", "POST"])
@once
def new_dispute(request: Any) -> HttpResponse:
    """Customer service takes down what a customer objects to on the phone (F11); `?for=BX…` names the ticket."""
    form = bound(request, RaiseForm, user=request.user, initial={"ticket": word_of(request, "for", 20)})
    return fill(
        request, form, disputes.raise_, title=_("Take down a dispute"), label=_("Send it to technical"),
        back=reverse("technical:disputes"),
    )  # fmt: skip


# --- API
PK = OpenApiParameter("id", int, OpenApiParameter.PATH)
STATE = OpenApiParameter("state", str, enum=STATES)
SCHEMAS: dict[str, Any] = {
    "Dispute": record(
        id="int", ticket="text", kind="text", words="text", at="moment", by="text?", outcome="text?", answer="text",
        answered_at="moment?", answered_by="text?",
    ),
    "DisputePage": record(results="[Dispute]", next="text?"),
}  # fmt: skip
BODY = {"application/json": {"type": "object", "additionalProperties": True}}


def row(paper: Dispute) -> dict[str, Any]:
    """A dispute over the API; `by` is null where the customer raised it himself."""
    return {
        "id": paper.pk, "ticket": paper.ticket.number, "kind": paper.kind, "words": paper.words, "at": paper.at,
        "by": paper.by.username if paper.by else None, "outcome": paper.outcome or None, "answer": paper.answer,
        "answered_at": paper.answered_at, "answered_by": paper.answered_by.username if paper.answered_by else None,
    }  # fmt: skip


@extend_schema(operation_id="disputes", methods=["GET"], parameters=[STATE, *MANY],
               responses={200: ref("DisputePage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="raise_dispute", methods=["POST"], parameters=[KEY], request=BODY,
               responses={201: ref("Dispute")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action(VIEW, RAISE)
@api_view(["GET", "POST"])
@once
def api_disputes(request: Any) -> Response:
    """Disputes that this person may see, newest first; POST takes one down: ticket, kind, words (F11)."""
    demand(request.user, VIEW if request.method == "GET" else RAISE)
    if request.method == "GET":
        rows, state = selectors.disputes_for(request.user), request.query_params.get("state", "")
        rows = rows.filter(answered_at__isnull=state == "open") if state in STATES else rows
        return page_of(request, rows, row)
    form = from_json(RaiseForm, request.data, user=request.user)
    if not form.is_valid():
        return of_form(form)
    return Response(
        row(disputes.raise_(by=request.user, at=request.arrived_at, **form.cleaned_data)), status=201
    )


@extend_schema(
    operation_id="dispute", parameters=[PK], responses={200: ref("Dispute")} | refusals(401, 403, 404)
)
@action(VIEW)
@api_view(["GET"])
def api_dispute(request: Any, pk: int) -> Response:
    """One dispute with its answer."""
    return Response(row(opened(request.user, pk)))


@extend_schema(operation_id="answer_dispute", parameters=[PK, KEY], request=BODY,
               responses={200: ref("Dispute")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action(ANSWER)
@api_view(["POST"])
@once
def api_answer(request: Any, pk: int) -> Response:
    """Technical's answer: outcome `upheld` or `rejected`, and why (J106, SD08)."""
    paper = opened(request.user, pk)
    form = from_json(AnswerForm, request.data)
    if not form.is_valid():
        return of_form(form)
    return Response(row(disputes.answer(paper, by=request.user, at=request.arrived_at, **form.cleaned_data)))


urlpatterns: list[Any] = [
    path("disputes/", dispute_list, name="disputes"),
    path("disputes/new/", new_dispute, name="new_dispute"),
    path("disputes/<int:pk>/", dispute, name="dispute"),
]
api_urlpatterns: list[Any] = [
    path("disputes", api_disputes, name="disputes"),
    path("disputes/<int:pk>", api_dispute, name="dispute"),
    path("disputes/<int:pk>/answer", api_answer, name="answer_dispute"),
]

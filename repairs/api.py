"""`/api/v1/`: reports and tickets, with the same forms, services, rights and history as the pages."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, public
from aftersales.jsonforms import bound, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form, problem

from . import links, payloads, services, steps
from .filters import filtered
from .forms import PhoneIntakeForm, RelayForm, ReportForm
from .gate import let_in
from .models import Ticket
from .selectors import tickets_for

PAGE = 50
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="BX20261123-0007")
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key answers the same result once."
)
ANSWER = {"type": "object", "additionalProperties": True}


def seen_by(request: Any, number: str) -> Ticket:
    """The ticket, if this person may see it; else 404."""
    rows = Ticket.objects.visible_to(request.user).select_related("contact", "words", "engineer", "intake")
    return get_object_or_404(rows, number=number)


def again(request: HttpRequest, result: str) -> Response:
    """A repeated report: the same number and link as the first time."""
    return _reported(Ticket.objects.get(pk=int(result)))


def _reported(ticket: Ticket) -> Response:
    answer = Response({"number": ticket.number, "token": links.token(ticket)}, status=201)
    answer.operation_result = str(ticket.pk)  # type: ignore[attr-defined]  # read by `once`
    return answer


@extend_schema(
    operation_id="report", parameters=[KEY], responses={201: ANSWER},
    request={"application/json": schema_of(ReportForm()), "multipart/form-data": schema_of(ReportForm())},
)
@public("report.create_public")
@api_view(["POST"])
@once(again=again)
def reports(request: Any) -> Response:
    """The public report: compulsory are contact, phone and symptom; answers number and the private link's token."""
    form = bound(ReportForm, request.data, request.FILES)
    if not form.is_valid():
        return of_form(form)
    entries = dict(form.cleaned_data)
    photos = entries.pop("photos")
    at = request.arrived_at
    let_in(request, entries["phone"], at)
    ticket = services.report(at=at, language=get_language() or "zh-hans", **entries)
    services.attach(ticket, photos, at=at)
    return _reported(ticket)


@extend_schema(operation_id="tickets", responses=ANSWER, parameters=[
    OpenApiParameter(name, str) for name in ("stage", "q", "engineer", "overdue", "region", "model", "cursor")
])  # fmt: skip
@action("ticket.list")
@api_view(["GET"])
def tickets(request: Any) -> Response:
    """A page of tickets, newest first; `next` is the cursor of the page after it."""
    rows = filtered(tickets_for(request.user), request.query_params, at=request.arrived_at)
    cursor = request.query_params.get("cursor", "")
    if cursor and not cursor.isdigit():
        return problem(400, "cursor", "cursor")
    if cursor:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    after = str(found[PAGE - 1].pk) if len(found) > PAGE else None
    return Response({"results": [payloads.brief(t) for t in found[:PAGE]], "next": after})


@extend_schema(operation_id="phone_intake", parameters=[KEY], request={"application/json": ANSWER}, responses={201: ANSWER})
@action("report.create_by_phone")
@api_view(["POST"])
@once
def phone_intake(request: Any) -> Response:
    """Customer service records a report by phone (3.1, 3.2)."""
    form = bound(PhoneIntakeForm, request.data)
    if not form.is_valid():
        return of_form(form)
    ticket = services.phone_in(by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": ticket.number, "stage": ticket.stage}, status=201)


@extend_schema(operation_id="relay", parameters=[KEY], request={"application/json": ANSWER}, responses={201: ANSWER})
@action("referral.create")
@api_view(["POST"])
@once
def relay(request: Any) -> Response:
    """Sales relays what a customer told them (2.3); `reported_at` is when he did."""
    form = bound(RelayForm, request.data)
    if not form.is_valid():
        return of_form(form)
    entries = {k: v for k, v in form.cleaned_data.items() if k != "remark"}
    ticket = services.relay(by=request.user, at=request.arrived_at, **entries)
    return Response({"number": ticket.number, "stage": ticket.stage}, status=201)


@extend_schema(operation_id="ticket", parameters=[NUMBER], responses=ANSWER)
@action("ticket.view_full", "ticket.view_masked")
@api_view(["GET"])
def ticket(request: Any, number: str) -> Response:
    """One ticket whole: stage, forms, part lines, clocks, steps, timeline."""
    return Response(payloads.whole(seen_by(request, number), request.user, request.arrived_at))


@extend_schema(
    operation_id="take_step", parameters=[NUMBER, KEY], request={"application/json": ANSWER, "multipart/form-data": ANSWER},
    responses=ANSWER,
)
@action("service.step")
@api_view(["POST"])
@once
def take_step(request: Any, number: str, name: str) -> Response:
    """Take a step or act; the body is the step's form, its schema stands in the ticket's `steps`."""
    paper = seen_by(request, number)
    if name not in steps.STEPS:
        return problem(404, name)
    step = steps.STEPS[name]
    stuck = steps.refusal(paper, step, request.user)
    if stuck is not None:
        raise stuck
    form = bound(step.form, request.data, request.FILES, ticket=paper, user=request.user)
    if not form.is_valid():
        return of_form(form)
    steps.take(paper, name, by=request.user, at=request.arrived_at, **form.cleaned_data)
    fresh = Ticket.objects.get(pk=paper.pk)
    return Response({"number": fresh.number, "stage": fresh.stage, "round": fresh.round})

"""`/api/v1/`: reports and tickets, with the same forms, services, rights and history as the pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, public
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, page_of, refusals

from . import links, payloads, privacy, services, steps
from .filters import filtered
from .forms import PhoneIntakeForm, RelayForm
from .gate import let_in
from .models import Ticket
from .payloads import ALSO, understood
from .public.forms import ProgramReportForm, StatusForm
from .public.limits import let_track, let_upload
from .public.pictures import Pictures
from .public.story import next_steps
from .public.track import NOT_FOUND, Unknown, matching
from .selectors import tickets_for

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="BX20261123-0007")
STEP = OpenApiParameter(
    "name", str, OpenApiParameter.PATH, enum=list(steps.STEPS), description="the step's name"
)
FILTERS = {
    "stage": "a stage, or “open”", "q": "any two characters of number, phone, VIN, plate, customer or symptom",
    "engineer": "a username, or “me”", "overdue": "1: only tickets with a missed clock", "region": "", "model": "",
    "urgency": "", "channel": "", "move": "the department whose move it is", "period": "days", "since": "a day", "until": "a day",
}  # fmt: skip
NEW = {"application/json": ref("ReportEntries"), "multipart/form-data": ref("ReportWithPictures")}
#: the part lines of a ticket as its reader sees them; the shell gives them, for the warehouse may not be asked from here
PartLines = Callable[[Ticket, Any], list[dict[str, Any]]]
ANY_STEP = {"anyOf": [ref(payloads.component(step)) for step in steps.STEPS.values()]}


def schemas() -> dict[str, Any]:
    """Components of the description, in the reader's language."""
    return payloads.SCHEMAS | payloads.step_schemas() | {
        "ReportEntries": _located(schema_of(ProgramReportForm(), ALSO, files=False)),
        "ReportWithPictures": _located(schema_of(ProgramReportForm(), ALSO)),
        "PhoneIntake": _located(schema_of(PhoneIntakeForm(), ALSO)),
        "Relay": _located(schema_of(RelayForm(), ALSO)),
        "Recorded": record(number="text", stage="text"),
        "StatusEntries": schema_of(StatusForm()),
        "ReportStatus": record(number="text", stage="text", stage_label="text", received_at="moment", completed_at="moment?",
                               steps="[NextStep]"),
        "NextStep": record(text="text", due_at="moment", late="bool", provisional="bool", agreed="bool"),
    }  # fmt: skip


def _located(schema: dict[str, Any]) -> dict[str, Any]:
    place = {"type": "string", "description": "= region + street"}
    return schema | {"properties": schema["properties"] | {"location": place}}


def seen_by(request: Any, number: str) -> Ticket:
    """The ticket, if this person may see it; else 404."""
    rows = Ticket.objects.visible_to(request.user).select_related(
        "contact", "words", "engineer", "intake", "vehicle", "customer"
    )
    return get_object_or_404(rows, number=number.replace("\x00", ""))


@extend_schema(
    operation_id="report",
    parameters=[KEY],
    request=NEW,
    responses={201: ref("Reported")} | refusals(400, 422, 429),
    auth=[],
)
@public("report.create_public")
@api_view(["POST"])
def reports(request: Any) -> Response:
    """The public report: compulsory are contact, phone and symptom; answers number and the private link's token."""
    form = bound(ProgramReportForm, understood(request.data), request.FILES, also=ALSO)
    if request.FILES:
        let_upload(request, request.arrived_at)
    pictures = Pictures(request)
    pictures.told(form)
    if not form.is_valid():
        return of_form(form)
    let_in(request, form.cleaned_data["phone"], request.arrived_at)
    return _keep(request, form=form, kept=pictures.kept)


def again(request: HttpRequest, result: str) -> Response:
    """A repeated report: the same number and link as the first time."""
    return _reported(Ticket.objects.get(pk=int(result)))


def _reported(ticket: Ticket) -> Response:
    answer = Response({"number": ticket.number, "token": links.token(ticket)}, status=201)
    answer.operation_result = str(ticket.pk)  # type: ignore[attr-defined]  # read by `once`
    return answer


@once(again=again)
def _keep(request: Any, form: ProgramReportForm, kept: list[Any]) -> Response:
    entries = {
        name: value for name, value in form.cleaned_data.items() if name not in ("photos", "nameplate")
    }
    ticket = services.report(at=request.arrived_at, language=get_language() or "zh-hans", **entries)
    if kept:
        services.attach(ticket, kept, at=request.arrived_at)
    return _reported(ticket)


@extend_schema(
    operation_id="report_status", request={"application/json": ref("StatusEntries")},
    responses={200: ref("ReportStatus")} | refusals(400, 422, 429), auth=[],
)  # fmt: skip
@public("report.track")
@api_view(["POST"])
def report_status(request: Any) -> Response:
    """Where a report stands, for who has its `token`, or its `number` with the whole `phone` (A02). Everything else, known or
    not, has the same answer."""
    form = bound(StatusForm, request.data)
    if not form.is_valid():
        return of_form(form)
    given = form.cleaned_data
    let_track(request, "" if given["token"] else given["number"], request.arrived_at)
    ticket = links.ticket_of(given["token"]) if given["token"] else matching(given["number"], given["phone"])
    if ticket is None:
        raise Unknown(NOT_FOUND)
    answer = Response(payloads.status(ticket) | {"steps": _ahead(ticket, request.arrived_at)})
    answer["Cache-Control"] = "no-store"
    return answer


def _ahead(ticket: Ticket, at: Any) -> list[dict[str, Any]]:
    """What comes next and by when, in the words of the private page without anybody's name."""
    return [step._asdict() for step in next_steps(ticket, at, engineer=_("Our engineer"))]


@extend_schema(
    operation_id="tickets",
    responses={200: ref("TicketPage")} | refusals(400, 401, 403),
    parameters=[OpenApiParameter(name, str, description=text) for name, text in FILTERS.items()] + MANY,
)
@action("ticket.list")
@api_view(["GET"])
def tickets(request: Any) -> Response:
    """A page of tickets, newest first; `next` is the cursor of the page after it."""
    params = request.query_params.copy()
    if params.get("overdue", "").lower() in ("0", "false", "no"):
        del params["overdue"]
    rows = filtered(tickets_for(request.user), params, at=request.arrived_at, user=request.user)
    return page_of(request, rows, payloads.brief)


@extend_schema(operation_id="phone_intake", parameters=[KEY], request={"application/json": ref("PhoneIntake")},
               responses={201: ref("Recorded")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action("report.create_by_phone")
@api_view(["POST"])
@once
def phone_intake(request: Any) -> Response:
    """Customer service records a report by phone (3.1, 3.2)."""
    form = bound(PhoneIntakeForm, understood(request.data), also=ALSO, initial={"urgency": "normal"})
    if not form.is_valid():
        return of_form(form)
    ticket = services.phone_in(by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": ticket.number, "stage": ticket.stage}, status=201)


@extend_schema(operation_id="relay", parameters=[KEY], request={"application/json": ref("Relay")},
               responses={201: ref("Recorded")} | refusals(400, 401, 403, 409, 422))  # fmt: skip
@action("referral.create")
@api_view(["POST"])
@once
def relay(request: Any) -> Response:
    """Sales relays what a customer told them (2.3); `reported_at` is when he did."""
    form = bound(RelayForm, understood(request.data), also=ALSO, initial={"urgency": "normal"})
    if not form.is_valid():
        return of_form(form)
    entries = {k: v for k, v in form.cleaned_data.items() if k != "remark"}
    ticket = services.relay(by=request.user, at=request.arrived_at, **entries)
    return Response({"number": ticket.number, "stage": ticket.stage}, status=201)


@extend_schema(
    operation_id="ticket", parameters=[NUMBER], responses={200: ref("Ticket")} | refusals(401, 403, 404)
)
@action("ticket.view_full", "ticket.view_masked")
@api_view(["GET"])
def ticket(request: Any, number: str, part_lines: PartLines | None = None) -> Response:
    """One ticket whole: stage, forms, part lines, clocks, steps, timeline."""
    found, at = seen_by(request, number), request.arrived_at
    if privacy.plain_for(request.user, found):
        privacy.note_seen(request.user, found, at)
    lines = part_lines(found, request.user) if part_lines else []
    return Response(payloads.whole(found, request.user, at, lines))


@extend_schema(
    operation_id="take_step",
    parameters=[NUMBER, STEP, KEY],
    responses={200: ref("Taken")} | refusals(400, 401, 403, 404, 409, 422),
    request={"application/json": ANY_STEP, "multipart/form-data": ANY_STEP},
)
@action("service.step")
@api_view(["POST"])
@once
def take_step(request: Any, number: str, name: str) -> Response:
    """Take a step or act; the body is the step's form, its schema stands in the ticket's `steps`.

    What the paper already says may be left out; `seen`, the `state` as read, refuses a step on a paper that moved on.
    """
    paper = seen_by(request, number)
    if name not in steps.STEPS:
        raise Http404
    body, seen = _without_seen(understood(request.data))
    form = _form_of(steps.STEPS[name], paper, request, body)
    if not form.is_valid():
        return of_form(form)
    steps.take(paper, name, by=request.user, at=request.arrived_at, seen_state=seen, **form.cleaned_data)
    fresh = Ticket.objects.only("number", "stage", "round").get(pk=paper.pk)
    return Response({"number": fresh.number, "stage": fresh.stage, "round": fresh.round})


def _without_seen(body: Any) -> tuple[Any, str]:
    """The entries, and beside them the state of the paper that the client read."""
    if not isinstance(body, Mapping) or "seen" not in body:
        return body, ""
    rest = body.copy()  # type: ignore[attr-defined]  # a dict or a browser's form
    seen = rest.pop("seen")
    return rest, str(seen[0] if isinstance(seen, list) and seen else seen)


def _form_of(step: steps.Step, paper: Ticket, request: Any, body: Any) -> Any:
    """The step's form; what stands in its way comes before any question about entries."""
    stuck = steps.refusal(paper, step, request.user)
    if stuck is not None:
        raise stuck
    return bound(step.form, body, request.FILES, also=ALSO, ticket=paper, user=request.user)

"""`/api/v1/consumption`, `/unreturned` and `/tickets/{number}/send-back`: what the pages of 5.5, 5.6 and 4.6 show and do."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import Unreadable, bound, record, ref
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, asked, page_of, refusals
from repairs.models import Ticket

from . import services
from .forms.shipping import BackForm
from .models import ConsumptionReport, UnreturnedLine, UnreturnedList
from .services.monthly import open_lists, rows_of

PK = OpenApiParameter("id", int, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH)
MONTH = OpenApiParameter("month", str, OpenApiParameter.PATH, description="2026-03")
STAGE = OpenApiParameter("stage", str, description="open: to be confirmed")
BODY = {"application/json": {"type": "object", "additionalProperties": True}}
SCHEMAS = {
    "ConsumedLine": record(id="int", part="text", release="text", used="int", confirmed="int?"),
    "Consumption": record(
        id="int", ticket="text", round="int", sent_at="moment?", confirmed_at="moment?", confirmed_by="text?",
        lines="[ConsumedLine]",
    ),
    "ConsumptionPage": record(results="[Consumption]", next="text?"),
    "UnreturnedLine": record(
        release="text", about="text", part="text", pieces="int", amount="text", engineer="text", state="text"
    ),
    "Unreturned": record(month="text", submitted_at="moment?", submitted_by="text?", lines="[UnreturnedLine]"),
}  # fmt: skip


# --- consumption (5.5)
REPORTS = ConsumptionReport.objects.select_related("ticket", "confirmed_by").prefetch_related(
    "lines__line__part", "lines__line__release"
)


def consumed(row: ConsumptionReport) -> dict[str, Any]:
    lines = [
        {"id": x.pk, "part": x.line.part.code, "release": x.line.release.number, "used": x.quantity, "confirmed": x.confirmed}
        for x in row.lines.all()
    ]  # fmt: skip
    return {
        "id": row.pk, "ticket": row.ticket.number, "round": row.round, "sent_at": row.sent_at, "lines": lines,
        "confirmed_at": row.confirmed_at, "confirmed_by": row.confirmed_by.username if row.confirmed_by else None,
    }  # fmt: skip


@extend_schema(operation_id="consumption", parameters=[STAGE, *MANY],
               responses={200: ref("ConsumptionPage")} | refusals(400, 401, 403))  # fmt: skip
@action("consumption.view")
@api_view(["GET"])
def consumption(request: Any) -> Response:
    """What completed repairs used, newest first (5.5)."""
    rows = REPORTS.filter(confirmed_at=None) if asked(request, "stage", 10) == "open" else REPORTS.all()
    return page_of(request, rows, consumed)


@extend_schema(operation_id="confirm_consumption", parameters=[PK, KEY], request=BODY,
               responses={200: ref("Consumption")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("consumption.report")
@api_view(["POST"])
@once
def confirm_consumption(request: Any, pk: int) -> Response:
    """The warehouse confirms the quantities (D08): `lines` [{id, confirmed}]; what is not named is confirmed as declared."""
    found = get_object_or_404(ConsumptionReport, pk=pk)
    counted = counted_of(request.data)
    services.confirm_consumption(found, by=request.user, at=request.arrived_at, counted=counted)
    return Response(consumed(REPORTS.get(pk=found.pk)))


def counted_of(data: Any) -> dict[int, int]:
    lines = data.get("lines", []) if isinstance(data, Mapping) else None
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        raise Unreadable(_("The body must be one JSON object with a list of lines."))
    pairs = [(line.get("id"), line.get("confirmed")) for line in lines]
    if not all(type(number) is int for pair in pairs for number in pair):
        raise Unreadable(
            _("A line names its id and how many were confirmed, both whole numbers."), field="lines"
        )
    return {pk: count for pk, count in pairs if pk is not None and count is not None}


# --- warranty parts not returned (5.6)
def month_of(text: str) -> UnreturnedList:
    """The list of that month, else 404."""
    try:
        first = dt.date.fromisoformat(f"{text[:10]}-01")
    except ValueError:
        raise Http404 from None
    open_lists(timezone.now())
    return get_object_or_404(UnreturnedList.objects.select_related("submitted_by"), month=first)


def listed(row: UnreturnedLine) -> dict[str, Any]:
    line, release = row.line, row.line.release
    return {
        "release": release.number, "about": release.about.number, "part": line.part.code, "pieces": row.quantity,
        "amount": str(row.amount), "engineer": (line.holder or release.engineer).username, "state": row.state,
    }  # fmt: skip


def the_list(found: UnreturnedList) -> Response:
    by = found.submitted_by.username if found.submitted_by else None
    lines = [listed(row) for row in rows_of(found)]
    return Response(
        {"month": str(found), "submitted_at": found.submitted_at, "submitted_by": by, "lines": lines}
    )


@extend_schema(operation_id="unreturned", parameters=[MONTH],
               responses={200: ref("Unreturned")} | refusals(401, 403, 404))  # fmt: skip
@action("parts.page")
@api_view(["GET"])
def unreturned(request: Any, month: str) -> Response:
    """As it was submitted, or as it stands now."""
    return the_list(month_of(month))


@extend_schema(operation_id="submit_unreturned", parameters=[MONTH, KEY], request=None,
               responses={200: ref("Unreturned")} | refusals(401, 403, 404, 409))  # fmt: skip
@action("unreturned_list.submit")
@api_view(["POST"])
@once
def submit_unreturned(request: Any, month: str) -> Response:
    """To finance, by the fifth (D11)."""
    return the_list(services.submit_list(month_of(month), by=request.user, at=request.arrived_at))


# --- sent back freight collect (4.6)
@extend_schema(operation_id="send_back", parameters=[NUMBER, KEY], request=BODY,
               responses={201: ref("PaperMade")} | refusals(400, 401, 403, 404, 422))  # fmt: skip
@action("return.cod_shipment")
@api_view(["POST"])
@once
def send_back(request: Any, number: str) -> Response:
    """An engineer on the road sends parts home; the body is the page's form."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number.replace("\x00", ""))
    demand(request.user, "return.cod_shipment", ticket)
    form = bound(BackForm, request.data)
    if not form.is_valid():
        return of_form(form)
    paper = services.send_back(ticket, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": paper.number, "url": paper.get_absolute_url()}, status=201)

"""Consumption reports 5.5 over the API: what completed repairs used, and the warehouse's word on it."""

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action
from aftersales.jsonforms import Unreadable, ref
from aftersales.operations import once
from aftersales.rest import KEY, MANY, page_of, refusals

from ..models import ConsumptionReport
from ..services import confirm_consumption

PK = OpenApiParameter("pk", int, OpenApiParameter.PATH)
REPORTS = ConsumptionReport.objects.select_related("ticket", "confirmed_by").prefetch_related(
    "lines__line__part", "lines__line__release"
)


def row(report: ConsumptionReport) -> dict[str, Any]:
    lines = [
        {"id": x.pk, "part": x.line.part.code, "release": x.line.release.number, "quantity": x.quantity,
         "confirmed": x.confirmed}
        for x in report.lines.all()
    ]  # fmt: skip
    by = report.confirmed_by.username if report.confirmed_by else None
    return {
        "id": report.pk, "ticket": report.ticket.number, "round": report.round, "sent_at": report.sent_at,
        "confirmed_at": report.confirmed_at, "confirmed_by": by, "lines": lines,
    }  # fmt: skip


@extend_schema(operation_id="consumption_reports", parameters=MANY,
               responses={200: ref("ConsumptionReportPage")} | refusals(400, 401, 403))  # fmt: skip
@action("consumption.view")
@api_view(["GET"])
def reports(request: Any) -> Response:
    """What completed repairs used, newest first."""
    return page_of(request, REPORTS, row)


@extend_schema(operation_id="confirm_consumption", parameters=[PK, KEY],
               request={"application/json": {"type": "object", "additionalProperties": True}},
               responses={200: ref("ConsumptionReport")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("consumption.report")
@api_view(["POST"])
@once
def confirm(request: Any, pk: int) -> Response:
    """The warehouse confirms the quantities: `lines` is {id of the line: pieces}; what is left out stands as declared."""
    report = get_object_or_404(ConsumptionReport, pk=pk)
    confirm_consumption(report, by=request.user, at=request.arrived_at, counted=counted(request.data))
    return Response(row(REPORTS.get(pk=pk)))


def counted(data: Any) -> dict[int, int]:
    given = data.get("lines", {}) if isinstance(data, Mapping) else None
    if not isinstance(given, Mapping) or not all(_is_count(key, value) for key, value in given.items()):
        raise Unreadable(_("`lines` is an object of line and pieces."), field="lines")
    return {int(key): value for key, value in given.items()}


def _is_count(key: Any, value: Any) -> bool:
    return (
        str(key).isascii() and str(key).isdecimal() and isinstance(value, int) and not isinstance(value, bool)
    )

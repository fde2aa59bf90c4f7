"""`/api/v1/accounts/{period}` and the year end: what the pages of 8.10 show and do; amounts are strings of yuan."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, may
from accounts.models import User
from aftersales.jsonforms import record, ref
from aftersales.operations import once
from aftersales.rest import KEY, refusals

from .desk.accounts import read
from .models import ClosedMonth
from .services import accounts as services
from .services import year_end
from .sheets import accounts as sheets
from .sheets import words

PERIOD = OpenApiParameter("period", str, OpenApiParameter.PATH, description="2026-11 or 2026")
YEAR = OpenApiParameter("year", int, OpenApiParameter.PATH)
SCHEMAS = {
    "AccountGroup": record(of="text", profit="text", amounts="object"),
    "Accounts": record(
        period="text", closed="bool", engineers="[AccountGroup]", models="[AccountGroup]", regions="[AccountGroup]"
    ),
}  # fmt: skip


@extend_schema(operation_id="accounts", parameters=[PERIOD],
               responses={200: ref("Accounts")} | refusals(401, 403, 404))  # fmt: skip
@action("accounts.view")
@api_view(["GET"])
def accounts(request: Any, period: str) -> Response:
    """The accounts of a month or year by engineer, model and region (8.10)."""
    found, amounts = read(period, request.arrived_at)
    names, people = words.columns(may(request.user, "cost.view")), services.by_engineer(amounts)
    known = dict(User.objects.filter(pk__in=[pk for pk in people if pk]).values_list("pk", "username"))
    closed = not isinstance(found, int) and ClosedMonth.objects.filter(month=found, reopened_at=None).exists()
    return Response({
        "period": period, "closed": closed, "engineers": sheets.payload(people, names, known),
        "models": sheets.payload(services.by_model(amounts), names),
        "regions": sheets.payload(services.by_region(amounts), names),
    })  # fmt: skip


@extend_schema(operation_id="prepare_year_end", parameters=[YEAR, KEY], request=None,
               responses={201: ref("PaperTaken")} | refusals(401, 403, 409, 422))  # fmt: skip
@action("yearend.prepare")
@api_view(["POST"])
@once
def prepare(request: Any, year: int) -> Response:
    """Finance computes and signs the year end (C22)."""
    paper = year_end.prepare(year, by=request.user, at=request.arrived_at)
    return Response({"number": paper.number, "stage": paper.stage}, status=201)

"""`/claims`: travel claims over the API; the whole claim of a trip in one body, receipts as multipart (8.2–8.5)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, refusals

from ..desk.claim_forms import NewClaimForm
from ..desk.claims import DESK, trip_of
from ..services import claims as services
from .shapes import split_body

SCHEMAS = {"ClaimMade": record(number="text", stage="text")}
FORM = schema_of(NewClaimForm())
BODY = FORM | {
    "properties": {"trip": {"type": "string"}, **FORM["properties"]},
    "required": ["trip"],
    "additionalProperties": True,
}


@extend_schema(operation_id="claims", methods=["GET"], parameters=[OpenApiParameter("stage", str), *MANY],
               responses={200: ref("PaperPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="write_claim", methods=["POST"], parameters=[KEY],
               request={"application/json": BODY, "multipart/form-data": BODY},
               responses={201: ref("ClaimMade")} | refusals(400, 401, 403, 404, 409, 422))  # fmt: skip
@action("expense.view", "expense.claim")
@api_view(["GET", "POST"])
@once
def claims(request: Any) -> Response:
    """What was claimed, newest first. POST writes a draft for the trip (CX…): `meals`, `amount_2026-03-02` and `photo_2026-03-02`
    for each night, and three further lines; more are added by the step `add`, then `submit` hands it to finance."""
    if request.method == "GET":
        demand(request.user, "expense.view")
        return DESK.page(request)
    demand(request.user, "expense.claim")
    body, taken = split_body(request, "trip")
    trip = trip_of(request.user, taken["trip"][:20])
    services.must_be_back(trip)
    form = bound(NewClaimForm, body, request.FILES, trip=trip)
    if not form.is_valid():
        return of_form(form)
    paper = services.write(trip, form.entries(), by=request.user, at=request.arrived_at)
    return Response({"number": paper.number, "stage": paper.stage}, 201)

"""`/api/v1/deliveries`: hand-overs (2.1) as the pages show them; writing one is the form of the page."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, asked, page_of, refusals

from . import delivering
from .briefing import CHECKLISTS, checklist_of, named
from .delivery_forms import DeliveryForm
from .models import Delivery, Vehicle
from .selectors import deliveries_for

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="JD20261123-0001")
VIN = OpenApiParameter("vin", str, description="the beginning or end of a VIN")
ROW = {
    "number": "text", "version": "int", "current": "bool", "withdrawn": "bool", "vin": "text", "model": "text",
    "customer": "text", "delivered_on": "day", "reading": "int?", "seller": "text", "signed_at": "moment?", "made_at": "moment",
}  # fmt: skip
SCHEMAS = {
    "DeliveryRow": record(**ROW),
    "DeliveryPage": record(results="[DeliveryRow]", next="text?"),
    "Delivery": record(
        **ROW, accessories="text", checklist="text", explained="[text]", left_open="[text]", reason="text", consent="bool",
        correction="text",
    ),
}  # fmt: skip


def schemas() -> dict[str, Any]:
    """Answers, and the body in the reader's language."""
    return SCHEMAS | {"NewDelivery": schema_of(DeliveryForm(checklist=CHECKLISTS[-1]), files=False)}


def row(found: Delivery) -> dict[str, Any]:
    signed = getattr(found, "signature", None)
    return {
        "number": found.number, "version": found.version, "current": found.current, "withdrawn": found.withdrawn_at is not None,
        "vin": found.vehicle.vin, "model": found.vehicle.model.name, "customer": found.customer.number,
        "delivered_on": found.delivered_on, "reading": found.reading,
        "seller": found.made_by.username if found.made_by else "", "signed_at": signed.signed_at if signed else None,
        "made_at": found.made_at,
    }  # fmt: skip


def whole(found: Delivery) -> dict[str, Any]:
    told = set(found.explained)
    return row(found) | {
        "accessories": found.accessories, "checklist": found.checklist, "explained": found.explained,
        "left_open": [key for key in named(found.checklist).points if key not in told], "reason": found.reason,
        "consent": found.consent, "correction": found.correction,
    }  # fmt: skip


@extend_schema(operation_id="deliveries", methods=["GET"], parameters=[VIN, *MANY],
               responses={200: ref("DeliveryPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="deliver", methods=["POST"], parameters=[KEY], request={"application/json": ref("NewDelivery")},
               responses={201: ref("Delivery")} | refusals(400, 401, 403, 422))  # fmt: skip
@action("delivery.view", delivering.BRIEF)
@api_view(["GET", "POST"])
@once
def deliveries(request: Any) -> Response:
    """Records that this person may see, newest first; POST hands a vehicle over (A24)."""
    demand(request.user, "delivery.view" if request.method == "GET" else delivering.BRIEF)
    if request.method == "POST":
        return _deliver(request)
    rows, vin = deliveries_for(request.user).select_related("signature"), asked(request, "vin", 40)
    rows = rows.filter(vehicle__in=Vehicle.objects.found_by(vin)) if vin else rows
    return page_of(request, rows, row)


def _deliver(request: Any) -> Response:
    form = bound(DeliveryForm, request.data, checklist=checklist_of(local_day(request.arrived_at)))
    if not form.is_valid():
        return of_form(form)
    done = delivering.deliver(by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response(whole(done), status=201)


@extend_schema(
    operation_id="delivery", parameters=[NUMBER], responses={200: ref("Delivery")} | refusals(401, 403, 404)
)
@action("delivery.view")
@api_view(["GET"])
def delivery(request: Any, number: str) -> Response:
    """One version of a record: every point, explained or left open."""
    rows = deliveries_for(request.user).select_related("signature")
    return Response(whole(get_object_or_404(rows, number=number.replace("\x00", ""))))

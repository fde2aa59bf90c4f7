"""`/api/v1/vehicles` and `/customers`: what the pages show, phones masked."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action

from .models import Customer, Vehicle
from .selectors import customers_for, warranty_of

PAGE = 50
ANSWER = {"type": "object", "additionalProperties": True}
PAGING = [OpenApiParameter("q", str), OpenApiParameter("cursor", str)]


def vehicle_row(row: Vehicle) -> dict[str, Any]:
    return {
        "vin": row.vin,
        "model": row.model.name,
        "model_code": row.model.code,
        "plate": row.plate,
        "delivered_on": row.delivered_on,
        "built_on": row.built_on,
        "customer": row.customer.number if row.customer else None,
    }


def customer_row(row: Customer) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "region": row.region,
        "name": row.person.shown_name,
        "organisation": row.person.organisation,
        "phone": row.person.masked_phone,
    }


def page_of(request: Any, rows: Any, row: Any) -> Response:
    """A page by key, newest first; `next` is the cursor of the page after it."""
    cursor = request.query_params.get("cursor", "")
    rows = rows.filter(pk__lt=int(cursor)) if cursor.isdigit() else rows
    found = list(rows.order_by("-pk")[: PAGE + 1])
    after = str(found[PAGE - 1].pk) if len(found) > PAGE else None
    return Response({"results": [row(r) for r in found[:PAGE]], "next": after})


@extend_schema(operation_id="vehicles", parameters=PAGING, responses=ANSWER)
@action("vehicle.view")
@api_view(["GET"])
def vehicles(request: Any) -> Response:
    """Registered vehicles; `q` is the beginning or end of a VIN, or a plate."""
    rows, q = Vehicle.objects.select_related("model", "customer"), request.query_params.get("q", "")
    return page_of(request, rows.found_by(q) if q else rows, vehicle_row)


@extend_schema(operation_id="vehicle", responses=ANSWER)
@action("vehicle.view")
@api_view(["GET"])
def vehicle(request: Any, vin: str) -> Response:
    """One vehicle with its warranty."""
    row = get_object_or_404(Vehicle.objects.select_related("model", "customer"), vin=vin)
    term = warranty_of(row)
    warranty = {"start": term.start, "end": term.end, "km": term.km, "hours": term.hours} if term else None
    return Response(vehicle_row(row) | {"warranty": warranty})


@extend_schema(operation_id="customers", parameters=PAGING, responses=ANSWER)
@action("customer.view")
@api_view(["GET"])
def customers(request: Any) -> Response:
    """Customers that this person may see; `q` searches name, unit and phone."""
    rows, q = customers_for(request.user), request.query_params.get("q", "")
    return page_of(request, rows.filter(person__grams__has=q) if q else rows, customer_row)


@extend_schema(operation_id="customer", responses=ANSWER)
@action("customer.view")
@api_view(["GET"])
def customer(request: Any, number: str) -> Response:
    """One customer with his vehicles."""
    row = get_object_or_404(customers_for(request.user), number=number)
    return Response(customer_row(row) | {"vehicles": [v.vin for v in row.vehicles.order_by("vin")]})

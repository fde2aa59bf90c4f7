"""`/api/v1/vehicles` and `/customers`: what the pages show, phones masked."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, asked, page_of, refusals

from .forms import VehicleForm
from .models import Customer, Vehicle
from .selectors import customers_for, listed_customers, named, warranty_of
from .services import register_vehicle

WRITE = "customer_vehicle.write"
PAGING = [OpenApiParameter("q", str), *MANY]
VIN = OpenApiParameter("vin", str, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="GK20261123-0001")
VEHICLE = {
    "vin": "text", "model": "text", "model_code": "text", "plate": "text", "delivered_on": "day?", "built_on": "day?",
    "customer": "text?",
}  # fmt: skip
CUSTOMER = dict.fromkeys(("number", "kind", "region", "name", "organisation", "phone"), "text")
SCHEMAS = {
    "VehicleRow": record(**VEHICLE),
    "VehiclePage": record(results="[VehicleRow]", next="text?"),
    "Warranty": record(start="day", end="day", km="int?", hours="int?"),
    "Vehicle": record(**VEHICLE, warranty="Warranty?"),
    "CustomerRow": record(**CUSTOMER),
    "CustomerPage": record(results="[CustomerRow]", next="text?"),
    "Customer": record(**CUSTOMER, vehicles="[text]"),
}


def schemas() -> dict[str, Any]:
    """Answers, and the body in the reader's language."""
    return SCHEMAS | {"NewVehicle": schema_of(VehicleForm())}


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


@extend_schema(operation_id="vehicles", methods=["GET"], parameters=PAGING,
               responses={200: ref("VehiclePage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="register_vehicle", methods=["POST"], parameters=[KEY],
               request={"application/json": ref("NewVehicle")},
               responses={201: ref("VehicleRow")} | refusals(400, 401, 403, 422))  # fmt: skip
@action("vehicle.view", WRITE)
@api_view(["GET", "POST"])
@once
def vehicles(request: Any) -> Response:
    """Registered vehicles; `q` is the beginning or end of a VIN, or a plate. POST registers one (A22)."""
    if request.method == "POST":
        return _register(request)
    demand(request.user, "vehicle.view")
    rows, q = Vehicle.objects.select_related("model", "customer"), asked(request, "q")
    return page_of(request, rows.found_by(q) if q else rows, vehicle_row)


def _register(request: Any) -> Response:
    demand(request.user, WRITE, Vehicle(seller=request.user))
    form = bound(VehicleForm, request.data, user=request.user)
    if not form.is_valid():
        return of_form(form)
    seller = request.user if "SALES" in request.user.roles else None
    done = register_vehicle(by=request.user, at=request.arrived_at, seller=seller, **form.cleaned_data)
    return Response(vehicle_row(done), status=201)


@extend_schema(
    operation_id="vehicle", parameters=[VIN], responses={200: ref("Vehicle")} | refusals(401, 403, 404)
)
@action("vehicle.view")
@api_view(["GET"])
def vehicle(request: Any, vin: str) -> Response:
    """One vehicle with its warranty."""
    row = get_object_or_404(Vehicle.objects.select_related("model", "customer"), vin=vin.replace("\x00", ""))
    term = warranty_of(row)
    warranty = {"start": term.start, "end": term.end, "km": term.km, "hours": term.hours} if term else None
    return Response(vehicle_row(row) | {"warranty": warranty})


@extend_schema(
    operation_id="customers",
    parameters=PAGING,
    responses={200: ref("CustomerPage")} | refusals(400, 401, 403),
)
@action("customer.view")
@api_view(["GET"])
def customers(request: Any) -> Response:
    """Customers that this person may see; `q` searches name, unit and phone."""
    rows, q = listed_customers(customers_for(request.user)), asked(request, "q")
    return page_of(request, named(rows, q, request.user) if q else rows, customer_row)


@extend_schema(
    operation_id="customer", parameters=[NUMBER], responses={200: ref("Customer")} | refusals(401, 403, 404)
)
@action("customer.view")
@api_view(["GET"])
def customer(request: Any, number: str) -> Response:
    """One customer with his vehicles."""
    row = get_object_or_404(customers_for(request.user), number=number.replace("\x00", ""))
    return Response(customer_row(row) | {"vehicles": [v.vin for v in row.vehicles.order_by("vin")]})

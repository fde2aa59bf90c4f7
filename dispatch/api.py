"""`/api/v1/trips`, `/cars` and `/fines`: what administration's pages show and do; kilometres whole, yuan as strings."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, demand
from aftersales.jsonforms import bound, record, ref, schema_of
from aftersales.operations import once
from aftersales.problem_json import of_form
from aftersales.rest import KEY, MANY, page_of, refusals

from . import selectors
from .desk import trips as desk
from .flow import TripStage
from .forms.cars import FineForm, FuelForm
from .forms.trips import NewTripForm
from .models import Car, Fuel
from .services import cars as car_services
from .services import fining, trips
from .views import fines as fine_views
from .views.cars import car_of

PLATE = OpenApiParameter("plate", str, OpenApiParameter.PATH, description="the number plate")
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="WZ20261123-0001")
STAGE = OpenApiParameter("stage", str, enum=TripStage.values)
SCHEMAS = {
    "TripPage": record(results="[object]", next="text?"),
    "TripMade": record(number="text", url="text"),
    "Car": record(
        plate="text", name="text", seats="int", odometer="int", insured_until="day?", service_on="day?", active="bool",
        note="text",
    ),
    "CarPage": record(results="[Car]", next="text?"),
    "Fuel": record(day="day", litres="text", amount="text", odometer="int", place="text", by="text"),
    "FuelPage": record(results="[Fuel]", next="text?"),
    "Fine": record(
        number="text", car="text", driver="text", trip="text?", happened_at="moment", place="text", offence="text", notice="text",
        amount="text", driver_half="text", company_half="text", entered_at="moment",
    ),
    "FinePage": record(results="[Fine]", next="text?"),
}  # fmt: skip
NEW = {"NewTrip": NewTripForm, "NewFuel": FuelForm, "NewFine": FineForm}


def schemas() -> dict[str, Any]:
    """Answers, and the bodies in the reader's language."""
    return SCHEMAS | {name: schema_of(form()) for name, form in NEW.items()}


def body(name: str) -> dict[str, Any]:
    return {"application/json": ref(name)}


MADE = refusals(400, 401, 403, 422)


@extend_schema(operation_id="trips", methods=["GET"], parameters=[STAGE, *MANY],
               responses={200: ref("TripPage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="request_trip", methods=["POST"], parameters=[KEY], request=body("NewTrip"),
               responses={201: ref("TripMade")} | MADE)  # fmt: skip
@action("trip.view", "trip.request")
@api_view(["GET", "POST"])
@once
def trip_list(request: Any) -> Response:
    """Trips that this person may see, newest first; POST asks for one (E01)."""
    demand(request.user, "trip.view" if request.method == "GET" else "trip.request")
    if request.method == "GET":
        return desk.DESK.page(request)
    form = bound(NewTripForm, request.data, user=request.user)
    if not form.is_valid():
        return of_form(form)
    paper = trips.request(by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response({"number": paper.number, "url": paper.get_absolute_url()}, status=201)


# --- cars
def car_row(car: Car) -> dict[str, Any]:
    return {
        "plate": car.plate, "name": car.name, "seats": car.seats, "odometer": car.odometer, "insured_until": car.insured_until,
        "service_on": car.service_on, "active": car.active, "note": car.note,
    }  # fmt: skip


def fuel_row(row: Fuel) -> dict[str, Any]:
    return {
        "day": row.day, "litres": f"{row.litres:.2f}", "amount": str(row.amount), "odometer": row.odometer, "place": row.place,
        "by": row.by.username,
    }  # fmt: skip


@extend_schema(
    operation_id="cars", parameters=MANY, responses={200: ref("CarPage")} | refusals(400, 401, 403)
)
@action("car.view")
@api_view(["GET"])
def car_list(request: Any) -> Response:
    """The register of cars."""
    return page_of(request, Car.objects.all(), car_row)


@extend_schema(operation_id="car", parameters=[PLATE], responses={200: ref("Car")} | refusals(401, 403, 404))
@action("car.view")
@api_view(["GET"])
def car(request: Any, plate: str) -> Response:
    """One car."""
    return Response(car_row(car_of(plate)))


@extend_schema(operation_id="car_fuel", methods=["GET"], parameters=[PLATE, *MANY],
               responses={200: ref("FuelPage")} | refusals(400, 401, 403, 404))  # fmt: skip
@extend_schema(operation_id="log_fuel", methods=["POST"], parameters=[PLATE, KEY], request=body("NewFuel"),
               responses={201: ref("Fuel")} | refusals(400, 401, 403, 404, 422))  # fmt: skip
@action("car.view", "vehicle.fuel_log")
@api_view(["GET", "POST"])
@once
def fuel(request: Any, plate: str) -> Response:
    """The fuel log of a car, newest entry first; POST enters a refuelling (E03)."""
    demand(request.user, "car.view" if request.method == "GET" else "vehicle.fuel_log")
    found = car_of(plate)
    if request.method == "GET":
        return page_of(request, found.fuel.select_related("by"), fuel_row)
    form = bound(FuelForm, request.data)
    if not form.is_valid():
        return of_form(form)
    row = car_services.refuel(found, by=request.user, at=request.arrived_at, **form.cleaned_data)
    return Response(fuel_row(row), status=201)


# --- fines
@extend_schema(operation_id="fines", methods=["GET"], parameters=MANY,
               responses={200: ref("FinePage")} | refusals(400, 401, 403))  # fmt: skip
@extend_schema(operation_id="enter_fine", methods=["POST"], parameters=[KEY], request=body("NewFine"),
               responses={201: ref("Fine")} | MADE)  # fmt: skip
@action("fine.view", "violation.log")
@api_view(["GET", "POST"])
@once
def fine_list(request: Any) -> Response:
    """Fines, newest first, for whoever drove his own; POST enters a notice (E05): its trip tells who drove."""
    demand(request.user, "fine.view" if request.method == "GET" else "violation.log")
    if request.method == "GET":
        return page_of(request, selectors.fines_for(request.user), fine_views.row)
    form = bound(FineForm, request.data)
    if not form.is_valid():
        return of_form(form)
    return Response(
        fine_views.row(fining.enter(by=request.user, at=request.arrived_at, **form.cleaned_data)), status=201
    )


@extend_schema(
    operation_id="fine", parameters=[NUMBER], responses={200: ref("Fine")} | refusals(401, 403, 404)
)
@action("fine.view")
@api_view(["GET"])
def fine(request: Any, number: str) -> Response:
    """One fine."""
    return Response(
        fine_views.row(
            get_object_or_404(selectors.fines_for(request.user), number=number.replace("\x00", ""))
        )
    )

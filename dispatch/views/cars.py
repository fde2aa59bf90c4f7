"""The register of cars 车辆 (6.1, 6.2): list, page with its clocks, fuel and trips, the forms of administration."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from aftersales.display import moments, states
from aftersales.display.marks import yes_no, yuan
from aftersales.limits import local_day
from aftersales.operations import once
from parts.views.pages import bound, fill, listed, mark, opening, table

from .. import selectors
from ..forms.cars import CarForm, FuelForm
from ..models import Car
from ..services import cars
from ..sheets import ways

LATEST = 20  # rows of each kind on a car's page


def car_of(plate: str) -> Car:
    return get_object_or_404(Car, plate=plate.replace("\x00", ""))


@action("car.view")
@require_GET
def car_list(request: Any) -> HttpResponse:
    """Every car, those in use first, with the days that must not be missed."""
    today = local_day(request.arrived_at)
    head = [(_("Number plate"), "tight"), (_("Kind of car"), ""), (_("Seats"), "number"), (_("Odometer"), "number"),
            (_("Insured until"), "tight"), (_("Next maintenance on"), "tight"), ("", "tight")]  # fmt: skip
    rows = [
        (opening(x.get_absolute_url(), x.plate), x.name, x.seats, ways.km(x.odometer), day_mark(x, "insured_until", today),
         day_mark(x, "service_on", today), "" if x.active else _("out of use"))
        for x in Car.objects.all()
    ]  # fmt: skip
    new = [(_("Register a car"), reverse("dispatch:new_car"))] if may(request.user, "car.write") else []
    return listed(
        request, _("Cars"), head, rows, buttons=new, clause="6.2", empty=_("No car yet"), icon="truck"
    )


def day_mark(car: Car, name: str, today: dt.date) -> Any:
    """The day, in colour and words where it is over or comes up."""
    day = getattr(car, name)
    if day is None or not car.active or day > today + selectors.SOON[name]:
        return moments.when(day)
    tone, word = ("late", _("over")) if day < today else ("urgent", _("soon"))
    return format_html('<span class="{}">{} {}</span>', tone, moments.when(day), word)


@action("car.view")
@require_GET
def car(request: Any, plate: str) -> HttpResponse:
    found, at, user = car_of(plate), request.arrived_at, request.user
    today = local_day(at)
    facts = [
        (_("Kind of car"), found.name), (_("Seats"), found.seats), (_("Odometer"), ways.km(found.odometer)),
        (_("Insured until"), day_mark(found, "insured_until", today)),
        (_("Next maintenance on"), day_mark(found, "service_on", today)),
        (_("In use"), yes_no(found.active)), *([(_("Note"), found.note)] if found.note else []),
    ]  # fmt: skip
    clocks = selectors.clocks_of(found, at)
    for clock in clocks:
        clock.state = states.state_of(clock, at)  # type: ignore[attr-defined]  # read by _clock.html
    context = {
        "car": found, "facts": facts, "clocks": clocks, "trips": _trips(found, user), "fuel": _fuel(found),
        "fines": _fines(found, user),
        "may_write": may(user, "car.write"), "may_fuel": may(user, "vehicle.fuel_log"), "may_fine": may(user, "violation.log"),
    }  # fmt: skip
    return render(request, "dispatch/car.html", context)


def _trips(found: Car, user: Any) -> Any:
    if not may(user, "trip.view"):
        return None
    rows = [
        (
            opening(x.get_absolute_url(), x.number),
            mark(x),
            x.place,
            ways.span(x, "short"),
            str(x.driver or "–"),
            ways.driven(x),
        )
        for x in selectors.trips_for(user).filter(car=found)[:LATEST]
    ]
    head = [(_("Number"), "tight"), (_("Stage"), "tight"), (_("Where to"), ""), (_("When"), ""), (_("Driver"), ""),
            (_("Driven"), "number")]  # fmt: skip
    return table(head, rows)


def _fuel(found: Car) -> Any:
    rows = [
        (moments.when(x.day), f"{x.litres:,.2f}", yuan(x.amount), ways.km(x.odometer), x.place, str(x.by))
        for x in found.fuel.select_related("by")[:LATEST]
    ]
    head = [(_("Day"), "tight"), (_("Litres or kWh"), "number"), (_("Amount"), "money"), (_("Odometer"), "number"),
            (_("Station"), ""), (_("By"), "")]  # fmt: skip
    return table(head, rows)


def _fines(found: Car, user: Any) -> Any:
    if not may(user, "fine.view"):
        return None
    rows = [
        (
            opening(x.get_absolute_url(), x.number),
            moments.when(x.happened_at, "short"),
            str(x.driver),
            x.offence,
            yuan(x.amount),
        )
        for x in selectors.fines_for(user).filter(car=found)[:LATEST]
    ]
    head = [
        (_("Number"), "tight"),
        (_("Happened at"), "tight"),
        (_("Driver"), ""),
        (_p("fine", "What for"), ""),
        (_("Amount"), "money"),
    ]
    return table(head, rows)


@action("car.write")
@require_http_methods(["GET", "POST"])
@once
def new_car(request: Any) -> HttpResponse:
    return _edited(request, Car(), _("Register a car"), reverse("dispatch:cars"))


@action("car.write")
@require_http_methods(["GET", "POST"])
@once
def edit_car(request: Any, plate: str) -> HttpResponse:
    """Its facts; the days of insurance and maintenance start its clocks anew."""
    found = car_of(plate)
    return _edited(request, found, _("Change {plate}").format(plate=found), found.get_absolute_url())


def _edited(request: Any, found: Car, title: str, back: str) -> HttpResponse:
    def act(*, by: Any, at: Any, odometer: Any = None, seen: Any = None, **_facts: Any) -> Car:
        form.instance.revision = form.instance.revision if seen is None else seen
        return cars.save_car(form.instance, by=by, at=at, odometer=odometer)

    form = bound(request, CarForm, instance=found)
    return fill(request, form, act, title=title, back=back)


@action("vehicle.fuel_log")
@require_http_methods(["GET", "POST"])
@once
def new_fuel(request: Any, plate: str) -> HttpResponse:
    """One refuelling, paid by administration (6.2)."""
    found = car_of(plate)

    def act(**entries: Any) -> Any:
        return cars.refuel(found, **entries)

    title = _("Refuelling of {plate}").format(plate=found)
    note = _("Last reading: {km} km").format(km=f"{found.odometer:,}")
    return fill(request, bound(request, FuelForm), act, title=title, note=note, back=found.get_absolute_url())

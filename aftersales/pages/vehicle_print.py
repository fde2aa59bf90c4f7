"""The history of a vehicle on A4: its facts, its warranty, its life."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.paper import answers
from aftersales.paper.sheets import Plain, cell, column, section, table
from aftersales.paper.whole import whole
from sales.models import Vehicle

from .vehicle import Seen, seen


@dataclass
class Record:
    """The vehicle as a paper: what the head of a sheet asks."""

    vehicle: Vehicle
    revision: int = 0
    changed_by: Any = None

    def __post_init__(self) -> None:
        first = self.vehicle.history.select_related("history_user").earliest()
        self.made_by, self.made_at = first.history_user or "–", self.vehicle.made_at
        self.number, self.changed_at = self.vehicle.vin, self.made_at

    def get_absolute_url(self) -> str:
        return self.vehicle.get_absolute_url()


@action("vehicle.view")
@require_GET
def page(request: Any, vin: str) -> HttpResponse:
    """As an A4 page."""
    with translation.override(answers.language(request)):  # what happened is put into words as it is read
        found = seen(request, vin)
        sheet = plain(found, by=request.user, at=request.arrived_at)
    return answers.page(request, sheet, Record(found.vehicle), reverse("sales:vehicle_pdf", args=[vin]))


@action("vehicle.view")
@require_GET
def pdf(request: Any, vin: str) -> HttpResponse:
    """As a PDF."""
    with translation.override(answers.language(request)):
        return answers.file(plain(seen(request, vin), by=request.user, at=request.arrived_at))


def plain(found: Seen, *, by: Any, at: dt.datetime) -> Plain:
    title = _p("form", "Vehicle history")
    parts = [_facts(found.vehicle), _warranty(found), _life(found)]
    return whole(title, Record(found.vehicle), parts, by=by, at=at, row=8.0)


def _facts(vehicle: Vehicle) -> Plain:
    return section(
        _p("form section", "Vehicle"),
        [cell(_p("form", "VIN / frame number"), vehicle.vin, 6), cell(_p("form", "Vehicle model"), vehicle.model, 6)],
        [cell(_p("form", "Plate / own number"), vehicle.plate, 4), cell(_p("form", "Built on"), vehicle.built_on or "", 4),
         cell(_p("form", "Delivered on"), vehicle.delivered_on or "", 4)],
        [cell(_p("form", "Motor number"), vehicle.motor_no, 4), cell(_p("form", "Battery number"), vehicle.battery_no, 4),
         cell(_p("form", "Controller number"), vehicle.controller_no, 4)],
    )  # fmt: skip


def _warranty(found: Seen) -> Plain:
    holds = {True: _p("form", "under warranty"), False: _p("form", "ended")}
    rows = [
        (
            row["group"],
            row["term"].start,
            row["term"].end,
            "" if row["limit"] is None else f"{row['limit']:,}",
            holds[row["holds"]],
        )
        for row in found.warranties
    ]
    return table(_p("form section", "Warranty"), [
        column(_p("form", "Part group"), 10), column(_p("form", "from"), 8), column(_p("form", "until"), 8),
        column(_p("form", "Kilometres / hours"), 8), column(_p("form", "State"), 8),
    ], rows)  # fmt: skip


def _life(found: Seen) -> Plain:
    again = _p("form", "again within 90 days")
    rows = [
        (m.day, f"{m.what} · {again}" if m.again else m.what, m.number, m.text, m.who)
        for m in reversed(found.life)
    ]
    return table(_p("form section", "History"), [
        column(_p("form", "Day"), 7), column(_p("form", "What happened"), 12), column(_p("form", "Number"), 11),
        column(_p("form", "Details"), 22), column(_p("form", "Who"), 7),
    ], rows)  # fmt: skip

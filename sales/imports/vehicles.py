"""Vehicles from a workbook: known by their VIN, the others are new; a blank cell leaves what is known."""

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from accounts.services import audit
from aftersales.limits import local_day
from aftersales.problems import BadEntry
from catalogue import cells
from catalogue.imports.parts import in_order
from catalogue.imports.reading import Book, Column, Sheet
from catalogue.models import VehicleModel, label_of

from ..models import Customer, Delivery, Person, Vehicle
from ..services import as_recorded
from .rows import (
    Found,
    Kept,
    Owners,
    among,
    doubles,
    hold_customers,
    imported,
    name_seller,
    phone,
    renew,
    rewrite_audited,
    said,
    sellers,
    together,
)

SHEET = _("Vehicles")
FACTS = (
    "model_id", "plate", "built_on", "delivered_on", "motor_no", "battery_no", "controller_no", "customer_id", "seller_id",
)  # fmt: skip


def vin(value: Any) -> str:
    """As the portal keeps it: capitals, no blanks."""
    found = "".join(cells.text(value).split()).upper()
    if not 3 <= len(found) <= 40 or "/" in found:
        raise BadEntry(_("A VIN has 3 to 40 characters, and no stroke (/)."))
    return found


def columns(today: dt.date) -> list[Column]:
    past = cells.past_day(today)
    return [
        Column("vin", label_of(Vehicle, "vin"), vin, needed=True),
        Column("model", label_of(VehicleModel, "code"), cells.within(40)),
        Column("plate", label_of(Vehicle, "plate"), cells.within(20)),
        Column("built_on", label_of(Vehicle, "built_on"), past),
        Column("delivered_on", label_of(Vehicle, "delivered_on"), past),
        *(
            Column(name, label_of(Vehicle, name), cells.within(40))
            for name in ("motor_no", "battery_no", "controller_no")
        ),
        Column("customer", label_of(Customer, "number"), cells.within(20)),
        Column("customer_phone", label_of(Person, "phone"), phone),
        Column("seller", label_of(Vehicle, "seller"), cells.within(150)),
    ]


def read_vehicles(file: IO[bytes], at: dt.datetime) -> Found:
    """Read the sheet; raises `BadEntry` at `file` for what is no workbook. Each row holds its VIN and what it says."""
    with Book(file) as book:
        sheet = book.read(book.sheet(SHEET, first=True), columns(local_day(at)))
    doubles(sheet, "vin", _("This VIN stands here twice."))
    known = Known(sheet, at)
    rows = []
    for place, cells_of in enumerate(sheet.rows):
        row = said(cells_of)
        known.judge(sheet, place, row)
        rows.append(row)
    return Found(rows, in_order(sheet.faults))


class Known:
    """What the portal knows of the vehicles, models, customers and salespeople that a sheet names."""

    def __init__(self, sheet: Sheet, at: dt.datetime) -> None:
        def given(name: str) -> list[str]:
            return [row.get(name) or "" for row in sheet.rows]

        self.models = dict(VehicleModel.objects.values_list("code", "pk"))
        self.sellers, self.owners = sellers(at), Owners(given("customer"), given("customer_phone"))
        self.vehicles = {v.vin: v for v in among(Vehicle.objects.all(), "vin", given("vin"))}
        rows = Delivery.objects.filter(current=True).select_related("vehicle")
        self.records = {d.vehicle.vin: d for d in among(rows, "vehicle__vin", given("vin"))}

    def judge(self, sheet: Sheet, place: int, row: dict[str, Any]) -> None:
        """Words become keys; what contradicts something stands as a fault at its cell."""
        for name, act in (("model", self._model), ("customer", self._customer), ("delivered_on", self._days)):
            try:
                act(row)
            except BadEntry as why:
                sheet.blame_row(place, why.field or name, why)
        name_seller(sheet, place, row, self.sellers)

    def _model(self, row: dict[str, Any]) -> None:
        code = row.pop("model", None)
        if code is None and row.get("vin") not in self.vehicles:
            raise BadEntry(_("A vehicle that is not registered yet needs its model."))
        if code is not None and code not in self.models:
            raise BadEntry(_("There is no model {code}."), code=code)
        if code is not None:
            row["model_id"] = self.models[code]

    def _customer(self, row: dict[str, Any]) -> None:
        number, given = row.pop("customer", ""), row.pop("customer_phone", "")
        if number:
            row["customer_id"] = self.owners.number(number.upper()).pk
        elif given:
            row["customer_id"] = self.owners.owner(given)

    def _days(self, row: dict[str, Any]) -> None:
        before = self.vehicles.get(row.get("vin", ""))
        built = row.get("built_on") or (before and before.built_on)
        delivered = row.get("delivered_on") or (before and before.delivered_on)
        if built and delivered and delivered < built:
            raise BadEntry(_("A vehicle is not delivered before it is built."), field="delivered_on")
        if "delivered_on" in row:
            as_recorded(self.records.get(row.get("vin", "")), row["delivered_on"])


def save_vehicles(found: Found, *, by: Any, at: dt.datetime) -> Kept:
    """Keep all rows, a thousand a statement, each with its row of history."""

    def act() -> Kept:
        rows = {row["vin"]: row for row in found.rows}
        hold_customers(row["customer_id"] for row in found.rows if "customer_id" in row)
        known = among(Vehicle.objects.select_for_update(), "vin", rows)
        there = {vehicle.vin for vehicle in known}
        new = _register([row for vin, row in rows.items() if vin not in there], by, at)
        changed = _change(known, rows, by, at)
        audit("vehicles.imported", by=by, at=at, subject="vehicles", new=new, changed=changed)
        return Kept(new, changed, found.count - new - changed)

    return together(act)


def _register(rows: Sequence[dict[str, Any]], by: Any, at: dt.datetime) -> int:
    vehicles = [Vehicle(made_at=at, **row) for row in rows]
    bulk_create_with_history(vehicles, Vehicle, **imported(by, at))
    return len(vehicles)


def _change(known: Sequence[Vehicle], rows: dict[str, dict[str, Any]], by: Any, at: dt.datetime) -> int:
    changed = [vehicle for vehicle in known if renew(vehicle, rows[vehicle.vin])]
    rewrite_audited(Vehicle, changed, list(FACTS), by=by, at=at)
    return len(changed)

"""What leaves the sales desk as a workbook: the lists as shown, and the templates of the imports."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts.services import audit
from aftersales.downloads import Note, Unwatched, Watch, writer
from aftersales.limits import local_day
from aftersales.phones import mask
from aftersales.xlsx import Leaf, spooled, write
from catalogue.exports import notes
from catalogue.imports.reading import Column

from . import filters
from .imports import customers as customer_sheet
from .imports import vehicles as vehicle_sheet
from .models import CustomerKind
from .selectors import customers_for, listed_customers, vehicles_for

MOST = 1_000_000  # a sheet ends at 1,048,576 rows
VEHICLES, CUSTOMERS = "vehicles", "customers"
WIDTH = {"vin": 22, "number": 20, "organisation": 28, "street": 28, "region": 24, "customer": 20}
_ALONE = Unwatched()


def vehicles(
    out: IO[bytes], rows: Any, *, by: Any, at: dt.datetime, asked: list[str], watch: Watch = _ALONE
) -> Note:
    """The vehicle list; it has no personal data (J08), and changed it can come back as an import."""
    shown = [c for c in vehicle_sheet.columns(local_day(at)) if c.name != "customer_phone"]
    names = ("vin", "model__code", *(c.name for c in shown[2:-2]), "customer__number", "seller__username")
    lines = rows.order_by("-pk").values_list(*names)[:MOST].iterator(chunk_size=2000)
    count = write(out, str(vehicle_sheet.SHEET), [c.label for c in shown], watch.over(lines), _widths(shown))
    return partial(audit, "list.export", by=by, at=at, subject=VEHICLES, rows=count, filters=asked)


def customers(
    out: IO[bytes], rows: Any, *, by: Any, at: dt.datetime, asked: list[str], watch: Watch = _ALONE
) -> Note:
    """The customer list, names and phones masked (A27)."""
    head = [
        _("Customer number"),
        _("Kind"),
        _("Contact"),
        _("Customer or company"),
        _("Phone"),
        _("Region"),
        _("Salesperson"),
    ]
    count = write(
        out, str(customer_sheet.SHEET), head, watch.over(_masked(rows)), [20, 12, 12, 28, 16, 24, 14]
    )
    return partial(audit, "list.export", by=by, at=at, subject=CUSTOMERS, rows=count, filters=asked)


def _masked(rows: Any) -> Iterator[list[Any]]:
    kinds = dict(CustomerKind.choices)
    names = (
        "number",
        "kind",
        "person__name",
        "person__organisation",
        "person__phone",
        "region",
        "seller__name",
    )
    found = rows.order_by("-pk").values_list(*names)[:MOST]
    for number, kind, name, unit, phone, *rest in found.iterator(chunk_size=2000):
        yield [
            number,
            str(kinds[kind]),
            f"{name[:1]}**" if name else "",
            unit,
            mask(phone) if phone else "",
            *rest,
        ]


@writer(VEHICLES, "list.export", "vehicle.view")
def long_vehicles(
    out: IO[bytes], wishes: dict[str, str], user: Any, progress: Watch, *, at: dt.datetime
) -> Note:
    """What the list shows this person now under the filters `wishes`."""
    rows = filters.vehicles(vehicles_for(user), wishes, local_day(at))
    progress.expect(min(rows.count(), MOST))
    return vehicles(out, rows, by=user, at=at, asked=sorted(wishes), watch=progress)


@writer(CUSTOMERS, "list.export", "customer.view")
def long_customers(
    out: IO[bytes], wishes: dict[str, str], user: Any, progress: Watch, *, at: dt.datetime
) -> Note:
    """What the list shows this person now under the filters `wishes`."""
    rows = filters.customers(listed_customers(customers_for(user)), wishes, user)
    progress.expect(min(rows.count(), MOST))
    return customers(out, rows, by=user, at=at, asked=sorted(wishes), watch=progress)


# --- templates
def vehicles_template(at: dt.datetime) -> IO[bytes]:
    """An empty sheet of vehicles with one example, and what may stand in each column."""
    shown, day = vehicle_sheet.columns(local_day(at)), dt.date(2026, 3, 2)
    example = [
        "LFY00000000000001",
        "FY-6",
        "",
        day,
        day,
        "M0000001",
        "B0000001",
        "",
        "",
        "138 0000 0000",
        "sales",
    ]
    words = {
        "vin": _("a known VIN changes the vehicle; a blank cell leaves what is known"),
        "model": _("the code of a model; compulsory for a new vehicle"),
        "customer": _("number of a known customer; or his phone in the column beside it"),
        "seller": _("the name with which the salesperson signs in"),
    }
    return spooled(_leaf(vehicle_sheet.SHEET, shown, example), notes(shown, words))


def customers_template() -> IO[bytes]:
    """An empty sheet of customers with one example, and what may stand in each column."""
    shown = customer_sheet.columns()
    example = ["", _("Wang Xiaoming"), "138 0000 0000", "", "", "", "", CustomerKind.PRIVATE.label, "sales"]
    words = {
        "number": _("blank for a new customer; a known number changes that customer"),
        "phone": _("compulsory for a new customer; a known phone changes that customer"),
        "kind": " / ".join(str(label) for _value, label in CustomerKind.choices),
        "seller": _("the name with which the salesperson signs in"),
    }
    return spooled(_leaf(customer_sheet.SHEET, shown, example), notes(shown, words))


def _widths(shown: Sequence[Column]) -> list[int]:
    return [WIDTH.get(column.name, 14) for column in shown]


def _leaf(title: Any, shown: Sequence[Column], *rows: Sequence[Any]) -> Leaf:
    return Leaf(title, [c.label for c in shown], rows, _widths(shown))

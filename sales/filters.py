"""What people ask of the lists of vehicles and customers; page, export and labels read the address bar alike."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.widgets import Day, PlainSelect
from catalogue.models import VehicleModel, WarrantyTerm
from catalogue.rules import add_months
from policy import figures

from .models import CustomerKind, VehicleQuerySet
from .selectors import named, without_record

ANY = ("", _("all"))
STATES = [
    ("in", _("under warranty")), ("out", _("out of warranty")), ("undelivered", _("not delivered")),
    ("unrecorded", _("without delivery record")),
]  # fmt: skip


class VehicleFilter(forms.Form):
    """Empty means all; what cannot be read is left out, never an error page."""

    vin = forms.CharField(label=_("VIN (beginning or end) or plate"), required=False, max_length=40)
    model = forms.ChoiceField(label=_("Model"), required=False, widget=PlainSelect)
    since = forms.DateField(label=_("Delivered from"), required=False, widget=Day)
    until = forms.DateField(label=_("Delivered until"), required=False, widget=Day)
    customer = forms.CharField(label=_("Customer number"), required=False, max_length=20)
    state = forms.ChoiceField(
        label=_("Warranty, delivery"), required=False, choices=[ANY, *STATES], widget=PlainSelect
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="filter_%s", **kwargs)
        rows = VehicleModel.objects.values_list("code", "name")
        self.fields["model"].choices = [ANY, *((code, f"{code} {name}") for code, name in rows)]  # type: ignore[attr-defined]


class CustomerFilter(forms.Form):
    name = forms.CharField(label=_("Name, company, phone or number"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[ANY, *CustomerKind.choices], widget=PlainSelect
    )
    region = forms.CharField(label=_("Region"), required=False, max_length=60)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="filter_%s", **kwargs)


def asked(form: type[forms.Form], params: Any) -> dict[str, str]:
    """The filters that a request names, without empty ones and without what no database can hold."""
    given = {name: params.get(name, "").replace("\x00", "").strip()[:60] for name in form.base_fields}
    return {name: value for name, value in given.items() if value}


def vehicles(rows: VehicleQuerySet, wanted: dict[str, str], today: dt.date) -> VehicleQuerySet:
    """`rows` narrowed by what `wanted` asks; an unknown value finds nothing rather than everything."""
    for name, value in wanted.items():
        rows = _VEHICLES[name](rows, value, today)
    return rows


def _days(lookup: str) -> Any:
    def narrow(rows: VehicleQuerySet, value: str, today: dt.date) -> VehicleQuerySet:
        try:
            return rows.filter(**{f"delivered_on__{lookup}": dt.date.fromisoformat(value)})
        except ValueError:
            return rows.none()

    return narrow


def _state(rows: VehicleQuerySet, value: str, today: dt.date) -> VehicleQuerySet:
    if value in ("in", "out"):
        holds = under_warranty(today)
        return rows.filter(holds) if value == "in" else rows.filter(~holds, delivered_on__isnull=False)
    if value == "undelivered":
        return rows.filter(delivered_on=None)
    return without_record(rows) if value == "unrecorded" else rows.none()


_VEHICLES: dict[str, Any] = {
    "vin": lambda rows, value, today: rows.found_by(value),
    "model": lambda rows, value, today: rows.filter(model__code=value),
    "customer": lambda rows, value, today: rows.filter(customer__number__iexact=value),
    "since": _days("gte"), "until": _days("lte"), "state": _state,
}  # fmt: skip


def under_warranty(today: dt.date) -> Q:
    """Vehicles whose whole-vehicle warranty lasts on that day, by its months (a meter is read only with a ticket)."""
    found, own = Q(pk__in=[]), Q(pk__in=[])
    for model, terms in _terms().items():
        for since, before, months in terms:
            first = max(since, first_delivery(today, months))
            found |= Q(model=model, delivered_on__gte=first, delivered_on__lt=before)
            own |= Q(model=model, delivered_on__gte=since)
    usual = first_delivery(today, int(figures.value("warranty_months", today)))
    return found | (~own & Q(delivered_on__gte=usual, delivered_on__lte=today))


def _terms() -> dict[int, list[tuple[dt.date, dt.date, int]]]:
    """Per model its whole-vehicle terms in force: from, before, months."""
    found: dict[int, list[tuple[dt.date, dt.date, int]]] = {}
    rows = (
        WarrantyTerm.objects.filter(part_group="whole")
        .order_by("-since")
        .values_list("model", "since", "months")
    )
    for model, since, months in rows:
        terms = found.setdefault(model, [])
        terms.append((since, terms[-1][0] if terms else dt.date.max, months))
    return found


def first_delivery(today: dt.date, months: int) -> dt.date:
    """The earliest day of delivery whose warranty of so many months still lasts today."""
    day = add_months(today, -months)
    while add_months(day, months) < today:
        day += dt.timedelta(days=1)
    return day


def customers(rows: Any, wanted: dict[str, str], user: Any) -> Any:
    if "kind" in wanted:
        rows = rows.filter(kind=wanted["kind"])
    if "region" in wanted:
        rows = rows.filter(region__contains=wanted["region"])
    word = wanted.get("name")
    return rows.filter(number__istartswith=word) | named(rows, word, user) if word else rows

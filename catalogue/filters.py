"""What people ask of the part list; the address bar holds it, page, API and export read it alike."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.widgets import PlainSelect

from .models import FLAGS, Part, PartGroup, VehicleModel, label_of
from .selectors import find_parts, short_of_price

NAMES = ("q", "vin", "model", "group", "mark", "state", "short")
ANY = ("", _("all"))
MARKS = [(name, label_of(Part, name)) for name in FLAGS]
STATES = [("no", _("not in use")), ("all", pgettext_lazy("parts", "in use or not"))]


class Choice(forms.ChoiceField):
    widget = PlainSelect


class PartFilter(forms.Form):
    """Empty means all that are in use; what cannot be read finds nothing, never an error page."""

    q = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    model = Choice(label=_("Vehicle model"), required=False)
    group = Choice(label=_("Part group"), required=False, choices=[ANY, *PartGroup.choices])
    mark = Choice(label=_("Mark"), required=False, choices=[ANY, *MARKS])
    state = Choice(label=_("In use"), required=False, choices=[("", _("in use")), *STATES])
    short = forms.BooleanField(label=_("Short of a price"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="filter_%s", **kwargs)
        models = VehicleModel.objects.values_list("code", "name")
        self.fields["model"].choices = [ANY, *((code, f"{code} {name}") for code, name in models)]  # type: ignore[attr-defined]


def asked(params: Any) -> dict[str, str]:
    """The filters that a request names, without empty ones and without what no database can hold."""
    given = {name: params.get(name, "").replace("\x00", "").strip()[:80] for name in NAMES}
    return {name: value for name, value in given.items() if value}


def filtered(params: dict[str, str], *, day: dt.date) -> QuerySet[Part]:
    """Parts as `params` asks; an unknown value finds nothing rather than everything."""
    model = None
    if "model" in params and (model := VehicleModel.objects.filter(code=params["model"]).first()) is None:
        return Part.objects.none()
    rows = find_parts(params.get("q", ""), model=model, vin=params.get("vin", ""))
    if "group" in params:
        rows = rows.filter(group=params["group"])
    if "mark" in params:
        rows = rows.filter(**{params["mark"]: True}) if params["mark"] in FLAGS else rows.none()
    if params.get("state") != "all":
        rows = rows.filter(active=params.get("state") != "no")
    return short_of_price(rows, day) if "short" in params else rows

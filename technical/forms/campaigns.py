"""The form of a service campaign: which vehicles, and what is to be done on each."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import VehicleModel
from sales.models import Vehicle

from ..models import Report
from .notices import words

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
VINS = 500


class CampaignForm(forms.Form):
    """Vehicles of a model, of a month of production, of a batch: all that is filled in counts; or by a list of VINs."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    symptom = words(gettext_lazy("What is to be done on each vehicle"))
    model = forms.ModelChoiceField(
        VehicleModel.objects.order_by("code"),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Model"),
    )
    month = forms.RegexField(
        MONTH, label=gettext_lazy("Month of production"), required=False, max_length=7, help_text="YYYY-MM",
        widget=forms.TextInput(attrs={"type": "month"}),
    )  # fmt: skip
    batch = forms.CharField(
        label=gettext_lazy("Batch or identification code"), max_length=60, required=False,
        help_text=gettext_lazy("The beginning of the motor, battery or controller number, or the batch of a quality report."),
    )  # fmt: skip
    vins = words(
        gettext_lazy("List of VINs"), 4, required=False, help_text=gettext_lazy("One a line, pasted.")
    )

    def clean(self) -> dict[str, Any]:
        """`vehicles` and the VINs that are `unknown`."""
        data = dict(self.cleaned_data)
        asked = list(dict.fromkeys(word.upper() for word in data.pop("vins", "").split()))
        model, month, batch = (data.pop(name, None) for name in ("model", "month", "batch"))
        if not (asked or model or month or batch):
            self.add_error("vins", _("Say which vehicles: by model, month, batch or a list of VINs."))
        if len(asked) > VINS:
            self.add_error("vins", _("At most {n} VINs at once.").format(n=VINS))
        found = list(_chosen(model, month, batch, asked[:VINS])) if not self.errors else []
        there = {vehicle.vin for vehicle in found}
        return data | {"vehicles": found, "unknown": [vin for vin in asked if vin not in there]}


def _chosen(model: Any, month: str | None, batch: str | None, vins: list[str]) -> Any:
    """Those of the list, and those that fit all the rest; one more than can be called in is enough to say so."""
    fits = Q(model=model) if model else Q()
    if month:
        year, number = month.split("-")
        fits &= Q(built_on__year=int(year), built_on__month=int(number))
    fits &= _of_batch(batch) if batch else Q()
    wanted = Q(vin__in=vins) | fits if model or month or batch else Q(vin__in=vins)
    return Vehicle.objects.filter(wanted).select_related("customer__person", "model").order_by("vin")[:1000]


def _of_batch(batch: str) -> Q:
    numbers = [Q(**{f"{name}__istartswith": batch}) for name in ("motor_no", "battery_no", "controller_no")]
    reported = Report.objects.filter(batch__iexact=batch).exclude(vin="").values("vin")
    return numbers[0] | numbers[1] | numbers[2] | Q(vin__in=reported)

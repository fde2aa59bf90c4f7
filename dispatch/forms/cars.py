"""The forms of a car, of a refuelling and of a fine (E03, E05, E06)."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.widgets import Day
from repairs.forms import day, moment

from ..models import Car
from .fields import CarField, PersonField, odometer

PLATE = re.compile(r"[\u4e00-\u9fffA-Z0-9][\u4e00-\u9fffA-Z0-9·-]{3,11}")


def decimal(label: Any) -> forms.DecimalField:
    """As it is typed; how fine and how large it may be is the service's to say, at this field."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(label=label, max_digits=12, widget=widget)


class CarForm(forms.ModelForm):
    """A car of the register. `seen`: the state that the page showed, so that nobody overwrites what another entered."""

    odometer = odometer(required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Car
        fields = ("plate", "name", "seats", "insured_until", "service_on", "note", "active")
        widgets = {"insured_until": Day, "service_on": Day}
        error_messages = {
            "plate": {"unique": gettext_lazy("A car with this number plate is registered already.")}
        }

    field_order = ("plate", "name", "seats", "odometer", "insured_until", "service_on", "note", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seats"].widget.attrs |= {"min": 1, "max": 60}
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.revision
            self.fields["odometer"].help_text = _("Stands at {km} km; fill it in only to correct it.").format(
                km=f"{self.instance.odometer:,}"
            )

    def clean_plate(self) -> str:
        plate = "".join(self.cleaned_data["plate"].split()).upper()
        if not PLATE.fullmatch(plate):
            raise forms.ValidationError(_("A number plate as it stands on the car: no blanks, no strokes."))
        return plate

    def clean_seats(self) -> int:
        seats = int(self.cleaned_data["seats"])
        if not 1 <= seats <= 60:
            raise forms.ValidationError(_("Between 1 and 60 seats."))
        return seats

    def _date(self, name: str) -> Any:
        found = self.cleaned_data[name]
        if found and not 2000 <= found.year <= 2100:
            raise forms.ValidationError(_("Please look at the year."))
        return found

    def clean_insured_until(self) -> Any:
        return self._date("insured_until")

    def clean_service_on(self) -> Any:
        return self._date("service_on")


class FuelForm(forms.Form):
    day = day(gettext_lazy("Day"), required=True)
    litres = decimal(gettext_lazy("Litres or kWh"))
    amount = decimal(gettext_lazy("Amount in yuan"))
    odometer = odometer()
    place = forms.CharField(label=gettext_lazy("Station"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate


class AtTheWheel(forms.Form):
    """Which car and when: that tells the trip, and the trip the driver."""

    car = CarField()
    happened_at = moment(gettext_lazy("Happened at"), required=True)


class FineForm(AtTheWheel):
    """A notice of the traffic police; `driver` is asked only where no trip tells it (8.4)."""

    driver = PersonField(label=gettext_lazy("Who drove"), required=False)
    notice = forms.CharField(label=gettext_lazy("Number of the notice"), max_length=40)
    offence = forms.CharField(label=pgettext_lazy("fine", "What for"), max_length=200)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=120, required=False)
    amount = decimal(gettext_lazy("Amount in yuan"))
    field_order = ("car", "happened_at", "driver", "notice", "offence", "place", "amount")

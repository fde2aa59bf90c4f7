"""The forms of a parcel."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms import Picture
from deadlines.papers import StepForm

from ..models import Shipment
from .store import amount


def photo() -> Picture:
    """With the phone's camera, of the waybill at the counter."""
    return Picture(label=_("Photo of the waybill"))


class PackForm(forms.Form):
    content = forms.CharField(label=_("What is inside"), max_length=300, required=False)


class SendForm(StepForm):
    carrier = forms.CharField(label=_("Carrier"), max_length=40)
    waybill = forms.CharField(label=_("Waybill number"), max_length=60)
    terms = forms.ChoiceField(label=_("Freight"), choices=Shipment.Terms.choices)
    cost = amount(label=_("Freight cost"), help_text=_("Compulsory when it is prepaid."))
    photo = photo()

    def prepare(self) -> None:
        self.fields["cost"].sometimes = True  # type: ignore[attr-defined]  # neither “required” nor “optional” would be true


class DeliverForm(StepForm):
    how = forms.CharField(label=_("Received by, told by"), max_length=120)
    cost = amount(label=_("Freight cost"), help_text=_("When it was paid on arrival."))


class BackForm(forms.Form):
    """Freight collect, unless it says otherwise: what it costs is known on arrival (4.6)."""

    content = forms.CharField(label=_("What is inside"), max_length=300)
    carrier = forms.CharField(label=_("Carrier"), max_length=40)
    waybill = forms.CharField(label=_("Waybill number"), max_length=60)
    terms = forms.ChoiceField(
        label=_("Freight"), choices=Shipment.Terms.choices, initial=Shipment.Terms.COLLECT, required=False,
        help_text=_("What you prepaid you claim with your trip (8.2)."),
    )  # fmt: skip
    photo = photo()

    def clean_terms(self) -> str:
        return self.cleaned_data["terms"] or Shipment.Terms.COLLECT

"""The form of a hand-over (2.1), filled on the phone beside the vehicle, and that of its correction."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms import Picture, Signed
from aftersales.phones import PhoneField
from aftersales.widgets import Day, TapChecks
from catalogue.models import VehicleModel

from .briefing import Checklist
from .forms import CustomerField
from .models import CustomerKind, Delivery, Vehicle

LARGEST_READING = 9_999_999
CONSENT = _(
    "The customer has read the privacy notice and agrees that we keep his data for service and call him back."
)


class BriefingForm(forms.Form):
    """What a first record and its correction share."""

    delivered_on = forms.DateField(
        label=_("Date of delivery"), widget=Day, help_text=_("Warranty counts from here.")
    )
    reading = forms.IntegerField(
        label=_("Kilometres or hours at delivery"), required=False, min_value=0, max_value=LARGEST_READING
    )
    accessories = forms.CharField(label=_("Accessories handed over"), max_length=300, required=False)
    explained = forms.MultipleChoiceField(
        label=_("Explained to the customer"), widget=TapChecks, required=False
    )
    reason = forms.CharField(
        label=_("Why points were left open"), max_length=300, required=False,
        help_text=_("Only if a point above is not ticked."), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    consent = forms.BooleanField(label=CONSENT, required=False)
    signer = forms.CharField(label=_("Customer signs: name"), max_length=60, required=False)
    strokes = Signed(label=_("Signature"), required=False, max_length=200_000)

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        self.fields["explained"].choices = list(checklist.points.items())  # type: ignore[attr-defined]


class DeliveryForm(BriefingForm):
    """A vehicle and a customer, known or new, and everything that is explained."""

    vin = forms.CharField(label=_("VIN"), max_length=40, help_text=_("As stamped on the frame."))
    model = forms.ModelChoiceField(
        VehicleModel.objects.none(), label=_("Vehicle model"), to_field_name="code", required=False,
        help_text=_("Only for a VIN that is not registered yet."),
    )  # fmt: skip
    customer = CustomerField(
        label=_("Customer number"),
        max_length=20,
        required=False,
        help_text=_("Of a known customer; a new one is named below."),
    )
    name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    organisation = forms.CharField(label=_("Customer or company"), max_length=120, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    region = forms.CharField(label=_("Province, city, district"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind.choices, required=False)
    photo = Picture(label=_("Photo of the hand-over"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = VehicleModel.objects.filter(discontinued=False)  # type: ignore[attr-defined]
        self.fields["signer"].required = True


class CorrectionForm(BriefingForm):
    """Everything of the version before, and why it is corrected; signed anew where more was explained."""

    correction = forms.CharField(
        label=_("Why it is corrected"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ["correction"]

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        kwargs["initial"] = {
            name: getattr(delivery, name)
            for name in ("delivered_on", "reading", "accessories", "explained", "reason", "consent")
        }
        super().__init__(*args, **kwargs)
        self.fields["signer"].help_text = _(
            "Needed if more points are ticked than before, he now agrees, or the day is another."
        )


def beginning(vehicle: Vehicle | None, vin: str, today: Any) -> dict[str, Any]:
    """What the form says before anybody has typed: the vehicle's own facts."""
    found: dict[str, Any] = {"vin": vin, "delivered_on": today}
    if vehicle is None:
        return found
    found |= {"vin": vehicle.vin, "delivered_on": vehicle.delivered_on or today}
    return found | ({"customer": vehicle.customer.number} if vehicle.customer else {})

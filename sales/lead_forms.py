"""Forms of leads and sales; pages and API take the same."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.selectors import members
from aftersales.charter import Department
from aftersales.forms import Yuan
from aftersales.phones import PhoneField
from aftersales.widgets import Day, Moment, TapCards
from catalogue.models import VehicleModel
from deadlines.papers import StepForm

from .around import Around, came_late
from .forms import CustomerField, narrow
from .lead_selectors import buyers_of
from .models import How, LostWhy, Vehicle, Wanted
from .selectors import customers_for

SHORT = forms.Textarea(attrs={"rows": 2})
TALKS = [(value, label) for value, label in How.choices if value != How.WEBSITE]
MOST = 500  # vehicles wanted or sold at once


def words(label: Any, limit: int, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, required=required, widget=SHORT, help_text=help_text
    )


class WishForm(forms.Form):
    """What the customer wants to buy."""

    model = forms.ModelChoiceField(
        VehicleModel.objects.none(),
        label=_("Model he is interested in"),
        to_field_name="code",
        required=False,
    )
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST, initial=1)
    wanted = forms.ChoiceField(
        label=_("When does he want to buy?"), choices=Wanted.choices, initial=Wanted.LATER
    )
    words = words(_("What the customer wants"), 500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = VehicleModel.objects.order_by("code")  # type: ignore[attr-defined]  # a choice of models


class LeadForm(WishForm):
    """A lead by one of our people: a customer of ours, or a new person; with his consent (4.2, PIPL 14)."""

    ticket = forms.CharField(label=_("Ticket"), max_length=20, required=False, widget=forms.HiddenInput)
    customer = CustomerField(
        label=_("Customer number"),
        max_length=20,
        required=False,
        help_text=_("Blank for somebody who is not a customer yet."),
    )
    name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    organisation = forms.CharField(label=_("Customer or company"), max_length=120, required=False)
    region = forms.CharField(label=_("Province, city, district"), max_length=60, required=False)
    consent = forms.BooleanField(
        label=_("The customer agreed that our sales department calls him about a new vehicle"), required=True,
        error_messages={"required": _("Without the customer's own consent a lead is not passed on (4.2).")},
    )  # fmt: skip
    consent_how = forms.ChoiceField(label=_("How did he agree?"), choices=TALKS, widget=TapCards)
    consent_at = forms.DateTimeField(
        label=_("When did he agree?"), widget=Moment, required=False, help_text=_("Blank: just now.")
    )

    field_order = [
        "ticket",
        "customer",
        "name",
        "phone",
        "organisation",
        "region",
        "model",
        "quantity",
        "wanted",
        "words",
    ]

    def __init__(self, *args: Any, known: bool = False, user: Any = None, **kwargs: Any) -> None:
        """`known`: the ticket says who the customer is; without it `user` names only whom he may open."""
        super().__init__(*args, **kwargs)
        if user is not None:
            narrow(self.fields["customer"], customers_for(user))
        for name in ("customer", "name", "phone", "organisation", "region") if known else ():
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "customer" in self.fields and not found.get("customer") and "customer" not in self.errors:
            for name in ("name", "phone"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("A customer's number, or name and phone."))
        return found


class AssignForm(StepForm):
    seller = forms.ModelChoiceField(
        queryset=members(Department.SALES).none(), to_field_name="username", label=_("Salesperson")
    )
    reason = words(_("Reason"), 300, required=True)

    def prepare(self) -> None:
        self.fields["seller"].queryset = members(Department.SALES).order_by("name", "pk")  # type: ignore[attr-defined]  # as above


class FollowForm(StepForm):
    """What was said, and who does what next when."""

    how = forms.ChoiceField(label=_("How did you speak?"), choices=TALKS, widget=TapCards)
    talked_at = forms.DateTimeField(label=_("When"), widget=Moment)
    said = words(pgettext_lazy("lead", "What came of it"), 500, required=True)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(
        label=_("On"),
        widget=Day,
        required=False,
        help_text=_("Blank: you are reminded after a few working days."),
    )

    def prepare(self) -> None:
        self.fields["talked_at"].initial = timezone.localtime().replace(second=0, microsecond=0)


class LoseForm(StepForm):
    why = forms.ChoiceField(
        label=_("Why"),
        choices=[(v, label) for v, label in LostWhy.choices if v != LostWhy.EARLIER],
        widget=TapCards,
    )
    note = words(_("Note"), 300)
    says = _(
        "The lead still counts until its last day: if the customer buys before, the fee is owed all the same (4.2)."
    )


class VehiclesField(forms.CharField):
    """VINs, one a line; each stands in the register."""

    def clean(self, value: Any) -> list[Vehicle]:
        wanted = list(dict.fromkeys(word.upper() for word in super().clean(value).split()))[:MOST]
        found = {row.vin: row for row in Vehicle.objects.filter(vin__in=wanted)}
        missing = [vin for vin in wanted if vin not in found]
        if missing:
            raise forms.ValidationError(
                _("Not registered: %(vins)s"), "unknown", {"vins": ", ".join(missing[:5])}
            )
        return [found[vin] for vin in wanted]


def commission() -> Yuan:
    return Yuan(label=_("Your commission in yuan"), min_value=Decimal(0), decimal_places=2)


def price() -> Yuan:
    return Yuan(label=_("Price in yuan"), required=False, decimal_places=2)


class SaleForm(forms.Form):
    """A sale as the salesperson writes it down."""

    customer = CustomerField(label=_("Customer number"), max_length=20)
    sold_on = forms.DateField(label=_("Sold on"), widget=Day)
    model = forms.ModelChoiceField(
        VehicleModel.objects.none(), label=_("Vehicle model"), to_field_name="code", required=False
    )
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST, initial=1)
    vehicles = VehiclesField(
        label=_("VINs"),
        max_length=9000,
        required=False,
        widget=SHORT,
        help_text=_("One a line, as far as they are registered."),
    )
    price = price()
    commission = commission()

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        """`user` names only whom he may open, or whose lead or vehicle is in his hand."""
        super().__init__(*args, **kwargs)
        if user is not None:
            narrow(self.fields["customer"], buyers_of(user))
        self.fields["model"].queryset = VehicleModel.objects.order_by("code")  # type: ignore[attr-defined]  # as above
        self.fields["sold_on"].initial = timezone.localdate()


class ConfirmForm(StepForm):
    """One tap; a reason where a lead came between the day of the sale and its entry."""

    reason = words(_("Why this day is right"), 300)

    def prepare(self) -> None:
        if self.paper is None:
            return
        late = Around(self.paper).late
        if not late:
            del self.fields["reason"]
        else:
            self.fields["reason"].required, self.says = True, came_late(late)


class CorrectForm(StepForm):
    """The amounts once more."""

    price = price()
    commission = commission()

    def known(self, paper: Any) -> dict[str, Any]:
        return {"price": paper.price, "commission": paper.commission}


class ReasonForm(StepForm):
    reason = words(pgettext_lazy("sale", "Reason"), 300, required=True)


def unknown_person(entries: dict[str, Any]) -> dict[str, str]:
    """The words of somebody new, for the one table of personal data."""
    return {name: entries.get(name) or "" for name in ("name", "phone", "organisation")}

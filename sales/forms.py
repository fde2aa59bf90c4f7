"""Forms of the sales desk: vehicles, customers, requests to erase."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aftersales.phones import PhoneField
from aftersales.widgets import Day, Lookup
from catalogue.forms import Workbook
from catalogue.models import VehicleModel

from .identity import UNKNOWN
from .models import Customer, CustomerKind, Vehicle
from .selectors import customers_for, state_of, who_is_now


class CustomerInput(Lookup):
    """A customer by number, name, company or phone."""

    route = "sales:customer_options"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"placeholder": _("Name, company, phone or number")} | (attrs or {}))


class CustomerField(forms.CharField):
    """A customer by number (GK…): who he is now, if he was merged since (A23). `as_is`: exactly the row with this number.

    `among`: whom this person may name; any other number reads as if there were none (J09).
    """

    widget = CustomerInput
    unknown, takes_erased = UNKNOWN, False
    among: QuerySet[Customer] | None = None

    def __init__(self, *args: Any, as_is: bool = False, **kwargs: Any) -> None:
        self.as_is = as_is
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> Customer | None:
        number = super().clean(value).strip().upper()
        if not number:
            return None
        found = Customer.objects.filter(number=number).first()
        if found is not None and not self.as_is:
            found = who_is_now(found)
        if found is None or not self._opens(found):
            raise forms.ValidationError(self.unknown, "unknown")
        return found

    def _opens(self, found: Customer) -> bool:
        if found.erased_at is not None and not self.takes_erased:
            return False
        return self.among is None or self.among.filter(pk=found.pk).exists()


def narrow(field: Any, among: QuerySet[Customer]) -> None:
    """Let a form's field take only these customers."""
    field.among = among


def _seen(form: forms.Form, row: Any) -> None:
    """The state that the page shows travels with it, so that nobody overwrites what another entered."""
    form.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=state_of(row))


class VehicleForm(forms.Form):
    """Register or change a vehicle (2.1, 3.2)."""

    vin = forms.CharField(label=_("VIN"), max_length=40, help_text=_("As stamped on the frame."))
    model = forms.ModelChoiceField(
        VehicleModel.objects.none(), label=_("Vehicle model"), to_field_name="code"
    )
    plate = forms.CharField(label=_("Plate or own number"), max_length=20, required=False)
    built_on = forms.DateField(label=_("Date of manufacture"), required=False, widget=Day)
    delivered_on = forms.DateField(
        label=_("Date of delivery"), required=False, widget=Day, help_text=_("Warranty counts from here.")
    )
    motor_no = forms.CharField(label=_("Motor number"), max_length=40, required=False)
    battery_no = forms.CharField(label=_("Battery number"), max_length=40, required=False)
    controller_no = forms.CharField(label=_("Controller number"), max_length=40, required=False)
    customer = CustomerField(label=_("Customer number"), max_length=20, required=False)
    seller = forms.ModelChoiceField(
        User.objects.none(), label=_("Salesperson"), required=False, to_field_name="username"
    )

    def __init__(
        self, *args: Any, vehicle: Vehicle | None = None, sellers: Any = None, user: Any = None, **kwargs: Any
    ) -> None:
        """`sellers`: who may be named as its salesperson; without them it stays as it is. `user` names only whom he may open,
        or whose the vehicle is already."""
        if vehicle is not None:
            kwargs["initial"] = known(vehicle)
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = VehicleModel.objects.all()  # type: ignore[attr-defined]  # a choice of models
        if user is not None:
            his = Q(pk__in=customers_for(user).values("pk")) | Q(pk=vehicle and vehicle.customer_id)
            narrow(self.fields["customer"], Customer.objects.filter(his))
        if sellers is None:
            del self.fields["seller"]
        else:
            self.fields["seller"].queryset = sellers  # type: ignore[attr-defined]  # a choice of people
        if vehicle is not None:
            del self.fields["vin"]
            _seen(self, vehicle)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        built, delivered = found.get("built_on"), found.get("delivered_on")
        if built and delivered and delivered < built:
            self.add_error("delivered_on", _("A vehicle is not delivered before it is built."))
        return found


def known(vehicle: Vehicle) -> dict[str, Any]:
    names = ("plate", "built_on", "delivered_on", "motor_no", "battery_no", "controller_no")
    customer = vehicle.customer.number if vehicle.customer else ""
    return {n: getattr(vehicle, n) for n in names} | {
        "model": vehicle.model.code, "customer": customer, "seller": vehicle.seller and vehicle.seller.username,
    }  # fmt: skip


class CustomerForm(forms.Form):
    """A customer's words (they go to the one table of personal data) and facts."""

    name = forms.CharField(label=_("Contact"), max_length=60)
    phone = PhoneField(label=_("Phone"), required=False)
    alt_phone = PhoneField(label=_("Second phone"), required=False)
    organisation = forms.CharField(label=_("Customer or company"), max_length=120, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    region = forms.CharField(label=_("Province, city, district"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind.choices)

    def __init__(self, *args: Any, customer: Customer | None = None, **kwargs: Any) -> None:
        if customer is not None:
            kwargs["initial"] = known_customer(customer)
        super().__init__(*args, **kwargs)
        if customer is not None:
            _seen(self, customer)


def known_customer(customer: Customer) -> dict[str, Any]:
    names = ("name", "phone", "alt_phone", "organisation", "street")
    words = {name: getattr(customer.person, name) for name in names}
    return words | {"region": customer.region, "kind": customer.kind}


class FileForm(forms.Form):
    """A workbook that comes in."""

    file = Workbook()


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(forms.Form):
    """Two rows that are one customer: the other one's papers come over."""

    gone = CustomerField(label=_("Number of the duplicate"), max_length=20, as_is=True)

"""Forms of parts-only orders (8.7)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.phones import PhoneField
from aftersales.widgets import TapCards
from deadlines.papers import StepForm
from sales.forms import CustomerField
from sales.models import CustomerKind

from .forms import EngineerField, engineers, line, text
from .models import PartsOrder


class OrderingField(CustomerField):
    """A known customer by his number (KH…); of an erased one the order says in its own words what to do (8.7)."""

    unknown, takes_erased = _("No customer has this number."), True


class NamesEngineer(StepForm):
    """The engineer who may consent to sending first (B08): he is liable for what stays unpaid (8.8)."""

    engineer = EngineerField(_("Engineer who may consent"))

    def prepare(self) -> None:
        rows = engineers()
        if self.user is not None and "CS" not in self.user.roles:
            rows = rows.filter(pk=self.user.pk)
        self.fields["engineer"].queryset = rows  # type: ignore[attr-defined]  # a choice of people


class OrderForm(NamesEngineer):
    """A parts-only order (8.7): a known customer by number, or a new one by his words."""

    customer = OrderingField(label=_("Number of a known customer"), required=False, max_length=20)
    name = line(_("Contact: the parts go to"), limit=60, help_text=_("Leave empty for the customer's own contact."))  # fmt: skip
    phone = PhoneField(label=_("Phone"), required=False)
    organisation = line(_("Customer or company"), limit=120)
    region = line(_("Province, city, district"), limit=60)
    street = line(_("Street and number"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=CustomerKind.choices, widget=TapCards, required=False, initial=CustomerKind.PRIVATE
    )  # fmt: skip
    remark = text(_("What the customer wants"), rows=3, limit=1000)
    field_order = [
        "customer",
        "name",
        "phone",
        "organisation",
        "region",
        "street",
        "kind",
        "remark",
        "engineer",
    ]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or CustomerKind.PRIVATE

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("customer") and not self.errors.get("customer") and not found.get("name"):
            self.add_error("name", _("Name the person to whom the parts go, or a known customer."))
        if not found.get("customer") and not self.errors and not found.get("phone"):
            self.add_error("phone", _("A new customer needs a phone number."))
        return found


class EditOrderForm(NamesEngineer):
    remark = text(_("What the customer wants"), rows=3, limit=1000)

    def known(self, paper: PartsOrder) -> dict[str, Any]:
        return {"engineer": paper.engineer.username, "remark": paper.remark}

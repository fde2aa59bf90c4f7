"""Forms of the catalogue: a model, and a term of warranty from a day on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.widgets import Day

from .models import VehicleModel, WarrantyTerm


class ModelForm(forms.ModelForm):
    class Meta:
        model = VehicleModel
        fields = ["code", "name", "family", "counts_hours", "discontinued"]


class TermForm(forms.ModelForm):
    """A new term; a term that vehicles were delivered under is never changed, the next one begins later."""

    class Meta:
        model = WarrantyTerm
        fields = ["part_group", "since", "months", "km", "hours"]
        widgets = {"since": Day}

    def __init__(self, *args: Any, of: VehicleModel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        del self.fields["km" if of.counts_hours else "hours"]

    def clean(self) -> dict[str, Any]:
        found: Any = super().clean() or {}
        same = self.of.terms.filter(part_group=found.get("part_group"), since=found.get("since"))
        if same.exists():
            self.add_error("since", _("This part group has a term from this day on already."))
        return found

"""The duty roster of 3.1."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department
from aftersales.widgets import Moment

from ..models import DutyShift
from ..selectors import members


class ShiftForm(forms.ModelForm):
    class Meta:
        model = DutyShift
        fields = ["kind", "user", "begins_at", "ends_at", "mobile"]
        widgets = {"begins_at": Moment, "ends_at": Moment}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_call = members(Department.SERVICE) | members(Department.FINANCE)
        self.fields["user"].queryset = on_call.order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["user"].empty_label = "—"  # type: ignore[attr-defined]  # as above
        self.fields["mobile"].help_text = _("The mobile to which the hotline is forwarded.")

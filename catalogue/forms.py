"""Forms of the catalogue: models and terms, parts proposed by hand or from a file, price lists and rates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from aftersales.widgets import Day, TapChecks

from . import cells
from .models import Part, PriceLine, PriceList, RateLine, VehicleModel, WarrantyTerm, label_of
from .services.parts import FACTS


class ModelForm(forms.ModelForm):
    class Meta:
        model = VehicleModel
        fields = ["code", "name", "family", "counts_hours", "discontinued"]


class TermForm(forms.ModelForm):
    """A new term to propose; a term that vehicles were delivered under is never changed, the next one begins later."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Read by the person who approves it.")
    )

    class Meta:
        model = WarrantyTerm
        fields = ["part_group", "since", "months", "km", "hours"]
        widgets = {"since": Day}

    def __init__(self, *args: Any, of: VehicleModel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        del self.fields["km" if of.counts_hours else "hours"]

    def clean_months(self) -> int:
        months = int(self.cleaned_data["months"])
        if months < 1:
            raise forms.ValidationError(_("A term has at least one month."), "months")
        return months

    def row(self) -> dict[str, Any]:
        """A row for `propose_terms`."""
        return {"model": self.of} | {n: v for n, v in self.cleaned_data.items() if n != "reason"}


# --- parts
class CodeField(forms.CharField):
    """A code as the sheets have it."""

    def clean(self, value: Any) -> str:
        found = super().clean(value)
        try:
            return cells.code(found) if found else ""
        except BadEntry as wrong:
            raise forms.ValidationError(str(wrong), "code") from wrong


class PartField(CodeField):
    """A part by its code."""

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        found = Part.objects.filter(code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no part with this code."), "unknown")
        return found


class PartForm(forms.ModelForm):
    """What is known of a part, all of it; saved by nobody but the person who approves the proposal."""

    code = CodeField(label=label_of(Part, "code"), max_length=40)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Read by the person who approves it.")
    )

    class Meta:
        model = Part
        fields = ["code", *FACTS, "fits"]
        help_texts = {"fits": _("None chosen: it fits every model.")}
        widgets = {"fits": TapChecks}

    def __init__(self, data: Any = None, *, part: Part | None = None) -> None:
        super().__init__(data, instance=part)
        if part is not None:
            del self.fields["code"]

    def facts(self) -> dict[str, Any]:
        """A row for `propose_parts`."""
        found = {name: self.cleaned_data[name] for name in FACTS}
        code = self.instance.code if "code" not in self.fields else self.cleaned_data["code"]
        return found | {"code": code, "fits": [model.code for model in self.cleaned_data["fits"]]}


class NewPartForm(PartForm):
    """A part whose code nobody has used yet."""

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Part.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("This part is known already; change it on its page."), "known")
        return code


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class Workbook(forms.FileField):
    """An Excel file, as far as its name says."""

    widget = forms.ClearableFileInput

    def __init__(self, **kwargs: Any) -> None:
        accept = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        super().__init__(label=_("Excel file"), widget=forms.FileInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if getattr(found, "refused", ""):
            raise forms.ValidationError(_("This file is too large."), "large")
        return found


class PartsFileForm(ReasonForm):
    file = Workbook()
    field_order = ["file", "reason"]


class ListForm(forms.ModelForm):
    """A list's head; its day is today at the earliest, and judged again when it is published."""

    class Meta:
        model = PriceList
        fields = ["title", "effective_on"]
        widgets = {"effective_on": Day}


class PricesFileForm(ListForm):
    file = Workbook()
    field_order = ["file", "title", "effective_on"]


def _yuan(field: Any, **more: Any) -> Any:
    return field.formfield(min_value=0, **more)


class PriceForm(forms.Form):
    """One part's price in a draft."""

    part = PartField(label=_("Part code"), max_length=40)
    price = _yuan(PriceLine._meta.get_field("price"))
    cost = _yuan(PriceLine._meta.get_field("cost"), required=False)

    def clean(self) -> dict[str, Any]:
        return _fair(self, "price", "cost")


class RateForm(forms.ModelForm):
    """The rate of one kind of work in a draft."""

    code = CodeField(label=_("code"), max_length=40)
    price = _yuan(RateLine._meta.get_field("price"))

    class Meta:
        model = RateLine
        fields = ["kind", "code", "name", "unit", "price"]

    def clean(self) -> dict[str, Any]:
        return _fair(self, "price")


def _fair(form: Any, *names: str) -> dict[str, Any]:
    """Amounts as `cells.fair` takes them, its sentence at the field."""
    for name in names:
        try:
            if form.cleaned_data.get(name) is not None:
                cells.fair(form.cleaned_data[name])
        except BadEntry as wrong:
            form.add_error(name, str(wrong))
    return dict(form.cleaned_data)

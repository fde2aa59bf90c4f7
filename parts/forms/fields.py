"""Inputs of the store's forms: a part by its code or words (the quotation's own field), codes as a scanner types them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from repairs.quote_forms import PartField

from ..services.codes import clean_all

__all__ = ["CodesField", "PartField"]


class CodesField(forms.CharField):
    """Codes one under the other, as a scanner types them; blanks and commas part them too."""

    widget = forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Identification codes"))
        super().__init__(**({"required": False, "max_length": 20_000} | kwargs))

    def clean(self, value: Any) -> Any:
        words = super().clean(value).replace(",", " ").replace("，", " ").replace(";", " ").split()
        try:
            return clean_all(words)
        except BadEntry as refusal:
            raise forms.ValidationError(str(refusal)) from None

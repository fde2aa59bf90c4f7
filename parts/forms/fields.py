"""Inputs of the store's forms: a part by its code or words, identification codes as a scanner types them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry
from catalogue.models import Part

from ..services.codes import clean_all


class PartField(forms.CharField):
    """A part by its code, or by words that only one part has; else the field says which ones fit."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Code, or words of name, specification or pinyin initials."))
        super().__init__(max_length=80, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        rows = Part.objects.filter(active=True)
        exact = rows.filter(code__iexact=text).first() if text else None
        if exact is not None or not text:
            return exact
        found = list(rows.found_by(text)[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No part of this code or name is known."), "unknown")
        names = " · ".join(f"{part.code} {part.name}" for part in found[:5])
        raise forms.ValidationError(
            _("Several parts fit: %(names)s. Type the code."), "several", {"names": names}
        )


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

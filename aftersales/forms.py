"""How every form is drawn: Django's own forms through templates/django/forms/; and how yuan are read, everywhere alike."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

#: Django's own sentences that our catalogue says in other words
REWORDED = (gettext_noop("This field is required."),)


class Renderer(TemplatesSetting):
    """Named in FORM_RENDERER; label, help and error stand at the field, in that order."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"


#: what people put around a number of yuan, as the portal itself prints it: ¥1,000.50 or 1000.50元
AROUND = str.maketrans(dict.fromkeys(",，¥￥元 \u00a0\u3000"))


def plain_amount(text: str) -> str:
    """Only what stands for the number: “¥1,000.50” → “1000.50”."""
    return text.translate(AROUND)


class Yuan(forms.DecimalField):
    """An amount as it is typed or copied; how fine and how large it may be is the service's to say, at this field."""

    def __init__(self, *, inputmode: str = "decimal", **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": inputmode, "autocomplete": "off"})
        super().__init__(**({"label": _("Amount in yuan"), "max_digits": 12, "widget": widget} | kwargs))

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_amount(value) if isinstance(value, str) else value)

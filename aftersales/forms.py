"""How every form is drawn: Django's own forms through templates/django/forms/; and how yuan are read, everywhere alike."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from .money import plain_amount

#: Django's own sentences that our catalogue says in other words
REWORDED = (gettext_noop("This field is required."),)


class Renderer(TemplatesSetting):
    """Named in FORM_RENDERER; label, help and error stand at the field, in that order."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"


class Yuan(forms.DecimalField):
    """An amount as it is typed or copied; how fine and how large it may be is the service's to say, at this field."""

    def __init__(self, *, inputmode: str = "decimal", **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": inputmode, "autocomplete": "off"})
        facts: dict[str, Any] = {"label": _("Amount in yuan"), "max_digits": 12, "widget": widget} | kwargs
        super().__init__(**facts)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_amount(value) if isinstance(value, str) else value)

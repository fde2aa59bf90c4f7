"""How every form is drawn: Django's own forms through templates/django/forms/; and how yuan are read, everywhere alike."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from . import files
from .money import plain_amount
from .paper.drawings import strokes_of
from .problems import BadEntry
from .widgets import Photo, Signature, TapChecks

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


class Signed(forms.CharField):
    """A signature drawn on glass, or nothing: strokes as `paper.drawings.strokes_of` reads them."""

    widget = Signature

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not strokes_of(value):
            raise ValidationError(_("The signature could not be read. Please sign again."), code="unread")


class OneOf(forms.ChoiceField):
    """One of some rows, by a name that people and programs know; what comes out is the row, or None where none was chosen."""

    rows: dict[str, Any] = {}

    def offer(self, rows: Mapping[str, Any], label: Callable[[str, Any], Any]) -> None:
        """`rows`: name → row; `label` says in words which one it is."""
        self.rows = dict(rows)
        none = [] if self.required else [("", "–")]
        self.choices = [*none, *((name, label(name, row)) for name, row in self.rows.items())]

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))


class Several(forms.MultipleChoiceField):
    """Rows ticked by a name that people and programs know; what comes out are the rows."""

    widget = TapChecks

    def offer(self, rows: Iterable[Any], key: str, label: Callable[[Any], Any] = str) -> None:
        self.rows = {str(getattr(row, key)): row for row in rows}
        self.choices = [(name, label(row)) for name, row in self.rows.items()]

    def clean(self, value: Any) -> list[Any]:
        return [self.rows[name] for name in super().clean(value)]


class Picture(forms.FileField):
    """One picture, judged and kept as it arrives: a form that is refused for something else remembers it."""

    def __init__(self, **kwargs: Any) -> None:
        facts: dict[str, Any] = {"required": False, "widget": Photo, "allow_empty_file": True} | kwargs
        super().__init__(**facts)

    def clean(self, data: Any, initial: Any = None) -> files.Kept | None:
        if isinstance(data, files.Kept):
            return data
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            stored = files.take(upload, "image")
        except BadEntry as refusal:
            raise ValidationError(str(refusal)) from refusal
        upload.kept = files.Kept(stored.sha256, stored.kind, stored.size, upload.name[-60:])
        return upload.kept

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was sent, for the widget to show; Django forgets it."""
        return data

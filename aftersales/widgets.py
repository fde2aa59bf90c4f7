"""Inputs that Django does not have; each works as a plain field without JavaScript."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .files import Kept, limits, unseal


class PlainSelect(forms.Select):
    """A choice from one flat list, drawn without a template: a list's filter has six of them (performance P1)."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        marks = {chosen: mark_safe(" selected")}
        options = ((key, marks.get(str(key), ""), label) for key, label in self.choices)
        drawn = format_html_join("", '<option value="{}"{}>{}</option>', options)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.attrs | (attrs or {})), drawn
        )


class Moment(forms.DateTimeInput):
    """A date and time in the browser's own picker, in the company's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    """A date in the browser's own picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Lookup(forms.TextInput):
    """Words or a number: what answers to it is offered while one types, by the page named `route`; without scripts the server
    says what is wrong."""

    template_name, route = "django/forms/widgets/lookup.html", ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["search"] = reverse(self.route)
        return context


class TapCards(forms.RadioSelect):
    """One of a few answers as large cards; `hints` maps a value to the line below its label."""

    template_name = "django/forms/widgets/cards.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, choices: Any = (), hints: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = hints or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"hint": self.hints.get(str(value), "")}


class Stars(TapCards):
    """Grades from 1 to 5 as stars: the chosen one and those before it are filled, by the style sheet alone."""

    template_name = "django/forms/widgets/stars.html"


class TapChecks(forms.CheckboxSelectMultiple):
    """Several of a few answers, in the same cards."""

    template_name = "django/forms/widgets/cards.html"


class Photos(forms.ClearableFileInput):
    """Several pictures: made small in the browser before they travel; a plain file field without scripts."""

    template_name = "django/forms/widgets/photos.html"
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None, limit: int = 9) -> None:
        super().__init__({"multiple": True, "accept": "image/*"} | (attrs or {}))
        self.limit = limit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["limit"] = self.limit
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class Pieces(Photos):
    """Photos and short videos that travel at once, in pieces, while the rest is still being typed (`static/js/pieces.js`);
    a plain file field without scripts. `address` answers the pieces."""

    template_name = "django/forms/widgets/pieces.html"

    def __init__(
        self, address: Any, *, limit: int = 9, about: str = "", accept: str = "image/*,video/*"
    ) -> None:
        super().__init__({"accept": accept, "multiple": limit > 1}, limit)
        self.address, self.about = address, about

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"about": self.about, "address": self.address, "most": limits}
        return context


class Position(forms.HiddenInput):
    """Where the phone is, asked only when its holder taps; nothing is shown where the browser cannot say it."""

    input_type = "hidden"
    template_name = "django/forms/widgets/position.html"

    @property
    def is_hidden(self) -> bool:
        return False


class Signature(forms.HiddenInput):
    """A signature drawn on glass; its value is JSON: strokes, each a list of [x, y] in thousandths."""

    input_type = "hidden"
    template_name = "django/forms/widgets/signature.html"

    @property
    def is_hidden(self) -> bool:
        return False


class Photo(forms.FileInput):
    """One picture, taken with the phone's camera or chosen; sent as it is, so that the same one is known again.

    What came with a form that was refused is shown and need not be chosen again (`aftersales.forms.Picture`).
    """

    template_name = "django/forms/widgets/photo.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", "capture": "environment"} | (attrs or {}))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["kept"] = value if isinstance(value, Kept) else getattr(value, "kept", None)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name) or unseal(data.get(f"{name}-kept") or "")

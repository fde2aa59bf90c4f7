"""The same Django form serves page and API: JSON in, a JSON schema out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .problems import BadEntry, Refusal

KINDS: list[tuple[type[forms.Field], dict[str, Any]]] = [
    (forms.BooleanField, {"type": "boolean"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.FileField, {"type": "array", "items": {"type": "string", "format": "binary"}}),
    (forms.MultipleChoiceField, {"type": "array", "items": {"type": "string"}}),
]
ENVELOPE = {"operation", "csrfmiddlewaretoken"}  # what a browser's form sends beside its entries
Names = Mapping[str, str]


class Unreadable(Refusal):
    """A body that is no set of entries."""

    status = 400


def bound(
    form: type[forms.BaseForm], body: Any, files: Any = None, also: Names | None = None, **more: Any
) -> Any:
    """The form filled from JSON (a mapping) or from multipart data.

    What is missing stays as the paper has it; null empties an entry. `also` maps other names to the form's own.
    A name that the form does not know is refused, so that nothing is lost by a slip of the pen.
    """
    if not isinstance(body, Mapping):
        raise Unreadable(_("The body must be one JSON object with the entries of the form."))
    blank = form(**more)
    data: dict[str, Any] = _known(blank)
    for name, value in _given(body):
        own = _own_name(blank, name, also or {})
        data.pop(own, None)
        if value is not None:
            data[own] = _plain(blank.fields[own], name, value)
    return form(data=data, files=_renamed(files, also or {}), **more)


def _given(body: Any) -> list[tuple[str, Any]]:
    """Name and value of every entry; of a browser's form, lists where several were sent."""
    if not isinstance(body, QueryDict):
        return list(body.items())
    pairs = [(name, values) for name, values in body.lists() if name not in ENVELOPE]
    return [
        (name, values[0] if len(values) == 1 else values) for name, values in pairs if not _is_file(values)
    ]


def _is_file(values: list[Any]) -> bool:
    return any(hasattr(value, "chunks") for value in values)


def _known(blank: Any) -> dict[str, Any]:
    """What the paper says already, as the page would show and send it."""
    found = {name: blank[name].value() for name in blank.fields if name in blank.initial}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _own_name(blank: Any, name: str, also: Names) -> str:
    own = name if name in blank.fields else also.get(name, name)
    if own not in blank.fields or isinstance(blank.fields[own], forms.FileField):
        raise BadEntry(_("This form has no entry of this name."), field=name[:80])
    return own


def _plain(field: forms.Field, name: str, value: Any) -> Any:
    """A JSON value as a browser would have sent it."""
    several = isinstance(field, forms.MultipleChoiceField)
    if isinstance(value, list) and several:
        return [_plain(forms.CharField(), name, each) for each in value]
    if isinstance(value, list | dict):
        raise BadEntry(_("This entry is one value, not a list or an object."), field=name)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise BadEntry(_("This entry holds a character that is none."), field=name)
    return [text] if several else text


def _renamed(files: Any, also: Names) -> Any:
    for name in [n for n in files or () if n in also]:
        files.setlist(also[name], files.getlist(also[name]) + files.pop(name))
    return files


def schema_of(form: forms.BaseForm, also: Names | None = None, files: bool = True) -> dict[str, Any]:
    """JSON schema of a form's entries: types, choices, lengths, what is compulsory; titles in the reader's language."""
    shown = {n: f for n, f in form.fields.items() if files or not isinstance(f, forms.FileField)}
    fields = {name: _field(field) for name, field in shown.items()}
    for other, own in (also or {}).items():
        if own in fields and other not in fields:
            fields[other] = {**fields[own], "description": f"= {own}"}
    required = [name for name, field in shown.items() if field.required and name not in form.initial]
    found = {"type": "object", "properties": fields, "additionalProperties": False}
    return found | ({"required": required} if required else {})


def _field(field: forms.Field) -> dict[str, Any]:
    kind = next((k for cls, k in KINDS if isinstance(field, cls)), {"type": "string"})
    found = {**kind, "title": str(field.label or "")}
    if not field.required and not isinstance(field, forms.FileField):
        found["nullable"] = True
    if field.help_text:
        found["description"] = str(field.help_text)
    return found | _limits(field)


def _limits(field: forms.Field) -> dict[str, Any]:
    names = {"max_length": "maxLength", "min_value": "minimum", "max_value": "maximum"}
    given = {word: getattr(field, name, None) for name, word in names.items()}
    return {word: limit for word, limit in given.items() if limit is not None} | _choices(field)


def _choices(field: forms.Field) -> dict[str, Any]:
    """The values one may choose from; “true” and “false” are a boolean, grades are numbers."""
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        return {}
    offered: Any = field.choices
    values = [str(value) for value, _label in offered if value not in ("", None)]
    if isinstance(field, forms.MultipleChoiceField):  # what is offered may depend on who asks
        return {"items": {"type": "string", "enum": values}} if values else {}
    if isinstance(field, forms.TypedChoiceField) and set(values) == {"true", "false"}:
        return {"type": "boolean"}
    if isinstance(field, forms.TypedChoiceField) and all(value.isdecimal() for value in values):
        return {"type": "integer", "enum": [int(value) for value in values]}
    return {"enum": values if field.required else [*values, "", None]}


WORDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"}, "int": {"type": "integer"}, "bool": {"type": "boolean"}, "any": {},
    "moment": {"type": "string", "format": "date-time"}, "day": {"type": "string", "format": "date"},
    "object": {"type": "object", "additionalProperties": True},
}  # fmt: skip


def record(**kinds: str) -> dict[str, Any]:
    """Schema of an answer: `record(number="text", engineer="Person?", clocks="[Clock]")`; `?` may be null."""
    return {
        "type": "object",
        "properties": {n: _kind(k) for n, k in kinds.items()},
        "required": sorted(kinds),
    }


def _kind(kind: str) -> dict[str, Any]:
    if kind.startswith("["):
        return {"type": "array", "items": _kind(kind[1:-1])}
    bare = kind.rstrip("?")
    found = dict(WORDS[bare]) if bare in WORDS else ref(bare)
    if bare == kind:
        return found
    return {**found, "nullable": True} if bare in WORDS else {"allOf": [found], "nullable": True}


def ref(name: str) -> dict[str, Any]:
    """A component of the description by its name."""
    return {"$ref": f"#/components/schemas/{name}"}

"""The same Django form serves page and API: JSON in, a JSON schema out."""

from typing import Any

from django import forms
from django.http import QueryDict

KINDS: list[tuple[type[forms.Field], dict[str, Any]]] = [
    (forms.BooleanField, {"type": "boolean"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.FileField, {"type": "array", "items": {"type": "string", "format": "binary"}}),
    (forms.MultipleChoiceField, {"type": "array", "items": {"type": "string"}}),
]


def plain(value: Any) -> Any:
    """A JSON value as a browser would have sent it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | list) else str(value)


def bound(form: type[forms.BaseForm], body: Any, files: Any = None, **more: Any) -> forms.BaseForm:
    """The form filled from JSON (a mapping) or from multipart data; a missing or null entry counts as empty."""
    if isinstance(body, QueryDict):
        return form(data=body, files=files, **more)
    data = {k: plain(v) for k, v in body.items() if v is not None}
    return form(data=data, files=files, **more)


def schema_of(form: forms.BaseForm) -> dict[str, Any]:
    """JSON schema of a form's entries: types, choices, lengths, what is compulsory; titles in the reader's language."""
    fields = {name: _field(field) for name, field in form.fields.items()}
    required = [name for name, field in form.fields.items() if field.required]
    return {"type": "object", "properties": fields} | ({"required": required} if required else {})


def _field(field: forms.Field) -> dict[str, Any]:
    kind = next((k for cls, k in KINDS if isinstance(field, cls)), {"type": "string"})
    found = {**kind, "title": str(field.label or "")}
    if field.help_text:
        found["description"] = str(field.help_text)
    return found | _limits(field)


def _limits(field: forms.Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if getattr(field, "max_length", None):
        found["maxLength"] = field.max_length  # type: ignore[attr-defined]  # asked for the line above
    values = _choices(field)
    if values and isinstance(field, forms.TypedChoiceField) and set(values) <= {"true", "false"}:
        found["type"] = "boolean"
    elif values and not isinstance(field, forms.MultipleChoiceField):
        found |= {"enum": values}
    elif values:
        found["items"] = {"type": "string", "enum": values}
    return found


def _choices(field: forms.Field) -> list[str]:
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        return []
    return [str(value) for value, _label in field.choices if value not in ("", None)]

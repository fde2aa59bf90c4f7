"""A notice is stored as msgid and params and becomes words where it is read."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from aftersales.display import moments


def msgid(text: str | Promise) -> str:
    """The English original of a sentence, marked lazily or by gettext_noop."""
    if not isinstance(text, Promise):
        return text
    with translation.override(None):
        return str(text)


def pack(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Params as they are kept: lazy words as their msgid, moments as ISO texts."""
    return {name: _packed(value) for name, value in (params or {}).items()}


def _packed(value: Any) -> Any:
    if isinstance(value, Promise):
        return {"words": msgid(value)}
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    return value.isoformat() if isinstance(value, dt.date) else value


def unpack(value: Any) -> Any:
    if isinstance(value, dict) and "words" in value:
        return translation.gettext(value["words"]) if value["words"] else ""
    if isinstance(value, dict) and "moment" in value:
        return moments.due(dt.datetime.fromisoformat(value["moment"]))
    return value


def render(title: str, params: Mapping[str, Any]) -> str:
    """The sentence in the language that is active now; a sentence whose params do not fit is shown as it is."""
    text = translation.gettext(title) if title else ""
    try:
        return text.format(**{name: unpack(value) for name, value in params.items()})
    except (KeyError, IndexError, ValueError):
        return text

"""Tables drawn without a template's loop, which costs more than all else on a page of rows (performance P18).

What is marked safe here went through `text`: it escapes everything that is not HTML already.
"""

import functools
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

TH, TD, ROW = '<th scope="col"{}>{}</th>', '<td{} data-label="{}">', "<tr data-item>{}</tr>"
OPTION, CHOSEN = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'


def text(value: Any) -> str:
    """As a template would show it: nothing for None, numbers and dates in the reader's way, what people typed escaped."""
    if isinstance(value, SafeString):
        return value
    if isinstance(value, str):
        return escape(value) if value else ""
    if type(value) is int:  # nobody here groups the digits of a count
        return str(value)
    return "" if value is None else escape(str(localize(value)))


@functools.cache
def _pattern(name: str) -> str:
    return reverse(name, args=["NUMBER"])


def way(name: str, number: str) -> str:
    """The address of a page that is named by a number or code; each name is looked up once, not once a row."""
    return _pattern(name).replace("NUMBER", quote(number))


def _kind(kind: str) -> str:
    return f' class="{escape(kind)}{" right" if kind == "number" else ""}"' if kind else ""


def draw(head: Sequence[tuple[Any, str]], rows: Iterable[Sequence[Any]]) -> SafeString:
    """Head and body: each cell bears its column's class, and its name for a phone, where a row is a card."""
    top = "".join(TH.format(_kind(kind), text(label)) for label, kind in head)
    opened = [TD.format(_kind(kind), text(label)) for label, kind in head]
    body = (
        ROW.format("".join([f"{td}{text(value)}</td>" for td, value in zip(opened, row, strict=True)]))
        for row in rows
    )
    return mark_safe(f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody>")


def foot(head: Sequence[tuple[Any, str]], values: Sequence[Any] | None) -> SafeString | str:
    """A last row of totals, if there is one: each under its column, and with its name for a phone."""
    if not values:
        return ""
    sums = (
        f"{TD.format(_kind(kind), text(label))}{text(value)}</td>"
        for (label, kind), value in zip(head[1:], values[1:], strict=True)
    )
    return mark_safe(f"<tfoot><tr><td>{text(values[0])}</td>{''.join(sums)}</tr></tfoot>")


def options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """The entries of a select."""
    forms = ((CHOSEN if key == chosen else OPTION, key, label) for key, label in choices)
    return mark_safe("".join(form.format(escape(str(key)), text(label)) for form, key, label in forms))

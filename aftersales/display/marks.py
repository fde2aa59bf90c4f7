"""Chips and stage marks, drawn once per language and process: a list prints fifty of each."""

import functools
from typing import Any

import segno
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import icons, moments, states


@functools.lru_cache(maxsize=128)
def chip(state: str, language: str) -> SafeString:
    """A clock's state as colour and icon and words, in `language`, whatever the thread speaks that asks first."""
    shown = states.STATES[state]
    with translation.override(language or None):
        return format_html(
            '<span class="chip tone-{}">{}{}</span>', shown.tone, icons.icon(shown.icon, 16), shown.label
        )


@functools.lru_cache(maxsize=128)
def stage_mark(stage: str, choices: Any, language: str) -> SafeString:
    """The mark of a stage in a list, in `language`."""
    with translation.override(language or None):
        return format_html('<span class="stage-small stage-{}">{}</span>', stage, choices(stage).label)


def yuan(amount: Any) -> str:
    """¥1,234.50; a minus before the sign; nothing is a dash."""
    if amount is None or amount == "":
        return "–"
    return f"{'−' if amount < 0 else ''}¥{abs(amount):,.2f}"


def money(amount: Any) -> SafeString | str:
    """The same as a cell of a table holds it."""
    shown = yuan(amount)
    return shown if shown == "–" else format_html('<span class="money">{}</span>', shown)


# --- words and ways that the papers of every department use
def link(paper: Any, named: str = "number") -> SafeString:
    """The way to a paper, by its number or by what else names it."""
    return format_html('<a class="number" href="{}">{}</a>', paper.get_absolute_url(), getattr(paper, named))


def by_at(who: Any, at: Any) -> str:
    """Whose hand and when; nothing before it happened."""
    return f"{who or ''} {moments.when(at)}".strip() if at else ""


def yes_no(value: bool | None) -> str:
    """Nothing while nobody has said."""
    return "" if value is None else _("yes") if value else _("no")


def code(address: str, *, error: str = "m", scale: int = 5, border: int = 2) -> SafeString:
    """An address as a QR code that stands in the page; `error` is how much of it may be dirty (m 15 %, q 25 %)."""
    drawn = segno.make(address, error=error).svg_inline(scale=scale, border=border, omitsize=True)
    return mark_safe(drawn)  # drawn by a library of ours from an address of ours

"""Words and ways that several of technical's pages use."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from aftersales.display import moments


def link(paper: Any, named: str = "number") -> Any:
    return format_html('<a class="number" href="{}">{}</a>', paper.get_absolute_url(), getattr(paper, named))


def by_at(who: Any, at: Any) -> str:
    return f"{who or ''} {moments.when(at)}".strip() if at else ""


def yes_no(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")

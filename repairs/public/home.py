"""The first page, with the remedies that help most (2.2), and the privacy notice."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import public
from aftersales.charter import RULES
from policy import figures

from .. import remedies
from . import texts

FIRST = 6  # articles on the first page


def hours() -> dict[str, Any]:
    """What the company promises, from the figures in force: hours per clock, and the collection windows (3.1)."""
    found: dict[str, Any] = {
        name: figures.value(f"{name}_hours")
        for name in ("handover", "contact", "plan", "callback")
        if name in RULES
    }
    windows = [f"{begin:%H:%M}" for begin, _end in figures.value("collection_windows")]
    return {**found, "windows": windows}


@public("public.page")
def home(request: Any) -> HttpResponse:
    """Common faults first, with the search; then the three ways: hotline, report, follow (2.2, 3.1)."""
    rows = list(remedies.published(request.arrived_at))
    known = {
        "articles": rows[:FIRST],
        "general": remedies.general(rows)[: FIRST - len(rows[:FIRST])],
        "hours": hours(),
    }
    return render(request, "public/home.html", known)


@public("public.page")
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice whose version each report keeps (PIPL 17)."""
    months = figures.value("retention_months")
    parts = [(part.title, str(part.text).format(months=months)) for part in texts.PRIVACY]
    return render(request, "public/privacy.html", {"parts": parts, "version": texts.PRIVACY_VERSION})

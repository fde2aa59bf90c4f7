"""The first page, common remedies (2.2) and the privacy notice."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import public
from aftersales.charter import RULES
from policy import figures

from . import texts


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
def home(request: HttpRequest) -> HttpResponse:
    """Common faults first, then the three ways: hotline, report, follow (2.2, 3.1)."""
    return render(request, "public/home.html", {"remedies": texts.REMEDIES, "hours": hours()})


@public("public.page")
def help_page(request: HttpRequest) -> HttpResponse:
    """What to try first and what to have at hand (2.2)."""
    known = {"remedies": texts.REMEDIES, "never": texts.NEVER, "at_hand": texts.AT_HAND}
    return render(request, "public/help.html", known)


@public("public.page")
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice whose version each report keeps (PIPL 17)."""
    months = figures.value("retention_months")
    parts = [(part.title, str(part.text).format(months=months)) for part in texts.PRIVACY]
    return render(request, "public/privacy.html", {"parts": parts, "version": texts.PRIVACY_VERSION})

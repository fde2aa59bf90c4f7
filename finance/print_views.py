"""Finance's papers as an A4 page and as PDF. Paper is Chinese; `?lang=en` is the English version."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.paper import typeset
from parts.print_views import language, private

from .desk.statements import DESK
from .sheets import paper as prints


def _drawn(request: Any, number: str) -> tuple[Any, dict[str, Any]]:
    found = DESK.opened(request.user, number)
    with translation.override(language(request)):
        return found, prints.statement(found, by=request.user, at=request.arrived_at)


@action("statement.view")
@require_GET
def statement(request: Any, number: str) -> HttpResponse:
    """Sheet 9.3 as a page."""
    found, plain = _drawn(request, number)
    english, where = language(request) == "en", reverse("finance:statement_pdf", args=[number])
    links = {"pdf_url": f"{where}?lang=en" if english else where, "other_url": "?" if english else "?lang=en"}
    with translation.override(language(request)):
        return private(
            render(request, "prints/form.html", {"sheet": plain, "ticket": found, "rounds": [], **links})
        )


@action("statement.view")
@require_GET
def statement_pdf(request: Any, number: str) -> HttpResponse:
    """Sheet 9.3 as PDF."""
    _found, plain = _drawn(request, number)
    answer = HttpResponse(typeset.pdf(plain), content_type="application/pdf")
    title = quote(f"{plain['title']}-{plain['number']}.pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{title}"
    return private(answer)

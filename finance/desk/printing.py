"""Finance's papers as an A4 page and as PDF. Paper is Chinese; `?lang=en` is the English version."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.paper import typeset
from parts.print_views import language, private

from ..sheets import printed
from .assessments import assessments_for
from .reconciliations import reconciliations_for


def views_of(
    prefix: str, name: str, right: str, rows: Callable[[Any], Any], sheet: Callable[..., Any]
) -> list[URLPattern]:
    """The two addresses of one kind of paper: `name_print` and `name_pdf`."""

    def drawn(request: Any, number: str) -> tuple[Any, dict[str, Any]]:
        paper = get_object_or_404(rows(request.user), number=number.replace("\x00", ""))
        with translation.override(language(request)):
            return paper, sheet(paper, by=request.user, at=request.arrived_at)

    @action(right)
    @require_GET
    def page(request: Any, number: str) -> HttpResponse:
        paper, plain = drawn(request, number)
        with translation.override(language(request)):
            context = {"sheet": plain, "ticket": paper, "rounds": [], **_links(request, name, number)}
            return private(render(request, "prints/form.html", context))

    @action(right)
    @require_GET
    def pdf(request: Any, number: str) -> HttpResponse:
        _paper, plain = drawn(request, number)
        answer = HttpResponse(typeset.pdf(plain), content_type="application/pdf")
        title = quote(f"{plain['title']}-{plain['number']}.pdf")
        answer["Content-Disposition"] = f"inline; filename*=UTF-8''{title}"
        return private(answer)

    return [
        path(f"{prefix}<str:number>/print/", page, name=f"{name}_print"),
        path(f"{prefix}<str:number>/pdf/", pdf, name=f"{name}_pdf"),
    ]


def _links(request: Any, name: str, number: str) -> dict[str, str]:
    english = language(request) == "en"
    where = reverse(f"finance:{name}_pdf", args=[number])
    return {"pdf_url": f"{where}?lang=en" if english else where, "other_url": "?" if english else "?lang=en"}


urlpatterns = [
    *views_of(
        "reconciliations/", "reconciliation", "reconcile.view", reconciliations_for, printed.reconciliation
    ),
    *views_of("assessments/", "assessment", "assessment.view", assessments_for, printed.assessment),
]

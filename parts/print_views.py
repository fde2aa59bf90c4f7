"""The warehouse's papers as an A4 page and as PDF. Paper is Chinese; `?lang=en` is the English version."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.paper.answers import file, language
from aftersales.paper.answers import page as page_of

from . import prints
from .desk.releases import releases_for, returns_for
from .models import Slip


def slips_for(user: Any) -> Any:
    rows = Slip.objects.filter(release__in=releases_for(user).values("pk"))
    return rows.select_related(
        "release__ticket", "release__order", "release__engineer", "release__signed_by", "made_by"
    )


def among(rows: Callable[[Any], Any]) -> Callable[[Any, str], Any]:
    """Finds a paper by its number among those that the person may see, else 404."""
    return lambda user, number: get_object_or_404(rows(user), number=number.replace("\x00", ""))


def views_of(
    app: str, prefix: str, name: str, right: str, find: Callable[[Any, str], Any], sheet: Callable[..., Any]
) -> list[URLPattern]:
    """The two addresses of one kind of paper, below `prefix`: `name_print` and `name_pdf`."""

    def drawn(request: Any, number: str) -> tuple[Any, dict[str, Any]]:
        paper = find(request.user, number)
        with translation.override(language(request)):
            return paper, sheet(paper, by=request.user, at=request.arrived_at)

    @action(right)
    @require_GET
    def page(request: Any, number: str) -> HttpResponse:
        paper, plain = drawn(request, number)
        return page_of(request, plain, paper, reverse(f"{app}:{name}_pdf", args=[number]))

    @action(right)
    @require_GET
    def pdf(request: Any, number: str) -> HttpResponse:
        return file(drawn(request, number)[1])

    return [
        path(f"{prefix}<str:number>/print/", page, name=f"{name}_print"),
        path(f"{prefix}<str:number>/pdf/", pdf, name=f"{name}_pdf"),
    ]


urlpatterns = [
    *views_of("parts", "releases/", "release", "release.view", among(releases_for), prints.release),
    *views_of("parts", "slips/", "slip", "release.view", among(slips_for), prints.slip),
    *views_of("parts", "returns/", "return", "return.view", among(returns_for), prints.returned),
]

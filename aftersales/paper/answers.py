"""A paper as a page and as a file: in Chinese unless `?lang=en` asks for English, kept by nobody between."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from . import typeset

CHINESE = "zh-hans"


def language(request: Any) -> str:
    return "en" if request.GET.get("lang") == "en" else CHINESE


def private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer


def page(request: Any, plain: dict[str, Any], about: Any, pdf: str) -> HttpResponse:
    """The A4 page of a paper without rounds; `pdf`: the address of the same as a file."""
    english = language(request) == "en"
    links = {"pdf_url": f"{pdf}?lang=en" if english else pdf, "other_url": "?" if english else "?lang=en"}
    with translation.override(language(request)):
        context = {"sheet": plain, "ticket": about, "rounds": [], **links}
        return private(render(request, "prints/form.html", context))


def file(plain: dict[str, Any]) -> HttpResponse:
    """The PDF with its fonts inside, named after title and number."""
    answer = HttpResponse(typeset.pdf(plain), content_type="application/pdf")
    name = quote(f"{plain['title']}-{plain['number'].replace('/', '-')}.pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return private(answer)

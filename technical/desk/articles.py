"""A final case becomes the draft of a help article (2.2): written from its report; the drafts are listed."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action
from aftersales.display import moments
from aftersales.operations import once
from parts.views.pages import bound, by_key, fill, listed
from repairs.models import HelpArticle
from repairs.services import articles

from .. import selectors
from ..forms.notices import words
from ..models import Report
from ..sheets.reports import OVER
from ..shown import title


class ArticleForm(forms.Form):
    """What a customer can look at and do himself."""

    title = forms.CharField(label=pgettext_lazy("help article", "Title"), max_length=120)
    symptom = words(gettext_lazy("Symptom, as a customer sees it"))
    steps = words(
        gettext_lazy("Steps"),
        6,
        help_text=gettext_lazy("One step a line, in words that a customer understands."),
    )


@action(articles.DRAFT)
@require_http_methods(["GET", "POST"])
@once
def new_article(request: Any, number: str) -> HttpResponse:
    """Draft an article from a final report (J109), filled with what the report says."""
    rows = selectors.reports_for(request.user).filter(stage__in=OVER)
    report: Report = get_object_or_404(rows, number=number.replace("\x00", ""))
    known = {"title": title(report, public=True)[:120], "symptom": report.what, "steps": report.repaired}

    def act(**entries: Any) -> HelpArticle:
        return articles.draft(**entries, model_code=report.model, part=report.part, source=report.number)

    return fill(
        request, bound(request, ArticleForm, initial=known), act, title=_("Draft a help article"), label=_("Save the draft"),
        back=reverse("technical:articles"),
        note=_("Another person publishes it (SD05). Name no customer and no phone number."),
    )  # fmt: skip


@action(articles.DRAFT)
@require_GET
def article_list(request: Any) -> HttpResponse:
    """The drafts, newest first."""
    found, more = by_key(
        request, HelpArticle.objects.select_related("part", "drafted_by").filter(stage="draft")
    )
    head = [(_p("help article", "Title"), ""), (_("Model"), ""), (_("Part"), ""), (_("Quality report"), "tight"),
            (_("Drafted by"), ""), (_("Drafted at"), "tight")]  # fmt: skip
    rows = [
        (
            x.title,
            x.model_code,
            x.part.name if x.part else "–",
            x.source,
            str(x.drafted_by),
            moments.when(x.drafted_at),
        )
        for x in found
    ]
    return listed(
        request,
        _("Help articles: drafts"),
        head,
        rows,
        next=more,
        clause="2.2",
        empty=_("No draft here"),
        icon="light-bulb",
    )


urlpatterns: list[Any] = [
    path("articles/", article_list, name="articles"),
    path("reports/<str:number>/article/", new_article, name="new_article"),
]

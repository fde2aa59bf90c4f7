"""The help desk (2.2): its articles, a draft from a final case, a draft from nothing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import action, may
from aftersales.display import moments
from aftersales.display.marks import stage_mark
from aftersales.display.paging import by_key, word_of
from aftersales.operations import once
from parts.views.pages import bound, fill, if_empty, opening, table, tabs_of
from repairs import helped, remedies
from repairs.models import ArticleStage, HelpVersion, Symptom
from repairs.services import articles

from .. import selectors
from ..forms.articles import ArticleForm, CaseForm
from ..models import Report
from ..sheets.reports import OVER
from ..shown import title

VIEW = "help.view"


class Place:
    """Where a form leads when it is done."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get_absolute_url(self) -> str:
        return self.url


def writing(version: HelpVersion) -> Place:
    """The page on which a draft is written."""
    return Place(reverse("technical:edit_article", args=[version.article.key]))


@action(articles.DRAFT)
@require_http_methods(["GET", "POST"])
@once
def from_case(request: Any, number: str) -> HttpResponse:
    """Draft an article from a final report (J109), filled with what the report says."""
    rows = selectors.reports_for(request.user).filter(stage__in=OVER)
    report: Report = get_object_or_404(rows, number=number.replace("\x00", ""))
    known = {"title": title(report, public=True)[:120], "symptom": report.what, "steps": report.repaired}

    def act(**entries: Any) -> Place:
        return writing(
            articles.draft(**entries, model_code=report.model, part=report.part, source=report.number)
        )

    return fill(
        request, bound(request, CaseForm, initial=known), act, title=_("Draft a help article"), label=_("Save the draft"),
        back=reverse("technical:articles"), note=_("Another person publishes it. Name no customer and no phone number."),
    )  # fmt: skip


@action(articles.WRITE)
@require_http_methods(["GET", "POST"])
@once
def new_article(request: Any) -> HttpResponse:
    """A draft from nothing (A25); its steps and pictures follow on the next page."""

    def act(**entries: Any) -> Place:
        return writing(articles.begin(**entries))

    asked = {"title": word_of(request, "title", 30)}
    return fill(
        request, bound(request, ArticleForm, initial=asked), act, title=_("New help article"), label=_("Continue to the steps"),
        back=reverse("technical:articles"), note=_("Another person publishes it. Name no customer and no phone number."),
    )  # fmt: skip


@action(VIEW)
@require_GET
def article_list(request: Any) -> HttpResponse:
    """One row an article, newest first; by stage, by group of symptoms, and by words as a customer types them."""
    stage, group, text = word_of(request, "stage", 10), word_of(request, "group", 10), word_of(request, "q")
    rows = helped.desk(
        stage if stage in ArticleStage.values else "", group if group in Symptom.values else ""
    )
    found, more = (_matching(text, rows), "") if text else by_key(request, rows)
    head = [(_p("help article", "Title"), ""), (_("Stage"), "tight"), (_("Group"), ""), (_("Models"), ""),
            (_("Version"), "number"), (_("Drafted by"), ""), (_("Drafted at"), "tight"), (_("Published by"), "")]  # fmt: skip
    fields: list[tuple[str, Any, str, Any]] = [
        ("q", _("Words or pinyin"), text, None),
        ("group", _("Group"), group, [("", _("All")), *Symptom.choices]),
    ]
    if stage:
        fields.append(("stage", _("Stage"), stage, ArticleStage.choices))
    context = {
        "title": _("Help for customers"), "table": table(head, [_row(row) for row in found]), "next": more, "clause": "2.2",
        "fields": fields, "tabs": tabs_of(ArticleStage.choices, stage), "buttons": _buttons(request.user),
        "icon": "light-bulb", **if_empty(request, ("q", "group"), _("No article here")),
    }  # fmt: skip
    return render(request, "technical/articles.html", context)


MOST = 500  # articles that a search of the desk looks through


def _matching(text: str, rows: Any) -> list[HelpVersion]:
    """Drafts have no keys of their own yet: they are made here."""
    known = list(rows[:MOST])
    for row in known:
        row.words, row.sounds, row.initials = articles.keys_of(row)
    return remedies.found(text, known)


def _buttons(user: Any) -> list[tuple[str, str]]:
    return [(_("New help article"), reverse("technical:new_help"))] if may(user, articles.WRITE) else []


def _row(row: HelpVersion) -> tuple[Any, ...]:
    fits = "、".join(fit.code for fit in row.fits.all())
    mark = stage_mark(row.stage, ArticleStage, get_language() or "")
    return (
        opening(row.get_absolute_url(), row.title), mark, row.get_group_display(), fits or _("All"),
        row.number, str(row.drafted_by), moments.when(row.drafted_at), str(row.published_by or "–"),
    )  # fmt: skip


urlpatterns: list[Any] = [
    path("articles/", article_list, name="articles"),
    path("articles/new/", new_article, name="new_help"),
    path("reports/<str:number>/article/", from_case, name="new_article"),
]

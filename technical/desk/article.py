"""One help article (2.2): its versions, writing a draft with its steps and pictures, publishing by another (SD05)."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, may
from accounts.views.answers import done
from aftersales.operations import once
from aftersales.problems import Refusal
from repairs.models import ArticleStage, HelpArticle, HelpPicture, HelpVersion
from repairs.public.help import illustrated, shown
from repairs.services import articles, illustrating

from ..forms.articles import EditForm, StepRows, WhyForm
from ..models import Report
from ..sheets import articles as sheet

VIEW = "help.view"
S = ArticleStage


def opened(request: Any, key: str) -> list[HelpVersion]:
    """All versions of an article, the newest first; 404 where there is none."""
    rows = HelpVersion.objects.select_related("article", "drafted_by", "published_by", "ended_by")
    found = list(rows.filter(article__key=key).order_by("-number").prefetch_related("fits", "writers"))
    return found or [get_object_or_404(HelpVersion, pk=0)]


def chosen(versions: list[HelpVersion], asked: str) -> HelpVersion:
    """The version that is asked for, else the one that counts: the draft, the published one, the newest."""
    by_number = {str(row.number): row for row in versions}
    by_stage = {row.stage: row for row in reversed(versions)}
    return by_number.get(asked) or by_stage.get(S.DRAFT) or by_stage.get(S.PUBLISHED) or versions[0]


@action(VIEW)
@require_GET
def article(request: Any, key: str) -> HttpResponse:
    """A version with all that one may do to it; `?version=` another one, `?against=` what changed since that one."""
    versions = opened(request, key)
    row = chosen(versions, request.GET.get("version", ""))
    return _page(request, versions, row, WhyForm())


def _page(
    request: Any, versions: list[HelpVersion], row: HelpVersion, why: WhyForm, status: int = 200
) -> HttpResponse:
    user, against = request.user, request.GET.get("against", "")
    before = next((old for old in versions if str(old.number) == against), None)
    open_draft = any(each.stage == S.DRAFT for each in versions)
    context = {
        **shown(row, "technical:article_picture"), "versions": sheet.versions(versions, row), "history": sheet.history(versions),
        "compared": sheet.compared(before, row) if before else None, "before": before, "counts": sheet.counts(row.article),
        "source": _source(row.article, user), "why": why, "mine": is_writer(row, user),
        "may_write": row.stage == S.DRAFT and may(user, articles.WRITE),
        "may_publish": row.stage == S.DRAFT and may(user, articles.PUBLISH) and not is_writer(row, user),
        "may_withdraw": row.stage == S.PUBLISHED and may(user, articles.PUBLISH),
        "may_renew": row.stage != S.DRAFT and not open_draft and may(user, articles.WRITE),
    }  # fmt: skip
    return render(request, "technical/article.html", context, status=status)


def is_writer(row: HelpVersion, user: Any) -> bool:
    """Whoever wrote into it does not publish it (SD05)."""
    return user.pk in {row.drafted_by_id, *(writer.pk for writer in row.writers.all())}


def _source(article: HelpArticle, user: Any) -> tuple[str, str] | None:
    """The quality report that taught it, as a way to it for whom it opens."""
    if not article.source:
        return None
    report = Report.objects.filter(number=article.source).first()
    opens = report is not None and may(user, "quality_report.view", report)
    return article.source, reverse("technical:report", args=[article.source]) if opens else ""


@action(articles.WRITE)
@require_http_methods(["GET", "POST"])
@once
def edit(request: Any, key: str) -> HttpResponse:
    """Write a draft. Every button saves what was typed; some then move, add or take away a step, so no script is needed."""
    row = chosen(opened(request, key), "")
    if row.stage != S.DRAFT:
        return redirect(row)
    form, rows = _bound(request, row)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            return _saved(request, row, form, rows)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    known = {"version": row, "form": form, "rows": rows, "pictures": _pictures(row)}
    return render(request, "technical/article_edit.html", known, status=422 if form.is_bound else 200)


def _bound(request: Any, row: HelpVersion) -> tuple[Any, Any]:
    if request.method == "POST":
        return EditForm(request.POST), StepRows(request.POST, request.FILES, prefix="steps")
    names = ("title", "symptom", "group", "stop", "keywords", "revision")
    known = {name: getattr(row, name) for name in names} | {"fits": row.fits.all()}
    return EditForm(initial=known), StepRows(initial=row.steps or [{}], prefix="steps")


def _saved(request: Any, row: HelpVersion, form: Any, rows: Any) -> HttpResponse:
    """Save, with what the pressed button does to the steps; then go on where it leads."""
    pressed, _dash, place = request.POST.get("do", "save").partition("-")
    keep = partial(illustrating.show, row.article, by=request.user, at=request.arrived_at)
    steps = changed([_step(each, keep) for each in rows.cleaned_data], pressed, place)
    articles.edit(row, steps=steps, by=request.user, at=request.arrived_at, **form.cleaned_data)
    if pressed == "preview":
        return redirect(
            f"{reverse('technical:preview_article', args=[row.article.key])}?version={row.number}"
        )
    if pressed == "save":
        return redirect(row)
    return redirect(f"{reverse('technical:edit_article', args=[row.article.key])}#steps")


def _step(entries: dict[str, Any], keep: Any) -> dict[str, str]:
    photo = entries.get("photo")
    picture = keep(photo).key if photo else entries.get("picture", "")
    return {"text": entries.get("text", ""), "picture": picture, "caption": entries.get("caption", "")}


def changed(steps: list[dict[str, str]], pressed: str, place: str) -> list[dict[str, str]]:
    """The steps after one button: `add`, or `up`, `down`, `drop`, `bare` (no picture) of the step at this place from 0."""
    at = int(place) if place.isdecimal() and len(place) < 4 else -1
    if pressed == "add":
        return [*steps, {"text": "", "picture": "", "caption": ""}]
    if not 0 <= at < len(steps):
        return steps
    if pressed == "bare":
        return [*steps[:at], steps[at] | {"picture": "", "caption": ""}, *steps[at + 1 :]]
    if pressed == "drop":
        return [*steps[:at], *steps[at + 1 :]]
    other = {"up": at - 1, "down": at + 1}.get(pressed, at)
    if 0 <= other < len(steps):
        steps = list(steps)
        steps[at], steps[other] = steps[other], steps[at]
    return steps


def _pictures(row: HelpVersion) -> dict[str, str]:
    """Key of a picture → its address, for the form."""
    return {
        key: reverse("technical:article_picture", args=[key])
        for key in row.article.pictures.values_list("key", flat=True)
    }


@action(VIEW)
@require_GET
def preview(request: Any, key: str) -> HttpResponse:
    """A version exactly as the customer would see it."""
    row = chosen(opened(request, key), request.GET.get("version", ""))
    said = _("Preview of version {number}: {stage}").format(number=row.number, stage=row.get_stage_display())
    return render(
        request, "public/article.html", {**shown(row, "technical:article_picture"), "preview": said}
    )


@action(VIEW)
@require_GET
def picture(request: Any, key: str) -> HttpResponseBase:
    """A picture of any version, for the staff."""
    return illustrated(request, get_object_or_404(HelpPicture, key=key.replace("\x00", "")))


@action(articles.PUBLISH)
@require_POST
@once
def publish(request: Any, key: str) -> HttpResponse:
    """Show the draft to everybody; none of its writers can (SD05)."""
    return _acted(request, key, S.DRAFT, articles.publish, _p("help article", "Published."))


@action(articles.WRITE)
@require_POST
@once
def drop(request: Any, key: str) -> HttpResponse:
    """A draft that nobody shall publish."""
    return _acted(request, key, S.DRAFT, articles.drop, _("Saved."))


@action(articles.WRITE)
@require_POST
@once
def renew(request: Any, key: str) -> HttpResponse:
    """A new draft with the text of the published version, else of the newest."""
    row = chosen(opened(request, key), "")
    if done(request, partial(articles.renew, row, by=request.user, at=request.arrived_at), _("Saved.")):
        return redirect("technical:edit_article", key=key)
    return redirect(row)


@action(articles.PUBLISH)
@require_POST
@once
def withdraw(request: Any, key: str) -> HttpResponse:
    """Take it from the public help, with the reason."""
    versions, form = opened(request, key), WhyForm(request.POST)
    row = next((each for each in versions if each.stage == S.PUBLISHED), versions[0])
    act = partial(
        articles.withdraw, row, why=request.POST.get("why", ""), by=request.user, at=request.arrived_at
    )
    if form.is_valid() and done(request, act, _("Saved."), form):
        return redirect(row)
    return _page(request, versions, row, form, status=422)


def _acted(request: Any, key: str, stage: str, act: Any, said: Any) -> HttpResponse:
    """Do it to the version of that stage, or say why not; the article's page follows either way."""
    versions = opened(request, key)
    row = next((each for each in versions if each.stage == stage), versions[0])
    done(request, partial(act, row, by=request.user, at=request.arrived_at), said)
    return redirect(row)


ONE = "articles/<slug:key>/"
urlpatterns: list[Any] = [
    path("articles/pictures/<str:key>/", picture, name="article_picture"),
    path(ONE, article, name="article"),
    path(f"{ONE}edit/", edit, name="edit_article"),
    path(f"{ONE}preview/", preview, name="preview_article"),
    path(f"{ONE}publish/", publish, name="publish_article"),
    path(f"{ONE}drop/", drop, name="drop_article"),
    path(f"{ONE}renew/", renew, name="renew_article"),
    path(f"{ONE}withdraw/", withdraw, name="withdraw_article"),
]

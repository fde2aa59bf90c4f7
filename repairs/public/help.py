"""Help first (2.2): faults by model and symptom, a search that forgives, articles with pictures, “solved” or “report it”."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.access import public
from aftersales import files
from aftersales.display.paging import word_of
from aftersales.problems import Refusal

from .. import remedies
from ..advice import DANGER
from ..forgiving import is_dangerous
from ..models import ArticleStage, HelpPicture, HelpVersion, Symptom
from ..services import helping
from . import texts, visitors
from .limits import counts_answer, let_search

#: a picture of a withdrawn article is gone from browsers after this time
CACHED = "public, max-age=3600"


@public("public.page")
@require_safe
def remedies_page(request: Any) -> HttpResponse:
    """What to try first: all by symptom, those for a model, or what the words find; nothing found leads on to us."""
    text, named = word_of(request, "q", 60), word_of(request, "model", 80)
    try:
        if text:
            let_search(request, request.arrived_at)
    except Refusal as refusal:
        return refusal.tell_when(_listed(request, text, named, [], refusal=refusal, status=refusal.status))
    return _listed(request, text, named, list(remedies.published(request.arrived_at)))


def _listed(
    request: Any, text: str, named: str, rows: list[HelpVersion], *, refusal: Any = None, status: int = 200
) -> HttpResponse:
    models = remedies.models()
    model = remedies.model_of(named, models)
    fitting = remedies.fitting(rows, model)
    found = remedies.found(text, fitting) if text else fitting
    danger = is_dangerous(text)
    if text and not found and not danger and refusal is None and not visitors.is_robot(request):
        helping.missed(text, request.arrived_at)
    known = {
        "q": text, "model": model, "models": models, "found": found, "groups": [] if text else by_symptom(found),
        "general": remedies.general(fitting) if not found or not text else [],
        "popular": fitting[:4] if text and not found else [],
        "refusal": refusal, "danger": DANGER, "danger_first": danger, "never": texts.NEVER, "at_hand": texts.AT_HAND,
    }  # fmt: skip
    return render(request, "public/help.html", known, status=status)


def by_symptom(rows: list[HelpVersion]) -> list[tuple[Any, list[HelpVersion]]]:
    """Label of a group and its articles, in the order of `Symptom`; groups without any are left out."""
    told = [(Symptom(value), [row for row in rows if row.group == value]) for value in Symptom.values]
    return [(group.label, inside) for group, inside in told if inside]


@public("public.page")
@require_safe
def article(request: Any, key: str) -> HttpResponse:
    """One article; who reads it counts once a day, programs not at all."""
    version = get_object_or_404(remedies.readable(key))
    if request.method == "GET" and not visitors.is_robot(request):
        helping.read(version.article, visitors.reader(request), request.arrived_at)
    return render(
        request, "public/article.html", shown(version, "public:help_picture", word_of(request, "model", 80))
    )


def shown(version: HelpVersion, pictures: str, model: str = "") -> dict[str, Any]:
    """What the page of an article needs; `pictures` names the address from which it takes them."""
    sizes = {row.key: row for row in version.article.pictures.filter(key__in=version.pictures())}
    steps = [(step, sizes.get(step["picture"]), _address(pictures, version, step)) for step in version.steps]
    return {
        "version": version, "steps": steps, "fits": list(version.fits.all()), "model": model, "never": texts.NEVER,
        "danger": DANGER,
    }  # fmt: skip


def _address(name: str, version: HelpVersion, step: dict[str, str]) -> str:
    return reverse(name, args=[step["picture"]]) if step["picture"] else ""


@public("help.answer")
@require_POST
def answer(request: Any, key: str) -> HttpResponse:
    """“Solved” is thanked for; “not solved” opens the report with what is known filled in. Twice counts once."""
    version = get_object_or_404(remedies.readable(key))
    solved = request.POST.get("answer") == "solved"
    if counts_answer(request, request.arrived_at) and not visitors.is_robot(request):
        helping.answered(version.article, visitors.holder(request), request.arrived_at, solved=solved)
    if solved:
        return redirect("public:help_thanks")
    model = str(request.POST.get("model", "")).replace("\x00", "")[:80]
    entries = {"article": version.article.key} | ({"model": model} if model else {})
    return redirect(f"{reverse('public:report')}?{urlencode(entries)}")


@public("public.page")
@require_safe
def thanks(request: Any) -> HttpResponse:
    """It helped: thanks, and nothing more is asked."""
    return render(request, "public/help_thanks.html")


@public("public.page")
@require_safe
def picture(request: Any, key: str) -> HttpResponseBase:
    """A picture of a published article, without metadata; those of drafts and of withdrawn articles are not there."""
    row = get_object_or_404(HelpPicture.objects.select_related("article"), key=key.replace("\x00", ""))
    public_version = row.article.versions.filter(stage=ArticleStage.PUBLISHED).first()
    if public_version is None or row.key not in public_version.pictures():
        raise Http404
    return illustrated(request, row, CACHED)


def illustrated(request: Any, row: HelpPicture, cached: str = "") -> HttpResponseBase:
    """The kept picture, `?size=thumb` the small one."""
    size = "thumb" if request.GET.get("size") == "thumb" else "large"
    response = files.picture(row.sha256, size)
    if cached:
        response["Cache-Control"] = cached
    return response

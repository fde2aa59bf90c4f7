"""`/api/v1/help`: the published help for other programs (2.2). Open to everybody without a key; every endpoint here only reads
what any visitor may read, so nothing else belongs into this module."""

from typing import Any

from django.http import Http404
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import public
from aftersales.jsonforms import record, ref
from aftersales.rest import asked, refusals

from . import remedies
from .models import HelpVersion, Symptom
from .public.help import shown
from .public.limits import let_read_help

BRIEF = {
    "key": "text",
    "title": "text",
    "symptom": "text",
    "group": "text",
    "stop": "bool",
    "models": "[text]",
    "url": "text",
}
SCHEMAS: dict[str, Any] = {
    "HelpEntry": record(**BRIEF),
    "HelpEntries": record(results="[HelpEntry]"),
    "HelpPicture": record(url="text", width="int", height="int"),
    "HelpStep": record(text="text", caption="text", picture="HelpPicture?"),
    "HelpArticle": record(**BRIEF, version="int", published_at="moment", steps="[HelpStep]"),
}
ASKED = [
    OpenApiParameter("q", str, description="words in any order, parts of words, pinyin or its initials"),
    OpenApiParameter(
        "model", str, description="code or name of a model; what is for all models is found too"
    ),
    OpenApiParameter("group", str, enum=Symptom.values, description="a group of symptoms"),
]
KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="`key` of a result")


@extend_schema(
    operation_id="help",
    parameters=ASKED,
    responses={200: ref("HelpEntries")} | refusals(429),
    auth=[],
)
@public("public.page")
@api_view(["GET"])
def entries(request: Any) -> Response:
    """Published articles, those that answer best first; without `q` those that helped most lately."""
    let_read_help(request, request.arrived_at)
    rows = [
        row for row in remedies.published(request.arrived_at) if asked(request, "group") in ("", row.group)
    ]
    named, text = asked(request, "model"), asked(request, "q", 60)
    model = remedies.model_of(named, remedies.models()) if named else None
    fitting = remedies.fitting(rows, model)
    found = remedies.found(text, fitting) if text else fitting
    return Response({"results": [brief(row) for row in found]})


@extend_schema(
    operation_id="help_article",
    parameters=[KEY],
    responses={200: ref("HelpArticle")} | refusals(404, 429),
    auth=[],
)
@public("public.page")
@api_view(["GET"])
def entry(request: Any, key: str) -> Response:
    """One published article with its steps; pictures are addresses below this portal."""
    let_read_help(request, request.arrived_at)
    version = remedies.readable(key[:60]).first()
    if version is None:
        raise Http404
    steps = [
        {"text": step["text"], "caption": step["caption"],
         "picture": {"url": url, "width": size.width, "height": size.height} if size else None}
        for step, size, url in shown(version, "public:help_picture")["steps"]
    ]  # fmt: skip
    more = {"version": version.number, "published_at": version.published_at, "steps": steps}
    return Response(brief(version) | more)


def brief(row: HelpVersion) -> dict[str, Any]:
    return {
        "key": row.article.key, "title": row.title, "symptom": row.symptom, "group": row.group, "stop": row.stop,
        "models": [fit.code for fit in row.fits.all()], "url": reverse("public:article", args=[row.article.key]),
    }  # fmt: skip


urlpatterns = [
    path("help", entries, name="help"),
    path("help/<str:key>", entry, name="help_article"),
]

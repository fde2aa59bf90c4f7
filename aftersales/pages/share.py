"""The link to the report for the company's own site, posters and papers: address, code, snippet, and who came by which (2.2)."""

import io
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import action
from aftersales.display.marks import code
from catalogue.models import VehicleModel
from repairs.forms import SOURCE
from repairs.models import Channel
from repairs.selectors import tickets_for

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
MOST = 50
#: how the code is drawn for a wall or a box: a quarter of it may be dirty
OUTSIDE: dict[str, Any] = {"error": "q", "scale": 6, "border": 4}


def wishes(request: Any) -> dict[str, str]:
    """What the link fills in: `model`, and `source` under which its reports are counted."""
    source, model = (
        request.GET.get("source", "").strip(),
        request.GET.get("model", "").replace("\x00", "").strip()[:80],
    )
    found = {"source": source} if SOURCE.fullmatch(source) else {}
    return found | ({"model": model} if model else {})


def address(given: dict[str, str]) -> str:
    """The whole address of the report."""
    query = urlencode(given)
    return f"{settings.SITE_URL}{reverse('public:report')}" + (f"?{query}" if query else "")


def snippet(url: str) -> str:
    """What the company's site pastes: a plain link. In a frame the portal does not show itself."""
    return f'<a href="{escape(url)}" rel="noopener">{escape(_("Report a fault"))}</a>'


@action("ticket.list")
@require_GET
def page(request: Any) -> HttpResponse:
    """Choose a source and a model; take the link, the code or the poster; see who came by which."""
    given = wishes(request)
    url, query = address(given), urlencode(given)
    context = {
        "url": url, "snippet": snippet(url), "code": code(url, **OUTSIDE), "query": query, "source": given.get("source", ""),
        "bad": bool(request.GET.get("source", "").strip()) and "source" not in given, "model": given.get("model", ""),
        "models": list(VehicleModel.objects.order_by("code").values_list("name", flat=True)),
        "counts": counts(request.user), "kinds": list(KINDS),
    }  # fmt: skip
    return render(request, "pages/share.html", context)


def counts(user: Any) -> list[dict[str, Any]]:
    """Web reports that this person may see, by the link by which they came; the most first, one statement."""
    rows = (
        tickets_for(user).filter(channel=Channel.WEB).order_by().values("origin").annotate(count=Count("pk"))
    )
    found: Any = rows.order_by("-count", "origin")[:MOST]
    return list(found)


@action("ticket.list")
@require_GET
def picture(request: Any, kind: str) -> HttpResponse:
    """The code as a file to download."""
    if kind not in KINDS:
        raise Http404
    given, out = wishes(request), io.BytesIO()
    segno.make(address(given), error="q").save(out, kind=kind, scale=12, border=4)
    name = f"report-{given.get('source', 'link')}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), content_type=KINDS[kind], headers=headers)


@action("ticket.list")
@require_GET
def poster(request: Any) -> HttpResponse:
    """One side A5 to print: what it is for, the code, the hotline."""
    given = wishes(request)
    url = address(given)
    context = {"url": url, "code": code(url, **OUTSIDE), "query": urlencode(given)}
    return render(request, "pages/poster.html", context)


urlpatterns = [
    path("share/", page, name="share"),
    path("share/code.<str:kind>", picture, name="share_code"),
    path("share/poster/", poster, name="share_poster"),
]

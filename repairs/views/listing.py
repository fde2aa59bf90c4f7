"""The ticket list: filters in the address bar, paging by key, saved views, export of what is shown."""

import functools
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, may
from aftersales.xlsx import dated, workbook
from repairs import exports, rows
from repairs.filters import TicketFilter, asked, filtered
from repairs.models import SavedView, Ticket

LIST = "repairs:tickets"


@action("ticket.list")
@require_GET
def tickets(request: Any) -> HttpResponse:
    """The list, or to htmx its table alone. What it shows of time is display, so the process's clock is enough (P2)."""
    wanted, at = asked(request.GET), timezone.now()
    if (exact := _exact(request, wanted)) is not None:
        return redirect(exact)
    narrowed = {name: value for name, value in wanted.items() if name != "q"}
    found = rows.page(
        _rows(request, narrowed, at), before=_key(request, "before"), after=_key(request, "after"),
        sought=(wanted["q"][:80], request.user) if "q" in wanted else None,
    )  # fmt: skip
    language = get_language() or ""
    context = {
        "rows": [rows.shown(row, at, language) for row in found.rows], **_pager(request, wanted, found),
        **_beside(request, wanted, language), "query": urlencode(wanted), "q": wanted.get("q", ""), "action": reverse(LIST),
        "may_export": may(request.user, "list.export"),
    }  # fmt: skip
    alone = request.headers.get("HX-Target") == "list"
    return render(request, "repairs/_list.html" if alone else "repairs/list.html", context)


def _rows(request: Any, wanted: dict[str, str], at: Any) -> Any:
    return filtered(Ticket.objects.visible_to(request.user), wanted, at=at, user=request.user)


def _exact(request: Any, wanted: dict[str, str]) -> str | None:
    """A whole number typed into the search leads to its ticket at once."""
    word = wanted.get("q", "").upper()
    if len(word) != 15 or not word.startswith("BX") or request.headers.get("HX-Request"):
        return None
    row = Ticket.objects.visible_to(request.user).filter(number=word).only("number").first()
    return row.get_absolute_url() if row else None


def _key(request: Any, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _pager(request: Any, wanted: dict[str, str], found: rows.Page) -> dict[str, Any]:
    first = _key(request, "from") or 1
    last = first + len(found.rows) - 1
    going = {
        "newer": ("after", found.newer, max(first - rows.PAGE, 1)),
        "older": ("before", found.older, last + 1),
    }
    links = {
        way: f"{reverse(LIST)}?{urlencode({**wanted, name: key, 'from': place})}" if key else ""
        for way, (name, key, place) in going.items()
    }
    shown = f"{first}–{last}" + (_(" · more follow") if found.older else "") if found.rows else ""
    return {"previous": links["newer"], "next": links["older"], "shown": shown}


def _beside(request: Any, wanted: dict[str, str], language: str) -> dict[str, Any]:
    """The form with its engineers, and the views: everybody's and the person's own."""
    beside, here = rows.beside(request.user), urlencode(wanted)
    common = (
        ("stage=open&engineer=me", _("Open, mine"))
        if "ENG" in request.user.roles
        else ("overdue=1", _("Overdue"))
    )
    views = [_view(None, query, name, here) for query, name in [("", _("All")), common]]
    own = [_view(pk, query, name, here) for pk, name, query in beside.views]
    drawn = _filters(tuple(wanted.items()), tuple(beside.engineers), language)
    return {"filters": drawn, "views": views + own, "own_views": own}


@functools.lru_cache(maxsize=128)
def _filters(
    wanted: tuple[tuple[str, str], ...], engineers: tuple[tuple[str, str], ...], language: str
) -> SafeString:
    """The form above the list, drawn once for everybody who asks the same in this language (P1)."""
    form = TicketFilter(dict(wanted), engineers=engineers)
    return render_to_string(
        "components/_filters.html", {"form": form, "action": reverse(LIST), "target": "list"}
    )


def _view(pk: int | None, query: str, name: str, here: str) -> dict[str, Any]:
    url = f"{reverse(LIST)}?{query}" if query else reverse(LIST)
    return {"pk": pk, "label": name, "url": url, "current": query == here}


@action("list.export")
@require_GET
def export(request: Any) -> FileResponse:
    """What the list shows, as a workbook; names and phones masked, the export itself written down (A27)."""
    wanted, at = asked(request.GET), request.arrived_at
    out = exports.tickets(_rows(request, wanted, at), by=request.user, at=at, asked=sorted(wanted))
    return workbook(out, dated("tickets", at))


@action("ticket.list")
@require_POST
def save_view(request: Any) -> HttpResponse:
    """Keep the present filters under a name; the same name replaces."""
    query = urlencode(asked(_Params(request.POST.get("query", ""))))
    name = request.POST.get("name", "").replace("\x00", "").strip()[:30]
    if not name or len(query) > 500:
        messages.error(request, _("Give the view a name of at most 30 characters."))
    else:
        SavedView.objects.update_or_create(user=request.user, name=name, defaults={"query": query})
    return redirect(f"{reverse(LIST)}?{query}")


class _Params(dict[str, str]):
    def __init__(self, query: str) -> None:
        from urllib.parse import parse_qsl

        super().__init__(parse_qsl(query[:500]))


@action("ticket.list")
@require_POST
def forget_view(request: Any, pk: int) -> HttpResponse:
    get_object_or_404(SavedView, pk=pk, user=request.user).delete()
    return redirect(LIST)

"""What fails (7.1): the fault Pareto of submitted reports, its workbook, and the faults that repeat."""

import datetime as dt
import re
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts.access import action, may
from accounts.services import audit
from aftersales.display.paging import going_on, word_of
from aftersales.display.sheet import Table
from aftersales.jsonforms import record, ref
from aftersales.limits import local_day
from aftersales.rest import refusals
from aftersales.xlsx import Leaf, dated, spooled, workbook
from parts.views.pages import opening_beside

from .. import learning
from ..learning import VIEWS, Bar, Wish
from ..models import FailureMode

LEARN = "quality.learn"
WORDS = ("model", "part", "supplier", "batch")
#: how `parts/_lookup.html` draws a field that is neither a word nor a choice
DAY, HIDDEN = "date", "hidden"


def wish_of(request: Any) -> Wish:
    """What the address asks; nonsense counts as not asked. Without a period: the last twelve months."""
    today = local_day(request.arrived_at)
    last = _day(word_of(request, "until", 10)) or today
    first = _day(word_of(request, "since", 10)) or today - dt.timedelta(days=365)
    by, mode = word_of(request, "by", 12), word_of(request, "failure_mode", 10)
    words = {name: word for name in WORDS if (word := word_of(request, name))}
    words |= {"failure_mode": mode} if mode in FailureMode.values else {}
    return Wish(first, last, by if by in VIEWS else "part", words, bar_of(request))


def bar_of(request: Any) -> tuple[str, str] | None:
    """The bar whose reports the address asks for: `bar=part:…`."""
    by, _colon, key = word_of(request, "bar", 100).partition(":")
    known = by in VIEWS and (by != "month" or MONTH.fullmatch(key) is not None)
    return (by, key) if known else None


MONTH = re.compile(r"([1-9]\d{3}-(0[1-9]|1[0-2]))?", re.ASCII)  # blank: of those that say none


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2199 else None


@action(LEARN)
@require_GET
def pareto(request: Any) -> HttpResponse:
    """Counts, shares and cumulated shares by part, model, failure mode, supplier, batch or month of production."""
    wish = wish_of(request)
    bars, opens = learning.pareto(wish), request.user.cell("quality_report.view") == "Y"
    context = {
        "table": _table(wish, bars, opens=opens), "tabs": _tabs(request, wish), "fields": _fields(wish), "by": wish.by,
        "wish": wish,
        "total": sum(bar.count for bar in bars), "export": f"{reverse('technical:learning_xlsx')}{going_on(request)}",
        "repeated": _repeated(request), "limit": learning.limit(request.arrived_at), "days": learning.REPEATED_DAYS,
    }  # fmt: skip
    return render(request, "technical/learning.html", context)


def _table(wish: Wish, bars: list[Bar], *, opens: bool) -> Table:
    head = [
        (VIEWS[wish.by], ""),
        (_("Reports"), "number"),
        (_p("pareto", "Share"), "number"),
        (_("Cumulated"), "number"),
    ]
    rows = [(bar.word, _behind(wish, bar, opens), _drawn(bar.share), _drawn(bar.cumulated)) for bar in bars]
    return Table(head, rows)


def _behind(wish: Wish, bar: Bar, opens: bool) -> Any:
    """The number opens the reports behind it, for who may read them all."""
    if not opens:
        return bar.count
    asked = {
        "since": wish.first.isoformat(),
        "until": wish.last.isoformat(),
        **wish.words,
        "bar": f"{wish.by}:{bar.key}",
    }
    return format_html('<a href="{}?{}">{}</a>', reverse("technical:reports"), urlencode(asked), bar.count)


def _drawn(share: Any) -> Any:
    """A share with its bar, which repeats the number: readers aloud leave it out."""
    return format_html(
        '<span class="drawn"><progress max="100" value="{0}" aria-hidden="true"></progress> {0} %</span>',
        share,
    )


def _tabs(request: Any, wish: Wish) -> list[dict[str, Any]]:
    return [
        {"label": word, "url": going_on(request, by=name), "current": name == wish.by}
        for name, word in VIEWS.items()
    ]


def _fields(wish: Wish) -> list[tuple[str, Any, str, Any]]:
    """The filters, as `parts/_lookup.html` draws them."""
    modes = [("", _("All")), *FailureMode.choices]
    return [
        ("since", _p("period", "From"), wish.first.isoformat(), DAY),
        ("until", _p("period", "To"), wish.last.isoformat(), DAY),
        *((name, VIEWS[name], wish.words.get(name, ""), None) for name in WORDS),
        ("failure_mode", VIEWS["failure_mode"], wish.words.get("failure_mode", ""), modes),
        ("by", "", wish.by, HIDDEN),
    ]  # fmt: skip


def _repeated(request: Any) -> Table | None:
    """The parts that fail again and again; to technical with the way to a notice."""
    head = [(_("Model"), ""), (_("Part"), ""), (_("Reports"), "number"), (_("Notices"), "number"), (_("Last report"), "tight"),
            ("", "tight")]  # fmt: skip
    rows = [
        (
            row.model,
            row.part,
            row.count,
            row.notices,
            _last(request.user, row.last),
            _issue(request.user, row.technical or row.last),
        )
        for row in learning.repeated(request.arrived_at)
    ]
    return Table(head, rows) if rows else None


def _last(user: Any, report: Any) -> Any:
    opens = user.cell("quality_report.view") == "Y"
    return opening_beside(report.get_absolute_url(), report.number) if opens else report.number


def _issue(user: Any, report: Any) -> Any:
    if not may(user, "rectification.issue"):
        return ""
    return opening_beside(
        reverse("technical:new_notice", args=[report.number]), _("Issue a rectification notice")
    )


@action(LEARN)
@require_GET
def exported(request: Any) -> FileResponse:
    """The same Pareto as a workbook; the audit trail names the filters, not their words."""
    wish = wish_of(request)
    bars = learning.pareto(wish)
    head = [str(VIEWS[wish.by]), _("Reports"), _("Share (%)"), _("Cumulated (%)")]
    rows = [[bar.word, bar.count, bar.share, bar.cumulated] for bar in bars]
    audit(
        "list.export",
        by=request.user,
        at=request.arrived_at,
        subject="quality_reports",
        rows=len(rows),
        filters=sorted(wish.words),
    )
    leaf = Leaf(_("What fails"), head, rows, [36, 10, 12, 14], [1])
    return workbook(spooled(leaf), dated("faults", request.arrived_at))


ASKED = [OpenApiParameter(name, str) for name in ("since", "until", "by", *WORDS, "failure_mode")]
SCHEMAS: dict[str, Any] = {
    "Bar": record(word="text", count="int", share="text", cumulated="text"),
    "RepeatedFault": record(model="text", part="text", count="int", notices="int", last="text"),
    "QualityLearning": record(since="day", until="day", by="text", bars="[Bar]", repeated="[RepeatedFault]"),
}


@extend_schema(
    operation_id="quality_learning",
    parameters=ASKED,
    responses={200: ref("QualityLearning")} | refusals(401, 403),
)
@action(LEARN)
@api_view(["GET"])
def counted(request: Any) -> Response:
    """The fault Pareto by `by` (part, model, failure_mode, supplier, batch, month), percent as strings with one decimal, and
    the faults that repeat within 90 days with the number of their last report."""
    wish = wish_of(request)
    bars = [
        {"word": bar.word, "count": bar.count, "share": str(bar.share), "cumulated": str(bar.cumulated)}
        for bar in learning.pareto(wish)
    ]
    again = [
        {"model": row.model, "part": row.part, "count": row.count, "notices": row.notices, "last": row.last.number}
        for row in learning.repeated(request.arrived_at)
    ]  # fmt: skip
    return Response({"since": wish.first, "until": wish.last, "by": wish.by, "bars": bars, "repeated": again})


urlpatterns: list[Any] = [
    path("learning/", pareto, name="learning"),
    path("learning/export.xlsx", exported, name="learning_xlsx"),
]
api_urlpatterns: list[Any] = [path("quality-learning", counted, name="quality_learning")]

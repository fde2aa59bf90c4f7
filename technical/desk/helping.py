"""How the help helps (2.2): counts per article and period, the same as a workbook, and what was looked for in vain."""

import datetime as dt
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET

from accounts.access import action, may
from accounts.services import audit
from aftersales.display.paging import going_on, word_of
from aftersales.display.sheet import Table
from aftersales.limits import first_of, local_day
from aftersales.xlsx import Leaf, dated, spooled, workbook
from catalogue.rules import add_months
from parts.views.pages import opening, opening_beside
from repairs import helped
from repairs.models import ArticleStage, Symptom
from repairs.services import articles

COUNTS = "help.counts"


def period_of(request: Any) -> helped.Period:
    """The months that the address asks, as YYYY-MM; nonsense counts as not asked. Else the last twelve."""
    this = first_of(local_day(request.arrived_at))
    last = _month(word_of(request, "until", 7)) or this
    return helped.Period(_month(word_of(request, "since", 7)) or add_months(last, -11), last)


def _month(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2199 else None


@action(COUNTS)
@require_GET
def counts(request: Any) -> HttpResponse:
    """Read, solved, not solved and reported, per article; solved are the reports that it saved."""
    period = period_of(request)
    rows = list(helped.counted(period))
    known = {
        "table": _table(rows), "total": _total(rows), "misses": _misses(request, period), "period": period,
        "fields": [("since", _p("period", "From (YYYY-MM)"), f"{period.first:%Y-%m}", None),
                   ("until", _p("period", "To (YYYY-MM)"), f"{period.last:%Y-%m}", None)],
        "export": f"{reverse('technical:help_counts_xlsx')}{going_on(request)}",
    }  # fmt: skip
    return render(request, "technical/help_counts.html", known)


def _table(rows: list[Any]) -> Table:
    return Table([(word, "" if at < 3 else "number") for at, word in enumerate(_head())], [
        (opening(reverse("technical:article", args=[row.key]), row.title), *_facts(row)[1:]) for row in rows
    ])  # fmt: skip


def _head() -> list[str]:
    return [_p("help article", "Title"), _("Group"), _("Stage"), _p("help", "Read"), _("Solved = reports saved"), _("Not solved"),
            _("Reports that followed"), _("Solved of the answers (%)")]  # fmt: skip


def _facts(row: Any) -> list[Any]:
    return [row.title, str(Symptom(row.group).label), str(ArticleStage(row.stage).label), row.views, row.solved, row.unsolved,
            row.reports, share(row.solved, row.unsolved)]  # fmt: skip


def share(solved: int, unsolved: int) -> Any:
    """Whole percent of the answers, or nothing where nobody answered."""
    return round(100 * solved / (solved + unsolved)) if solved + unsolved else ""


def _total(rows: list[Any]) -> dict[str, Any]:
    found = {
        name: sum(getattr(row, name) for row in rows) for name in ("views", "solved", "unsolved", "reports")
    }
    return found | {"share": share(found["solved"], found["unsolved"])}


def _misses(request: Any, period: helped.Period) -> Table | None:
    """What nobody has written yet; to whom writes, with the way to a new article."""
    rows = helped.misses(period)
    new = reverse("technical:new_help") if may(request.user, articles.WRITE) else ""
    head = [(_("Words"), ""), (_("Searches"), "number"), ("", "tight")]
    told = [
        (
            row["text"],
            row["times"],
            opening_beside(f"{new}{_title(row)}", _("Write an article")) if new else "",
        )
        for row in rows
    ]
    return Table(head, told) if told else None


def _title(row: dict[str, Any]) -> str:
    from urllib.parse import urlencode

    return f"?{urlencode({'title': row['text']})}"


@action(COUNTS)
@require_GET
def exported(request: Any) -> FileResponse:
    """The same two tables as a workbook."""
    period = period_of(request)
    rows = [_facts(row) for row in helped.counted(period)]
    missed = [[row["text"], row["times"]] for row in helped.misses(period, 1000)]
    audit(
        "list.export",
        by=request.user,
        at=request.arrived_at,
        subject="help_articles",
        rows=len(rows),
        filters=[],
    )
    leaves = [Leaf(_("How the help helps"), _head(), rows, [36, 20, 12, 10, 14, 10, 14, 14], [3, 4, 5, 6]),
              Leaf(_("Looked for in vain"), [_("Words"), _("Searches")], missed, [36, 10], [1])]  # fmt: skip
    return workbook(spooled(*leaves), dated("help", request.arrived_at))


urlpatterns: list[Any] = [
    path("articles/counts/", counts, name="help_counts"),
    path("articles/counts/export.xlsx", exported, name="help_counts_xlsx"),
]

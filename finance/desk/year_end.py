"""The year end as a desk (8.10): finance prepares, a leader approves, each engineer sees his own share (C24)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET

from accounts.access import action
from accounts.steps import Step, Steps
from aftersales.display import moments
from aftersales.display.paging import paged
from aftersales.display.sheet import Happened, Table
from deadlines.papers import EmptyForm, PaperDesk

from ..flow import YearEndStage
from ..forms import ReasonForm
from ..models import YearEnd
from ..services import year_end
from ..sheets import accounts as sheets

Y = YearEndStage
STEPS = Steps(YearEnd, [
    Step("approve", gettext_lazy("Approve"), "8.10", "yearend.approve", EmptyForm, year_end.approve, (Y.PREPARED,), ("approve",),
         reauthenticate=True),
    Step("send_back", gettext_lazy("Send back"), "8.10", "yearend.approve", ReasonForm, year_end.send_back, (Y.PREPARED,),
         ("send_back",), danger=True),
])  # fmt: skip


def rows(user: Any) -> Any:
    """All, or the locked ones in which he has a share."""
    found = YearEnd.objects.select_related("prepared_by", "decided_by")
    if user.cell("yearend.view_share") == "Y":
        return found
    return found.filter(shares__engineer=user, stage=Y.LOCKED)


class YearEndDesk(PaperDesk):
    """A year end is called by its year: the one in force, else the one sent back last."""

    def opened(self, user: Any, number: str) -> Any:
        year = int(number) if number.isascii() and number.isdecimal() and len(number) == 4 else 0
        found = list(self.rows(user).filter(year=year).order_by("-pk"))
        if not found:
            raise Http404
        return next((paper for paper in found if paper.stage != Y.DROPPED), found[0])

    def happened(self, paper: Any) -> list[Happened]:
        events = [Happened(paper.prepared_at, str(paper.prepared_by), _("Prepared"), clause="8.10")]
        if paper.decided_at is not None:
            word = pgettext("year end", "Approved") if paper.stage == Y.LOCKED else _("Sent back")
            events.append(
                Happened(paper.decided_at, str(paper.decided_by), word, text=paper.decision, clause="8.10")
            )
        return events[::-1]


DESK = YearEndDesk(
    app="finance", name="year_end", plural="year-ends", steps=STEPS, view="yearend.view_share", step_action="yearend.step",
    rows=rows, sheet=sheets.year_end, payload=sheets.year_end_payload,
    home=("finance:year_ends", gettext_lazy("Year ends")),
)  # fmt: skip


@action("yearend.view_share")
@require_GET
def listed(request: Any) -> HttpResponse:
    """The year ends, newest first; an engineer sees those in which he has a share."""
    context = paged(request, rows(request.user))
    head = [
        (_("Year"), "tight"),
        (_("Stage"), ""),
        (_("Prepared by"), ""),
        (_p("year end", "Decided at"), "tight"),
    ]
    cells = [
        (format_html('<a href="{}" data-open class="number">{}</a>', x.get_absolute_url(), x.year), x.stage_label(),
         f"{x.prepared_by} {moments.when(x.prepared_at, 'short')}", moments.when(x.decided_at, "short") if x.decided_at else "–")
        for x in context["rows"]
    ]  # fmt: skip
    context |= {
        "table": Table(head, cells),
        "title": _("Year ends"),
        "clause": "8.10",
        "empty": _("No year end yet"),
    }
    return render(request, "finance/monthly.html", context)

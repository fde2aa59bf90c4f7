"""The statistics sheets as a desk: list, one sheet with its steps, the month as a workbook."""

import datetime as dt
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import action, may
from accounts.steps import Step, Steps
from aftersales.display import moments
from aftersales.display.paging import paged
from aftersales.display.sheet import Table
from aftersales.forms import Yuan
from aftersales.limits import local_day
from aftersales.xlsx import workbook
from deadlines.papers import EmptyForm, PaperDesk, StepForm

from ..flow import StatementStage
from ..forms import ReasonForm
from ..models import Column, Statement, month_name
from ..services import statements
from ..sheets import books
from ..sheets import statements as sheets
from .rights import month_of, month_or_404

T = StatementStage


class AdjustForm(StepForm):
    """A line of finance's own (C33)."""

    column = forms.ChoiceField(label=gettext_lazy("Column"), choices=Column.choices)
    amount = Yuan(label=gettext_lazy("Amount in yuan, with − what it takes away"), inputmode="text")
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


STEPS = Steps(Statement, [
    Step("confirm", gettext_lazy("Confirm"), "4.9", "stats_sheet.submit", EmptyForm, statements.confirm, (T.OPEN,), ("confirm",)),
    Step("approve", gettext_lazy("Checked"), "8.10", "statement.check", EmptyForm, statements.approve, (T.CONFIRMED,),
         ("approve",)),
    Step("adjust", gettext_lazy("Adjust by a line of its own"), "8.10", "statement.adjust", AdjustForm, statements.adjust,
         (T.CONFIRMED, T.CHECKED)),
    Step("send_back", gettext_lazy("Send back"), "4.9", "statement.check", ReasonForm, statements.send_back, (T.CONFIRMED,),
         ("send_back",), danger=True),
])  # fmt: skip


def rows(user: Any) -> Any:
    return Statement.objects.visible_to(user).select_related(
        "engineer", "checked_by", "made_by", "changed_by"
    )


class StatementDesk(PaperDesk):
    """Over the API one sheet comes with its rows; a list of them without."""

    def opened(self, user: Any, number: str) -> Any:
        paper = super().opened(user, number)
        paper.is_whole = True
        return paper


def payload(paper: Any, user: Any) -> dict[str, Any]:
    whole = getattr(paper, "is_whole", False)
    return sheets.whole_payload(paper, user) if whole else sheets.payload(paper, user)


ACTS = {
    "open": gettext_lazy("Opened for the month"), "late": gettext_lazy("A late ticket went into another month"),
    "confirm": pgettext_lazy("act", "Confirmed"), "adjust": pgettext_lazy("act", "Adjusted"),
    "send_back": pgettext_lazy("act", "Sent back"),
}  # fmt: skip
DESK = StatementDesk(
    app="finance", name="statement", plural="statements", steps=STEPS, view="statement.view", step_action="statement.step",
    rows=rows, sheet=sheets.sheet, payload=payload, home=("finance:statements", gettext_lazy("Statistics sheets")),
    acts=ACTS,
)  # fmt: skip


# --- the list
@action("statement.view")
@require_GET
def listed(request: Any) -> HttpResponse:
    """Sheets, newest first: all, or his own; of one month, at one stage."""
    wanted, stage = month_of(request.GET.get("month", "")), request.GET.get("stage", "")
    found = rows(request.user)
    found = found.filter(month=wanted) if wanted else found
    found = found.filter(stage=stage) if stage in T.values else found
    context = paged(request, found)
    months = _months(request.arrived_at)
    fields = [
        ("month", _("Month"), month_name(wanted) if wanted else "", [("", _("all")), *((m, m) for m in months)]),
        ("stage", _("Stage"), stage, [("", _("all")), *T.choices]),
    ]  # fmt: skip
    export = wanted or dt.date.fromisoformat(f"{months[0]}-01")
    context |= {
        "table": _table(context["rows"]), "fields": fields, "title": _("Statistics sheets"), "clause": "9.3",
        "empty": _("No month has ended yet since the first completed ticket"),
        "downloads": _downloads(request.user, export),
    }  # fmt: skip
    return render(request, "finance/monthly.html", context)


def _downloads(user: Any, month: dt.date) -> list[tuple[str, str]]:
    if not may(user, "finance.export"):
        return []
    word = _("Excel of {month}").format(month=month_name(month))
    return [(word, reverse("finance:statements_xlsx", args=[month_name(month)]))]


def _months(at: dt.datetime) -> list[str]:
    """The last two years of months that have ended, newest first."""
    month, found = local_day(at).replace(day=1), []
    for _number in range(24):
        month = (month - dt.timedelta(days=1)).replace(day=1)
        found.append(month_name(month))
    return found


def _table(found: list[Statement]) -> Table:
    head = [
        (_("Number"), "tight"), (_("Month"), "tight"), (_("Engineer"), ""), (_("Stage"), ""), (_("Confirmed at"), "tight"),
        (_("Checked by"), ""),
    ]  # fmt: skip
    cells = [
        (format_html('<a href="{}" data-open class="number">{}</a>', x.get_absolute_url(), x.number), month_name(x.month),
         str(x.engineer), x.stage_label(), moments.when(x.confirmed_at, "short") if x.confirmed_at else "–",
         f"{x.checked_by} {moments.when(x.checked_at, 'short')}" if x.checked_at else "–")
        for x in found
    ]  # fmt: skip
    return Table(head, cells)


# --- the workbook
@action("finance.export")
@require_GET
def exported(request: Any, month: str) -> FileResponse:
    """`<YYYY-MM>.xlsx`: total sheet, one per engineer, unreturned parts, deductions (C27)."""
    first = month_or_404(month)
    out = books.month(first, by=request.user, at=request.arrived_at)
    return workbook(out, f"{_('after-sales statistics')}-{month_name(first)}.xlsx")

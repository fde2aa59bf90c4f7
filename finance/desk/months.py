"""Months: whose books are closed, who has not signed, closing (C20) and opening again by two leaders (C21, SD12)."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, may
from aftersales.limits import first_of, following, local_day, moment_of
from aftersales.operations import once
from aftersales.problems import Refusal

from ..flow import ReconciliationStage, StatementStage
from ..models import BankRow, ClosedMonth, MonthReopening, Reconciliation, SiteMoney, Statement, month_name
from ..services import booking, months
from .rights import month_or_404

SHOWN = 24  # months back; older ones are closed long since


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is closed although somebody has not signed"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the month is opened again"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@action("ledger.view")
@require_GET
def page(request: Any) -> HttpResponse:
    """The months since the first booking, the newest first."""
    return _page(request)


def _page(request: Any, form: Any = None, refusal: Refusal | None = None) -> HttpResponse:
    rows = table_of(local_day(request.arrived_at))
    latest = next((row["closed"] for row in rows if row["closed"]), None)
    proposal = _proposal(latest)
    context = {
        "rows": rows, "closing": next((row for row in reversed(rows) if row["may_close"]), None), "latest": latest,
        "proposal": proposal, "may_close": may(request.user, "month.close"), "may_reopen": may(request.user, "month.reopen"),
        "close_form": form if isinstance(form, CloseForm) else CloseForm(),
        "reopen_form": form if isinstance(form, ReopenForm) else ReopenForm(), "refusal": refusal,
        "past": ClosedMonth.objects.exclude(reopened_at=None).prefetch_related(_done())[:12], "loose": loose_ends(rows),
    }  # fmt: skip
    status = refusal.status if refusal else 422 if form is not None else 200
    return render(request, "finance/months.html", context, status=status)


def _done() -> Prefetch:
    """Which two leaders opened a month again, and why."""
    rows = MonthReopening.objects.exclude(done_at=None).select_related("proposed_by", "seconded_by")
    return Prefetch("reopenings", rows, "done_reopenings")


def loose_ends(rows: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    """What is better settled before the next month closes: (word, how many). It does not stop the closing."""
    closing = next((row for row in reversed(rows) if row["may_close"]), None)
    if closing is None:
        return []
    month = dt.date.fromisoformat(f"{closing['month']}-01")
    end = moment_of(following(month))
    sheets = Statement.objects.filter(month=month).exclude(stage=StatementStage.CHECKED)
    money = SiteMoney.objects.in_transit().filter(taken_at__lt=end)
    rows_of_nobody = BankRow.objects.filter(receipt=None, left_out=False, arrived_at__lt=end)
    found = [
        (_("Statistics sheets not checked yet"), sheets.count()), (_("Money taken on site, in transit"), money.count()),
        (_("Bank rows that are nobody's yet"), rows_of_nobody.count()),
    ]  # fmt: skip
    return [(word, count) for word, count in found if count]


def _proposal(latest: ClosedMonth | None) -> MonthReopening | None:
    rows = MonthReopening.objects.filter(closed=latest, done_at=None, dropped_at=None)
    return rows.select_related("proposed_by").first() if latest else None


def table_of(today: dt.date) -> list[dict[str, Any]]:
    """One row a month, with who has not signed; a fixed number of statements."""
    first = booking.first_day()
    this = first_of(today)
    found = [*booking.months_between(first or this, this), this][-SHOWN:]
    closed = {
        row.month: row for row in ClosedMonth.objects.filter(reopened_at=None).select_related("closed_by")
    }
    unsigned, counts = _signatures(found)
    rows, all_before = [], True
    for month in found:
        done = closed.get(month)
        rows.append(
            {"month": month_name(month), "closed": done, "unsigned": unsigned[month], "count": counts[month],
             "signed": counts[month] - len(unsigned[month]), "more": max(len(unsigned[month]) - 8, 0), "over": month < this,
             "may_close": done is None and month < this and all_before}
        )  # fmt: skip
        all_before = done is not None
    return rows[::-1]


def _signatures(found: list[dt.date]) -> tuple[dict[dt.date, list[Reconciliation]], dict[dt.date, int]]:
    """(who has not signed, how many reconciliations there are) by month."""
    unsigned: dict[dt.date, list[Reconciliation]] = defaultdict(list)
    counts: dict[dt.date, int] = defaultdict(int)
    rows = (
        Reconciliation.objects.filter(month__in=found).select_related("engineer").order_by("engineer__name")
    )
    for row in rows.only("number", "month", "stage", "engineer__name", "engineer__username"):
        counts[row.month] += 1
        if row.stage != ReconciliationStage.LOCKED:
            unsigned[row.month].append(row)
    return unsigned, counts


@action("month.close")
@require_POST
@once
def close(request: Any, month: str) -> HttpResponse:
    """Close the books of this month (C20)."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        months.close(month_or_404(month), by=request.user, at=request.arrived_at, **form.cleaned_data)
    except Refusal as refusal:
        if refusal.field == "reason":
            form.add_error("reason", str(refusal))
            return _page(request, form)
        return _page(request, refusal=refusal)
    messages.success(request, _("The books of {month} are closed.").format(month=month))
    return redirect("finance:months")


@action("month.reopen")
@require_POST
@once
def reopen(request: Any, month: str) -> HttpResponse:
    """The next act of opening a month again: proposed with a reason by one leader, carried out or dropped by another."""
    row = get_object_or_404(ClosedMonth, month=month_or_404(month), reopened_at=None)
    proposal, form = _proposal(row), ReopenForm(request.POST)
    if proposal is None and not form.is_valid():
        return _page(request, form)
    try:
        said = _next_act(request, row, proposal, form)
    except Refusal as refusal:
        return _page(request, refusal=refusal)
    messages.success(request, said)
    return redirect("finance:months")


def _next_act(request: Any, row: ClosedMonth, proposal: MonthReopening | None, form: Any) -> str:
    hand = {"by": request.user, "at": request.arrived_at}
    if proposal is None:
        months.propose_reopening(row, reason=form.cleaned_data["reason"], **hand)
        return _("Proposed. A second leader opens the month.")
    if "drop" in request.POST:
        months.drop_reopening(proposal, **hand)
        return _("The month stays closed.")
    months.second_reopening(proposal, **hand)
    return _("The books of {month} are open again.").format(month=row)

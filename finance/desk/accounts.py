"""The accounts (8.10): months and years, each by engineer, model and region; the year as a workbook; its year end."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p
from django.views.decorators.http import require_GET, require_POST

from accounts.access import action, may
from aftersales.display import moments
from aftersales.display.sheet import Table
from aftersales.limits import local_day
from aftersales.operations import once
from aftersales.problems import Refusal
from aftersales.xlsx import workbook

from ..models import ClosedMonth, YearEnd, month_name
from ..services import accounts, booking, year_end
from ..sheets import accounts as sheets
from ..sheets import books
from .rights import month_or_404

OLDEST, NEWEST = 2000, 9990


@action("accounts.view")
@require_GET
def listed(request: Any) -> HttpResponse:
    """Every month and year since the first entry of the ledger, newest first."""
    closed = dict(ClosedMonth.objects.filter(reopened_at=None).values_list("month", "closed_at"))
    cells = [_line(period, closed) for period in _periods(request.arrived_at)]
    table = Table([(_("Period"), "tight"), (_p("accounts", "Closed at"), "tight")], cells)
    context = {
        "table": table,
        "title": _("Accounts"),
        "clause": "8.10",
        "empty": _("The ledger has no row yet"),
    }
    return render(request, "finance/monthly.html", context)


def _periods(at: dt.datetime) -> list[dt.date | int]:
    """2026, then its months back from the present one, then 2025 …"""
    first = booking.first_day()
    if first is None:
        return []
    month, found = local_day(at).replace(day=1), list[dt.date | int]()
    while month >= first.replace(day=1):
        if month.year not in found:
            found.append(month.year)
        found.append(month)
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return found


def _line(period: dt.date | int, closed: dict[dt.date, dt.datetime]) -> tuple[Any, Any]:
    name = month_name(period) if isinstance(period, dt.date) else str(period)
    link = format_html(
        '<a href="{}" data-open class="number">{}</a>', reverse("finance:period", args=[name]), name
    )
    at = closed.get(period) if isinstance(period, dt.date) else None
    return link, moments.when(at) if at else "–"


def read(period: str, at: dt.datetime) -> tuple[dt.date | int, accounts.Amounts]:
    """(month or year, its accounts) of 2026-11 or 2026; else 404. Nothing lies ahead of the present month."""
    if period.isascii() and period.isdecimal() and len(period) == 4 and OLDEST <= int(period) <= NEWEST:
        ahead = (local_day(at).replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        return int(period), accounts.of_year(int(period), until=ahead)
    first = month_or_404(period)
    if not OLDEST <= first.year <= NEWEST:
        raise Http404
    return first, accounts.of_month(first)


@action("accounts.view")
@require_GET
def shown(request: Any, period: str) -> HttpResponse:
    """A month or a year; a closed month comes from its roll-up (P12)."""
    found, amounts = read(period, request.arrived_at)
    context: dict[str, Any] = {
        "parts": sheets.parts(amounts, may(request.user, "cost.view")),
        "period": period,
    }
    if isinstance(found, int):
        paper = YearEnd.objects.filter(year=found).exclude(stage="dropped").first()
        ready = (
            paper is None
            and may(request.user, "yearend.prepare")
            and local_day(request.arrived_at).year > found
        )
        may_export = may(request.user, "finance.export")
        context |= {"year": found, "year_end": paper, "may_prepare": ready, "may_export": may_export}
    else:
        context["closed"] = ClosedMonth.objects.filter(month=found, reopened_at=None).first()
    return render(request, "finance/accounts.html", context)


@action("finance.export")
@require_GET
def exported(request: Any, year: int) -> FileResponse:
    """`<YYYY>.xlsx` (C27)."""
    if not OLDEST <= year <= NEWEST:
        raise Http404
    return workbook(
        books.year(year, by=request.user, at=request.arrived_at), f"{_('after-sales accounts')}-{year}.xlsx"
    )


@action("yearend.prepare")
@require_POST
@once
def prepare(request: Any, year: int) -> HttpResponse:
    """Finance computes and signs the year end (C22)."""
    try:
        paper = year_end.prepare(year, by=request.user, at=request.arrived_at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return (
            redirect("finance:period", period=str(year))
            if OLDEST <= year <= NEWEST
            else redirect("finance:accounts")
        )
    messages.success(request, _("The year end of {year} waits for a leader.").format(year=year))
    return redirect(paper)

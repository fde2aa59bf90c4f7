"""The monthly list 5.6 and the consumption reports 5.5."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import action, may
from aftersales.display import moments
from aftersales.display.paging import by_key
from aftersales.display.sheet import Table
from aftersales.limits import following, local_day
from aftersales.operations import once
from aftersales.problems import BadEntry, Refusal
from deadlines.papers import shown_clocks

from .. import services
from ..models import ConsumptionReport, UnreturnedLine, UnreturnedList
from ..selectors import openable
from ..services.monthly import open_lists, rows_of
from .pages import link, listed, opening, table, tabs_of

SUBMIT, CONFIRM = "unreturned_list.submit", "consumption.report"


# --- warranty parts not returned
@action("parts.page")
@require_GET
def unreturned_lists(request: Any) -> HttpResponse:
    lists = UnreturnedList.objects.select_related("submitted_by")
    found, more = by_key(request, lists)
    if _lacks_one(request, found) and open_lists(request.arrived_at):
        found, more = by_key(request, lists)
    head = [(_("Month"), "tight"), (_("Submitted"), "tight"), (_("By"), "")]
    rows = [
        (opening(x.get_absolute_url(), x), moments.when(x.submitted_at, "short") if x.submitted_at else _("to be submitted"),
         str(x.submitted_by or ""))
        for x in found
    ]  # fmt: skip
    empty = _("No month has ended since the first issue")
    return listed(request, _("Warranty parts not returned"), head, rows, next=more, clause="5.6", empty=empty)


def _lacks_one(request: Any, found: list[UnreturnedList]) -> bool:
    """The newest list is older than the month that has ended: the job of the night has not run yet."""
    ended = local_day(request.arrived_at).replace(day=1)
    return "before" not in request.GET and (not found or following(found[0].month) < ended)


def _list(month: str) -> UnreturnedList:
    try:
        first = dt.date.fromisoformat(f"{month[:10]}-01")
    except ValueError:
        raise Http404 from None
    open_lists(timezone.now())
    return get_object_or_404(UnreturnedList.objects.select_related("submitted_by"), month=first)


@action("parts.page")
@require_GET
def unreturned(request: Any, month: str) -> HttpResponse:
    """As submitted, or as it stands now; finance goes from here to the sheets to waive or to charge."""
    found = _list(month)
    rows = rows_of(found)
    context = {
        "paper": found, "table": _lines(rows, request.user), "count": sum(row.quantity for row in rows),
        "total": sum((row.amount for row in rows), Decimal(0)),
        "may_submit": not found.submitted_at and may(request.user, SUBMIT),
        "may_waive": may(request.user, "old_part.waive_return"), **shown_clocks(found, timezone.now()),
    }  # fmt: skip
    return render(request, "parts/unreturned.html", context)


def _lines(rows: list[UnreturnedLine], user: Any) -> Table:
    ours = openable(user, (x.line.release for x in rows))
    head = [
        (_("Release"), "tight"), (_("Ticket"), "tight"), (_("Part"), ""), (_("Pieces"), "number"), (_("Amount"), "money"),
        (_("Engineer"), ""), (_("State"), "tight"),
    ]  # fmt: skip
    cells = [
        (link(x.line.release, closed=x.line.release not in ours), x.line.release.about.number, str(x.line.part), x.quantity,
         f"¥{x.amount:,.2f}",
         str(x.line.holder or x.line.release.engineer), UnreturnedLine.State(x.state).label)
        for x in rows
    ]  # fmt: skip
    return table(head, cells)


@action(SUBMIT)
@require_POST
@once
def submit(request: Any, month: str) -> HttpResponse:
    found = _list(month)
    try:
        services.submit_list(found, by=request.user, at=request.arrived_at)
        messages.success(request, _("Submitted to finance."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


# --- consumption
@action("consumption.view")
@require_GET
def consumption(request: Any) -> HttpResponse:
    """What completed repairs used, for purchasing (5.5)."""
    rows = ConsumptionReport.objects.select_related("ticket", "confirmed_by")
    if request.GET.get("stage") == "open":
        rows = rows.filter(confirmed_at=None)
    found, more = by_key(request, rows)
    head = [(_("Ticket"), "tight"), (_("Sent"), "tight"), (_("Confirmed"), "tight"), (_("By"), "")]
    cells = [
        (opening(x.get_absolute_url(), x), moments.when(x.sent_at, "short") if x.sent_at else "–",
         moments.when(x.confirmed_at, "short") if x.confirmed_at else _("to be confirmed"), str(x.confirmed_by or ""))
        for x in found
    ]  # fmt: skip
    tabs = tabs_of([("open", _("to be confirmed"))], "open" if request.GET.get("stage") == "open" else "")
    return listed(
        request,
        _("Consumption reports"),
        head,
        cells,
        next=more,
        tabs=tabs,
        clause="5.5",
        empty=_("Nothing was consumed yet"),
    )


@action("consumption.view")
@require_http_methods(["GET"])
def consumption_report(request: Any, pk: int) -> HttpResponse:
    return _report(request, pk)


def _report(request: Any, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    found = get_object_or_404(ConsumptionReport.objects.select_related("ticket", "confirmed_by"), pk=pk)
    context = {
        "paper": found, "lines": found.lines.select_related("line__part", "line__release"), "refusal": refusal,
        "may_confirm": not found.confirmed_at and may(request.user, CONFIRM), **shown_clocks(found, timezone.now()),
    }  # fmt: skip
    return render(request, "parts/consumption.html", context, status=refusal.status if refusal else 200)


@action(CONFIRM)
@require_POST
@once
def confirm_consumption(request: Any, pk: int) -> HttpResponse:
    """The warehouse confirms the quantities (D08)."""
    found = get_object_or_404(ConsumptionReport, pk=pk)
    try:
        counted = _counted(request.POST)
        services.confirm_consumption(found, by=request.user, at=request.arrived_at, counted=counted)
    except Refusal as refusal:
        return _report(request, pk, refusal)
    messages.success(request, _("Confirmed."))
    return redirect(reverse("parts:consumption_report", args=[found.pk]))


def _counted(entries: Any) -> dict[int, int]:
    """Pieces by the report's line, however wide the digits; an empty entry is as declared, anything else is refused."""
    found = {}
    for name, typed in entries.items():
        key, value = name.removeprefix("line_"), typed.strip()
        if name == key or not value or not (key.isascii() and key.isdecimal() and len(key) < 16):
            continue
        if not value.isdecimal() or len(value) > 6:
            raise BadEntry(_("“{text}” is no number of pieces."), "5.5", name, text=value[:20])
        found[int(key)] = int(value)
    return found

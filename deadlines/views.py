"""Pages of the clock: collection rounds, working days, excuses."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import action
from aftersales.limits import DAY, local_day
from aftersales.operations import once
from aftersales.problems import Refusal

from . import calendar, selectors, services
from .forms import DaysForm, ExcuseForm, TickForm
from .models import CalendarDay, CollectionRound, Deadline

SHOWN_DAYS = 14


@action("intake.collect_checkpoint")
def rounds(request: Any) -> HttpResponse:
    """The collection rounds of the last days, today's on top (3.1)."""
    at = request.arrived_at
    today = local_day(at)
    if not CollectionRound.objects.filter(day=today).exists():
        services.open_rounds(at)  # nobody waits for the scheduler
    rows = list(selectors.rounds(today - DAY * n for n in range(SHOWN_DAYS)))
    clocks = selectors.round_clocks(rows, at)
    shown = [{"round": row, "clock": clocks.get(row.pk), "begun": row.begins_at <= at} for row in rows]
    return render(request, "deadlines/rounds.html", {"rounds": shown, "form": TickForm()})


@action("intake.collect_checkpoint")
@require_POST
@once
def tick(request: Any, pk: int) -> HttpResponse:
    """Tick one round."""
    row, form = get_object_or_404(CollectionRound, pk=pk), TickForm(request.POST)
    if form.is_valid():
        _say(
            request,
            lambda: services.tick_round(
                row, found=form.cleaned_data["found"], by=request.user, at=request.arrived_at
            ),
        )
    else:
        messages.error(request, _("Enter how many reports you found; 0 if there was none."))
    return redirect("deadlines:rounds")


def _say(request: Any, act: Any) -> bool:
    """Do it, or show the sentence with which it was refused."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, _("Saved."))
    return True


@action("calendar.load")
@once
def working_days(request: Any) -> HttpResponse:
    """The table of working days, and loading more of it."""
    form = DaysForm(request.POST) if request.method == "POST" else DaysForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = _say(
            request,
            lambda: services.load_days(
                data["days"], source=data["source"], by=request.user, at=request.arrived_at
            ),
        )
        if done:
            return redirect("deadlines:calendar")
    return render(request, "deadlines/calendar.html", {"form": form, **_years(request.arrived_at)})


def _years(at: dt.datetime) -> dict[str, Any]:
    """This year and the next: known or not, and the days that differ from Monday to Friday."""
    this, known = local_day(at).year, calendar.current()
    years = []
    for year in (this + 1, this):
        table: dict[dt.date, Any] = {day.date: day for day in CalendarDay.objects.filter(date__year=year)}
        days: list[Any] = (
            [day for day in calendar.package_days(year) if day.date not in table]
            if year not in known.official_years
            else []
        )
        rows = sorted([*table.values(), *days], key=lambda day: day.date)
        years.append({"year": year, "official": known.is_official(dt.date(year, 1, 1)), "days": rows})
    return {"years": years}


@action("breach.excuse")
@once
def excuse(request: Any, pk: int) -> HttpResponse:
    """A leader's reason beside a breach."""
    row = get_object_or_404(Deadline.objects.select_related("assignee"), pk=pk)
    row.seen_at = request.arrived_at
    form = ExcuseForm(request.POST) if request.method == "POST" else ExcuseForm()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _say(request, lambda: services.excuse(row, reason=reason, by=request.user, at=request.arrived_at)):
            return redirect(row.url)
    return render(request, "deadlines/excuse.html", {"clock": row, "form": form})

"""The duty roster by week (3.1, A28): read by all, written by the head of customer service or a leader."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import services
from ..access import action
from ..forms import ShiftForm
from ..models import DutyShift
from ..selectors import day_of, shifts_of_week
from .answers import done

WEEK = dt.timedelta(days=7)
YEARS = 50  # how far back and ahead one may leaf


def monday_of(text: str, at: dt.datetime) -> dt.date:
    """The Monday of `?week=2026-W10`, of this week when it says nothing or lies out of reach."""
    today = day_of(at)
    try:
        monday = dt.datetime.strptime(f"{text}-1", "%G-W%V-%u").date()  # noqa: DTZ007  # a calendar day
    except ValueError:
        monday = dt.date.min
    near = abs(monday.year - today.year) <= YEARS
    return monday if near else today - dt.timedelta(days=today.weekday())


def address(monday: dt.date) -> str:
    return f"{reverse('accounts:roster')}?week={monday:%G-W%V}"


@action("people.view")
def roster(request: Any) -> HttpResponse:
    monday = monday_of(request.GET.get("week", ""), request.arrived_at)
    return render(request, "accounts/roster.html", week(request, monday, ShiftForm()))


def week(request: Any, monday: dt.date, form: ShiftForm) -> dict[str, Any]:
    days = [monday + dt.timedelta(days=n) for n in range(7)]
    return {
        "days": shifts_of_week(days), "monday": monday, "last": days[-1], "form": form, "at": request.arrived_at,
        "today": day_of(request.arrived_at), "previous": address(monday - WEEK), "next": address(monday + WEEK),
        "this": f"{monday:%G-W%V}",
    }  # fmt: skip


@action("duty_roster.edit")
@require_POST
def enter(request: Any) -> HttpResponse:
    form = ShiftForm(request.POST)
    monday = monday_of(request.POST.get("week", ""), request.arrived_at)
    if form.is_valid():
        entries = dict(form.cleaned_data)
        if done(
            request,
            lambda: services.put_on_roster(by=request.user, at=request.arrived_at, **entries),
            _("Entered."),
            form,
        ):
            day = day_of(entries["begins_at"])
            return redirect(address(day - dt.timedelta(days=day.weekday())))
    return render(request, "accounts/roster.html", week(request, monday, form))


@action("duty_roster.edit")
@require_POST
def repeat(request: Any) -> HttpResponse:
    """Enter what stood in the week before, where nobody is on duty yet."""
    monday = monday_of(request.POST.get("week", ""), request.arrived_at)
    count = services.repeat_week(monday, by=request.user, at=request.arrived_at)
    done(request, lambda: None, _("{count} shifts entered.").format(count=count))
    return redirect(address(monday))


@action("duty_roster.edit")
@require_POST
def strike(request: Any, pk: int) -> HttpResponse:
    shift = get_object_or_404(DutyShift.objects.select_related("user"), pk=pk)
    done(
        request, lambda: services.take_off_roster(shift, by=request.user, at=request.arrived_at), _("Struck.")
    )
    day = day_of(shift.begins_at)
    return redirect(address(day - dt.timedelta(days=day.weekday())))

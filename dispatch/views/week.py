"""The week of the cars 用车日历 (6.1): cars and drivers as rows, Monday to Sunday as columns; on a phone a list per day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import action, may
from aftersales.display.paging import word_of
from aftersales.limits import DAY, local_day, moment_of

from .. import selectors
from ..flow import TripStage
from ..models import Trip
from ..rules import Bar, bar, week_name, week_of


@dataclass
class Shown:
    """A trip in the calendar: where its bar stands, what is written on it, whether its page opens."""

    trip: Trip
    bar: Bar
    url: str
    late: bool
    beside: str = ""  # a car's bar names the driver, a driver's the car


@dataclass
class Row:
    """A car or a driver with what it does in the week."""

    name: str
    note: str = ""
    url: str = ""
    bars: list[Shown] = field(default_factory=list)


@action("car.view")
@require_GET
def week(request: Any) -> HttpResponse:
    """`?week=2026-W48`; the present week without it."""
    at = request.arrived_at
    monday = week_of(word_of(request, "week", 8), local_day(at))
    trips = selectors.on_the_road(moment_of(monday), moment_of(monday + 7 * DAY), at)
    opened = selectors.openable(request.user, trips)
    shown = [one for trip in trips if (one := _shown(trip, monday, at, opened))]
    days = [monday + n * DAY for n in range(7)]
    today = local_day(at)
    context = {
        "days": [{"day": day, "today": day == today, "trips": _of_day(shown, n)} for n, day in enumerate(days, 1)],
        "groups": [(_("Cars"), _cars(shown)), (_("Drivers"), _drivers(shown, at))],
        "week": week_name(monday), "before": week_name(monday - 7 * DAY), "after": week_name(monday + 7 * DAY),
        "last": days[-1], "waiting": _waiting(request.user), "may_ask": may(request.user, "trip.request"),
    }  # fmt: skip
    return render(request, "dispatch/week.html", context)


def _shown(trip: Trip, monday: dt.date, at: dt.datetime, opened: set[int]) -> Shown | None:
    """As it really was where that is known; a trip that is late lasts until now."""
    begin, end = trip.departed_at or trip.leaves_at, trip.returned_at or trip.returns_at
    late = trip.stage == TripStage.DEPARTED and end < at
    place = bar(local_day(begin), local_day(at if late else end), monday)
    url = trip.get_absolute_url() if trip.pk in opened else ""
    return Shown(trip, place, url, late) if place else None


def _of_day(shown: list[Shown], number: int) -> list[Shown]:
    return [one for one in shown if one.bar.first <= number < one.bar.first + one.bar.days]


def _cars(shown: list[Shown]) -> list[Row]:
    """Cars in use, and those that were on the road in this week."""
    cars = {car.pk: car for car in selectors.cars_in_use()} | {
        one.trip.car.pk: one.trip.car for one in shown if one.trip.car
    }
    rows = {pk: Row(car.plate, car.name, car.get_absolute_url()) for pk, car in cars.items()}
    return _filled(rows, [(one.trip.car_id, one, str(one.trip.driver or "")) for one in shown])


def _drivers(shown: list[Shown], at: dt.datetime) -> list[Row]:
    people = {p.pk: p for p in selectors.drivers(at)} | {
        one.trip.driver.pk: one.trip.driver for one in shown if one.trip.driver
    }
    rows = {pk: Row(str(person)) for pk, person in people.items()}
    return _filled(rows, [(one.trip.driver_id, one, str(one.trip.car or "")) for one in shown])


def _filled(rows: dict[int, Row], bars: list[tuple[Any, Shown, str]]) -> list[Row]:
    for pk, one, beside in bars:
        if pk in rows:
            rows[pk].bars.append(Shown(one.trip, one.bar, one.url, one.late, beside))
    return sorted(rows.values(), key=lambda row: row.name)


def _waiting(user: Any) -> dict[str, Any] | None:
    """Requests that this person may decide."""
    if not may(user, "trip.approve"):
        return None
    found = list(selectors.to_decide(user)[:20])
    return {"trips": found, "url": f"{reverse('dispatch:trips')}?stage=draft"} if found else None

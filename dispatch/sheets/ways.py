"""Words and ways that several of administration's pages use."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import link

from ..models import Trip


def km(value: int | None) -> str:
    return "" if value is None else _("{n} km").format(n=f"{value:,}")


def car(trip: Trip, user: Any) -> Any:
    """The car with a way to its page, for whom the register is open."""
    if trip.car is None:
        return ""
    return link(trip.car, "plate") if may(user, "car.view") else trip.car.plate


def driven(trip: Trip) -> str:
    """Kilometres of the company's car; nothing is known of them before it is back."""
    return "–" if trip.odometer_in is None else km(trip.driven)


def span(trip: Trip, style: str = "full") -> str:
    """From departure to return, as it really was where that is known; lists write it `short`."""
    begin, end = trip.departed_at or trip.leaves_at, trip.returned_at or trip.returns_at
    same = moments.local(begin).date() == moments.local(end).date()
    return f"{moments.when(begin, style)} – {moments.when(end, 'time' if same else style)}"


def asking(ticket: Any) -> str:
    return f"{reverse('dispatch:new_trip')}?for={ticket.number}"

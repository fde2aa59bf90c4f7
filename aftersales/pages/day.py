"""The engineer's day on the phone (4.1, 4.4c): whom he visits today, where, with which parts, by which trip."""

import datetime as dt
from collections import defaultdict
from typing import Any
from urllib.parse import quote

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import action
from accounts.selectors import represented_by
from aftersales.limits import DAY, local_day, moment_of
from dispatch.flow import BOOKED
from dispatch.models import Trip
from parts.models import ReleaseLine
from repairs import privacy
from repairs.flow import PlanType, Stage
from repairs.models import Ticket

#: opens the map of the phone at an address; nothing is asked of it before somebody taps
MAP = "https://uri.amap.com/search?keyword={}"
DAYS = 2  # today and tomorrow


@action("own.day")
@require_GET
def day(request: Any) -> HttpResponse:
    """Today and tomorrow; what is under way or was missed stands with today."""
    today = local_day(request.arrived_at)
    visits = list(_visits(request.user, today))
    parts, trips = to_take(visits), _trips(visits)
    for visit in visits:
        visit.parts, visit.trip = parts[visit.pk], trips.get(visit.pk)
        visit.plain = privacy.plain_for(request.user, visit)
        visit.map = MAP.format(quote(where(visit))) if visit.plain and where(visit) else ""
    privacy.note_all_seen(request.user, [visit for visit in visits if visit.plain], request.arrived_at)
    days = [
        (today + n * DAY, [v for v in visits if _shown_on(v, today) == today + n * DAY]) for n in range(DAYS)
    ]
    return render(request, "pages/day.html", {"days": days, "today": today})


def _visits(user: Any, today: dt.date) -> Any:
    """Appointments of these days, one's own and of whom one stands in for; and what was begun and is not completed."""
    rows = Ticket.objects.filter(engineer__in=[user.pk, *represented_by(user)], plan_type=PlanType.VISIT)
    soon = Q(stage=Stage.PLANNED, appointment_at__lt=moment_of(today + DAYS * DAY))
    rows = rows.filter(soon | Q(stage=Stage.IN_SERVICE)).select_related("words", "contact", "customer")
    return rows.order_by(F("appointment_at").asc(nulls_last=True), "pk")


def _shown_on(visit: Ticket, today: dt.date) -> dt.date:
    if visit.stage == Stage.IN_SERVICE or visit.appointment_at is None:
        return today
    return max(local_day(visit.appointment_at), today)


def where(visit: Ticket) -> str:
    """Region and street, as a map finds them."""
    return f"{visit.region}{visit.contact.street}".strip()


def to_take(visits: list[Ticket]) -> dict[int, list[ReleaseLine]]:
    """Ticket → lines of which pieces are signed and lie in the store, or were issued and nobody has said what became of them."""
    rows = ReleaseLine.objects.filter(
        release__ticket__in=visits, signed_at__isnull=False, release__round=F("release__ticket__round")
    )
    rows = rows.filter(Q(issued__lt=F("quantity") - F("struck")) | Q(issued__gt=F("used") + F("unused")))
    found: dict[int, list[ReleaseLine]] = defaultdict(list)
    for line in rows.select_related("part", "release").order_by("release", "pk"):
        found[line.release.ticket_id or 0].append(line)
    return found


def _trips(visits: list[Ticket]) -> dict[int, Trip]:
    """Ticket → the trip that goes there next."""
    rows = Trip.objects.filter(served__ticket__in=visits, stage__in=[*BOOKED, "draft"]).select_related("car")
    pairs = rows.order_by("-leaves_at").values_list("served__ticket", "pk")
    known = {trip.pk: trip for trip in rows}
    return {ticket: known[pk] for ticket, pk in pairs}

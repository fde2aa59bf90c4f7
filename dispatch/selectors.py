"""Asked by administration's pages, endpoints and services: trips of a person, a week of the cars, who may drive."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from accounts.models import User
from accounts.selectors import holders, members, represented_by
from aftersales.charter import Department
from aftersales.limits import DAY, local_day
from deadlines.models import Deadline
from parts.flow import ReleaseStage
from parts.models import ReleaseLine
from policy import figures
from repairs.flow import Stage
from repairs.models import Ticket

from .flow import BOOKED, TripStage
from .models import Car, Fine, Traveller, Trip, TripTicket, involving
from .rules import is_nearby

#: while somebody may have to go there
VISITED = (Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE)
#: what the calendar shows: it will be, is or was on the road
ON_THE_ROAD = (TripStage.APPROVED, TripStage.DEPARTED, TripStage.RETURNED, TripStage.SETTLED)
#: how long before the day insurance and maintenance are named on the home page; the clocks' own first warnings
SOON = {"insured_until": 30 * DAY, "service_on": 14 * DAY}


# --- trips
def trips_for(user: Any) -> QuerySet[Trip]:
    """What this person may see, with everything that a page or an answer names of it."""
    served = TripTicket.objects.select_related("ticket").order_by("ticket__number")
    gone = Traveller.objects.select_related("person").order_by("pk")
    rows = Trip.objects.visible_to(user).select_related("requester", "decided_by", "car", "driver", "made_by")
    return rows.prefetch_related(Prefetch("served", served), Prefetch("travellers", gone))


def to_decide(user: Any) -> QuerySet[Trip]:
    """What waits for the vehicle manager, the earliest departure first; one's own is another's to decide (SD04)."""
    return Trip.objects.filter(stage=TripStage.DRAFT).exclude(involving(user)).order_by("leaves_at", "pk")


def trips_of(ticket: Ticket, user: Any) -> list[Trip]:
    """The trips that serve this ticket, the newest first, each with whether its page `opens` to this person; of whom it is
    neither the trade nor the business to see them all, a driver, only those that do."""
    opens = Exists(Trip.objects.visible_to(user).filter(pk=OuterRef("pk")))
    rows = Trip.objects.filter(served__ticket=ticket).annotate(opens=opens)
    rows = rows if "ENG" in user.roles else rows.filter(opens=True)
    return list(rows.select_related("car", "driver").order_by("-pk"))


def own_tickets(user: Any) -> QuerySet[Ticket]:
    """Open tickets that he, or for whom he stands in, may have to travel for; the newest first."""
    people = [user.pk, *represented_by(user)]
    return Ticket.objects.visible_to(user).filter(engineer__in=people, stage__in=VISITED).order_by("-pk")


def travellers(at: dt.datetime | None = None) -> QuerySet[User]:
    """Who may go along: engineers and drivers."""
    people = Q(pk__in=members(Department.ENGINEERS, at).values("pk")) | Q(pk__in=drivers(at).values("pk"))
    return User.objects.filter(people).order_by("name", "pk")


def drivers(at: dt.datetime | None = None) -> QuerySet[User]:
    return holders("driver", at).order_by("name", "pk")


def cars_in_use() -> QuerySet[Car]:
    return Car.objects.filter(active=True).order_by("plate")


def overlapping(trip: Trip) -> QuerySet[Trip]:
    """Other trips that hold their car and driver at the same time."""
    rows = Trip.objects.filter(stage__in=BOOKED, leaves_at__lt=trip.returns_at, returns_at__gt=trip.leaves_at)
    return rows.exclude(pk=trip.pk).order_by("leaves_at", "pk")


def taken(trip: Trip) -> dict[str, dict[int, str]]:
    """{"car": {id: number of the trip}, "driver": …} of what other trips have at the same time."""
    found: dict[str, dict[int, str]] = {"car": {}, "driver": {}}
    for number, car, driver in overlapping(trip).values_list("number", "car", "driver"):
        found["car"][car], found["driver"][driver] = number, number
    return found


def nearby(city: str, kilometres: int | None, day: dt.date, tickets: Iterable[Ticket]) -> bool | None:
    """Whether a place counts as nearby, by the company's figures of that day (6.1); None until its distance is known."""
    cities, limit = figures.value("nearby_cities", day), int(figures.value("nearby_km", day))
    regions = [ticket.region for ticket in tickets]
    return is_nearby(city, kilometres, cities=tuple(cities), limit=limit, regions=regions)


def bulky_lines(tickets: Iterable[Ticket]) -> list[ReleaseLine]:
    """Bulky parts that were asked for in the present round of these tickets and are not there yet (6.1c)."""
    rows = ReleaseLine.objects.filter(
        release__ticket__in=list(tickets), release__round=F("release__ticket__round")
    )
    rows = rows.filter(part__bulky=True, quantity__gt=F("struck") + F("used") + F("unused"))
    rows = rows.exclude(release__stage=ReleaseStage.CANCELLED).select_related("part", "release")
    return list(rows.order_by("release", "pk"))


def refuelled(trip: Trip) -> Decimal:
    """Yuan that administration paid for fuel of this car on the days of the trip (6.2)."""
    if trip.car is None or trip.departed_at is None or trip.returned_at is None:
        return Decimal("0.00")
    days = (local_day(trip.departed_at), local_day(trip.returned_at))
    return trip.car.fuel.filter(day__range=days).aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")


# --- cars
def clocks_of(car: Car, at: dt.datetime) -> list[Deadline]:
    """The running clocks of a car, also those that nobody owes yet, as its page shows them."""
    rows = list(Deadline.objects.of(car).open().select_related("assignee").order_by("due_at", "pk"))
    for row in rows:
        row.seen_at, row.subject = at, car
    return rows


def cars_near(at: dt.datetime) -> dict[str, QuerySet[Car]]:
    """Fact → cars in use whose insurance or maintenance comes up; once the day is over it is a duty."""
    today = local_day(at)
    return {
        name: cars_in_use().filter(**{f"{name}__range": (today, today + ahead)})
        for name, ahead in SOON.items()
    }


def fines_for(user: Any) -> QuerySet[Fine]:
    return Fine.objects.visible_to(user).select_related("car", "driver", "trip", "made_by")


def openable(user: Any, trips: Any) -> set[int]:
    """Of these trips, those whose page this person may open."""
    return set(
        Trip.objects.visible_to(user).filter(pk__in=[t.pk for t in trips if t]).values_list("pk", flat=True)
    )


def visible_tickets(user: Any, numbers: Any) -> set[str]:
    return set(
        Ticket.objects.visible_to(user).filter(number__in=list(numbers)).values_list("number", flat=True)
    )


# --- the week
def on_the_road(begin: dt.datetime, end: dt.datetime, at: dt.datetime) -> list[Trip]:
    """Trips with a car that are planned or were under way between two moments, by their departure; one that is not back
    yet is under way until now (`at`)."""
    planned = Q(leaves_at__lt=end, returns_at__gt=begin)
    late = Q(stage=TripStage.DEPARTED, departed_at__lt=end) if at >= begin else Q(pk__in=[])
    really = Q(departed_at__lt=end, returned_at__gt=begin)
    rows = Trip.objects.filter(planned | late | really, stage__in=ON_THE_ROAD, car__isnull=False)
    return list(rows.select_related("car", "driver").order_by("leaves_at", "pk"))

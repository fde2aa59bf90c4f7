"""出差/出车 CX (6.1): asked for, decided by the vehicle manager, gone, back, settled. Costs are finance's (8.2–8.5)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.models import User
from accounts.selectors import holders
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.paperwork import keep
from aftersales.problems import BadEntry, OutOfTurn
from notices.services import tell
from parts.services.obligations import trip_over
from repairs.models import Ticket
from repairs.services.for_parts import service_from_parts

from .. import events
from ..flow import TripStage
from ..models import Car, Traveller, Trip, TripTicket
from ..rules import Means
from ..selectors import nearby, overlapping
from .cars import no_jump, read_odometer

SERIES, CLAUSE = "CX", "6.1"
#: a trip does not take longer; also what keeps a slip of the pen in a date from booking a car for years
LONGEST = dt.timedelta(days=60)
#: neither does anybody ask longer before or after it leaves: costs fall into the month of the trip
FROM_NOW = dt.timedelta(days=60)
#: who leaves before the plan leaves a day before it at most; each day more would be paid as meals (8.3)
EARLIER = dt.timedelta(days=1)
#: kilometres of one calendar day that no car drives: a slip of the pen in a reading would cost as many yuan (8.4)
FARTHEST = 2_000
HOW_FAR = _("This city is not on the list of nearby ones: enter how far it is.")
S = TripStage


# --- asked for
@transaction.atomic
def request(
    *,
    tickets: Iterable[Ticket],
    people: Iterable[User],
    place: str,
    city: str,
    kilometres: int | None,
    leaves_at: dt.datetime,
    returns_at: dt.datetime,
    easy_access: bool,
    severe_weather: bool,
    bulky: bool,
    by: Any,
    at: dt.datetime,
    note: str = "",
) -> Trip:
    """Ask for a trip for one or several tickets, all of them one's own (E01); the vehicle managers are told.

    Raises `BadEntry` at `leaves_at`, `returns_at`, `tickets`, `people` or `kilometres`.
    """
    demand(by, "trip.request")
    served, gone = sorted(set(tickets), key=lambda ticket: ticket.number), list(dict.fromkeys(people))
    _check_times(leaves_at, returns_at, at)
    _check(served, gone, by)
    trip = Trip(
        requester=by, place=place, city=city, kilometres=kilometres, leaves_at=leaves_at, returns_at=returns_at,
        easy_access=easy_access, severe_weather=severe_weather, bulky=bulky, note=note, number=next_number(SERIES, at),
        nearby=_zone(city, kilometres, leaves_at, served), back_same_day=local_day(leaves_at) == local_day(returns_at),
    )  # fmt: skip
    keep(trip, "request", by=by, at=at)
    TripTicket.objects.bulk_create(TripTicket(trip=trip, ticket=row, round=row.round) for row in served)
    Traveller.objects.bulk_create(Traveller(trip=trip, person=person) for person in gone)
    _note(trip, "trip_requested", by, at)
    tell(
        [person.pk for person in holders("vehicle_manager", at) if person.pk != by.pk], at=at,
        event_key=f"trip:{trip.number}:request", kind="trip", title=_("{person} asks for trip {number} to {place} (6.1)."),
        params={"person": str(by), "number": trip.number, "place": place}, url=trip.get_absolute_url(),
    )  # fmt: skip
    return trip


def _zone(city: str, kilometres: int | None, leaves_at: dt.datetime, served: list[Ticket]) -> bool:
    near = nearby(city, kilometres, local_day(leaves_at), served)
    if near is None:
        raise BadEntry(HOW_FAR, CLAUSE, "kilometres")
    return near


def _check_times(leaves_at: dt.datetime, returns_at: dt.datetime, at: dt.datetime) -> None:
    if abs(leaves_at - at) > FROM_NOW:
        raise BadEntry(_("A trip is asked for at most {days} days before or after it leaves."), CLAUSE, "leaves_at",
                       days=FROM_NOW.days)  # fmt: skip
    if returns_at <= leaves_at:
        raise BadEntry(_("The return lies before the departure."), CLAUSE, "returns_at")
    if returns_at - leaves_at > LONGEST:
        raise BadEntry(_("A trip takes {days} days at most; please look at the dates."), CLAUSE, "returns_at",
                       days=LONGEST.days)  # fmt: skip


def _check(served: list[Ticket], gone: list[User], by: Any) -> None:
    if not served:
        raise BadEntry(_("A trip serves at least one ticket."), CLAUSE, "tickets")
    if not gone:
        raise BadEntry(_("Somebody has to go."), CLAUSE, "people")
    over = next((ticket for ticket in served if not ticket.is_open), None)
    if over is not None:
        raise BadEntry(
            _("Ticket {number} is closed; nobody has to go there."), CLAUSE, "tickets", number=over.number
        )
    others = next((ticket for ticket in served if not ticket.is_responsible(by)), None)
    if others is not None:  # its engineer would bear a share of the cost (8.10)
        raise Denied(
            _("Ticket {number} is not yours; its engineer asks for it."), CLAUSE, number=others.number
        )


# --- decided
@transaction.atomic
def approve(
    trip: Trip,
    *,
    means: str,
    by: Any,
    at: dt.datetime,
    car: Car | None = None,
    driver: User | None = None,
    reason: str = "",
) -> Trip:
    """The vehicle manager decides (E02, SD04): by the advice, or with a reason where he departs from it or there is none.

    A car and its driver are taken for the whole time, under their locks: nobody has them twice, and nobody is on two trips
    in the same hours. Raises `BadEntry` at `reason`, `car` or `driver`, `OutOfTurn` for who goes along.
    """
    held = _decided(trip, by)
    _is_wanted(held)
    advised = held.advice
    if (advised is None or advised.means != means) and not reason.strip():
        raise BadEntry(
            _("Say why: the charter is silent here.") if advised is None else _("Say why you depart from the advice."),
            advised.clause if advised else CLAUSE, "reason",
        )  # fmt: skip
    if means == Means.CAR:
        car = _book(held, car, driver, by)
    else:
        car = driver = None
        hold(None, held)
    _is_on_no_other(held)
    held.move(
        "approve", means=means, reason=reason.strip(), car=car, driver=driver, decided_by=by, decided_at=at
    )
    keep(held, "approve", by=by, at=at)
    _note(held, "trip_approved", by, at, more=1)
    _tell(held, at, "approved", _("Trip {number} to {place} is approved (6.1)."))
    return held


@transaction.atomic
def refuse(trip: Trip, *, reason: str, by: Any, at: dt.datetime) -> Trip:
    """Not this trip, with the reason (E02, SD04)."""
    held = _decided(trip, by)
    held.move("refuse", reason=reason, decided_by=by, decided_at=at)
    keep(held, "refuse", by=by, at=at)
    _note(held, "trip_refused", by, at, why=reason)
    _tell(held, at, "refused", _("Trip {number} to {place} is refused: see why (6.1)."))
    return held


def _decided(trip: Trip, by: Any) -> Trip:
    held = locked(trip)
    demand(by, "trip.approve", held)
    apart(held, by)
    return held


def _is_wanted(trip: Trip) -> None:
    """A ticket may be withdrawn, merged or closed while the request waits; nobody travels for nothing."""
    if not any(row.ticket.is_open for row in trip.served.select_related("ticket")):
        raise OutOfTurn(_("All its tickets are closed; nobody has to go there."), CLAUSE)


def apart(trip: Trip, by: Any) -> None:
    """SD04: neither who asked for it nor who goes along or drives."""
    if trip.is_own(by, "trip.approve"):
        raise Denied(_("Nobody decides about his own trip (SD04)."), CLAUSE)


def _book(trip: Trip, car: Car | None, driver: User | None, by: Any) -> Car:
    """The car as it stands under its lock, free for the whole time, as its driver is."""
    if car is None:
        raise BadEntry(_("Choose a car that is in use."), CLAUSE, "car")
    _may_drive(driver, by)
    assert driver is not None
    hold(car, trip, driver)
    car = Car.objects.get(pk=car.pk)
    if not car.active:
        raise BadEntry(_("Choose a car that is in use."), CLAUSE, "car")
    _is_insured(car, trip)
    if len({driver.pk, *trip.travellers.values_list("person", flat=True)}) > car.seats:
        raise BadEntry(_("This car has {seats} seats only."), CLAUSE, "car", seats=car.seats)
    for name, thing in (("car", car), ("driver", driver)):
        other = overlapping(trip).filter(**{name: thing}).first()
        if other is not None:
            sentence = _("Already taken by trip {number}.")
            raise BadEntry(sentence, CLAUSE, name, number=other.number)
    if (other := overlapping(trip).filter(travellers__person=driver).first()) is not None:
        raise BadEntry(
            _("Goes along on trip {number} in these hours."), CLAUSE, "driver", number=other.number
        )
    return car


def _is_insured(car: Car, trip: Trip) -> None:
    """Without compulsory insurance no car is on the road, whatever the reason; a new day is entered in the register."""
    if car.insured_until is not None and car.insured_until < local_day(trip.returns_at):
        sentence = _("Its insurance ends on {day}, before the trip is back; enter the new day first.")
        raise BadEntry(sentence, "6.2", "car", day=f"{car.insured_until:%Y-%m-%d}")


def _is_on_no_other(trip: Trip) -> None:
    """Who goes along neither drives nor rides on another trip in these hours."""
    gone, others = trip.travellers.values("person"), overlapping(trip)
    if (other := others.filter(driver__in=gone).select_related("driver").first()) is not None:
        sentence = _("{person}, who goes along, drives trip {number} in these hours.")
        raise OutOfTurn(sentence, CLAUSE, person=str(other.driver), number=other.number)
    twice = Traveller.objects.filter(trip__in=others, person__in=gone).select_related("person", "trip")
    if (row := twice.order_by("trip__leaves_at", "pk").first()) is not None:
        sentence = _("{person}, who goes along, is on trip {number} in these hours.")
        raise OutOfTurn(sentence, CLAUSE, person=str(row.person), number=row.trip.number)


def _may_drive(driver: User | None, by: Any) -> None:
    if driver is None or not driver.is_active or not driver.holds("driver"):
        raise BadEntry(_("Choose somebody who may drive the company's cars (8.4)."), CLAUSE, "driver")
    if driver.pk == by.pk:
        raise Denied(_("Nobody decides about his own trip (SD04)."), CLAUSE, "driver")


def hold(car: Car | None, trip: Trip, driver: User | None = None) -> None:
    """Car and everybody who is away under their locks, the car first: two managers who book at once take turns. Papers that
    name these people are written meanwhile (no_key)."""
    if car is not None:
        list(Car.objects.select_for_update(of=("self",)).filter(pk=car.pk))
    away = {*trip.travellers.values_list("person", flat=True), *([driver.pk] if driver else [])}
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=away).order_by("pk"))


@transaction.atomic
def cancel(trip: Trip, *, reason: str, by: Any, at: dt.datetime) -> Trip:
    """It does not take place; car and driver are free again."""
    held = locked(trip)
    demand(by, "trip.cancel", held)
    approved = held.stage == S.APPROVED
    held.move("cancel", cancelled_why=reason)
    keep(held, "cancel", by=by, at=at)
    _note(held, "trip_cancelled", by, at, why=reason, more=-1 if approved else 0)
    if approved:
        _tell(
            held, at, "cancelled", _("Trip {number} to {place} does not take place: see why (6.1)."), but=by
        )
    return held


# --- gone and back
@transaction.atomic
def depart(
    trip: Trip,
    *,
    by: Any,
    at: dt.datetime,
    departed_at: dt.datetime | None = None,
    odometer: int | None = None,
) -> Trip:
    """It has left; with a car its odometer. Raises `BadEntry` at `departed_at` or `odometer`."""
    held = locked(trip)
    demand(by, "trip.log", held)
    when = _past(departed_at, at, "departed_at")
    if when < held.leaves_at - EARLIER:
        raise BadEntry(
            _("A trip leaves a day before its plan at most; ask for it anew."), CLAUSE, "departed_at"
        )
    car = _car_of(held)
    _is_in(held)
    _was_in(held, when)
    reading = _reading(car, odometer, least=car.odometer if car else 0)
    if car is not None and reading is not None:
        no_jump(car, reading, "8.4")
    held.move("depart", departed_at=when, odometer_out=reading)
    keep(held, "depart", by=by, at=at)
    _read(car, held.odometer_out, by, at)
    _note(held, "trip_departed", by, at, out=1)
    return held


@transaction.atomic
def come_back(
    trip: Trip,
    *,
    by: Any,
    at: dt.datetime,
    returned_at: dt.datetime | None = None,
    odometer: int | None = None,
) -> Trip:
    """It is back; the kilometres are known (8.4). Raises `BadEntry` at `returned_at` or `odometer`."""
    held = locked(trip)
    demand(by, "trip.log", held)
    if held.stage != S.DEPARTED:
        raise held.why_not("come_back") or OutOfTurn(_("This trip is not on the way."), CLAUSE)
    when = _past(returned_at, at, "returned_at")
    if held.departed_at is not None and when < held.departed_at:
        raise BadEntry(_("The return lies before the departure."), CLAUSE, "returned_at")
    car = _car_of(held)
    reading = _reading(car, odometer, least=held.odometer_out or 0, most=_farthest(held, when))
    held.move("come_back", returned_at=when, odometer_in=reading)
    keep(held, "come_back", by=by, at=at)
    _read(car, reading, by, at)
    for ticket in _note(held, "trip_returned", by, at, out=-1):
        trip_over(ticket, by=by, at=when)
    events.trip_returned.send(Trip, trip=held, at=at, by=by)
    return held


def _is_in(trip: Trip) -> None:
    """Neither a car that is late nor its driver goes out a second time."""
    if (other := _with_car_or_driver(trip).filter(stage=S.DEPARTED).first()) is not None:
        same = other.car_id == trip.car_id
        sentence = (
            _("The car is still out on trip {number}.")
            if same
            else _("The driver is still out on trip {number}.")
        )
        raise OutOfTurn(sentence, CLAUSE, number=other.number)


def _was_in(trip: Trip, when: dt.datetime) -> None:
    """What is entered afterwards is judged as if it were entered at its time."""
    out = _with_car_or_driver(trip).filter(departed_at__lte=when, returned_at__gt=when)
    if (other := out.first()) is not None:
        sentence = _("Its car or driver was out on trip {number} then.")
        raise BadEntry(sentence, CLAUSE, "departed_at", number=other.number)


def _with_car_or_driver(trip: Trip) -> QuerySet[Trip]:
    if trip.car_id is None:
        return Trip.objects.none()
    return Trip.objects.filter(Q(car=trip.car_id) | Q(driver=trip.driver_id)).exclude(pk=trip.pk)


def _past(moment: dt.datetime | None, at: dt.datetime, field: str) -> dt.datetime:
    if moment is not None and moment > at:
        raise BadEntry(_("This time lies in the future; enter when it really happened."), CLAUSE, field)
    return moment or at


def _car_of(trip: Trip) -> Car | None:
    return Car.objects.select_for_update(of=("self",)).get(pk=trip.car_id) if trip.car_id else None


def _farthest(trip: Trip, back: dt.datetime) -> int:
    """The reading that nobody can have reached on the days of the trip."""
    days = (local_day(back) - local_day(trip.departed_at or back)).days + 1
    return (trip.odometer_out or 0) + FARTHEST * days


def _reading(car: Car | None, odometer: int | None, *, least: int, most: int | None = None) -> int | None:
    if car is None:
        return None
    if odometer is None:
        raise BadEntry(_("Read the odometer of the car."), "8.4", "odometer")
    if odometer < least:
        raise BadEntry(
            _("The odometer stood at {km} km already; it does not go back."), "8.4", "odometer", km=least
        )
    if most is not None and odometer > most:
        raise BadEntry(
            _("Nobody drives that far in these days; please look at the reading."), "8.4", "odometer"
        )
    return odometer


def _read(car: Car | None, odometer: int | None, by: Any, at: dt.datetime) -> None:
    if car is not None and odometer is not None:
        read_odometer(car, odometer, by=by, at=at, why="trip")


# --- settled
@transaction.atomic
def settle(trip: Trip, *, by: Any, at: dt.datetime, why: str = "settle") -> Trip:
    """Every claim is paid (`why`: paid), or there was nothing to claim: the trip is no longer in hand."""
    held = locked(trip)
    held.move("settle", settled_at=at)
    keep(held, why, by=by, at=at)
    _note(held, "trip_settled", by, at, more=-1)
    return held


@transaction.atomic
def open_again(trip: Trip, *, by: Any, at: dt.datetime) -> Trip:
    """A claim came after all: the trip is in hand again."""
    held = locked(trip)
    held.move("open_again")
    keep(held, "open_again", by=by, at=at)
    _note(held, "trip_opened_again", by, at, more=1)
    return held


@transaction.atomic
def note_claims(trip: Trip, count: int, *, by: Any, at: dt.datetime) -> Trip:
    """How many claims for it are open: with one, nobody says that there was nothing to claim."""
    held = locked(trip)
    if held.open_claims != count:
        held.open_claims = count
        keep(held, "claims", by=by, at=at)
    return held


# --- what all of them do
def locked(trip: Trip) -> Trip:
    """The trip as it stands now, its tickets' rows locked before its own, in one order for everybody."""
    wanted = trip.served.values("ticket")
    list(
        Ticket.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").values_list("pk")
    )
    return Trip.objects.select_for_update(of=("self",)).get(pk=trip.pk)


def _note(
    trip: Trip, name: str, by: Any, at: dt.datetime, *, why: str = "", more: int = 0, out: int = 0
) -> list[Ticket]:
    """In the timeline of every ticket; a trip in hand (`more`) lets administration see the ticket (A13), one under way
    (`out`) lets unused parts wait (4.7)."""
    facts: dict[str, Any] = {
        "clause": CLAUSE,
        "why": why,
        "parcels": more,
        "out": out,
        "data": {"trip": trip.number},
    }
    return [
        service_from_parts(row.ticket, name, by=by, at=at, **facts)
        for row in trip.served.select_related("ticket")
    ]


def _tell(trip: Trip, at: dt.datetime, what: str, title: Any, but: Any = None) -> None:
    people = {trip.requester_id, trip.driver_id, *trip.travellers.values_list("person", flat=True)}
    people -= {None, but.pk if but else None}
    tell(
        sorted(people), at=at, event_key=f"trip:{trip.number}:{what}", kind="trip", title=title,
        params={"number": trip.number, "place": trip.place}, url=trip.get_absolute_url(),
    )  # fmt: skip

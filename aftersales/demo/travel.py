"""Trips of the demonstration (6.1–6.3, 8.2–8.5): cars and fuel, a trip for most visits, now and then a fine, a claim for each."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from accounts.models import User
from aftersales.limits import DAY, local_day
from aftersales.problems import Refusal
from dispatch.flow import BOOKED, TripStage
from dispatch.models import Car, Trip
from dispatch.rules import Means
from dispatch.services import cars, fining, trips
from finance.models import Claim, ClaimLine
from finance.services import claims
from finance.services.claims.lines import Entry
from parts.services import deliver, send_back
from repairs.flow import PlanType
from repairs.models import Plan, Ticket

from .moments import by_day, hours
from .paying import CLERK
from .pictures import picture
from .story import Cast, Story, dice_of
from .supply import waybill

#: plate, kind, seats; insured and maintained so many days from now
CARS = (
    ("苏M·F1287", "飞跃电动皮卡", 2, 220, 25),
    ("苏M·K3356", "五菱面包车", 7, 12, 140),
    ("苏M·T0918", "江铃轻卡", 3, 97, -2),
)
OFFENCES = ("超速 20% 以下", "违反禁止标线指示", "未按规定停车")
DRIVERS, MANAGER = ("dispatch2", "dispatch3"), "dispatch"
LATELY, RECEIPTS = 30 * DAY, 20 * DAY


def stories(cast: Cast, begin: dt.datetime) -> list[Story]:
    """The yard, and an eye on every visit that is planned."""
    return [
        yard(cast, begin),
        *(fuel(cast, plate, begin) for plate, *_rest in CARS),
        fines(cast, begin),
        watch(cast, begin),
    ]


def yard(cast: Cast, begin: dt.datetime) -> Story:
    """The register as it stands on the first day."""
    at = yield begin + hours(0.1)
    today = local_day(cast.now)
    for number, (plate, name, seats, insured, service) in enumerate(CARS):
        car = Car(plate=plate, name=name, seats=seats, odometer=18_000 + 7_300 * number)
        car.insured_until, car.service_on = today + insured * DAY, today + service * DAY
        cars.save_car(car, by=cast.people[MANAGER], at=at)


def fuel(cast: Cast, plate: str, begin: dt.datetime) -> Story:
    """Every three weeks or so (6.2)."""
    dice, at = random.Random(plate), begin  # a story, not a secret
    while True:
        at = yield by_day(at + dice.randint(20, 40) * DAY)
        car = Car.objects.get(plate=plate)
        litres = Decimal(dice.randint(2800, 5200)) / 100
        cars.refuel(car, day=local_day(at), litres=litres, amount=round(litres * Decimal("7.86"), 2), odometer=car.odometer,
                    place=dice.choice(["中石化海陵站", "中石油高港站"]), by=cast.people[MANAGER], at=at)  # fmt: skip


def fines(cast: Cast, begin: dt.datetime) -> Story:
    """Every few months the police write about a trip by car (8.4)."""
    dice, at = random.Random(84), begin  # as above
    while True:
        at = yield by_day(at + dice.randint(60, 100) * DAY)
        trip = (
            Trip.objects.filter(means=Means.CAR, returned_at__gte=at - 40 * DAY, returned_at__lt=at - DAY)
            .order_by("pk")
            .first()
        )
        if trip is not None and trip.car is not None and trip.departed_at is not None:
            fining.enter(trip.car, happened_at=trip.departed_at + hours(0.6), offence=dice.choice(OFFENCES), place="S28 启扬高速",
                         notice=f"3212{dice.randint(10**8, 10**9)}", amount=Decimal(dice.choice(["200.00", "150.01", "100.00"])),
                         by=cast.people[MANAGER], at=at)  # fmt: skip


# --- one visit
def watch(cast: Cast, begin: dt.datetime) -> Story:
    """Three times a day: of the visits that were planned since some go by a trip; of the last weeks most of them."""
    dice, seen, at = random.Random(61), 0, begin  # a story, not a secret
    while True:
        at = yield at + hours(8)
        for plan in (
            Plan.objects.filter(pk__gt=seen, plan_type=PlanType.VISIT)
            .select_related("ticket__engineer")
            .order_by("pk")
        ):
            seen, late = plan.pk, at > cast.now - LATELY
            if (
                plan.appointment_at
                and plan.appointment_at > at + hours(3)
                and dice.random() < (0.8 if late else 0.2)
            ):
                cast.after.append(travelled(cast, plan.ticket, plan.ticket.engineer, plan.appointment_at, at))


def travelled(cast: Cast, ticket: Ticket, engineer: Any, appointment: dt.datetime, at: dt.datetime) -> Story:
    """Asked for at the plan, decided by the vehicle manager, gone in time for the appointment, back, claimed."""
    dice = dice_of(ticket, "trip")
    far = 0 if "泰州" in ticket.region or "扬州" in ticket.region else 1
    takes = hours(dice.uniform(5, 9)) if not far else hours(dice.uniform(26, 50))
    at = yield at + hours(0.2)
    if _is_away(engineer, appointment - hours(2), appointment + takes):
        return  # he is on the road in these hours already
    trip = trips.request(
        tickets=[ticket], people=[engineer], place=ticket.region, city=_city(ticket.region), kilometres=None if not far else 240,
        leaves_at=appointment - hours(2), returns_at=appointment + takes, easy_access=dice.random() < 0.6, severe_weather=False,
        bulky=dice.random() < 0.35, by=engineer, at=at,
    )  # fmt: skip
    at = yield min(at + hours(dice.uniform(0.3, 2)), appointment - hours(2.1))
    _decide(cast, trip, dice, at)
    at = yield appointment - hours(2)
    fresh = _gone(trip, engineer, at)
    at = yield appointment + takes
    if fresh is not None and _back(trip, engineer, dice, far, at):
        cast.after.append(sent_home(cast, ticket, engineer, at))
        yield from claimed(cast, trip, engineer, dice, at)


def sent_home(cast: Cast, ticket: Ticket, engineer: User, at: dt.datetime) -> Story:
    """Now and then old parts go home by carrier, freight collect; administration receives them (4.6, 6.3)."""
    dice = dice_of(ticket, "home")
    at = yield at + hours(0.5)
    if dice.random() > 0.7:
        return
    content = dice.choice(["旧控制器 1 件", "旧电机 1 台", "未用刹车片 2 副"])
    parcel = send_back(Ticket.objects.get(pk=ticket.pk), by=engineer, at=at, content=content, **waybill(dice))
    at = yield by_day(at + dice.randint(2, 4) * DAY)
    parcel.refresh_from_db()
    cost = Decimal(dice.randint(18, 96))
    deliver(parcel, by=cast.people["dispatch"], at=at, how="门卫签收", cost=cost)


def _is_away(engineer: User, begin: dt.datetime, end: dt.datetime) -> bool:
    rows = Trip.objects.filter(travellers__person=engineer, stage__in=(TripStage.DRAFT, *BOOKED))
    return rows.filter(leaves_at__lt=end, returns_at__gt=begin).exists()


def _city(region: str) -> str:
    return region.split("省")[-1].split("市")[0]


def _decide(cast: Cast, trip: Trip, dice: random.Random, at: dt.datetime) -> None:
    """By the advice; by car the first one that is free, else by train with the reason; not at all if nobody waits there."""
    advised, manager = trip.advice, cast.people[MANAGER]
    if advised is not None and advised.means == Means.CAR:
        for plate, *_rest in dice.sample(CARS, len(CARS)):
            try:
                facts: dict[str, Any] = {
                    "car": Car.objects.get(plate=plate),
                    "driver": cast.people[dice.choice(DRIVERS)],
                }
                trips.approve(trip, means=Means.CAR, by=manager, at=at, **facts)
            except Refusal:
                continue
            return
    reason = (
        "" if advised is not None and advised.means == Means.RIDE else "车辆已派出，乘车前往，大件另行托运"
    )
    try:
        trips.approve(trip, means=Means.RIDE, reason=reason, by=manager, at=at)
    except Refusal:  # withdrawn or closed meanwhile
        trips.refuse(trip, reason="报修已结束，无需前往", by=manager, at=at)


def _gone(trip: Trip, engineer: User, at: dt.datetime) -> Trip | None:
    """None when it was refused, or the car or its driver is still out: it does not take place."""
    trip.refresh_from_db()
    if trip.stage != TripStage.APPROVED:
        return None
    odometer = trip.car.odometer if trip.car is not None else None
    try:
        return trips.depart(trip, by=engineer, at=at, odometer=odometer)
    except Refusal:
        trips.cancel(trip, reason="车辆未归，改期", by=engineer, at=at)
        return None


def _back(trip: Trip, engineer: User, dice: random.Random, far: int, at: dt.datetime) -> bool:
    trip.refresh_from_db()
    if trip.stage != TripStage.DEPARTED:
        return False
    driven = None if trip.odometer_out is None else trip.odometer_out + dice.randint(18, 130) * (1 + 4 * far)
    trips.come_back(trip, by=engineer, at=at, odometer=driven)
    return True


def claimed(cast: Cast, trip: Trip, engineer: User, dice: random.Random, at: dt.datetime) -> Story:
    """The next day; a hotel now and then above the standard, a taxi without a receipt; finance checks, a leader decides."""
    at = yield by_day(at + hours(dice.uniform(10, 40)))
    paper = claims.write(trip, _entries(cast, trip, dice), by=engineer, at=at)
    claims.submit(paper, by=engineer, at=at + hours(0.1))
    if at > cast.now - 3 * DAY:
        return
    at = yield by_day(at + hours(dice.uniform(4, 50)))
    claims.check(_fresh(paper), by=cast.people[CLERK], at=at)
    needs = {
        line.pk: (dice.random() < 0.8, "超出标准较多")
        for line in ClaimLine.objects.filter(claim=paper)
        if line.needs_leader
    }
    if needs:
        at = yield by_day(at + hours(dice.uniform(3, 30)))
        claims.decide(_fresh(paper), by=cast.people["leader"], at=at, granted=needs)
    at = yield by_day(at + hours(dice.uniform(5, 60)))
    if _fresh(paper).payable:
        claims.pay(_fresh(paper), by=cast.people["finance2"], at=at)


def _fresh(paper: Claim) -> Claim:
    return Claim.objects.get(pk=paper.pk)


def _entries(cast: Cast, trip: Trip, dice: random.Random) -> list[Entry]:
    """As the engineer writes them with his phone; receipts only of the last weeks, each is judged as a real one."""
    first, last = (
        local_day(trip.departed_at or trip.leaves_at),
        local_day(trip.returned_at or trip.returns_at),
    )
    found = [Entry("meals")]
    if (trip.returned_at or trip.returns_at) < cast.now - RECEIPTS:
        return found
    for n in range((last - first).days):
        hotel = Decimal(dice.choice(["128.00", "138.00", "150.00", "168.00"]))
        found.append(Entry("lodging", day=first + n * DAY, amount=hotel, photo=picture(dice)))
    if trip.means == Means.RIDE:
        ticket = Decimal(dice.randint(1200, 16500)) / 100
        found.append(
            Entry("transport", day=first, amount=ticket, way="", note="往返车票", photo=picture(dice))
        )
        if dice.random() < 0.15:
            found.append(Entry("no_receipt", day=last, amount=Decimal("15.00"), note="摩的，无票据"))
    return found

"""The register of cars: facts, fuel, clocks of insurance and maintenance (6.2)."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.limits import day_end
from aftersales.problems import BadEntry, Stale
from deadlines.models import Deadline
from deadlines.services import sweep
from dispatch import selectors
from dispatch.models import Car, Fuel
from dispatch.services import cars
from notices.models import Notification
from tests import build

from .conftest import DAY, HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.clause("6.2")]
D = dt.date


def saved(yard, car, **facts):
    for name, value in facts.items():
        setattr(car, name, value)
    yard.at += HOUR
    return cars.save_car(car, by=yard.manager, at=yard.at)


def running(car):
    return {row.rule: row.due_at for row in Deadline.objects.of(car).open()}


# --- register
def test_only_the_vehicle_manager_writes_the_register(yard):
    for role in ("GA", "ENG", "FIN", "MGR", "SYS"):
        with pytest.raises(Denied):
            cars.save_car(Car(plate="苏M·99999", name="x"), by=build.person(role), at=yard.at)
    assert yard.car().history.count() == 1


def test_a_plate_is_registered_once(yard):
    first = yard.car()
    with pytest.raises(BadEntry) as refusal:
        yard.car(plate=first.plate)
    assert refusal.value.field == "plate"


def test_a_car_that_is_booked_stays_in_use(yard):
    car = yard.car()
    paper = yard.approved(car)
    with pytest.raises(BadEntry, match=paper.number) as refusal:
        saved(yard, car, active=False)
    assert refusal.value.field == "active"


def test_who_changes_a_car_does_not_take_back_what_a_trip_has_driven(yard):
    car = yard.car()
    open_page = Car.objects.get(pk=car.pk)
    yard.returned(car, km=300)
    assert saved(yard, open_page, note="新轮胎").odometer == 12_300


def test_a_page_that_is_older_than_the_car_saves_nothing(yard):
    car = yard.car()
    first, second = Car.objects.get(pk=car.pk), Car.objects.get(pk=car.pk)
    saved(yard, first, note="甲")
    with pytest.raises(Stale):
        saved(yard, second, note="乙")
    assert Car.objects.get(pk=car.pk).note == "甲"


def test_a_wrong_reading_is_corrected_by_name(yard):
    car = cars.save_car(yard.car(), by=yard.manager, at=yard.at, odometer=900)
    assert (car.odometer, car.history.count()) == (900, 2)


# --- clocks
def test_insurance_and_maintenance_run_to_the_end_of_their_days(yard):
    car = yard.car(insured_until=D(2026, 6, 30), service_on=D(2026, 4, 1))
    assert running(car) == {"car_insurance": day_end(D(2026, 6, 30)), "car_service": day_end(D(2026, 4, 1))}
    rows = Deadline.objects.of(car)
    assert {(row.department, row.assignee) for row in rows} == {("administration", None)}


def test_a_car_without_days_has_no_clock(yard):
    assert running(yard.car()) == {}


def test_a_new_day_starts_the_clock_anew_even_after_the_old_one_was_missed(yard):
    car = yard.car(insured_until=D(2026, 3, 10))
    late = yard.at + 30 * DAY
    car.insured_until = D(2027, 3, 10)
    car = cars.save_car(car, by=yard.manager, at=late)
    assert running(car) == {"car_insurance": day_end(D(2027, 3, 10))}


@pytest.mark.parametrize(
    ("name", "rule"), [("insured_until", "car_insurance"), ("service_on", "car_service")]
)
def test_a_day_that_is_taken_away_ends_its_clock(yard, name, rule):
    car = yard.car(insured_until=D(2026, 6, 30), service_on=D(2026, 4, 1))
    car = saved(yard, car, **{name: None})
    assert rule not in running(car) and len(running(car)) == 1


def test_out_of_use_its_clocks_end_and_in_use_again_they_run(yard):
    car = saved(yard, yard.car(insured_until=D(2026, 6, 30)), active=False)
    assert running(car) == {}
    assert running(saved(yard, car, active=True)) == {"car_insurance": day_end(D(2026, 6, 30))}


@pytest.mark.parametrize(
    ("name", "rule"), [("insured_until", "car_insurance"), ("service_on", "car_service")]
)
def test_a_day_that_is_over_when_it_is_written_down_is_missed_at_once(yard, name, rule):
    ga = yard.who.ga
    new, corrected = yard.car(**{name: D(2026, 2, 20)}), yard.car(**{name: D(2027, 2, 20)})
    corrected = saved(yard, corrected, **{name: D(2026, 2, 20)})
    for car in (new, corrected):
        assert running(car) == {rule: day_end(D(2026, 2, 20))}
    sweep(yard.at + HOUR)
    assert Notification.objects.filter(recipient=ga, channel="app").count() == 2
    edition = Deadline.objects.of(new).get().edition
    new = saved(yard, new, note="新轮胎")
    assert Deadline.objects.of(new).get().edition == edition  # nobody is told of it twice
    new = saved(yard, saved(yard, new, active=False), active=True)
    assert running(new) == {rule: day_end(D(2026, 2, 20))}
    assert running(saved(yard, new, **{name: D(2027, 2, 20)})) == {rule: day_end(D(2027, 2, 20))}


@pytest.mark.parametrize(("name", "days"), [("insured_until", (30, 7)), ("service_on", (14, 3))])
def test_administration_is_warned_in_time(yard, name, days):
    ga = yard.who.ga
    day = D(2026, 6, 30)
    yard.car(**{name: day})
    said: list[int] = []
    for ahead in range(40, 0, -1):
        sweep(day_end(day) - ahead * DAY + 12 * HOUR)
        count = Notification.objects.filter(recipient=ga, channel="app").count()
        if count > len(said):
            said.append(ahead)
    assert tuple(said) == days


def test_what_comes_up_is_named_before_the_day_and_not_after_it(yard):
    yard.car(insured_until=D(2026, 4, 1), service_on=D(2026, 3, 16))
    yard.car(insured_until=D(2026, 4, 2), service_on=D(2026, 3, 17))
    yard.car(insured_until=D(2026, 3, 1), service_on=D(2026, 3, 2))
    near = {name: [str(car) for car in cars] for name, cars in selectors.cars_near(yard.at).items()}
    assert near == {"insured_until": ["苏M·00001"], "service_on": ["苏M·00001", "苏M·00003"]}


# --- fuel
TODAY = D(2026, 3, 2)


def refuelled(yard, car, day=TODAY, **facts):
    given = {
        "litres": Decimal("40.00"),
        "amount": Decimal("312.50"),
        "odometer": 12_100,
        "by": yard.manager,
        "at": yard.at,
    } | facts
    return cars.refuel(car, day=day, **given)


def test_a_refuelling_raises_the_odometer(yard):
    car = yard.car()
    row = refuelled(yard, car, place="中石化")
    assert (row.litres, row.amount, row.odometer, row.by) == (
        Decimal("40.00"),
        Decimal("312.50"),
        12_100,
        yard.manager,
    )
    car.refresh_from_db()
    assert (car.odometer, car.history.first().history_change_reason) == (12_100, "fuel")


def test_fuel_is_the_vehicle_managers(yard):
    car = yard.car()
    for role in ("GA", "ENG", "FIN"):
        with pytest.raises(Denied):
            refuelled(yard, car, by=build.person(role))


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"day": D(2026, 3, 3)}, "day"), ({"litres": Decimal(0)}, "litres"), ({"litres": Decimal("1.005")}, "litres"),
     ({"litres": Decimal("100000.00")}, "litres"), ({"odometer": 9_999_999}, "odometer"),
     ({"amount": Decimal("-1")}, "amount"), ({"amount": Decimal("NaN")}, "amount"), ({"amount": Decimal("1e12")}, "amount")],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(yard, facts, field):
    with pytest.raises(BadEntry) as refusal:
        refuelled(yard, yard.car(), **facts)
    assert refusal.value.field == field
    assert not Fuel.objects.exists()


def test_a_receipt_that_is_entered_late_lies_between_its_neighbours(yard):
    car = yard.car()
    refuelled(yard, car, D(2026, 2, 1), odometer=11_000)
    refuelled(yard, car, D(2026, 2, 20), odometer=11_900)
    for wrong in (10_999, 11_901):
        with pytest.raises(BadEntry, match="does not go back"):
            refuelled(yard, car, D(2026, 2, 10), odometer=wrong)
    assert refuelled(yard, car, D(2026, 2, 10), odometer=11_500).odometer == 11_500
    assert Car.objects.get(pk=car.pk).odometer == 12_000

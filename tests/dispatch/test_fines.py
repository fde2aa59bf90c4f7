"""Fines (8.4): the trip tells who drove; half is the driver's, half the company's; a notice is entered once."""

from decimal import Decimal

import pytest

from accounts.access import Denied
from aftersales.problems import BadEntry
from dispatch import events
from dispatch.models import Fine
from dispatch.services import fining
from notices.models import Notification
from tests import build

from .conftest import HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.4")]


def entered(yard, car, moment, **facts):
    given = {
        "offence": "超速",
        "notice": "3212-0001",
        "amount": Decimal("200.01"),
        "by": yard.who.ga,
        "at": yard.at + 100 * HOUR,
    }
    return fining.enter(car, happened_at=moment, **(given | facts))


def test_200_01_is_100_00_of_the_driver_and_100_01_of_the_company(yard):
    car, driver = yard.car(), yard.driver()
    paper = yard.returned(car, driver)
    fine = entered(yard, car, paper.departed_at + HOUR)
    assert (fine.number, fine.trip, fine.driver) == ("WZ20260306-0001", paper, driver)
    assert (fine.amount, fine.driver_half, fine.company_half) == (
        Decimal("200.01"),
        Decimal("100.00"),
        Decimal("100.01"),
    )
    assert (
        Notification.objects.filter(
            recipient=driver, event_key=f"{fine.number}:entered", channel="app"
        ).count()
        == 1
    )


def test_the_trip_that_had_the_car_at_that_moment(yard):
    car, drivers = yard.car(), [yard.driver(), yard.driver()]
    morning = yard.returned(car, drivers[0], hours=1, takes=3)
    evening = yard.departed(car, drivers[1], hours=8, takes=3, odometer=12_137)
    found = {
        morning.departed_at: morning, morning.returned_at: morning, morning.departed_at - HOUR: None, morning.returned_at + HOUR: None,
        evening.departed_at: evening, evening.departed_at + 50 * HOUR: evening,
    }  # fmt: skip
    assert {moment: fining.trip_of(car, moment) for moment in found} == found
    assert fining.trip_of(yard.car(), morning.departed_at) is None


def test_the_driver_is_asked_only_where_no_trip_tells_him(yard):
    car, driver, other = yard.car(), yard.driver(), yard.driver()
    paper = yard.returned(car, driver)
    assert entered(yard, car, paper.departed_at, driver=other).driver == driver
    with pytest.raises(BadEntry, match="who drove") as refusal:
        entered(yard, car, yard.at, notice="2")
    assert refusal.value.field == "driver"
    fine = entered(yard, car, yard.at, notice="2", driver=other)
    assert (fine.trip, fine.driver) == (None, other)


@pytest.mark.parametrize("again", ["3212-0001", " 3212-0001 ", "3212 -0001", "３２１２－０００１"])
def test_the_same_notice_is_entered_once(yard, again):
    car = yard.car()
    entered(yard, car, yard.at, driver=yard.eng)
    with pytest.raises(BadEntry, match="already") as refusal:
        entered(yard, yard.car(), yard.at, driver=yard.eng, notice=again)
    assert refusal.value.field == "notice" and Fine.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"amount": Decimal(0)}, "amount"), ({"amount": Decimal("-5")}, "amount"), ({"amount": Decimal("0.005")}, "amount"),
     ({"amount": Decimal("NaN")}, "amount"), ({"notice": "  "}, "notice")],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(yard, facts, field):
    with pytest.raises(BadEntry) as refusal:
        entered(yard, yard.car(), yard.at, driver=yard.eng, **facts)
    assert refusal.value.field == field


def test_a_fine_of_tomorrow_is_not_entered(yard):
    with pytest.raises(BadEntry, match="future"):
        entered(yard, yard.car(), yard.at + 101 * HOUR, driver=yard.eng)


def test_administration_enters_and_everybody_sees_his_own(yard):
    car = yard.car()
    for role in ("ENG", "FIN", "MGR", "WH"):
        with pytest.raises(Denied):
            entered(yard, car, yard.at, driver=yard.eng, by=build.person(role))
    entered(yard, car, yard.at, driver=yard.eng)
    seen = {
        r: Fine.objects.visible_to(build.person(r)).count()
        for r in ("ENG", "WH", "CS", "TECH", "GA", "FIN", "MGR", "AUD", "SYS")
    }
    assert seen == {"ENG": 0, "WH": 0, "CS": 0, "TECH": 0, "GA": 1, "FIN": 1, "MGR": 1, "AUD": 1, "SYS": 0}
    assert Fine.objects.visible_to(yard.eng).count() == 1


def test_finance_is_told_inside_the_act(yard):
    heard = []

    def hear(fine, **_more):
        heard.append(fine.number)

    events.fine_entered.connect(hear)
    try:
        fine = entered(yard, yard.car(), yard.at, driver=yard.eng)
    finally:
        events.fine_entered.disconnect(hear)
    assert heard == [fine.number]

"""`/api/v1/trips`, `/cars`, `/fines`: the same acts for programs."""

from decimal import Decimal

import pytest

from dispatch.models import Fine, Fuel, Trip
from dispatch.services.cars import refuel
from dispatch.services.fining import enter
from tests import build
from tests.api.conftest import program

from .conftest import DAY, HOUR

__all__ = ["program"]
pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _one_factor(monkeypatch):
    from accounts import middleware

    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)


def wish(yard, *tickets, **facts):
    leaves = yard.at + 40 * HOUR
    return {
        "tickets": [ticket.number for ticket in tickets], "people": [yard.eng.username], "place": "泰州海陵区", "city": "泰州",
        "leaves_at": leaves.isoformat(), "returns_at": (leaves + 8 * HOUR).isoformat(), "easy_access": True, "severe_weather": False,
        "bulky": True,
    } | facts  # fmt: skip


@pytest.mark.clause("6.1", "8.4")
def test_a_trip_from_the_request_to_its_end(now_yard, program):
    yard, car, driver = now_yard, now_yard.car(), now_yard.driver()
    eng, boss = program(yard.eng), program(yard.manager)
    made = eng.post("trips", wish(yard, yard.ticket(), yard.ticket()), key="once")
    assert (
        eng.status == 201
        and eng.post("trips", wish(yard, yard.ticket()), key="twice")["number"] != made["number"]
    )
    here = f"trips/{made['number']}"
    one = boss.get(here)
    assert (one["stage"], one["advice"]["clause"], one["advice"]["means"], one["driven"]) == (
        "draft",
        "6.1c",
        "car",
        0,
    )
    offered = {step["name"]: step["allowed"] for step in one["steps"]}
    assert offered == {"approve": True, "refuse": True, "cancel": True}
    refusal = boss.post(f"{here}/steps/approve", {"means": "ride"})
    assert (boss.status, refusal["field"], refusal["clause"]) == (422, "reason", "6.1c")
    boss.post(f"{here}/steps/approve", {"car": car.plate, "driver": driver.username, "seen": one["state"]})
    assert boss.status == 200
    start, end = (yard.at + 17 * HOUR).isoformat(), (yard.at + 25 * HOUR).isoformat()
    eng.post(f"{here}/steps/depart", {"departed_at": start, "odometer": 12_000})
    assert eng.status == 200
    assert (
        eng.post(f"{here}/steps/come_back", {"returned_at": end, "odometer": 12_137})["stage"] == "returned"
    )
    assert eng.get(here)["driven"] == 137
    assert eng.post(f"{here}/steps/settle")["stage"] == "settled"


@pytest.mark.parametrize(
    ("facts", "status"),
    [({"tickets": []}, 422), ({"tickets": "x"}, 422), ({"people": ["nobody"]}, 422), ({"nothing": 1}, 422), ({"kilometres": 0}, 422),
     ({"kilometres": 10**12}, 422), ({"bulky": None}, 422), ({"leaves_at": "soon"}, 422), ({"tickets": [["x"]]}, 422)],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(now_yard, program, facts, status):
    eng = program(now_yard.eng)
    eng.post("trips", wish(now_yard, now_yard.ticket()) | facts)
    assert eng.status == status and not Trip.objects.exists()


def test_the_list_is_ones_own_and_narrows_to_a_stage(now_yard, program):
    now_yard.asked(), now_yard.approved()
    stages = [row["stage"] for row in program(now_yard.eng).get("trips")["results"]]
    assert stages == ["approved", "draft"]
    assert [row["stage"] for row in program(now_yard.eng).get("trips", stage="draft")["results"]] == ["draft"]
    assert program(build.person("ENG")).get("trips")["results"] == []


def test_three_trips_ask_no_more_than_one(now_yard, program, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ga = program(now_yard.who.ga)
    now_yard.approved()
    ga.get("trips")
    with CaptureQueriesContext(connection) as one:
        ga.get("trips")
    now_yard.approved(people=[now_yard.eng, build.person("ENG")], hours=20), now_yard.returned(hours=40)
    with django_assert_num_queries(len(one)):
        assert len(ga.get("trips")["results"]) == 3


@pytest.mark.clause("6.2")
def test_cars_and_their_fuel(now_yard, program):
    car = now_yard.car()
    boss = program(now_yard.manager)
    assert boss.get("cars")["results"] == [boss.get(f"cars/{car.plate}")]
    assert boss.get(f"cars/{car.plate}")["odometer"] == 12_000
    day = str((now_yard.at - DAY).date())
    body = {"day": day, "litres": "40.5", "amount": "312.50", "odometer": 12_100}
    made = boss.post(f"cars/{car.plate}/fuel", body)
    assert boss.status == 201 and made == boss.get(f"cars/{car.plate}/fuel")["results"][0]
    assert (made["litres"], made["amount"], made["by"]) == ("40.50", "312.50", now_yard.manager.username)
    assert boss.post(f"cars/{car.plate}/fuel", body | {"odometer": 5})["field"] == "odometer"
    program(now_yard.eng).post(f"cars/{car.plate}/fuel", body)
    assert Fuel.objects.count() == 1


@pytest.mark.clause("8.4")
def test_a_fine_finds_its_driver(now_yard, program):
    car, driver = now_yard.car(), now_yard.driver()
    paper = now_yard.returned(car, driver)
    ga = program(now_yard.who.ga)
    body = {
        "car": car.plate,
        "happened_at": (paper.departed_at + HOUR).isoformat(),
        "notice": "N1",
        "offence": "超速",
        "amount": "200.01",
    }
    made = ga.post("fines", body)
    assert (ga.status, made["driver"], made["trip"]) == (201, driver.username, paper.number)
    assert (made["driver_half"], made["company_half"]) == ("100.00", "100.01")
    assert ga.get(f"fines/{made['number']}") == made
    assert ga.post("fines", body)["field"] == "notice"
    assert program(now_yard.eng).get("fines")["results"] == []
    assert Fine.objects.count() == 1


@pytest.mark.parametrize("path", ["cars", "cars/{plate}/fuel", "fines"])
def test_three_rows_ask_no_more_than_one(now_yard, program, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    boss, car = program(now_yard.manager), now_yard.car()
    path = path.format(plate=car.plate)

    def asked(rows):
        boss.get(path)
        with CaptureQueriesContext(connection) as found:
            assert len(boss.get(path)["results"]) == rows
        return len(found)

    def grow(n):
        if n > 1:
            now_yard.car()
        hand = {"by": now_yard.manager, "at": now_yard.at}
        refuel(car, day=now_yard.at.date(), litres=Decimal(n), amount=Decimal(n), odometer=12_000 + n, **hand)
        facts = {"offence": "超速", "notice": f"N{n}", "amount": Decimal(9), "driver": build.person("ENG")}
        enter(car, happened_at=now_yard.at, **facts, **hand)

    grow(1)
    one = asked(1)
    grow(2), grow(3)
    assert asked(3) == one

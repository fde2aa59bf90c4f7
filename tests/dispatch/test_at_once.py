"""Two managers approve two trips for the same hours at the same instant: one gets car or driver (6.1)."""

import threading

import pytest
from django.db import connection, transaction

from aftersales.problems import BadEntry
from dispatch.models import Trip
from dispatch.services import trips
from tests import build
from tests.repairs.test_at_once import Meeting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("6.1")]


def raced(yard, what, seconds=1):
    """Each decides and waits for the other, at most so long, before he commits; answers how many trips have the car (or the
    driver)."""
    car, driver = yard.car(), yard.driver()
    others = (
        [(car, yard.driver()), (car, yard.driver())]
        if what == "car"
        else [(yard.car(), driver), (yard.car(), driver)]
    )
    papers = [yard.asked(bulky=True, tickets=[yard.ticket()]) for _n in others]
    managers = [yard.manager, build.person("GA", grants=("vehicle_manager",))]
    gate, decided, refused = threading.Barrier(2), Meeting(seconds), []

    def decide(paper, pair, manager):
        try:
            gate.wait(20)
            with transaction.atomic():
                yard.by_car(paper, *pair, by=manager)
                decided.wait()
        except BadEntry as refusal:
            refused.append(refusal.field)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=row) for row in zip(papers, others, managers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    booked = Trip.objects.filter(stage="approved", **{what: car if what == "car" else driver}).count()
    return booked, refused


@pytest.mark.parametrize("what", ["car", "driver"])
def test_two_managers_book_it_once(yard, what):
    assert raced(yard, what) == (1, [what])


@pytest.mark.parametrize("what", ["car", "driver"])
def test_without_the_locks_both_would_have_it(yard, what, monkeypatch):
    """Negative control."""
    monkeypatch.setattr(trips, "hold", lambda car, trip, driver=None: None)
    assert raced(yard, what, seconds=20) == (2, [])


def test_two_managers_who_decide_the_same_trip_decide_it_once(yard):
    paper, car, driver = yard.asked(bulky=True), yard.car(), yard.driver()
    gate, said = threading.Barrier(2), []

    def decide(manager):
        try:
            gate.wait(20)
            yard.by_car(paper, car, driver, by=manager)
            said.append("approved")
        except Exception as refusal:
            said.append(type(refusal).__name__)
        finally:
            connection.close()

    managers = [yard.manager, build.person("GA", grants=("vehicle_manager",))]
    threads = [threading.Thread(target=decide, args=(manager,)) for manager in managers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["OutOfTurn", "approved"]

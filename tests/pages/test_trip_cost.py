"""What a trip cost, on its page (8.2–8.4): each reader sees what he may see of it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.services import cars
from tests.finance.conftest import one_factor
from tests.finance.test_deduction_pages import page
from tests.finance.travelling import MARCH_2, meals, night, ride, road
from tests.parts.conftest import as_user, signed_in

__all__ = ["as_user", "one_factor", "road", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.2")]


def cost(client, trip):
    """Rows, sum and note of the section; nothing where it is not shown."""
    parts = client.get(trip.get_absolute_url()).context["sheet"].parts
    found = next((part for part in parts if part.id == "cost"), None)
    if found is None:
        return None
    foot = found.table.foot
    return [str(row[3]) for row in found.table.rows], str(foot[3]) if foot else "", found.note


@pytest.mark.clause("8.4")
def test_finance_reads_kilometres_claims_and_the_companys_half_of_a_fine(road, as_user):
    trip = road.trip(km=137, tickets=[road.ticket(), road.ticket()])
    road.fine("200.01", trip)
    cars.refuel(
        trip.car, day=MARCH_2, litres=Decimal("30"), amount=Decimal("235.80"), odometer=1100, place="", by=road.manager,
        at=trip.returned_at,
    )  # fmt: skip
    road.paid(trip, meals(), night(MARCH_2, "150"))
    road.submitted(trip, ride("40"), by=road.driver)
    rows, total, note = cost(as_user(road.who.fin), trip)
    assert (rows, total) == (["¥137.00", "¥390.00", "–", "¥100.01"], "¥627.01"), "fuel is in the kilometres"
    assert "2 tickets" in note and "¥235.80" in note and "others" not in note
    text = page(as_user(road.who.fin), trip.get_absolute_url())
    assert "lodging ¥150.00" in text and "meals ¥240.00" in text


def test_who_travels_sees_his_own_claim_and_is_told_so(road, as_user):
    trip = road.trip(km=137)
    mine = road.paid(trip, meals())
    his = road.paid(trip, ride("40"), by=road.driver)
    rows, total, note = cost(as_user(trip.requester), trip)
    assert (rows, total) == (["¥137.00", "¥240.00"], "¥377.00") and "others" in note
    text = page(as_user(trip.requester), trip.get_absolute_url())
    assert mine.number in text and his.number not in text
    assert cost(as_user(road.manager), trip)[1] == "¥137.00"


def test_nothing_stands_there_before_it_is_back_or_for_whom_claims_are_closed(road, as_user):
    away = road.gone(MARCH_2 + dt.timedelta(days=20), MARCH_2 + dt.timedelta(days=21))
    assert cost(as_user(road.who.fin), away) is None
    back = road.trip()
    assert cost(as_user(road.who.fin), back) == ([], "", "")
    assert cost(as_user(road.who.cs), back) is None


def test_three_claims_ask_no_more_than_one(road, as_user):
    client, trip, counts = as_user(road.who.fin), road.trip(), []
    for entries in ([meals()], [ride("40"), ride("7")]):
        road.paid(trip, *entries)
        page(client, trip.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            page(client, trip.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_its_timeline_says_that_it_was_paid_and_not_that_there_was_nothing_to_claim(road, as_user):
    trip = road.trip()
    road.paid(trip, meals())
    entries = [row.what for row in as_user(road.who.fin).get(trip.get_absolute_url()).context["entries"]]
    assert entries[0] == "Settled: its claims are paid"
    assert "Nothing to claim" not in entries and all(entries)

"""How to travel (6.1) over the whole space of what is weighed; nearby; halves of a fine; bars and weeks."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest

from aftersales.charter import NEARBY
from dispatch.rules import (
    BULKY,
    FAR,
    FAR_BULKY,
    POOR_ACCESS,
    RIDE_NEARBY,
    Bar,
    Means,
    Way,
    advice,
    bar,
    city_in,
    halves,
    is_nearby,
    week_name,
    week_of,
)

D = dt.date
WAYS = [Way(*facts) for facts in itertools.product([False, True], repeat=5)]


def rows_of_the_charter(way):
    """Every row of domain 6 that fits, read on its own, without an order among them."""
    near = way.nearby
    rows = {
        RIDE_NEARBY: near and way.easy_access and not way.severe_weather and not way.bulky,
        POOR_ACCESS: near and not way.easy_access and not way.back_same_day and not way.bulky,
        BULKY: near and way.bulky,
        FAR: not near and not way.bulky,
        FAR_BULKY: not near and way.bulky,
    }
    return [row for row, fits in rows.items() if fits]


@pytest.mark.clause("6.1")
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_way_has_the_one_row_that_fits_or_none(way):
    fitting = rows_of_the_charter(way)
    assert len(fitting) <= 1
    assert advice(way) is (fitting[0] if fitting else None)


@pytest.mark.clause("6.1")
def test_the_charter_is_silent_for_exactly_these():
    """Nearby without a bulky part: hard to reach and back on the day, or easy to reach in severe weather."""
    silent = {way for way in WAYS if advice(way) is None}
    assert silent == {
        Way(True, easy, severe, False, same)
        for easy, severe, same in [
            (False, False, True),
            (False, True, True),
            (True, True, False),
            (True, True, True),
        ]
    }


def found(**facts):
    given = {
        "nearby": True,
        "easy_access": True,
        "severe_weather": False,
        "bulky": False,
        "back_same_day": True,
    } | facts
    return advice(Way(**given))


@pytest.mark.clause("6.1a")
def test_nearby_easy_fine_weather_and_nothing_bulky_may_ride():
    assert (found().means, found().clause) == (Means.RIDE, "6.1a")
    assert found(severe_weather=True) is None


@pytest.mark.clause("6.1b")
def test_nearby_hard_to_reach_and_not_back_on_the_day_may_take_a_car():
    row = found(easy_access=False, back_same_day=False)
    assert (row.means, row.clause) == (Means.CAR, "6.1b")
    assert found(easy_access=False) is None


@pytest.mark.clause("6.1c")
def test_nearby_with_a_bulky_part_may_take_a_car():
    assert (found(bulky=True).means, found(bulky=True).clause) == (Means.CAR, "6.1c")


@pytest.mark.clause("6.1d")
@pytest.mark.parametrize("bulky", [False, True])
def test_far_away_rides_and_ships_what_is_bulky(bulky):
    row = found(nearby=False, bulky=bulky)
    assert (row.means, row.clause, row.ship) == (Means.RIDE, "6.1d", bulky)


@pytest.mark.clause("6.1")
@pytest.mark.parametrize(
    ("city", "kilometres", "near"),
    [("泰州", None, True), ("泰州市", 900, True), (" 无锡 ", None, True), ("南京", None, None), ("南京", 200, True), ("南京", 201, False),
     ("南京", 1, True), ("", 200, True), ("", None, None), ("州", None, None), ("江苏省南通市", None, True), ("泰州市海陵区", 900, True),
     ("如皋", None, None), *((city, None, True) for city in NEARBY)],
)  # fmt: skip
def test_nearby_is_a_city_of_the_list_or_no_farther_than_200_km(city, kilometres, near):
    assert is_nearby(city, kilometres, cities=NEARBY, limit=200) is near


@pytest.mark.clause("6.1")
@pytest.mark.parametrize(
    ("city", "region", "near"),
    [("如皋", "江苏省南通市如皋市", True), ("如皋市", "江苏南通如皋", True), ("如皋", "江苏省徐州市", None), ("南京", "江苏省南通市", None),
     ("", "江苏省南通市", None), ("沛县", "江苏省徐州市沛县", None)],
)  # fmt: skip
def test_a_place_within_the_region_of_a_ticket_lies_where_the_region_lies(city, region, near):
    assert is_nearby(city, None, cities=NEARBY, limit=200, regions=["山东省潍坊市", region]) is near


@pytest.mark.clause("6.1")
@pytest.mark.parametrize(
    ("region", "city"),
    [("江苏泰州", "泰州"), ("江苏省泰州市海陵区", "泰州"), ("山东省潍坊市", "潍坊"), ("潍坊市奎文区", "潍坊"), ("内蒙古自治区包头市", "包头"),
     ("上海", ""), ("", "")],
)  # fmt: skip
def test_the_city_of_a_region_as_far_as_one_can_tell(region, city):
    assert city_in(region, cities=NEARBY) == city


@pytest.mark.clause("8.4")
@pytest.mark.parametrize(
    ("fine", "driver", "company"),
    [
        ("200.01", "100.00", "100.01"),
        ("200.00", "100.00", "100.00"),
        ("0.01", "0.00", "0.01"),
        ("0.03", "0.01", "0.02"),
    ],
)
def test_a_fine_is_halved_and_the_odd_fen_is_the_companys(fine, driver, company):
    assert halves(Decimal(fine)) == (Decimal(driver), Decimal(company))


@pytest.mark.parametrize(
    ("begin", "end", "where"),
    [(D(2026, 3, 2), D(2026, 3, 2), Bar(1, 1)), (D(2026, 3, 8), D(2026, 3, 8), Bar(7, 1)), (D(2026, 3, 4), D(2026, 3, 6), Bar(3, 3)),
     (D(2026, 2, 20), D(2026, 3, 2), Bar(1, 1, before=True)), (D(2026, 3, 7), D(2026, 3, 20), Bar(6, 2, after=True)),
     (D(2026, 2, 1), D(2026, 4, 1), Bar(1, 7, True, True)), (D(2026, 3, 9), D(2026, 3, 9), None), (D(2026, 2, 28), D(2026, 3, 1), None)],
)  # fmt: skip
def test_where_a_journey_stands_in_the_week_of_monday_the_second_of_march(begin, end, where):
    assert bar(begin, end, D(2026, 3, 2)) == where


@pytest.mark.parametrize(
    ("text", "monday"),
    [("2026-W48", D(2026, 11, 23)), ("2026-W53", D(2026, 12, 28)), ("2027-W53", D(2026, 3, 2)), ("2026-W00", D(2026, 3, 2)),
     ("", D(2026, 3, 2)), ("junk", D(2026, 3, 2)), ("2026-W٤٨", D(2026, 3, 2)), ("9999-W01", D(2026, 3, 2))],
)  # fmt: skip
def test_a_week_is_named_by_year_and_number_and_else_it_is_this_one(text, monday):
    assert week_of(text, D(2026, 3, 4)) == monday
    assert week_of(week_name(monday), D(2000, 1, 1)) == monday

"""The pure rules of 8.2–8.5: every row and example of domain 6."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.money import fen_of
from dispatch.rules import halves
from finance import travel

D = dt.date
FIRST, LAST = D(2026, 3, 2), D(2026, 3, 5)
UTC = dt.UTC
yuan = st.decimals("0.01", 1_000_000, places=2)


def flat(amount: str) -> Any:
    return lambda day: Decimal(amount)


def journey(order: int, first: D, last: D, *people: int, hour: int = 8) -> travel.Journey:
    return travel.Journey(
        dt.datetime(first.year, first.month, first.day, hour, tzinfo=UTC),
        order,
        first,
        last,
        frozenset(people),
    )


# --- meals
@pytest.mark.clause("8.3")
def test_three_persons_from_the_second_to_the_fifth_eat_for_360():
    owned = travel.meal_days(journey(1, FIRST, LAST, 1, 2, 3))
    assert (len(owned), travel.meals(owned, flat("30"))) == (12, Decimal(360))


@pytest.mark.clause("8.3")
def test_a_day_shared_by_two_trips_belongs_to_the_one_that_left_first():
    morning, evening = journey(2, FIRST, FIRST, 1, 2, hour=6), journey(1, FIRST, D(2026, 3, 3), 1, 3, hour=18)
    assert travel.meal_days(morning, [evening]) == [(1, FIRST), (2, FIRST)]
    assert travel.meal_days(evening, [morning]) == [(3, FIRST), (1, D(2026, 3, 3)), (3, D(2026, 3, 3))]


@pytest.mark.clause("8.3")
def test_of_two_that_left_in_the_same_second_the_lower_number_has_the_day():
    one, two = journey(1, FIRST, FIRST, 1), journey(2, FIRST, FIRST, 1)
    assert (travel.meal_days(one, [two]), travel.meal_days(two, [one])) == ([(1, FIRST)], [])


@pytest.mark.clause("8.3")
def test_each_day_has_the_rate_of_its_own_day():
    owned = travel.meal_days(journey(1, D(2026, 3, 31), D(2026, 4, 1), 1))
    assert travel.meals(owned, lambda day: Decimal(30 if day.month == 3 else 40)) == Decimal(70)


@pytest.mark.clause("8.3")
@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 4), st.sets(st.integers(1, 3), min_size=1)),
        min_size=1,
        max_size=5,
    )
)
def test_over_all_trips_each_person_eats_once_a_day(given_trips):
    found = [
        journey(n, FIRST + dt.timedelta(start), FIRST + dt.timedelta(start + length), *people)
        for n, (start, length, people) in enumerate(given_trips)
    ]
    owned = [each for mine in found for each in travel.meal_days(mine, [x for x in found if x is not mine])]
    away = {(p, d) for x in found for p in x.people for d in travel.days_of(x.first, x.last)}
    assert len(owned) == len(set(owned)) and set(owned) == away


# --- lodging
@pytest.mark.clause("8.3")
@pytest.mark.parametrize(
    ("persons", "cap"), [(1, "150"), (2, "150"), (3, "300"), (4, "300"), (5, "450"), (6, "450")]
)
def test_two_persons_share_a_room(persons, cap):
    assert travel.lodging_cap(persons, Decimal(150)) == Decimal(cap)


@pytest.mark.clause("8.3")
def test_three_persons_and_three_nights_have_a_cap_of_900():
    nights = travel.nights_of(FIRST, LAST)
    assert nights == [D(2026, 3, 2), D(2026, 3, 3), D(2026, 3, 4)]
    assert len(nights) * travel.lodging_cap(3, Decimal(150)) == 900


@pytest.mark.clause("8.2")
def test_of_280_310_and_320_are_paid_880_and_30_are_above_the_standard():
    found = [travel.night(Decimal(amount), Decimal(300)) for amount in (280, 310, 320)]
    assert found == [(280, 0), (300, 10), (300, 20)]
    assert (sum(n.within for n in found), sum(n.above for n in found)) == (880, 30)


@pytest.mark.clause("8.3")
def test_a_day_trip_has_a_day_and_no_night():
    assert (travel.days_of(FIRST, FIRST), travel.nights_of(FIRST, FIRST)) == ([FIRST], [])


@pytest.mark.clause("8.2")
@given(yuan, yuan)
def test_a_night_is_never_paid_above_its_cap_and_nothing_is_lost(receipt, cap):
    within, above = travel.night(receipt, cap)
    assert within + above == receipt and within <= cap and above >= 0


# --- kilometres, fines, splits
@pytest.mark.clause("8.4")
@pytest.mark.parametrize(
    ("driven", "rate", "cost"), [(137, "1.00", "137.00"), (0, "1.00", "0.00"), (3, "0.335", "1.01")]
)
def test_kilometres_by_their_rate(driven, rate, cost):
    assert travel.kilometres(driven, Decimal(rate)) == Decimal(cost)


@pytest.mark.clause("8.4")
@pytest.mark.parametrize(
    ("fine", "both"),
    [("200.01", ("100.00", "100.01")), ("200.00", ("100.00", "100.00")), ("0.01", ("0.00", "0.01"))],
)
def test_a_fine_is_halved_and_the_odd_fen_is_the_companys(fine, both):
    assert halves(Decimal(fine)) == tuple(map(Decimal, both))


@pytest.mark.clause("8.4")
@pytest.mark.parametrize(
    ("amount", "tickets", "parts"),
    [
        ("100.01", 2, ["50.01", "50.00"]),
        ("100.00", 3, ["33.34", "33.33", "33.33"]),
        ("0.02", 3, ["0.01", "0.01", "0.00"]),
    ],
)
def test_the_odd_fen_of_a_split_goes_to_the_lowest_number_first(amount, tickets, parts):
    assert travel.shared(Decimal(amount), tickets) == [Decimal(part) for part in parts]


@pytest.mark.clause("8.4")
@given(yuan, st.integers(1, 9))
def test_a_split_is_exact_and_as_even_as_it_can_be(amount, tickets):
    parts = travel.shared(amount, tickets)
    assert sum(parts) == amount and fen_of(max(parts) - min(parts)) <= 1

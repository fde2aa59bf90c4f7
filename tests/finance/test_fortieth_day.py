"""The arithmetic of day 40 (4.11, 8.8; domain 5): which payroll month, how much a month can bear, nothing lost on the way."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.wages import cap, fill, fortieth, is_over, payroll_month

D = dt.date
money = st.integers(0, 10_000_00).map(lambda fen: Decimal(fen).scaleb(-2))


@pytest.mark.clause("4.11")
@pytest.mark.clause("8.8")
@pytest.mark.parametrize(
    ("due", "last", "month"),
    [
        (D(2026, 10, 20), D(2026, 11, 29), D(2026, 12, 1)),
        (D(2026, 1, 19), D(2026, 2, 28), D(2026, 3, 1)),
        (D(2026, 1, 20), D(2026, 3, 1), D(2026, 4, 1)),
        (D(2026, 11, 21), D(2026, 12, 31), D(2027, 1, 1)),
        (D(2026, 11, 22), D(2027, 1, 1), D(2027, 2, 1)),
        (D(2028, 1, 20), D(2028, 2, 29), D(2028, 3, 1)),
    ],
)
def test_the_fortieth_day_and_its_payroll_month(due, last, month):
    assert (fortieth(due, 40), payroll_month(due, 40)) == (last, month)
    assert not is_over(due, 40, last)
    assert is_over(due, 40, last + dt.timedelta(days=1))


@pytest.mark.clause("8.8")
@pytest.mark.parametrize(
    ("wage", "minimum", "most"),
    [
        ("6000.00", "2490.00", "1200.00"),  # 20 %
        ("2600.00", "2490.00", "110.00"),  # what is above the minimum wage
        ("2490.00", "2490.00", "0.00"),
        ("2000.00", "2490.00", "0.00"),
        ("5000.03", "2490.00", "1000.00"),  # 1000.006 is rounded down
    ],
)
def test_the_cap_of_a_month(wage, minimum, most):
    assert cap(Decimal(wage), Decimal(minimum), Decimal("0.20")) == Decimal(most)


@given(money, money)
def test_never_more_than_a_fifth_nor_below_the_minimum(wage, minimum):
    most = cap(wage, minimum, Decimal("0.20"))
    assert most >= 0
    assert most <= wage * Decimal("0.20") or most == 0
    assert wage - most >= minimum or most == 0


@given(st.lists(money, max_size=8), money)
def test_what_fits_and_what_is_carried_sum_to_the_debts(amounts, room):
    taken = fill(amounts, room)
    assert sum(taken) == min(sum(amounts), room)
    assert all(0 <= part <= amount for part, amount in zip(taken, amounts, strict=True))
    full = [part == amount for part, amount in zip(taken, amounts, strict=True)]
    assert full == sorted(full, reverse=True) or 0 in amounts  # the oldest are filled first

"""The pure formula of the profit and its splits (8.10): exact to the fen, whatever the amounts."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.money import FEN
from finance.models import Column
from finance.rules import PROFIT, Charged, by_source, cost_collected, mean_grade, pieces_of, profit, share_of

pytestmark = pytest.mark.clause("8.10")
yuan = st.decimals(0, 1_000_000, places=2)
signed = st.decimals(-1_000_000, 1_000_000, places=2)
lines = st.lists(st.builds(Charged, st.decimals("0.01", 100_000, places=2), yuan), min_size=1, max_size=6)


def test_the_formula_knows_every_column():
    assert set(PROFIT) == set(Column.values)


def test_profit_is_income_less_costs_and_the_warranty_stays_a_memo():
    amounts = {
        "parts": "1000.00", "labour": "300.00", "other": "50.00", "parts_cost": "400.00", "warranty_cost": "999.00",
        "travel": "120.00", "kilometres": "137.00", "freight": "12.50", "fine": "100.01", "no_receipt": "20.00",
    }  # fmt: skip
    assert profit({name: Decimal(text) for name, text in amounts.items()}) == Decimal("560.49")


@given(
    st.dictionaries(st.sampled_from(Column.values), signed),
    st.dictionaries(st.sampled_from(Column.values), signed),
)
def test_the_profit_of_a_sum_is_the_sum_of_the_profits(one, two):
    both = {name: one.get(name, Decimal(0)) + two.get(name, Decimal(0)) for name in {*one, *two}}
    assert profit(both) == profit(one) + profit(two)


@pytest.mark.parametrize(
    ("own", "share"),
    [
        ("1000.00", "400.00"),
        ("0.01", "0.00"),
        ("0.02", "0.01"),
        ("-5000.00", "0.00"),
        ("1234.57", "493.83"),
        ("0.00", "0.00"),
    ],
)
def test_a_share_is_forty_percent_half_a_fen_up_and_a_loss_is_nothing(own, share):
    assert share_of(Decimal(own), Decimal("0.40")) == Decimal(share)


@given(signed, st.decimals(0, 1, places=4))
def test_a_share_is_never_negative_nor_more_than_the_profit(own, rate):
    share = share_of(own, rate)
    assert Decimal(0) <= share <= max(own, Decimal(0)) and share == share.quantize(FEN)


@given(lines)
def test_all_collected_is_the_whole_cost(known):
    assert cost_collected(sum(line.charged for line in known), known) == sum(line.cost for line in known)


@given(lines, st.lists(st.integers(0, 100), min_size=1, max_size=8))
def test_the_months_sum_to_the_cost_of_what_was_collected(known, percents):
    """However the money comes in, the differences of the cumulative cost sum to it."""
    whole = sum(line.charged for line in known)
    steps = [Decimal(0), *((whole * p / 100).quantize(FEN) for p in sorted(percents))]
    costs = [cost_collected(step, known) for step in steps]
    months = [after - before for before, after in pairwise(costs)]
    assert all(month >= 0 for month in months)
    assert sum(months) == cost_collected(steps[-1], known)


def test_nothing_charged_costs_nothing():
    assert cost_collected(Decimal("10.00"), []) == 0


@given(signed, st.dictionaries(st.sampled_from(["parts", "labour", "other"]), yuan))
def test_a_split_over_the_kinds_of_income_is_exact(collected, sources):
    parts = by_source(collected, sources)
    if any(amount > 0 for amount in sources.values()):
        assert sum(parts.values()) == collected
    else:
        assert parts == {}


@given(st.integers(3, 10_000_00), st.integers(1, 40), st.data())
def test_charged_money_says_how_many_pieces_it_stands_for(fen, quantity, data):
    from aftersales.money import piece_amounts, yuan_of

    pieces = piece_amounts(fen * quantity, quantity)
    first = data.draw(st.integers(0, quantity))
    last = data.draw(st.integers(first, quantity))
    assert pieces_of(yuan_of(sum(pieces[first:last])), yuan_of(fen * quantity), quantity) == last - first


@pytest.mark.clause("9.3")
def test_a_mean_needs_five_answers_and_no_comment_is_none():
    four = ["very_satisfied", "satisfied", "neutral", "dissatisfied"]
    assert mean_grade(four, 5) is None
    assert mean_grade([*four, "no_comment", ""], 5) is None
    assert mean_grade([*four, "satisfied"], 5) == Decimal("3.60")

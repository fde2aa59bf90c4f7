"""Money is exact: fen, half up, parts that sum to the whole, 大写."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from aftersales.money import (
    MoneyField,
    fen_of,
    in_words,
    line_amount,
    piece_amounts,
    round_fen,
    split,
    yuan_of,
)


@pytest.mark.parametrize(
    ("amount", "rounded"), [("1.005", "1.01"), ("1.004", "1.00"), ("-1.005", "-1.01"), ("0", "0.00")]
)
def test_half_a_fen_goes_up(amount, rounded):
    assert round_fen(D(amount)) == D(rounded)


def test_what_is_finer_than_a_fen_is_an_error_and_not_rounded():
    with pytest.raises(ValueError, match="finer"):
        fen_of(D("1.005"))
    assert (fen_of(D("19.99")), yuan_of(1999)) == (1999, D("19.99"))


def test_a_float_is_never_money():
    with pytest.raises(ValidationError):
        MoneyField().to_python(1.1)


@pytest.mark.parametrize(
    ("unit", "quantity", "discount", "amount"),
    [
        ("33.33", 3, "0", "99.99"),
        ("33.33", 3, "0.10", "89.99"),
        ("0.05", 1, "0.50", "0.03"),
        ("80.00", "1.25", "0", "100.00"),
    ],
)
def test_a_line_is_unit_by_quantity_less_discount_half_up(unit, quantity, discount, amount):
    assert line_amount(D(unit), D(quantity), D(discount)) == D(amount)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**4), min_size=1, max_size=12).filter(sum))
def test_parts_sum_to_the_whole_and_none_is_off_by_a_fen(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


def test_odd_fen_go_with_the_pieces_returned_first():
    assert piece_amounts(1000, 3) == [334, 333, 333]
    assert split(100, [1, 1, 1]) == [34, 33, 33]


@pytest.mark.clause("9.4")
@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"), ("0", "零元整"), ("0.05", "伍分"), ("10.00", "壹拾元整"), ("105.06", "壹佰零伍元零陆分"),
        ("100000000", "壹亿元整"), ("100010.07", "壹拾万零壹拾元零柒分"), ("10001000.30", "壹仟万零壹仟元叁角整"), ("0.30", "叁角整"),
        ("99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"), ("1000000.00", "壹佰万元整"), ("-20", "负贰拾元整"),
    ],
)  # fmt: skip
def test_an_amount_in_words_is_written_as_on_a_cheque(amount, words):
    assert in_words(D(amount)) == words

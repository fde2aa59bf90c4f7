"""What a search asks stands in whatever holds the searched text; digits and Latin letters narrow by fours (P11)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aftersales.grams import asked, grams, normalise

TEXT = st.text("刹车响电 -fyBX0123", min_size=2, max_size=20)


@given(TEXT, TEXT, TEXT)
def test_whatever_holds_a_text_is_found_by_it(before, text, after):
    assume(len(normalise(text)) > 1)
    assert set(asked(text)) <= set(grams(before + text + after))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("刹车", ["刹车"]),
        ("138", ["13", "38"]),
        ("1123-0007", ["1123", "1230", "2300", "3000", "0007"]),
        ("飞跃FY6789", ["飞跃", "跃f", "fy67", "y678", "6789"]),
        ("", []),
    ],
)
def test_a_search_asks_for_pairs_and_fours(text, parts):
    assert asked(text) == parts

"""4.5a as a table: every combination of its six facts, against the charter's rows written out once more."""

import itertools
from decimal import Decimal

import pytest

from parts.rules import decide, digest, is_small

FACTS = ("warranty", "human", "small", "recyclable", "wearing", "costly")
#: the rows of the table from the top: facts that must hold → charge, old part, reason of the waiver
ROWS = [
    ({"warranty": False}, ("charged", "none", None)),
    ({"human": True}, ("charged", "none", None)),
    ({"small": True, "recyclable": False}, ("free", "waived", None)),
    ({"small": True, "recyclable": True, "wearing": True}, ("free", "waived", "wearing")),
    ({"small": False, "recyclable": False}, ("free", "waived", "worthless")),
    ({"small": False, "recyclable": True, "costly": True}, ("free", "waived", "costly")),
    ({}, ("awaiting", "must", None)),
]


def by_the_table(facts):
    return next(found for row, found in ROWS if all(facts[name] == value for name, value in row.items()))


@pytest.mark.clause("4.5a")
@pytest.mark.parametrize("values", list(itertools.product([True, False], repeat=len(FACTS))))
def test_every_combination_is_decided_as_the_table_says(values):
    facts = dict(zip(FACTS, values, strict=True))
    found = decide(**facts)
    assert (found.charge, found.old_part, found.waiver) == by_the_table(facts)


@pytest.mark.clause("4.5a")
def test_each_row_of_the_table_is_reached():
    cases = [dict(zip(FACTS, v, strict=True)) for v in itertools.product([True, False], repeat=len(FACTS))]
    reached = {ROWS.index(next(r for r in ROWS if all(c[n] == x for n, x in r[0].items()))) for c in cases}
    assert reached == set(range(len(ROWS)))


@pytest.mark.clause("4.5a")
@pytest.mark.parametrize(("price", "small"), [("50.00", True), ("50.01", False), ("0.00", True)])
def test_a_small_part_costs_at_most_fifty_yuan_a_piece(price, small):
    assert is_small(Decimal(price), Decimal("50.00")) is small


def test_a_digest_breaks_with_any_fact_and_with_their_border():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest(1, None) != digest(1, "")

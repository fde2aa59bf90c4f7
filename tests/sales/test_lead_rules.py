"""Which lead a sale follows: the earliest alive on its day; lapse by date, 29 February included (4.2, domain 10, 11)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.limits import SHANGHAI, local_day
from sales.lead_rules import Registered, earliest, fee_of, last_day

pytestmark = pytest.mark.clause("4.2")
NEVER = dt.datetime(2099, 1, 1, tzinfo=SHANGHAI)


def moment(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc]  # year, month, day …


@pytest.mark.parametrize(
    ("registered", "last"),
    [
        (moment(2026, 3, 2, 10), dt.date(2027, 3, 2)),
        (moment(2026, 3, 2, 23, 59, 59), dt.date(2027, 3, 2)),
        (moment(2026, 3, 3), dt.date(2027, 3, 3)),
        (moment(2028, 2, 29, 8), dt.date(2029, 2, 28)),
        (moment(2027, 2, 28, 8), dt.date(2028, 2, 28)),
        (dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC), dt.date(2027, 3, 2)),  # 2 March, 00:00 in Shanghai
    ],
)
def test_the_same_date_a_year_later_is_its_last_day(registered, last):
    assert last_day(registered, 12) == last


@pytest.mark.parametrize(("day", "counts"), [(dt.date(2029, 2, 28), True), (dt.date(2029, 3, 1), False)])
def test_of_29_february_the_28th_still_counts_and_no_day_after(day, counts):
    row = Registered(1, moment(2028, 2, 29, 8), last_day(moment(2028, 2, 29, 8), 12))
    assert (earliest([row], day, NEVER) is row) is counts


def test_what_was_registered_after_the_sale_was_written_down_did_not_lead_to_it():
    row = Registered(1, moment(2026, 3, 2, 18), dt.date(2027, 3, 2))
    assert earliest([row], dt.date(2026, 3, 2), moment(2026, 3, 2, 12)) is None
    assert earliest([row], dt.date(2026, 3, 2), moment(2026, 3, 2, 19)) is row


days = st.dates(dt.date(2026, 1, 1), dt.date(2029, 12, 31))
moments = st.builds(
    lambda day, hour: dt.datetime.combine(day, dt.time(hour), SHANGHAI), days, st.integers(0, 23)
)
entries = st.lists(st.tuples(moments, st.booleans()), max_size=8)


@given(entries=entries, day=days)
def test_the_earliest_alive_wins_ties_by_entry(entries, day):
    """Against the words of the rule, read one lead at a time in the order in which they were entered."""
    rows = [Registered(n, at, last_day(at, 12), used) for n, (at, used) in enumerate(entries, 1)]
    wanted = None
    for row in rows:
        begun = local_day(row.at)
        try:
            end = begun.replace(year=begun.year + 1)
        except ValueError:  # 29 February
            end = begun.replace(year=begun.year + 1, day=28)
        if begun <= day <= end and not row.is_used and (wanted is None or row.at < wanted.at):
            wanted = row
    assert earliest(reversed(rows), day, NEVER) is wanted


@pytest.mark.parametrize(
    ("commission", "fee"),
    [
        ("1000.00", "50.00"),
        ("0.10", "0.01"),
        ("0.09", "0.00"),
        ("1234.50", "61.73"),
        ("1234.10", "61.71"),
        ("0.00", "0.00"),
    ],
)
def test_the_fee_is_five_percent_to_the_fen_half_up(commission, fee):
    assert fee_of(Decimal(commission), Decimal("0.05")) == Decimal(fee)

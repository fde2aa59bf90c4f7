"""Rows → workbook: text stays text, numbers and dates are real."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from aftersales import xlsx


def written(*rows):
    out = io.BytesIO()
    assert xlsx.write(out, "Sheet", ["A"], rows) == len(rows)
    return [row[0] for row in list(load_workbook(out).active.iter_rows())[1:]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", '=cmd|"/c calc"!A1', "0012", "1e9", "TRUE"]
)
def test_text_can_never_become_a_formula(text):
    (cell,) = written([text])
    assert (cell.data_type, cell.value) == ("s", text)


def test_control_characters_are_replaced_and_long_text_is_cut_where_a_cell_ends():
    first, second = written(["a\x00b\x1f"], ["长" * 40_000])
    assert first.value == "a\ufffdb\ufffd" and len(second.value) == 32_767


def test_numbers_and_dates_are_real():
    moment = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
    cells = written([7], [Decimal("1.50")], [dt.date(2026, 3, 2)], [moment])
    assert [str(c.value) for c in cells] == ["7", "1.5", "2026-03-02 00:00:00", "2026-03-02 10:00:00"]
    assert [c.is_date for c in cells] == [False, False, True, True]

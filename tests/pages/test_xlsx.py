"""Rows → workbook: text stays text, numbers and dates are real, whatever the rows hold, and a long list takes no more memory."""

import datetime as dt
import io
import tracemalloc
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from aftersales import xlsx


def written(*rows):
    out = io.BytesIO()
    assert xlsx.write(out, "Sheet", ["A"], rows) == len(rows)
    return [row[0] for row in list(load_workbook(out).active.iter_rows())[1:]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", '=cmd|"/c calc"!A1', "0012", "1e9", "TRUE", "#N/A", "=", "\r="],
)
def test_text_can_never_become_a_formula(text):
    (cell,) = written([text])
    assert (cell.data_type, cell.value) == ("s", text)
    assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_head_is_text_too():
    out = io.BytesIO()
    xlsx.write(out, "Sheet", ["=A", gettext_lazy("Number")], [])
    first, second = next(load_workbook(out).active.iter_rows())
    assert (first.data_type, first.quotePrefix, first.font.b, second.font.b) == ("s", True, True, True)


def test_control_characters_are_replaced_and_long_text_is_cut_where_a_cell_ends():
    first, second = written(["a\x00b\x1f"], ["长" * 40_000])
    assert first.value == "a\ufffdb\ufffd" and len(second.value) == 32_767


@pytest.mark.parametrize("text", ["\ufffe", "a\uffff", "\ud800", chr(0xDFFF)])
def test_what_xml_cannot_carry_does_not_abort_the_export(text):
    (cell,) = written([text])
    assert cell.value == text[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "text", ["a<b> & c]]>", "  two spaces ", "one\ntwo\r\nthree", "\ttab", '"quoted"', "🛻", "é\u200b"]
)
def test_text_comes_back_as_it_was(text):
    (cell,) = written([text])
    assert cell.value == text


def test_numbers_and_dates_are_real():
    moment = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
    cells = written([7], [Decimal("1.50")], [dt.date(2026, 3, 2)], [moment], [True], [1.25])
    assert [str(c.value) for c in cells] == [
        "7", "1.5", "2026-03-02 00:00:00", "2026-03-02 10:00:00", "True", "1.25",
    ]  # fmt: skip
    assert [c.is_date for c in cells] == [False, False, True, True, False, False]
    assert (cells[1].number_format, cells[2].number_format) == ("#,##0.00", "yyyy\\-mm\\-dd")


@pytest.mark.parametrize("second", range(0, 86400, 7919))
def test_a_moment_is_exact_to_the_second(second):
    moment = dt.datetime(2026, 12, 31) + dt.timedelta(seconds=second)  # noqa: DTZ001  # as a sheet has it
    (cell,) = written([moment])
    assert cell.value == moment


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), object])
def test_what_is_no_number_stands_there_as_text(value):
    (cell,) = written([value])
    assert (cell.data_type, cell.value) == ("s", str(value))


def test_nothing_is_an_empty_cell():
    assert [cell.value for cell in written([None], [""], [0])] == [None, None, 0]


def test_the_head_stays_in_sight_and_the_filter_covers_every_row():
    out = io.BytesIO()
    xlsx.write(out, "Sheet", ["A", "B"], [[1, 2], [3, 4]], [12, 30])
    sheet = load_workbook(out).active
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.column_dimensions["B"].width) == (
        "A2",
        "A1:B3",
        30,
    )


def test_sheets_bear_names_that_a_workbook_allows_each_once():
    out = io.BytesIO()
    wanted = ["a/b", "a/b", "", "长" * 40, "It's"]
    xlsx.write_book(out, [xlsx.Leaf(title, ["A"], [[title]]) for title in wanted])
    names = ["a b", "a b 2", "3", "长" * 31, "It's"]
    assert load_workbook(out).sheetnames == names
    out.seek(0)
    assert CalamineWorkbook.from_filelike(out).sheet_names == names


def test_another_program_reads_the_same():
    out = io.BytesIO()
    moment = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
    xlsx.write(out, "Sheet", ["A"] * 4, [["=1", 7, moment, Decimal("12.30")], [None, "x", None, None]])
    out.seek(0)
    sheet = CalamineWorkbook.from_filelike(out).get_sheet_by_index(0)
    first, second = sheet.to_python()[1:]
    assert first == ["=1", 7.0, dt.datetime(2026, 3, 2, 10), 12.3]  # noqa: DTZ001  # as a sheet has it
    assert second[1] == "x"


def test_ten_times_the_rows_take_no_more_memory(tmp_path):
    def peak(count: int) -> int:
        rows = (["王**", number, dt.date(2026, 3, 2), Decimal("1.50")] * 5 for number in range(count))
        tracemalloc.start()
        with (tmp_path / "out.xlsx").open("wb") as out:
            xlsx.write(out, "Sheet", ["A"] * 20, rows)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(20_000) < 1.2 * peak(2_000)

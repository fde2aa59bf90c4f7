"""Every bad cell of a workbook is named with its sheet, its place and one sentence; nothing is kept."""

import datetime as dt
import io
import zipfile

import pytest

from aftersales.problems import BadEntry
from catalogue.imports import read_parts, read_prices
from catalogue.models import PartBatch, PriceList
from tests import build

from .sheets import PRICES, book

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.1")]
GOOD = ["BP-1", "刹车片", "", "件", "battery", "是", "no", "", "", "", "", ""]


def cells(found):
    return [fault.cell for fault in found.faults]


def changed(place, value):
    return [value if at == place else old for at, old in enumerate(GOOD)]


PARTS = [
    ("a code twice", [GOOD, GOOD], ["A3"]), ("a code twice but for its case", [GOOD, changed(0, "bp-1")], ["A3"]),
    ("no code", [changed(0, None)], ["A2"]), ("a code with a stroke", [changed(0, "a/b")], ["A2"]),
    ("no name", [changed(1, "  ")], ["B2"]), ("a long name", [changed(1, "长" * 81)], ["B2"]),
    ("a formula", [changed(1, "=A1&A2")], ["B2"]), ("an unknown group", [changed(4, "轮子")], ["E2"]),
    ("a wrong word for a mark", [changed(5, "也许")], ["F2"]), ("a number for a mark", [changed(6, 7)], ["G2"]),
    ("a date for a name", [changed(1, dt.date(2026, 3, 2))], ["B2"]), ("an unknown model", [changed(11, "FY-404")], ["L2"]),
    ("a blank row between", [GOOD, [None] * 12, changed(0, "BP-2")], ["A3"]),
    ("everything at once", [changed(0, "a b"), changed(4, "x"), changed(5, "x")], ["A2", "E3", "A4", "F4"]),
    ("no row", [], ["A2"]), ("an error of the spreadsheet", [changed(1, "#REF!")], ["B2"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "places"), [row[1:] for row in PARTS], ids=[row[0] for row in PARTS])
def test_a_sheet_of_parts(rows, places):
    found = read_parts(book(*rows))
    assert cells(found) == places and all(str(fault.why) for fault in found.faults)
    assert not PartBatch.objects.exists()


def test_good_parts_are_read_with_blank_rows_below_and_numbers_for_codes():
    found = read_parts(book(GOOD, changed(0, 10023), [None] * 12, [" "] * 12))
    assert (cells(found), [row["code"] for row in found.rows]) == ([], ["BP-1", "10023"])
    assert found.rows[0] | {} == {
        "code": "BP-1", "name": "刹车片", "spec": "", "unit": "件", "group": "battery", "assembly": True, "valuable": False,
        "wearing": False, "recyclable": False, "bulky": False, "active": True, "fits": [],
    }  # fmt: skip


MONEY = [
    ("text", "十二元", "B2"), ("digits as text", "12.50", "B2"), ("1e9", 1e9, "B2"), ("negative", -1, "B2"), ("missing", None, "B2"),
    ("finer than a fen", 1.005, "B2"), ("formula", "=1+1", "B2"), ("a date", dt.date(2026, 3, 2), "B2"), ("yes", True, "B2"),
]  # fmt: skip


@pytest.mark.parametrize(("price", "place"), [row[1:] for row in MONEY], ids=[row[0] for row in MONEY])
def test_a_price_that_is_none(monday, price, place):
    build.master_part("BP-1", at=monday)
    found = read_prices(book(["BP-1", price, None], head=PRICES, title="Prices"))
    assert cells(found) == [place] and found.prices == [] and not PriceList.objects.exists()


def test_a_price_list_with_every_fault(monday):
    build.master_part("BP-1", at=monday)
    rows = [["BP-1", 1, None], ["BP-1", 2, None], ["BP-404", 1, None], [None] * 3, ["BP-1", 0.1 + 0.2, -1]]
    found = read_prices(
        book(*rows, head=PRICES, title="Prices", merged="B7:C8", rates=[["dance", "GS-1", "x", "", 1]])
    )
    assert [str(fault).partition(": ")[0] for fault in found.faults] == [
        "Prices!A3", "Prices!A4", "Prices!A5", "Prices!A6", "Prices!C6", "Prices!B7:C8", "Rates!A2",
    ]  # fmt: skip


def test_prices_and_rates_are_read(monday):
    part = build.master_part("BP-1", at=monday)
    found = read_prices(
        book(["BP-1", 0.1 + 0.2, 12], head=PRICES, title="Prices", rates=[["labour", "GS-1", "换", "", 60]])
    )
    assert found.faults == [] and found.rates[0]["kind"] == "labour"
    assert [(pk, str(price), str(cost)) for pk, price, cost in found.prices] == [(part.pk, "0.30", "12.00")]


@pytest.mark.parametrize(("head", "places"), [
    (["code"], ["A1"]), (["code", "price", "price"], ["C1"]), (["code", "price", "colour"], ["C1"]), ([], ["A1", "A1"]),
])  # fmt: skip
def test_wrong_headings(monday, head, places):
    build.master_part("BP-1", at=monday)
    row = ["BP-1", 1, 1][: len(head)]
    assert [c for c in cells(read_prices(book(row, head=head, title="Prices"))) if c.endswith("1")] == places


def test_merged_cells_are_named():
    assert cells(read_parts(book(GOOD, merged="B2:C2"))) == ["B2:C2"]


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out


FILES = {
    "text": lambda: io.BytesIO(b"code,name\n1,2"), "empty": io.BytesIO, "another zip": lambda: zipped(a="<a/>"),
    "old Excel": lambda: io.BytesIO(b"\xd0\xcf\x11\xe0" * 100), "a bomb": lambda: zipped(xl__worksheets__sheet1=b"0" * 170_000_000),
    "too large": lambda: io.BytesIO(b"PK" + b"0" * 21_000_000), "cut off": lambda: io.BytesIO(book(GOOD).read()[:3000]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("read", [read_parts, read_prices])
def test_what_is_no_workbook_is_refused_in_one_sentence(name, read):
    with pytest.raises(BadEntry) as refused:
        read(FILES[name]())
    assert refused.value.field == "file"


def test_a_sheet_that_is_broken_inside_is_refused():
    source, out = zipfile.ZipFile(book(GOOD)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for item in source.infolist():
            broken = (
                b"<worksheet><sheetData><row r='1'><c r='A1'"
                if "sheet1" in item.filename
                else source.read(item)
            )
            archive.writestr(item.filename, broken)
    with pytest.raises(BadEntry):
        read_parts(out)


def test_a_row_far_below_ends_the_reading_instead_of_running_for_ever():
    source, out = zipfile.ZipFile(book(GOOD)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for item in source.infolist():
            body = source.read(item)
            if "sheet1" in item.filename:
                body = body.replace(b'<row r="2"', b'<row r="99999999999"')
            archive.writestr(item.filename, body)
    assert read_parts(out).faults != []

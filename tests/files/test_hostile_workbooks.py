"""Every import × every workbook that is broken or made to hurt: one sentence at the file or faults in cells, never an error, and
nothing that unpacks to far more is unpacked."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from openpyxl import Workbook

from aftersales.problems import BadEntry
from catalogue.imports import reading
from catalogue.imports.parts import read_parts
from catalogue.imports.prices import read_prices
from catalogue.imports.terms import read_terms
from finance.imports import bank
from finance.imports import opening as debts
from parts.imports import opening as stock
from repairs import paper_tickets
from sales import imports
from technical import imports as standard

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
READERS: dict[str, Callable[[io.BytesIO], Any]] = {
    "parts": read_parts,
    "prices": read_prices,
    "terms": lambda file: read_terms(file, NOW.date()),
    "bank": bank.read,
    "standard": standard.read_clauses,
    "customers": lambda file: imports.read_customers(file, NOW),
    "vehicles": lambda file: imports.read_vehicles(file, NOW),
    "paper tickets": lambda file: paper_tickets.read(file, NOW),
    "opening stock": lambda file: stock.dry_run(file, NOW),
    "opening debts": lambda file: debts.dry_run(file, NOW),
}
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def a_book() -> dict[str, bytes]:
    """The files of a small workbook."""
    book, out = Workbook(), io.BytesIO()
    book.active.append(["A", "B"])
    book.active.append([1, 2])
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(**files: bytes) -> io.BytesIO:
    """The same with other content in some files: `sheet`, `strings`, `book`, `types`, `styles`."""
    places = {"sheet": SHEET, "strings": STRINGS, "book": "xl/workbook.xml", "types": "[Content_Types].xml",
              "styles": "xl/styles.xml"}  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (a_book() | {places[key]: body for key, body in files.items()}).items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def rows(inner: str, before: str = "") -> bytes:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{inner}</sheetData></worksheet>'
    return f'<?xml version="1.0"?>{before}{sheet}'.encode()


def cell(kind: str, value: str) -> bytes:
    return rows(
        f'<row r="2"><c r="A2" t="{kind}"><v>{value}</v></c><c r="B2" t="{kind}"><v>{value}</v></c></row>'
    )


DTD = '<!DOCTYPE x [<!ENTITY d SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
)
BROKEN: dict[str, Callable[[], io.BytesIO]] = {
    "cut off within": lambda: changed(sheet=b"<worksheet><sheetData><row r='2'><c r='A2'"),
    "an outside entity": lambda: changed(sheet=cell("str", "&d;").replace(b"?>", f"?>{DTD}".encode(), 1)),
    "entities in entities": lambda: changed(sheet=cell("str", "&c;").replace(b"?>", f"?>{LAUGHS}".encode(), 1)),
    "types are no XML": lambda: changed(types=b"<Types><"),
    "styles are no XML": lambda: changed(styles=b"<styleSheet><"),
    "a day that is none": lambda: changed(sheet=cell("d", "zzz")),
    "no number": lambda: changed(sheet=cell("n", "NaN")),
    "too large a number": lambda: changed(sheet=cell("n", "1e99999")),
    "a text that is not there": lambda: changed(sheet=cell("s", "77")),
    "no sheets": lambda: changed(book=f'<workbook xmlns="{MAIN}"/>'.encode()),
    "a row far below": lambda: changed(sheet=rows('<row r="99999999"><c r="A99999999"><v>1</v></c></row>')),
    "a column far to the right": lambda: changed(sheet=rows('<row r="2"><c r="XFD2"><v>1</v></c></row>')),
    "rubbish": lambda: io.BytesIO(b"PK\x03\x04" + bytes(range(256)) * 9),
}  # fmt: skip
BOMBS: dict[str, Callable[[], io.BytesIO]] = {
    "blanks": lambda: changed(sheet=b" " * 170_000_000),
    "one word": lambda: changed(sheet=rows(f'<row r="2"><c r="A2" t="str"><v>{"a" * 170_000_000}</v></c></row>')),
    "many words": lambda: changed(strings=b"<si><t>a</t></si>" * 4_000_000),
    "words within the sizes": lambda: changed(strings=b"<si><t>a</t></si>" * 500_000),
    "a word within the sizes": lambda: changed(sheet=cell("str", "a" * 30_000_000)),
    "many files": lambda: many_files(),
}  # fmt: skip


def many_files() -> io.BytesIO:
    out = changed()
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(600):
            archive.writestr(f"xl/media/{number}.bin", b"")
    return out


def at_the_file(read: Callable[[io.BytesIO], Any], file: io.BytesIO) -> bool:
    """Whether it was read, with faults or without, or is refused at the file."""
    try:
        read(file)
    except BadEntry as refused:
        return refused.field == "file"
    return True


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("reader", READERS)
def test_a_broken_workbook_is_a_sentence_or_faults(reader, name):
    assert at_the_file(READERS[reader], BROKEN[name]())


@pytest.fixture(scope="module", params=BOMBS)
def bomb(request) -> io.BytesIO:
    return BOMBS[request.param]()


@pytest.mark.parametrize("reader", READERS)
def test_a_bomb_is_refused_before_it_is_unpacked(bomb, reader, monkeypatch):
    monkeypatch.setattr(reading, "load_workbook", lambda *_a, **_k: pytest.fail("it was opened"))
    with pytest.raises(BadEntry, match="unpacks") as refused:
        READERS[reader](bomb)
    assert refused.value.field == "file"


def test_without_the_weighing_it_would_be_opened(monkeypatch):
    """Negative control."""
    opens = mock.Mock(side_effect=KeyError)
    monkeypatch.setattr(reading, "_weigh", lambda file: None)
    monkeypatch.setattr(reading, "load_workbook", opens)
    with pytest.raises(BadEntry):
        stock.dry_run(many_files(), NOW)
    assert opens.called


def test_a_long_honest_list_is_no_bomb():
    """40,000 rows that look alike, as Excel writes them."""
    row = '<row r="{0}" spans="1:4"><c r="A{0}" s="1"/><c r="B{0}" s="1"/><c r="C{0}" s="1"/><c r="D{0}"><v>1</v></c></row>'
    sheet = rows("".join(row.format(number) for number in range(2, 40_002)))
    assert len(sheet) > reading.LARGE
    reading._weigh(changed(sheet=sheet))

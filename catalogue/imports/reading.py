"""One sheet of a workbook as rows of known columns; what is wrong with it is listed, cell by cell.

Lean on purpose: 50,000 rows cost little more than openpyxl's own reading (`make bench ARGS=parts`).
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from aftersales.problems import BadEntry, Refusal

from .. import cells

MB = 1024 * 1024
FILE_BYTES, UNPACKED_BYTES, SMALL_BYTES = 20 * MB, 160 * MB, 64 * MB
LARGE, MOST_SHRUNK = 4 * MB, 200
MOST_ROWS, MOST_FILES, WIDEST = 100_000, 500, 60
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z0-9:$]{2,40})[\"']")
#: what openpyxl and the libraries below it raise for a file that is broken or made to hurt
BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError,
    SyntaxError, OSError, EOFError, OverflowError, RecursionError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """`read` makes the cell's value or raises `BadEntry`; without `needed` the whole column may be missing (its rows then
    say nothing of it); `read` None: a column for the reader's eyes, left alone; `also`: how others call it."""

    name: str
    label: str | Promise
    read: Callable[[Any], Any] | None = None
    needed: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong in which cell; the sentence is read in the language of whoever sees it."""

    sheet: str
    cell: str
    why: Refusal

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: {self.why}"


@dataclass
class Sheet:
    """`rows`: the values by column; `numbers`: in which row of the sheet each stood; `places`: the letter of each column."""

    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    others: bool = False  # columns that nobody asked for may stand there too
    faults: list[Fault] = field(default_factory=list)

    def blame(self, cell: str, why: Refusal) -> None:
        self.faults.append(Fault(self.title, cell, why))

    def blame_row(self, place: int, column: str, why: Refusal) -> None:
        """A row (counted from 0) that reads well but is wrong in itself."""
        self.blame(f"{self.places.get(column, 'A')}{self.numbers[place]}", why)


class Book:
    """A workbook that is safe to open: not too large, not unpacking to too much, and really one. `shown`: a formula is read as
    what it shows."""

    def __init__(self, file: IO[bytes], *, shown: bool = False) -> None:
        _weigh(file)
        self.file = file
        with readable():
            self.book = load_workbook(file, read_only=True, keep_links=False, data_only=shown)
            if not self.book.worksheets:
                raise _unreadable()

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_error: Any) -> None:
        self.book.close()

    def sheet(self, label: str | Promise, first: bool = False) -> Any:
        """The sheet of this name in any language; else the first one if that will do, or None."""
        wanted = spellings(label)
        found = [s for s in self.book.worksheets if plain(s.title) in wanted]
        return found[0] if found else (self.book.worksheets[0] if first else None)

    def lines(self, sheet: Any, width: int) -> Iterator[Sequence[Any]]:
        """The cells of each row below the headings, so many of them, whatever the file says of its size."""
        with readable():
            sheet.reset_dimensions()
            yield from sheet.iter_rows(min_row=2, max_col=width, values_only=True)

    def read(self, sheet: Any, columns: Sequence[Column], *, others: bool = False) -> Sheet:
        """The sheet's rows; everything wrong with it stands in `faults`."""
        found = Sheet(sheet.title, others=others)
        with readable():
            for cells in self._merged(sheet):
                found.blame(cells, BadEntry(_("These cells are merged. Give every row its own cells.")))
            _read(sheet, columns, found)
        return found

    def _merged(self, sheet: Any) -> Iterator[str]:
        """Ranges of merged cells: openpyxl's streaming reader does not tell them."""
        with self.book._archive.open(sheet._worksheet_path) as source:
            before = b""
            while block := source.read(MB):
                text = before + block
                end = 0
                for match in MERGED.finditer(text):
                    end = match.end()
                    yield match[1].decode()
                before = text[max(end, len(text) - 200) :]


def _weigh(file: IO[bytes]) -> None:
    """Refuse what is no workbook or would unpack to too much, before anything is unpacked."""
    file.seek(0, 2)
    if file.tell() > FILE_BYTES:
        raise BadEntry(_("This file is larger than {most} MB."), field="file", most=FILE_BYTES // MB)
    file.seek(0)
    if file.read(4) == OLD_EXCEL:
        raise BadEntry(
            _("This file is of the old kind (.xls) or locked by a password. Save it as .xlsx."), field="file"
        )
    with readable(), zipfile.ZipFile(file) as archive:
        packed = archive.infolist()
    small = [row.file_size for row in packed if not row.filename.startswith("xl/worksheets/")]
    unpacked = sum(row.file_size for row in packed)
    if (
        len(packed) > MOST_FILES
        or unpacked > UNPACKED_BYTES
        or max(small, default=0) > SMALL_BYTES
        or any(_swells(row) for row in packed)
    ):
        raise BadEntry(_("This file unpacks to far more than a list of parts or prices."), field="file")
    file.seek(0)


def _swells(row: zipfile.ZipInfo) -> bool:
    """Nothing that people write shrinks so much: the same few words over and over do, and cost seconds and memory."""
    return row.file_size > LARGE and row.file_size > MOST_SHRUNK * row.compress_size


@contextmanager
def readable() -> Iterator[None]:
    """What a broken file raises becomes one sentence at `file`."""
    try:
        yield
    except BROKEN as error:
        raise _unreadable() from error


def _unreadable() -> BadEntry:
    return BadEntry(_("This file cannot be read as an Excel workbook (.xlsx)."), field="file")


def plain(text: Any) -> str:
    """A heading as it is compared: without blanks, stars and capitals."""
    return re.sub(r"[\s*＊:：]+", "", str(text)).lower()


def spellings(label: str | Promise, *also: str) -> set[str]:
    """A word in every language of the portal, as headings are compared."""
    words = {plain(word) for word in also}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words.add(plain(label))
    return words


def word_reader(choices: Iterable[tuple[Any, Any]], refused: Any) -> Callable[[Any], str]:
    """Reads a choice by its word in any language, or by its code; `refused` is the sentence for anything else."""
    words = {word: str(value) for value, label in choices for word in spellings(label, value)}

    def read(value: Any) -> str:
        found = words.get("".join(cells.text(value).split()).lower())
        if found is None:
            raise BadEntry(refused)
        return found

    return read


def _read(sheet: Any, columns: Sequence[Column], found: Sheet) -> None:
    sheet.reset_dimensions()  # what a file says of its size is not to be believed
    _take(sheet.iter_rows(max_col=WIDEST, values_only=True), columns, found)


def read_lines(
    title: str, lines: Iterator[Sequence[Any]], columns: Sequence[Column], *, others: bool = False
) -> Sheet:
    """The same of lines that are no workbook (CSV), the first of them with the headings."""
    found = Sheet(title, others=others)
    _take(iter(lines), columns, found)
    return found


def _take(lines: Iterator[Any], columns: Sequence[Column], found: Sheet) -> None:
    head = next(lines, ())
    placed = _placed(head, columns, found)
    for column in columns:
        if column.needed and column.name not in found.places:
            found.blame("A1", BadEntry(_("The column “{label}” is missing."), label=column.label))
    _rows(lines, placed, found)


def _placed(
    head: Sequence[Any], columns: Sequence[Column], found: Sheet
) -> list[tuple[int, str, Callable[[Any], Any]]]:
    """(place, name, reader) of each known column, by the headings of the first row."""
    known: dict[str, Column] = {}
    for one in columns:  # of two with one name the first has it
        known = dict.fromkeys(spellings(one.label, one.name, *one.also), one) | known
    placed = []
    for place, heading in enumerate(head):
        letter, column = get_column_letter(place + 1), known.get(plain(heading or ""))
        if heading is None or not plain(heading):
            continue
        if column is None and found.others:
            continue
        if column is None:
            found.blame(f"{letter}1", BadEntry(_("There is no column of this name in the template.")))
        elif column.name in found.places:
            found.blame(f"{letter}1", BadEntry(_("This column stands here twice.")))
        else:
            found.places[column.name] = letter
            placed += [(place, column.name, column.read)] if column.read else []
    return placed


def _rows(lines: Iterator[Any], placed: list[tuple[int, str, Any]], found: Sheet) -> None:
    blank: list[int] = []
    rows, numbers = found.rows, found.numbers
    for number, values in enumerate(islice(lines, MOST_ROWS + 1), 2):
        if values.count(None) == len(values) or not any(str(v).strip() for v in values if v is not None):
            blank.append(number)
            continue
        if blank:
            _blame_blanks(blank, found)
        if number > MOST_ROWS + 1:
            found.blame(f"A{number}", BadEntry(_("A sheet holds at most {most} rows."), most=MOST_ROWS))
            return
        row: dict[str, Any] = {}
        for place, name, read in placed:
            try:
                row[name] = read(values[place] if place < len(values) else None)
            except BadEntry as why:
                row[name] = None
                found.blame(f"{get_column_letter(place + 1)}{number}", why)
        rows.append(row)
        numbers.append(number)
    if not rows and not found.faults:
        found.blame("A2", BadEntry(_("There is no row below the headings.")))


def _blame_blanks(blank: list[int], found: Sheet) -> None:
    """A blank row between others is a slip; blank rows at the end are none."""
    for number in blank:
        found.blame(f"A{number}", BadEntry(_("This row is blank. Delete it.")))
    blank.clear()

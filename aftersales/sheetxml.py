"""The parts of a workbook as text: one row at a time, so that a hundred thousand take no more memory than ten (P13).

A list has a bold head, real numbers and dates, and text that stays text. That is all the XML there is, and writing it
here takes a fraction of what openpyxl takes for the same cells; sheets with a layout of their own stay with openpyxl.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from openpyxl.utils import get_column_letter

LONGEST = 32_767  # characters that a cell can hold
REPLACED = "\ufffd"
#: what XML cannot carry: control characters, halves of a pair, what Unicode keeps for itself
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _form(mark: str = "", font: int = 0, number: int = 0) -> str:
    extra = ' applyNumberFormat="1" applyFont="1"' + (f' {mark}="1"' if mark else "")
    return f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0"{extra}/>'


#: places in `cellXfs` of STYLES
BOLD, QUOTED, BOLD_QUOTED, DATE, MOMENT, AMOUNT = range(1, 7)
_FORMS = (
    _form(), _form(font=1), _form("quotePrefix"), _form("quotePrefix", font=1), _form(number=164), _form(number=165),
    _form(number=4),
)  # fmt: skip
STYLES = (
    f'{HEAD}<styleSheet xmlns="{NAMESPACE}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
    '<border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMS)}">{"".join(_FORMS)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" '
    'xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def plain(text: str) -> str:
    """Text as a sheet can hold it: control characters replaced, cut where a cell ends."""
    return _UNSPEAKABLE.sub(REPLACED, text)[:LONGEST]


# --- cells: each takes its address and a value and answers XML
def _text(at: str, text: str) -> str:
    style = f' s="{QUOTED}"' if text.startswith(DANGEROUS) else ""
    return _string(at, text, style)


def _string(at: str, text: str, style: str) -> str:
    if not text:
        return ""
    if not text.isprintable() or len(text) > LONGEST:  # nearly all text is: asking costs less than replacing
        text = plain(text)
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() or "\n" in text else ""
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        text = escape(text, {"\r": "&#13;"})  # a bare one would be read as the end of a line
    return f'<c r="{at}" t="inlineStr"{style}><is><t{space}>{text}</t></is></c>'


def _number(at: str, value: int) -> str:
    return f'<c r="{at}"><v>{value}</v></c>'


def _truth(at: str, value: bool) -> str:
    return f'<c r="{at}" t="b"><v>{value:d}</v></c>'


def _float(at: str, value: float) -> str:
    return _number(at, value) if value - value == 0 else _text(at, str(value))  # type: ignore[arg-type]  # not infinite


def _amount(at: str, value: Decimal) -> str:
    return f'<c r="{at}" s="{AMOUNT}"><v>{value}</v></c>' if value.is_finite() else _text(at, str(value))


_DAY_NIL, _MOMENT_NIL = dt.date(1899, 12, 30), dt.datetime(1899, 12, 30)  # noqa: DTZ001  # a sheet knows no zones


def _date(at: str, value: dt.date) -> str:
    return f'<c r="{at}" s="{DATE}"><v>{(value - _DAY_NIL).days}</v></c>'


def _moment(at: str, value: dt.datetime) -> str:
    if value.tzinfo is not None:
        value = timezone.make_naive(value)
    since = value - _MOMENT_NIL
    return f'<c r="{at}" s="{MOMENT}"><v>{since.days + since.seconds / 86400:.9f}</v></c>'


def _nothing(at: str, value: None) -> str:
    return ""


_BY_TYPE: dict[type, Callable[[str, Any], str]] = {
    str: _text, int: _number, bool: _truth, float: _float, Decimal: _amount, dt.date: _date, dt.datetime: _moment,
    type(None): _nothing,
}  # fmt: skip


def _any(at: str, value: Any) -> str:
    """A kind that has no line of its own: a subclass as its parent, whatever else as text."""
    for kind in (str, Decimal, bool, int, float, dt.datetime, dt.date):
        if isinstance(value, kind):
            return _BY_TYPE[kind](at, value)
    return _text(at, str(value))


# --- rows and the frame around them
def letters(count: int) -> list[str]:
    return [get_column_letter(place) for place in range(1, count + 1)]


def row(number: int, values: Iterable[Any], columns: Sequence[str]) -> str:
    """Row `number` (from 1); a row may be longer than its head."""
    name, find = str(number), _BY_TYPE.get
    cells = [
        find(type(value), _any)(letter + name, value) for letter, value in zip(columns, values, strict=False)
    ]
    return f'<row r="{name}">{"".join(cells)}</row>'


def sum_row(
    number: int, label: str, formulas: dict[int, str], known: dict[int, Decimal], columns: Sequence[str]
) -> str:
    """A bold label, and formulas by place; each carries the value that is known, for readers that do not calculate."""
    cells = [_string(f"{columns[0]}{number}", label, f' s="{BOLD}"')]
    cells += [
        f'<c r="{columns[place]}{number}" s="{AMOUNT}"><f>{formula}</f><v>{known[place]}</v></c>'
        for place, formula in formulas.items()
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def total_row(number: int, label: str, totals: dict[int, Decimal], columns: Sequence[str]) -> str:
    """A bold label, and plain numbers by place."""
    cells = [_string(f"{columns[0]}{number}", label, f' s="{BOLD}"')]
    cells += [_amount(f"{columns[place]}{number}", value) for place, value in totals.items()]
    return f'<row r="{number}">{"".join(cells)}</row>'


def head_row(labels: Sequence[str], columns: Sequence[str]) -> str:
    """Row 1, bold."""
    styles = [f' s="{BOLD_QUOTED if label.startswith(DANGEROUS) else BOLD}"' for label in labels]
    cells = [
        _string(f"{letter}1", label, style)
        for letter, label, style in zip(columns, labels, styles, strict=True)
    ]
    return f'<row r="1">{"".join(cells)}</row>'


def top(widths: Sequence[float]) -> str:
    """A sheet up to its rows: the head stays in sight, the columns have their widths (characters)."""
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1)
    )
    return (
        f'{HEAD}<worksheet xmlns="{NAMESPACE}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def tail(area: str) -> str:
    return f'</sheetData><autoFilter ref="{area}"/></worksheet>'


# --- what holds the sheets together
LONGEST_TITLE, NO_TITLE = 31, re.compile(r"[\[\]:*?/\\]")


def title(wanted: str, taken: set[str], nameless: str = "1") -> str:
    """A name that a sheet can have and no other one has: 31 characters, without []:*?/\\ and quotes at its ends; noted in
    `taken`, because large and small letters are the same to Excel. One without any name is called `nameless`."""
    base = NO_TITLE.sub(" ", plain(wanted)).strip(" '")[:LONGEST_TITLE].strip(" '") or nameless
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base[: LONGEST_TITLE - len(str(number)) - 1]} {number}"
    taken.add(name.lower())
    return name


def titles(wanted: Iterable[str]) -> list[str]:
    """The names of a workbook's sheets; one without a name bears its number."""
    taken: set[str] = set()
    return [title(words, taken, str(number)) for number, words in enumerate(wanted, 1)]


def book(names: Sequence[str], areas: Sequence[str]) -> dict[str, str]:
    """Path → text of everything beside the sheets; `areas` are those that can be filtered (A1:C7)."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n - 1}" hidden="1">{_whole(name, area)}</definedName>'
        for n, name, area in zip(numbers, names, areas, strict=True)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers] + [("styles", "styles.xml")]
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    parts = "".join(
        f'<Override PartName="/xl/{target}" ContentType="{office}.{kind}+xml"/>' for kind, target in targets
    )
    return {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets>'
        f"<definedNames>{filters}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/>'
        f"{parts}</Types>",
    }


def _whole(name: str, area: str) -> str:
    """'Sheet'!$A$1:$C$7."""
    quoted, fixed = name.replace("'", "''"), re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", area)
    return escape(f"'{quoted}'!{fixed}")

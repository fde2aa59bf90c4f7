"""What one cell of a sheet, or one value of the API, may say: read into its type, or refused with one sentence."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.money import FEN, LARGEST
from aftersales.problems import BadEntry

YES = {"是", "有", "√", "✓", "y", "yes", "true", "1"}
NO = {"", "否", "无", "×", "n", "no", "false", "0", "-"}
CODE = re.compile(r"[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff._\-+()（）]{0,39}")
EXCEL_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SPLIT = re.compile(r"[,，、;；\n]+")


def text(value: Any) -> str:
    """The words of a cell; a whole number is what somebody typed as a code."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Decimal):
        return str(value)
    raise BadEntry(
        _("This cell is neither text nor a number: a date or a formula. Write the words themselves.")
    )


def _words(value: str) -> str:
    found = value.strip()
    if found[:1] == "=":
        raise BadEntry(_("This is a formula. Write its result instead."))
    if found in EXCEL_ERRORS:
        raise BadEntry(_("This cell shows an error of the spreadsheet."))
    return CONTROL.sub(" ", found) if CONTROL.search(found) else found


def within(limit: int, required: bool = False) -> Callable[[Any], str]:
    """A reader of words of at most `limit` characters."""

    def read(value: Any) -> str:
        found = text(value)
        if len(found) > limit:
            raise BadEntry(_("This is longer than {limit} characters."), limit=limit)
        if required and not found:
            raise BadEntry(_("This is missing."))
        return found

    return read


def code(value: Any) -> str:
    """A part's or rate's code: letters, digits and . _ - + ( ), 40 characters at most."""
    found = text(value)
    if not found:
        raise BadEntry(_("The code is missing."))
    if CODE.fullmatch(found) is None:
        raise BadEntry(
            _("A code has at most 40 letters and digits, with . _ - + ( ) in between; no blanks, no strokes.")
        )
    return found


DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?", re.ASCII)
EARLIEST = dt.date(1990, 1, 1)


def day(value: Any) -> dt.date:
    """A date cell, or a day written as text: 2026-03-02, 2026/3/2, 2026年3月2日."""
    found = value.date() if isinstance(value, dt.datetime) else value
    if not isinstance(found, dt.date):
        match = DAY.fullmatch(text(value))
        try:
            found = dt.date(*map(int, match.groups())) if match else None
        except ValueError:
            found = None
    if found is None or found < EARLIEST:
        raise BadEntry(_("This is no date (2026-03-02)."))
    return found


def maybe_day(value: Any) -> dt.date | None:
    """A day, or nothing."""
    return None if value is None or (isinstance(value, str) and not value.strip()) else day(value)


def past_day(at: dt.date, required: bool = False) -> Callable[[Any], dt.date | None]:
    """A reader of days that have come by `at`, or of nothing."""

    def read(value: Any) -> dt.date | None:
        found = maybe_day(value)
        if found is None and required:
            raise BadEntry(_("This is missing."))
        if found is not None and found > at:
            raise BadEntry(_("This day has not come yet."))
        return found

    return read


def codes(value: Any) -> list[str]:
    """Codes of models, separated by commas."""
    given = value if isinstance(value, list | tuple) else SPLIT.split(text(value))
    return list(dict.fromkeys(found for each in given if (found := text(each))))


def flag(value: Any, blank: bool = False) -> bool:
    """yes or no in one of their spellings."""
    word = text(value).lower()
    if not word:
        return blank
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadEntry(_("Write yes or no."))


def in_use(value: Any) -> bool:
    """A part of which nothing is said is in use."""
    return flag(value, blank=True)


def amount(value: Any) -> Decimal:
    """Yuan: a number from 0 with at most two decimals; text is refused, even if it looks like a number."""
    if value is None or value == "":
        raise BadEntry(_("The amount is missing."))
    if isinstance(value, str):
        text(value)  # a formula or an error says so itself
        raise BadEntry(_("This is text. Write the amount as a number."))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadEntry(_("This is no amount."))
    return fair(Decimal(value) if not isinstance(value, float) else _exact(value))


def _exact(value: float) -> Decimal:
    """What was typed: 0.1 + 0.2 is 0.3, not 0.30000000000000004."""
    if value != value or value in (float("inf"), float("-inf")):
        raise BadEntry(_("This is no amount."))
    return Decimal(repr(round(value, 6)))


def fair(found: Decimal) -> Decimal:
    """An amount that a price can be: not negative, not finer than a fen, not beyond what a clerk can have meant."""
    if not found.is_finite():
        raise BadEntry(_("This is no amount."))
    if found < 0:
        raise BadEntry(_("An amount is never negative."))
    if found > LARGEST:
        raise BadEntry(_("This is more than {most} yuan."), most=LARGEST)
    exact = found.quantize(FEN)
    if exact != found:
        raise BadEntry(_("This is finer than a fen."))
    return exact


def maybe_amount(value: Any) -> Decimal | None:
    """An amount, or nothing."""
    return None if value is None or value == "" else amount(value)


def decimal(word: str) -> Decimal:
    """Exact digits written as text, as an API writes money."""
    if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", word, re.ASCII) is None:
        raise BadEntry(_("This is no amount."))
    return Decimal(word)

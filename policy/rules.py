"""How a figure is typed, kept and shown: pure, by its unit."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.charter import Figure, Unit
from aftersales.problems import BadEntry

LARGEST = 1_000_000
WINDOW = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})\s*")


def parse(figure: Figure, text: str) -> Any:
    """The typed value of what a person wrote, or `BadEntry` at the field `value`."""
    try:
        return _PARSERS.get(figure.unit, _whole)(figure, text.strip())
    except (ValueError, InvalidOperation) as error:
        raise BadEntry(_("This is not a value of this figure."), figure.clause, "value") from error


def _whole(figure: Figure, text: str) -> int:
    number = int(text)
    if not 0 < number <= LARGEST:
        raise ValueError(text)
    return number


def _decimal(figure: Figure, text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or not 0 <= number <= LARGEST:
        raise ValueError(text)
    return number


def _share(figure: Figure, text: str) -> Decimal:
    """“20” or “20 %” is a fifth: typed and kept in percent, between 0 and 100, with two decimals at most."""
    percent = Decimal(text.replace("％", "%").removesuffix("%").strip())
    if not percent.is_finite() or not 0 < percent <= 100 or percent != round(percent, 2):
        raise ValueError(text)
    return percent / 100


def _clock(figure: Figure, text: str) -> dt.time:
    hours, minutes = text.split(":")
    return dt.time(int(hours), int(minutes))


def _choice(figure: Figure, text: str) -> str:
    if text not in dict(figure.options):
        raise ValueError(text)
    return text


def _windows(figure: Figure, text: str) -> tuple[tuple[dt.time, dt.time], ...]:
    """“09:00-10:00, 14:00-15:00”: in order, none empty, none over another."""
    parts = [WINDOW.fullmatch(part) for part in re.split(r"[,，;；·]", text)]
    if not all(parts):
        raise ValueError(text)
    windows = sorted((_clock(figure, part[1]), _clock(figure, part[2])) for part in parts if part)
    edges = [edge for window in windows for edge in window]
    if edges != sorted(set(edges)):
        raise ValueError(text)
    return tuple(windows)


def _places(figure: Figure, text: str) -> tuple[str, ...]:
    """“泰州，扬州 南通”: each once, in the order given."""
    names = tuple(dict.fromkeys(re.split(r"[\s,，、;；·]+", text)))
    if not all(0 < len(name) <= 20 for name in names):
        raise ValueError(text)
    return names


_PARSERS: dict[Unit, Any] = {
    Unit.CLOCK: _clock,
    Unit.WINDOWS: _windows,
    Unit.CHOICE: _choice,
    Unit.YUAN: _decimal,
    Unit.SHARE: _share,
    Unit.PLACES: _places,
}


def plain(figure: Figure, value: Any) -> str:
    """The value as it is typed and kept: `parse(figure, plain(figure, value)) == value`."""
    if figure.unit == Unit.SHARE:
        return f"{(value * 100).normalize():f}"
    if figure.unit == Unit.WINDOWS:
        return ", ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in value)
    if figure.unit == Unit.PLACES:
        return "、".join(value)
    return f"{value:%H:%M}" if figure.unit == Unit.CLOCK else str(value)


def shown(figure: Figure, value: Any) -> str:
    """The value with its unit, in the reader's language."""
    if figure.unit == Unit.CHOICE:
        return str(dict(figure.options)[value])
    if figure.unit == Unit.YUAN:
        return f"¥{value:,.2f}"
    if figure.unit == Unit.SHARE:
        return f"{plain(figure, value)} %"
    counted = figure.unit not in _PARSERS  # a whole number of something
    return f"{plain(figure, value)} {figure.unit.label}" if counted else plain(figure, value)

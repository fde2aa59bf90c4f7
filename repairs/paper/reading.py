"""What was read for the page, once, and the shape of a section."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from ..changes import label, shown
from ..logbook import Line
from ..models import CallbackSurvey, Plan, Ticket

Cell = tuple[Any, ...]
BREAK = SafeString("<br>")


@dataclass
class Section:
    """One section; `empty` says when a blank one will be filled."""

    id: str
    title: str
    rows: list[Cell] = field(default_factory=list)
    empty: str = ""
    edit_url: str = ""
    note: str = ""
    files: list[dict[str, str]] = field(default_factory=list)
    signature: SafeString | str = ""


@dataclass
class Round:
    """The sections of one round; earlier rounds are folded."""

    number: int
    current: bool
    sections: list[Section]


@dataclass
class Read:
    """What was read for the page, once."""

    ticket: Ticket
    user: Any
    lines: list[Line]
    revisions: list[dict[str, Any]]
    plans: list[Plan]
    surveys: list[CallbackSurvey] | None

    def of(self, kind: str, round: int | None = None, **values: str) -> list[Line]:
        return [line for line in self.lines if _fits(line, kind, round, values)]


def _fits(line: Line, kind: str, round: int | None, values: dict[str, str]) -> bool:
    if line.kind != kind or (round is not None and line.round != round):
        return False
    return all(getattr(line, name) == value for name, value in values.items())


def cells(model: Any, source: Any, names: tuple[str, ...], wide: tuple[str, ...] = ()) -> list[Cell]:
    """The filled fields of a row or a dictionary, with their labels."""
    found: list[Cell] = []
    for name in names:
        value = source.get(name) if isinstance(source, dict) else getattr(source, name)
        text = shown(model, name, value)
        if text:
            title = label(model, name)
            found.append((title, lines_of(text), "wide") if name in wide else (title, text))
    return found


def lines_of(text: str) -> SafeString:
    return joined(text.splitlines())


def joined(texts: list[str]) -> SafeString:
    """One below the other."""
    return format_html_join(BREAK, "{}", ((text,) for text in texts))

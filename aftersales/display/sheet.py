"""The shape of a paper on the screen: sections of cells, tables, and what the timeline prints."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from . import tables

Cell = tuple[Any, ...]  # (label, value) or (label, value, "wide")


@dataclass
class Table:
    """`head`: (label, class); a row has one value for each. `foot`: a last row of totals."""

    head: Sequence[tuple[Any, str]]
    rows: Sequence[Sequence[Any]] = ()
    foot: Sequence[Any] | None = None

    @property
    def drawn(self) -> SafeString:
        """Head, rows and totals as HTML: on a phone a row is a card, and each value bears its name."""
        return mark_safe(tables.draw(self.head, self.rows) + tables.foot(self.head, self.foot))


@dataclass
class Part:
    """One section of a paper; `empty` says when a blank one will be filled."""

    id: str
    title: Any
    rows: list[Cell] = field(default_factory=list)
    table: Table | None = None
    empty: Any = ""
    note: Any = ""
    tone: str = ""

    @property
    def is_filled(self) -> bool:
        return bool(self.rows or (self.table and self.table.rows))


@dataclass
class Happened:
    """One entry of a timeline (`components/_entry.html`)."""

    at: dt.datetime
    who: str
    what: str
    text: str = ""
    clause: str = ""
    icon: str = "document-text"
    tone: str = ""


@dataclass
class Sheet:
    """A paper as a page shows it. `story` is one line under the title; `prints`, `links` and `ways` are (word, address):
    `ways` lead on to what is done next on another paper and stand before the steps; what is possible there but not due
    stands in `beside`. `next` says who must do what now; a paper that has ended says nothing.
    """

    title: Any
    story: str = ""
    parts: list[Part] = field(default_factory=list)
    prints: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    ways: list[tuple[str, str]] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)
    banner: tuple[str, Any, Any] | None = None  # tone, title, text
    next: Any = ""

"""What waits for a person and has no clock, read in one statement whatever his rights and however long the lists (P6): each
department says what of its own waits for whom, the home page reads all of it as the arms of one union."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _

SOME = 6  # named in one line; the lists hold the rest
#: (person, moment) → the rows as `line` makes them; several sets of rows as a list
Reads = Callable[[Any, dt.datetime], Any]


class Line(NamedTuple):
    """`key` names the page, `word` the thing; it waits since `at`."""

    kind: str
    key: str
    word: str
    at: dt.datetime
    pk: int


def line(rows: Any, kind: Any, key: Any, word: Any, at: Any, pk: Any = "pk") -> Any:
    """Rows as an arm of the union; `kind` is a word or an expression, the others are fields or expressions."""
    return rows.order_by().values_list(Value(kind) if isinstance(kind, str) else kind, key, word, at, pk)


def text(*parts: Any) -> Concat:
    """These fields and words as one text."""
    return Concat(*parts, output_field=CharField())


def the_first(rows: Any) -> Any:
    """The first of these rows, in their order: no more are read than one line can name."""
    return rows.model.objects.filter(pk__in=rows.values("pk")[: 2 * SOME]).order_by()


def numbered(kind: str, rows: Callable[[Any], Any], at: str = "made_at") -> Reads:
    """Papers, each by its number; `rows` are those that wait for a person."""
    return lambda user, _at: line(the_first(rows(user)), kind, "number", "number", at)


class Pile(NamedTuple):
    """Things of one kind that wait for a hand: who is asked for them, what they are called and on which list they stand.
    A single one leads to `one`, the page where it is done."""

    kind: str
    asked: Callable[[Any], bool]
    reads: Reads
    label: Any
    where: str
    one: Callable[[Line], str] | None = None
    word: Callable[[Line], str] = lambda line: line.word

    def shown(self, found: list[Line]) -> dict[str, Any]:
        """Its line on the home page; a word at its end says that more stand on the list."""
        url = self.one(found[0]) if self.one and len(found) == 1 else reverse(self.where)
        words = [self.word(line) for line in found[:SOME]] + [_("and more")] * (len(found) > SOME)
        return {"label": self.label, "url": url, "text": " / ".join(words)}


def at(name: str) -> Callable[[Line], str]:
    """The page of that address whose argument is the line's key."""
    return lambda line: reverse(name, args=[line.key])


class Said:
    """One person's lines, the oldest first, each once."""

    def __init__(
        self, user: Any, at: dt.datetime, arms: Iterable[tuple[Callable[[Any], bool], Reads]]
    ) -> None:
        self.user, self.at, self.arms = user, at, arms

    def _read(self) -> list[Any]:
        found = [reads(self.user, self.at) for asked, reads in self.arms if asked(self.user)]
        return [arm for arms in found for arm in (arms if isinstance(arms, list) else [arms])]

    @cached_property
    def lines(self) -> list[Line]:
        arms = self._read()
        if not arms:
            return []
        found = sorted(map(Line._make, arms[0].union(*arms[1:], all=True)), key=lambda line: line[3:])
        return list({line[:3]: line for line in reversed(found)}.values())[::-1]

    def of(self, *kinds: str, some: int = SOME) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds][:some]

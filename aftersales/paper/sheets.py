"""The vocabulary of a sheet: sections of rows of cells, on a grid of twelve; every function answers plain data."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from aftersales.display import moments

from .drawings import Drawing
from .texts import clean

WHOLE = 12
LONG = 400  # characters: a cell with more may break over pages, all others stay whole
Plain = dict[str, Any]
Options = Iterable[tuple[str, bool]]


def cell(
    label: str,
    value: Any = "",
    w: int = WHOLE,
    *,
    lines: int = 1,
    options: Options = (),
    ink: Drawing | None = None,
) -> Plain:
    """A labelled place to write: boxes, then text, then a drawing. `lines`: the room it has at least."""
    boxes = [{"label": clean(text), "on": bool(on)} for text, on in options]
    text = moments.when(value) if isinstance(value, dt.date) else clean(value)
    return {"label": clean(label), "w": w, "lines": lines, "text": text, "options": boxes, "ink": ink}


def section(band: str, *rows: Sequence[Plain]) -> Plain:
    """Rows of cells under one name; each row fills the twelve columns."""
    for row in rows:
        assert sum(c["w"] for c in row) == WHOLE, [c["label"] for c in row]
    long = len(rows) > 5 or any(len(c["text"]) > LONG for row in rows for c in row)
    return {"kind": "cells", "band": clean(band), "rows": [list(row) for row in rows], "long": long}


def column(label: str, w: int, note: str = "") -> Plain:
    return {"label": clean(label), "w": w, "note": clean(note)}


def table(
    band: str, columns: Sequence[Plain], rows: Iterable[Sequence[Any]] = (), *, ruled: int = 0
) -> Plain:
    """A table with repeated heads; a cell is text or a box (bool). Empty numbered rows fill it up to `ruled`."""
    filled = [[value if isinstance(value, bool) else clean(value) for value in row] for row in rows]
    empty = [[str(n + 1), *[""] * (len(columns) - 1)] for n in range(len(filled), ruled)]
    return {
        "kind": "table",
        "band": clean(band),
        "columns": list(columns),
        "rows": filled + empty,
        "long": len(filled) > 8,
    }


def one_of(choices: dict[str, str], value: Any) -> list[tuple[str, bool]]:
    """The boxes of a choice, the chosen one ticked."""
    return [(label, key == value) for key, label in choices.items()]

"""Drawings of a sheet: a signature's strokes, a QR code. Each is a size and the path of an SVG, made of numbers only."""

import json
from typing import Any

import segno

Drawing = dict[str, Any]
Point = tuple[int, int]
WHOLE = 1000
FIELD = (3, 1)  # a signature's strokes come in thousandths of a field three times as wide as high


def strokes_of(text: str) -> list[list[Point]]:
    """A signature's strokes, each a list of points (x, y) in thousandths of the field; [] for everything that is none. It
    comes from a stranger's browser: too deep, too large, without end or outside of the field is no signature."""
    try:
        drawn = [[(_place(x), _place(y)) for x, y in stroke] for stroke in json.loads(text)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        return []
    return [points for points in drawn if points]


def _place(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= WHOLE:
        raise ValueError("no place in the field")
    return round(value)


def signature(strokes: str) -> Drawing | None:
    """The drawing of a JSON list of strokes, each a list of [x, y]; None when there is nothing to draw."""
    lines = [[(x * FIELD[0], y * FIELD[1]) for x, y in stroke] for stroke in strokes_of(strokes)]
    path = " ".join(_line(points) for points in lines)
    return {"width": WHOLE * FIELD[0], "height": WHOLE * FIELD[1], "path": path, "pen": 18} if path else None


def _line(points: list[Point]) -> str:
    first, *rest = points
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in rest or [(first[0] + 1, first[1])])


def qr(address: str) -> Drawing:
    """The QR code of an address with the quiet zone that readers need (level M, 4 modules)."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"width": len(rows), "height": len(rows), "path": path, "pen": 0}

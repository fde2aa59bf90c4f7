"""Drawings of a sheet: a signature's strokes, a QR code. Each is a size and the path of an SVG, made of numbers only."""

import json
from typing import Any

import segno

Drawing = dict[str, Any]
FIELD = (3, 1)  # a signature's strokes come in thousandths of a field three times as wide as high


def signature(strokes: str) -> Drawing | None:
    """The drawing of a JSON list of strokes, each a list of [x, y]; None when there is nothing to draw."""
    try:
        lines = [
            [(int(x) * FIELD[0], int(y) * FIELD[1]) for x, y in stroke] for stroke in json.loads(strokes)
        ]
    except (ValueError, TypeError):
        return None
    path = " ".join(_line(points) for points in lines if points)
    return {"width": 1000 * FIELD[0], "height": 1000 * FIELD[1], "path": path, "pen": 18} if path else None


def _line(points: list[tuple[int, int]]) -> str:
    first, *rest = points
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in rest or [(first[0] + 1, first[1])])


def qr(address: str) -> Drawing:
    """The QR code of an address with the quiet zone that readers need (level M, 4 modules)."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"width": len(rows), "height": len(rows), "path": path, "pen": 0}

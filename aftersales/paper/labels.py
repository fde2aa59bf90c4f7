"""Labels on A4 stock: which stocks there are, and a sheet of them as PDF."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from . import drawings, typeset
from .texts import clean

LABELS = typeset.HERE / "labels.typ"


class Stock(NamedTuple):
    """A sheet of labels; all lengths in millimetres. `gap` lies between columns, rows touch."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float = 0

    @property
    def places(self) -> int:
        return self.columns * self.rows

    def __str__(self) -> str:
        size = _("{width} × {height} mm").format(width=f"{self.width:g}", height=f"{self.height:g}")
        return f"{self.columns} × {self.rows} · {size}"


#: as they are sold: borders of the makers' own data sheets
STOCKS = {
    "3x8": Stock(3, 8, 70, 37, 0, 0.5),
    "2x7": Stock(2, 7, 99.1, 38.1, 4.65, 15.15, 2.5),
    "2x4": Stock(2, 4, 99.1, 67.7, 4.65, 13.1, 2.5),
}


class Label(NamedTuple):
    """What one label says; `address` is in its QR code."""

    address: str
    word: str
    vin: str
    model: str
    hotline: str


def plain(labels: Sequence[Label], stock: Stock, *, start: int, at: dt.datetime) -> dict[str, Any]:
    """What `labels.typ` sets; `start`: places of the first page that are used up already."""
    rows = [
        {"qr": drawings.qr(row.address) | {"alt": row.address}}
        | {name: clean(getattr(row, name)) for name in ("word", "vin", "model", "hotline")}
        for row in labels
    ]
    return {
        "stock": stock._asdict(), "start": start, "labels": rows, "at": int(at.timestamp()), "lang": "zh-Hans",
    }  # fmt: skip


def pdf(labels: Sequence[Label], stock: Stock, *, start: int, at: dt.datetime) -> bytes:
    """The labels as A4 pages."""
    return typeset.pdf(plain(labels, stock, start=start, at=at), LABELS)

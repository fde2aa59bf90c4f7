"""The standard 9.7 as a workbook that can come back as the next version, and the empty one to fill."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts.services import audit
from aftersales.xlsx import Leaf, spooled
from catalogue.exports import notes

from . import selectors
from .imports import SHEET, columns
from .models import Standard
from .services.clauses import CHOICES, FACTS

WIDTHS = {"number": 8, "criterion": 44, "party": 20, "category": 16, "method": 18}
EXAMPLE = {
    "number": "3.1", "category": "assembly", "criterion": "装配未按扭矩要求", "party": "装配班组", "severity": "serious",
    "factor": Decimal(1), "method": "amount", "amount": Decimal("200.00"), "cap": Decimal("500.00"), "appeal_days": 3,
}  # fmt: skip


def standard(paper: Standard, *, by: Any, at: dt.datetime) -> IO[bytes]:
    """One version, clause by clause; written down (A27)."""
    rows = ({name: getattr(row, name) for name in FACTS} for row in selectors.clauses_of(paper))
    leaf = _leaf(rows)
    out = spooled(leaf)
    audit("list.export", by=by, at=at, subject=paper, rows=leaf.count, filters=[])
    return out


def template() -> IO[bytes]:
    """A sheet with one example, and what may stand in each column."""
    words = {name: " / ".join(str(label) for _v, label in choices.choices) for name, choices in CHOICES.items()} | {
        "amount": _("a number, not a text; at most two decimals"), "cap": _("a number, not a text; at most two decimals"),
        "percent": _("above 0, at most 100"), "factor": _("blank is 1"), "appeal_days": _("blank is 3"),
    }  # fmt: skip
    return spooled(_leaf([EXAMPLE]), notes(columns(), words))


def _leaf(rows: Iterable[dict[str, Any]]) -> Leaf:
    shown = columns()
    return Leaf(SHEET, [c.label for c in shown], _lines(rows), [WIDTHS.get(c.name, 10) for c in shown])


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
    """Choices by their words."""
    labels = {name: dict(choices.choices) for name, choices in CHOICES.items()}
    for row in rows:
        yield [str(labels[n][row[n]]) if n in labels else row.get(n) for n in FACTS]

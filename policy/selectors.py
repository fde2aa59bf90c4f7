"""The page of figures: every figure with clause, value, since when, set and seconded by whom, and what it was before."""

import datetime as dt
from dataclasses import dataclass, field

from aftersales.charter import CLAUSES, FIGURES, Figure

from .figures import step
from .models import FigureChange
from .rules import parse, shown

ORDER = {clause.number: place for place, clause in enumerate(CLAUSES)}


@dataclass
class Line:
    """One figure as the page shows it: `ahead` are seconded for a later day, `proposed` wait for a second person, `past` is
    what held before and holds now, the newest first, `lapsed` what nobody seconded before its day."""

    figure: Figure
    value: str
    default: str
    since: dt.date | None
    change: FigureChange | None
    ahead: list[FigureChange] = field(default_factory=list)
    proposed: list[FigureChange] = field(default_factory=list)
    past: list[FigureChange] = field(default_factory=list)
    lapsed: list[FigureChange] = field(default_factory=list)


def lines(today: dt.date) -> list[Line]:
    """All figures in the charter's order, our own last; two statements at most."""
    changes: dict[str, list[FigureChange]] = {}
    rows = FigureChange.objects.select_related("proposed_by", "seconded_by")
    for change in rows.order_by("since", "seconded_at", "pk"):
        if change.name in FIGURES:
            change.shown = shown(FIGURES[change.name], parse(FIGURES[change.name], change.value))  # type: ignore[attr-defined]  # for the page
            changes.setdefault(change.name, []).append(change)
    ordered = sorted(FIGURES.values(), key=lambda figure: ORDER.get(figure.clause, len(ORDER)))
    return [_line(figure, changes.get(figure.name, []), today) for figure in ordered]


def _line(figure: Figure, changes: list[FigureChange], today: dt.date) -> Line:
    now = step(figure.name, today)
    seconded = [change for change in changes if change.seconded_at]
    past = [change for change in seconded if change.since <= today]
    return Line(
        figure,
        shown(figure, now.value),
        shown(figure, figure.default),
        past[-1].since if past else None,
        past[-1] if past else None,
        [change for change in seconded if change.since > today],
        [change for change in changes if not change.seconded_at and change.since > today],
        past[::-1],
        [change for change in changes[::-1] if not change.seconded_at and change.since <= today],
    )

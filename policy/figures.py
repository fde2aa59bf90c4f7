"""The figures in force: what the company seconded, else the charter's default."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils import timezone

from aftersales.charter import FIGURES
from aftersales.limits import local_day

from .rules import parse
from .versions import Versioned


class Step(NamedTuple):
    """A value from a day on; `version` counts the values of one figure, the default is 1."""

    since: dt.date
    version: int
    value: Any


def defaults() -> dict[str, list[Step]]:
    """What the charter says before anybody changed anything."""
    return {name: [Step(dt.date.min, 1, figure.default)] for name, figure in FIGURES.items()}


def _load() -> dict[str, list[Step]]:
    from .models import FigureChange

    steps = defaults()
    rows = FigureChange.objects.filter(seconded_at__isnull=False).order_by("since", "seconded_at", "pk")
    for name, text, since in rows.values_list("name", "value", "since"):
        if name in steps:
            steps[name].append(Step(since, len(steps[name]) + 1, parse(FIGURES[name], text)))
    return steps


figures = Versioned("figures", _load)


def step(name: str, on: dt.date | None = None) -> Step:
    """The step of figure `name` in force on that day (default: today)."""
    day = on or local_day(timezone.now())
    return [step for step in figures.get()[name] if step.since <= day][-1]


def value(name: str, on: dt.date | None = None) -> Any:
    """The typed value of figure `name` in force on that day (default: today)."""
    return step(name, on).value


def version(name: str, on: dt.date | None = None) -> int:
    """Which value of the figure that is: 1 is the default."""
    return step(name, on).version

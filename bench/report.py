"""The table: each figure, its limit, and whether it holds."""

import json
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

from .turns import Ratio

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """One row; `limit` None: told for comparison only."""

    target: str
    what: str
    value: float
    limit: float | None
    unit: str
    beside: str = ""

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "ok" if self.value <= self.limit else "OVER"


class Table:
    """Prints every figure as soon as it is known."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def add(
        self, target: str, what: str, value: float, limit: float | None, unit: str = "×", beside: str = ""
    ) -> None:
        figure = Figure(target, what, round(value, 3), limit, unit, beside)
        self.figures.append(figure)
        print(self._line(figure), flush=True)

    def ratio(self, target: str, what: str, found: Ratio, limit: float | None, cpu: bool = True) -> None:
        """Both readings of a ratio: median times, and the processor's time, held to the limit too if `cpu`."""
        self.add(target, f"{what}, p50", found.p50, limit, beside=found.beside)
        self.add(target, f"{what}, CPU", found.cpu, limit if cpu else None)

    @staticmethod
    def _line(figure: Figure) -> str:
        limit = "" if figure.limit is None else f"≤ {figure.limit:g}"
        return (
            f"{figure.target:<4} {figure.what:<58} {figure.value:>9.2f} {figure.unit:<6} {limit:<8}"
            f" {figure.verdict:<5} {figure.beside}"
        )

    def over(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.verdict == "OVER"]

    def write(self, **about: object) -> None:
        rows = [asdict(figure) | {"verdict": figure.verdict} for figure in self.figures]
        known = {"python": platform.python_version(), **about, "figures": rows}
        RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")

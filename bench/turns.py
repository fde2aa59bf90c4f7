"""Measuring in turn: candidate, limit, candidate, limit …; the median of the rounds' ratios, so that a shared machine's
moods fall on both."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

Work = Callable[[], Any]
ROUNDS = 7


@dataclass(frozen=True)
class Ratio:
    """Candidate to limit: of the median times, of the processor's time; and both median times in ms."""

    p50: float
    cpu: float
    ours: float
    limit: float

    @property
    def beside(self) -> str:
        return f"{self.ours:.2f} : {self.limit:.2f} ms"


def timed(work: Work) -> tuple[float, float]:
    """(wall, processor) seconds of one run on this thread."""
    wall, cpu = time.perf_counter(), time.thread_time()
    work()
    return time.perf_counter() - wall, time.thread_time() - cpu


def in_turn(
    candidate: Work,
    limit: Work,
    *,
    each: int = 12,
    rounds: int = ROUNDS,
    before_candidate: Work = lambda: None,
    before_limit: Work = lambda: None,
) -> Ratio:
    """`each` runs of both per round, always one after the other; the two `before` are not counted."""
    found = []
    for number in range(rounds + 1):
        ours, theirs = [], []
        for _ in range(each):
            before_candidate()
            ours.append(timed(candidate))
            before_limit()
            theirs.append(timed(limit))
        if number:  # the first one warms up
            found.append((ours, theirs))
    return _ratio(found)


def _ratio(rounds: list[Any]) -> Ratio:
    def of(runs: list[tuple[float, float]], place: int) -> float:
        return median(run[place] for run in runs)

    return Ratio(
        p50=median(of(ours, 0) / of(theirs, 0) for ours, theirs in rounds),
        cpu=median(of(ours, 1) / max(of(theirs, 1), 1e-7) for ours, theirs in rounds),
        ours=1000 * median(of(ours, 0) for ours, _theirs in rounds),
        limit=1000 * median(of(theirs, 0) for _ours, theirs in rounds),
    )

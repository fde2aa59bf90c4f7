"""The clock's services: tell it a fact, change a clock by hand, sweep, rounds, working days."""

from .acts import claim, end, excuse, merge, pause
from .recording import record
from .rounds import open_rounds, tick_round
from .sweeping import sweep
from .workdays import adopt_official_years, load_days, warn_of_unknown_year

__all__ = [
    "adopt_official_years",
    "claim",
    "end",
    "excuse",
    "load_days",
    "merge",
    "open_rounds",
    "pause",
    "record",
    "sweep",
    "tick_round",
    "warn_of_unknown_year",
]

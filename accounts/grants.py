"""The whole policy: `permissions.csv` (action × role), read once. Everything not listed is denied."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROLES = ("ANON", "CUST", "SALES", "CS", "ENG", "FIN", "FINS", "WH", "GA", "TECH", "PUR", "MGR", "SYS", "AUD")
BEST = {"Y": 3, "C": 2, "O": 1, "-": 0}


@dataclass(frozen=True)
class Action:
    """One row: **Y** any object, **C** under a rule of separation of duties, **O** own only, **-** denied."""

    id: str
    name: str
    clause: str
    writes: bool
    cells: dict[str, str]
    sod: str
    condition: str


@cache
def actions() -> dict[str, Action]:
    """Every action by name, in the order of the table."""
    with (Path(__file__).parent / "permissions.csv").open(encoding="utf-8", newline="") as file:
        return {row["action"]: _action(row) for row in csv.DictReader(file)}


def _action(row: dict[str, str]) -> Action:
    cells = {role: row[role] for role in ROLES}
    return Action(row["id"], row["action"], row["clause"], row["rw"] == "W", cells, row["sod"], row["condition"])


def cell(name: str, roles: Iterable[str]) -> str:
    """The best cell that these roles have for the action; an unknown action is a KeyError."""
    cells = actions()[name].cells
    return max((cells[role] for role in roles), key=BEST.__getitem__, default="-")

"""The permission policy: one row of permissions.csv per action, one letter per role. Everything not listed is denied."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

POLICY = Path(__file__).with_name("permissions.csv")
ROLES = ("ANON", "CUST", "SALES", "CS", "ENG", "FIN", "FINS", "WH", "GA", "TECH", "PUR", "MGR", "SYS", "AUD")
RANK = "-OCY"  # of several roles the widest counts: own, under a rule of separation, any


@dataclass(frozen=True)
class Action:
    """A business act: who may do it (`cells`), under which rules of separation (`sod`), narrowed by `condition`."""

    id: str
    name: str
    clause: str
    writes: bool
    cells: dict[str, str]
    sod: str
    condition: str


def actions(path: Path = POLICY) -> dict[str, Action]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["action"]: _action(row) for row in csv.DictReader(file)}


def _action(row: dict[str, str]) -> Action:
    cells = {role: row[role] for role in ROLES}
    return Action(
        row["id"], row["action"], row["clause"], row["rw"] == "W", cells, row["sod"], row["condition"]
    )


ACTIONS = actions()


def cell(action: str, roles: Iterable[str]) -> str:
    """The widest of the roles' cells: Y any, C under a rule of separation, O own, - denied (also when not listed)."""
    row = ACTIONS.get(action)
    if row is None:
        return "-"
    return max((row.cells[role] for role in roles), key=RANK.index, default="-")

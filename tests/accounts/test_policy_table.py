"""The policy as it was given stands unchanged in our copy; what we added is whole."""

import csv
import re
from pathlib import Path

import pytest

from accounts.conditions import CONDITIONS
from accounts.grants import ACTIONS, POLICY, ROLES, cell

GIVEN = Path(__file__).with_name("policy_given.csv")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_147_given_rows_stand_first_and_unchanged():
    given = rows(GIVEN)
    assert len(given) == 147
    assert rows(POLICY)[:147] == given


def test_every_row_has_a_letter_for_every_role_and_a_name_of_its_own():
    ours = rows(POLICY)
    assert {row[role] for row in ours for role in ROLES} == {"Y", "O", "C", "-"}
    assert len({row["action"] for row in ours}) == len({row["id"] for row in ours}) == len(ours)


def test_every_added_row_says_its_clause_or_a_dash():
    for row in rows(POLICY)[147:]:
        assert re.fullmatch(r"-|[\w. ]+", row["clause"]), row["id"]


def test_every_row_with_a_c_names_its_rule_of_separation():
    missing = [row["id"] for row in rows(POLICY) if "C" in [row[role] for role in ROLES] and not row["sod"]]
    assert missing == []


def test_every_condition_on_headship_or_a_grant_is_asked():
    """What the last column asks of the person is a function in conditions.py."""
    asked = {
        action.name
        for action in ACTIONS.values()
        if re.search(r"head only|head of dep|head of fin|holder of|vehicle_manager", action.condition)
    }
    assert asked == {action for action, _role in CONDITIONS}


def test_of_several_roles_the_widest_cell_counts():
    assert cell("ticket.view_full", ["CS", "ENG"]) == "Y"
    assert cell("ticket.view_full", ["ENG", "WH"]) == "O"
    assert cell("ticket.view_full", []) == "-"


def test_an_action_that_is_not_listed_is_denied():
    assert cell("ticket.burn", ["MGR", "SYS"]) == "-"


@pytest.mark.parametrize("action", ["ledger.edit_or_delete", "audit.edit_or_delete", "backup.restore_web"])
def test_what_nobody_may_nobody_may(action):
    assert cell(action, ROLES) == "-"

"""`manage.py staffing` names the rules of separation that the present staff cannot keep, and whom to add."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.staffing import POSTS, unfilled
from tests import build

ENOUGH = {
    "f1": {"FIN", "FINS"}, "f2": {"FIN", "FINS"}, "f3": {"FIN"}, "m1": {"MGR"}, "m2": {"MGR"}, "w": {"WH"}, "e": {"ENG"},
    "c": {"CS"}, "t": {"TECH"}, "s": {"SYS"},
}  # fmt: skip


def staff(people):
    return {name: frozenset(roles) for name, roles in people.items()}


def test_two_signers_a_clerk_two_leaders_and_a_storekeeper_are_enough():
    assert unfilled(staff(ENOUGH)) == []


@pytest.mark.parametrize("gone", ENOUGH)
def test_without_any_one_of_them_a_rule_cannot_be_kept(gone):
    rest = {name: roles for name, roles in ENOUGH.items() if name != gone}
    assert len(unfilled(staff(rest))) == 1


def test_one_person_with_two_roles_is_not_counted_twice():
    people = {name: roles for name, roles in ENOUGH.items() if name not in ("m2", "w")} | {
        "both": {"MGR", "WH"}
    }
    assert len(unfilled(staff(people))) == 1


def test_people_are_seated_where_they_are_needed():
    """The signer who also is a leader sits where nobody else can."""
    people = ENOUGH | {"f1": {"FIN", "FINS", "MGR"}, "f4": {"FIN", "FINS"}}
    del people["m1"]
    assert unfilled(staff(people)) == []


def test_an_empty_company_lacks_everybody():
    assert unfilled({}) == POSTS


@pytest.mark.django_db
def test_the_command_names_rule_and_person():
    for role in ("FINS", "MGR", "WH", "ENG", "CS", "TECH", "SYS"):
        build.person(role)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("staffing", check=True, stdout=out)
    assert [re.split("[:：]", line)[0] for line in out.getvalue().splitlines()] == [
        "SD05 SD06 SD12",
        "SD03 SD04",
        "SD11 SD15",
    ]

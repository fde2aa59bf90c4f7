"""Old parts leave their own zone only by a disposal: the warehouse proposes, finance approves (5.3, D15, SD06)."""

import pytest

from aftersales.problems import BadEntry, OutOfTurn
from parts.models import PartCode, Zone
from parts.services import (
    Short,
    adopt_old_code,
    approve_disposal,
    drift,
    move,
    on_hand,
    propose_disposal,
    refuse_disposal,
)
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.3")]


@pytest.fixture
def old(people, monday):
    """Four old parts in their zone, one of them with a code that the store had never seen."""
    part = build.spare("MOTOR", valuable=True, good=1, at=monday)
    move(part, 4, Zone.CUSTOMER, Zone.OLD, paper="JJ1", by=people.wh, at=monday)
    adopt_old_code("old-1", part, paper="JJ1", by=people.wh, at=monday)
    return part


def propose(part, people, monday, quantity=2, how="scrap", by=None, **more):
    return propose_disposal(part, quantity, how=how, reason="磨损", by=by or people.wh, at=monday, **more)


@pytest.mark.parametrize(
    ("how", "zone"), [("scrap", "scrap"), ("supplier", "supplier"), ("refurbish", "refurbish")]
)
def test_what_finance_approved_leaves_the_zone(people, monday, old, how, zone):
    paper = propose(old, people, monday, how=how, codes=["OLD-1"])
    assert on_hand(old, Zone.OLD) == 4
    approve_disposal(paper, by=people.fins, at=monday)
    assert (on_hand(old, Zone.OLD), on_hand(old, Zone.GOOD), drift()) == (2, 1, [])
    code = PartCode.objects.get(code="OLD-1")
    assert (code.zone, list(code.events.values_list("what", flat=True))) == (zone, ["old_in", "disposed"])


def test_no_issue_draws_from_the_old_zone(people, monday, old):
    with pytest.raises(BadEntry, match="OLD-1"):
        move(old, 1, Zone.GOOD, Zone.CUSTOMER, codes=["OLD-1"], paper="CK1", by=people.wh, at=monday)
    plain = build.spare("PLAIN")
    move(plain, 5, Zone.CUSTOMER, Zone.OLD, paper="JJ2", by=people.wh, at=monday)
    with pytest.raises(Short):
        move(plain, 1, Zone.GOOD, Zone.CUSTOMER, paper="CK1", by=people.wh, at=monday)


def test_only_what_lies_there_is_disposed_of(people, monday, old):
    for wrong in ({"quantity": 5}, {"quantity": 0}, {"codes": ["MOTOR-1"]}, {"quantity": 4}, {"how": "eat"}):
        with pytest.raises(BadEntry):
            propose(old, people, monday, **wrong)


def test_who_proposed_does_not_approve_and_the_warehouse_never_does(people, monday, old):
    both = build.person("FINS", "PUR")
    paper = propose(old, people, monday, by=both)
    for somebody in (both, build.person("WH")):
        with pytest.raises(OutOfTurn, match="SD06"):
            approve_disposal(paper, by=somebody, at=monday)


def test_pieces_proposed_twice_are_gone_once(people, monday, old):
    first, second = propose(old, people, monday, quantity=3), propose(old, people, monday, quantity=3)
    approve_disposal(first, by=people.fins, at=monday)
    with pytest.raises(BadEntry, match="1"):
        approve_disposal(second, by=people.fins, at=monday)
    assert refuse_disposal(second, by=people.fins, at=monday, reason="已处置").stage == "refused"

"""Stocktake PD: proposed by the warehouse, booked once finance approves; the books that moved meanwhile are named."""

import pytest
from django.db import IntegrityError, transaction

from aftersales.problems import BadEntry, OutOfTurn
from parts.models import Movement, PartCode, Zone
from parts.services import approve_count, drift, move, on_hand, propose_count, refuse_count
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.1")]


def count(people, monday, *rows, by=None, zone=Zone.GOOD):
    return propose_count(zone, rows, reason="季末盘点", by=by or people.wh, at=monday)


def test_a_count_changes_nothing_before_finance_approves_it(people, monday):
    more, less = build.spare("A", good=3, at=monday), build.spare("B", good=3, at=monday)
    paper = count(people, monday, {"part": more, "counted": 5}, {"part": less, "counted": 0})
    assert (paper.number, on_hand(more, Zone.GOOD), on_hand(less, Zone.GOOD)) == ("PD20260302-0001", 3, 3)
    approve_count(paper, by=people.fins, at=monday)
    assert (on_hand(more, Zone.GOOD), on_hand(less, Zone.GOOD), drift()) == (5, 0, [])
    assert set(Movement.objects.filter(paper=paper.number).values_list("quantity", "source", "target")) == {
        (2, "counted", "good"), (3, "good", "counted"),
    }  # fmt: skip


def test_a_refused_count_changes_nothing(people, monday):
    part = build.spare(good=3, at=monday)
    paper = refuse_count(
        count(people, monday, {"part": part, "counted": 9}), by=people.fins, at=monday, reason="重盘"
    )
    assert (paper.stage, paper.refusal, on_hand(part, Zone.GOOD)) == ("refused", "重盘", 3)


def test_who_counted_does_not_approve_and_the_warehouse_never_does(people, monday):
    """SD06, with people who hold both posts."""
    both = build.person("FINS", "PUR")
    paper = count(people, monday, {"part": build.spare(good=1, at=monday), "counted": 2}, by=both)
    for somebody in (both, build.person("WH"), build.person("FINS", "WH")):
        with pytest.raises(OutOfTurn, match="SD06"):
            approve_count(paper, by=somebody, at=monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(paper).objects.filter(pk=paper.pk).update(decided_by=both)


def test_books_that_moved_between_counting_and_approval_are_named_and_nothing_is_booked(people, monday):
    first, second = build.spare("A", good=3, at=monday), build.spare("B", good=3, at=monday)
    paper = count(people, monday, {"part": first, "counted": 4}, {"part": second, "counted": 4})
    move(second, 1, Zone.GOOD, Zone.CUSTOMER, paper="CK1", by=people.wh, at=monday)
    with pytest.raises(OutOfTurn, match=r"B .*3.*2"), transaction.atomic():
        approve_count(paper, by=people.fins, at=monday)
    assert on_hand(first, Zone.GOOD) == 3


def test_books_that_moved_while_one_counted_are_named_at_once(people, monday):
    part = build.spare(good=3, at=monday)
    with pytest.raises(OutOfTurn, match="count again"):
        count(people, monday, {"part": part, "counted": 2, "book": 4})


def test_decided_once(people, monday):
    paper = count(people, monday, {"part": build.spare(good=1, at=monday), "counted": 2})
    approve_count(paper, by=people.fins, at=monday)
    with pytest.raises(OutOfTurn):
        approve_count(paper, by=people.fins, at=monday)


def test_an_empty_sheet_or_a_count_below_zero_is_refused(people, monday):
    with pytest.raises(BadEntry):
        count(people, monday)
    with pytest.raises(BadEntry):
        count(people, monday, {"part": build.spare(good=1), "counted": -1})


# --- codes
@pytest.fixture
def motor(monday):
    return build.spare("MOTOR", valuable=True, good=2, at=monday)


def test_a_lost_code_leaves_the_books_and_comes_back_when_it_is_found(people, monday, motor):
    paper = count(people, monday, {"part": motor, "counted": 1, "codes": ["MOTOR-2"]})
    approve_count(paper, by=people.fins, at=monday)
    assert (on_hand(motor, Zone.GOOD), PartCode.objects.get(code="MOTOR-1").zone) == (1, Zone.COUNTED)
    again = count(people, monday, {"part": motor, "counted": 3, "codes": ["MOTOR-1", "MOTOR-2", "new-3"]})
    approve_count(again, by=people.fins, at=monday)
    assert (on_hand(motor, Zone.GOOD), drift()) == (3, [])
    assert set(PartCode.objects.values_list("code", "zone")) == {
        (f"{n}", "good") for n in ("MOTOR-1", "MOTOR-2", "NEW-3")
    }


def test_one_code_swapped_for_another_moves_both(people, monday, motor):
    paper = count(people, monday, {"part": motor, "counted": 2, "codes": ["MOTOR-1", "X9"]})
    approve_count(paper, by=people.fins, at=monday)
    assert (on_hand(motor, Zone.GOOD), PartCode.objects.get(code="MOTOR-2").zone) == (2, Zone.COUNTED)


def test_a_part_called_valuable_later_gets_its_codes_by_counting(people, monday):
    part = build.spare("P", good=3, at=monday)
    part.valuable = True
    part.save()
    approve_count(
        count(people, monday, {"part": part, "counted": 2, "codes": ["p1", "p2"]}), by=people.fins, at=monday
    )
    assert (on_hand(part, Zone.GOOD), PartCode.objects.filter(zone=Zone.GOOD).count(), drift()) == (2, 2, [])


def test_codes_that_do_not_fit_the_count_or_lie_elsewhere_are_refused(people, monday, motor):
    move(motor, 1, Zone.GOOD, Zone.CUSTOMER, codes=["MOTOR-1"], paper="CK1", by=people.wh, at=monday)
    for codes in (["MOTOR-2"], ["MOTOR-1", "MOTOR-2"]):
        with pytest.raises(BadEntry):
            count(people, monday, {"part": motor, "counted": 2, "codes": codes})

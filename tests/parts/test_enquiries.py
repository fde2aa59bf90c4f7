"""Purchasing is asked only for what is short, technical for assemblies (5.2)."""

import datetime as dt

import pytest

from aftersales.problems import BadEntry, OutOfTurn
from notices.models import Notification
from parts.selectors import running_short
from parts.services import answer, ask, set_minimum
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.2")]


def test_purchasing_is_asked_for_a_part_that_is_short_and_told_so(people, monday):
    assert people.pur
    paper = ask(build.spare("A", good=1, at=monday), 2, by=people.wh, at=monday)
    assert (paper.number, paper.department, paper.stage) == ("XJ20260302-0001", "purchasing", "asked")
    assert Notification.objects.filter(recipient=people.pur, event_key=f"enquiry:{paper.number}").exists()


def test_an_assembly_goes_to_technical(people, monday):
    assert ask(build.spare(assembly=True), 1, by=people.wh, at=monday).department == "technical"


def test_a_part_that_is_not_short_is_not_asked_for(people, monday):
    part = build.spare(good=5, at=monday)
    with pytest.raises(BadEntry, match="5"):
        ask(part, 5, by=people.wh, at=monday)
    set_minimum(part, 6, by=people.wh, at=monday)
    assert ask(part, 1, by=people.wh, at=monday).pk


def test_one_open_question_a_part(people, monday):
    part = build.spare()
    first = ask(part, 1, by=people.wh, at=monday)
    with pytest.raises(OutOfTurn, match=first.number):
        ask(part, 3, by=people.wh, at=monday)
    answer(first, by=people.pur, at=monday, can_have=False, text="停产")
    assert ask(part, 3, by=people.wh, at=monday).pk


def test_the_answer_says_when_it_arrives_or_why_not(people, monday):
    paper = ask(build.spare(), 1, by=people.wh, at=monday)
    with pytest.raises(BadEntry):
        answer(paper, by=people.pur, at=monday, can_have=True)
    with pytest.raises(BadEntry):
        answer(paper, by=people.pur, at=monday, can_have=False)
    answer(paper, by=people.pur, at=monday, can_have=True, arrives_on=dt.date(2026, 3, 9))
    assert (paper.stage, paper.can_have, paper.arrives_on) == ("answered", True, dt.date(2026, 3, 9))
    with pytest.raises(OutOfTurn):
        answer(paper, by=people.pur, at=monday, can_have=False, text="没有")


def test_below_its_minimum_a_part_runs_short(people, monday):
    part, empty, plenty = (
        build.spare("A", good=2, at=monday),
        build.spare("B"),
        build.spare("C", good=9, at=monday),
    )
    for each in (part, empty, plenty):
        set_minimum(each, 3, by=people.wh, at=monday)
    assert [(row.part.code, row.there, row.quantity) for row in running_short()] == [("A", 2, 3), ("B", 0, 3)]
    set_minimum(empty, 0, by=people.wh, at=monday)
    assert [row.part.code for row in running_short()] == ["A"]

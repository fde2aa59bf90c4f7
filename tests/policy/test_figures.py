"""Figures: dated, proposed by one and seconded by another, never retroactive; every process learns of a change."""

import datetime as dt
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.access import Denied
from aftersales.charter import CLAUSES, FIGURES, Department, Fact, Unit
from aftersales.problems import BadEntry, Refusal
from deadlines.services import record
from policy import figures, rules, services
from policy.models import FigureChange, Version
from tests.deadlines.conftest import clock, make_subject
from tests.deadlines.people import person

DAY = dt.timedelta(days=1)


@pytest.fixture
def leaders(db):
    return person(Department.MANAGEMENT), person(Department.MANAGEMENT)


def propose(name, value, since, by, at, reason="试行"):
    return services.propose(name, value, since=since, reason=reason, by=by, at=at)


def test_the_default_holds_until_the_day_of_a_seconded_change(leaders, monday):
    tomorrow = monday.date() + DAY
    change = propose("reopen_days", "45", tomorrow, leaders[0], monday)
    assert figures.value("reopen_days", tomorrow) == 30
    services.second(change, by=leaders[1], at=monday)
    assert [figures.value("reopen_days", monday.date() + n * DAY) for n in (0, 1, 9)] == [30, 45, 45]
    assert [figures.version("reopen_days", monday.date() + n * DAY) for n in (0, 1)] == [1, 2]


@pytest.mark.parametrize("days", [-30, -1, 0])
def test_a_change_is_never_retroactive(leaders, monday, days):
    with pytest.raises(BadEntry):
        propose("reopen_days", "45", monday.date() + days * DAY, leaders[0], monday)


def test_a_proposal_whose_day_has_come_can_no_longer_be_seconded(leaders, monday):
    change = propose("reopen_days", "45", monday.date() + DAY, leaders[0], monday)
    with pytest.raises(BadEntry):
        services.second(change, by=leaders[1], at=monday + DAY)


def test_nobody_seconds_his_own_proposal_nor_one_twice(leaders, monday):
    change = propose("reopen_days", "45", monday.date() + DAY, leaders[0], monday)
    with pytest.raises(Refusal, match="SD11"):
        services.second(change, by=leaders[0], at=monday)
    services.second(change, by=leaders[1], at=monday)
    with pytest.raises(Refusal):
        services.second(change, by=leaders[1], at=monday)


def test_only_leaders_change_figures_and_never_the_charters_own(leaders, monday):
    since = monday.date() + DAY
    with pytest.raises(Denied):
        propose("reopen_days", "45", since, person(Department.IT), monday)
    with pytest.raises(Refusal, match="4.3"):
        propose("contact_hours", "24", since, leaders[0], monday)
    with pytest.raises(BadEntry):
        propose("reopen_days", "45", since, leaders[0], monday, reason=" ")
    assert not FigureChange.objects.exists()


@pytest.mark.clause("3.1")
def test_running_clocks_keep_the_windows_and_the_version_they_began_with(leaders, monday):
    before, after = make_subject(1), make_subject(2)
    record(Fact.REPORTED_ONLINE, before, at=monday, by=None)
    change = propose("collection_windows", "11:00-11:30", monday.date() + DAY, leaders[0], monday)
    services.second(change, by=leaders[1], at=monday)
    record(Fact.REPORTED_ONLINE, after, at=monday + DAY, by=None)
    rows = clock(before, "collect"), clock(after, "collect")
    assert [row.rule_version for row in rows] == [1, 2]
    assert rows[0].due_at == monday.replace(hour=15)
    assert rows[1].due_at == (monday + DAY).replace(hour=11, minute=30)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reopen_days", "0"), ("reopen_days", "-3"), ("reopen_days", "3.5"), ("reopen_days", "dreißig"), ("reopen_days", "9" * 40),
        ("collection_windows", "9-10"), ("collection_windows", "10:00-09:00"), ("collection_windows", "09:00-10:00, 09:30-11:00"),
        ("collection_windows", ""), ("collection_windows", "09:00-25:00"), ("quiet_from", "25:00"), ("plan_start", "never"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_at_its_field(name, text):
    with pytest.raises(BadEntry) as refused:
        rules.parse(FIGURES[name], text)
    assert refused.value.field == "value"


def test_every_default_is_typed_kept_and_shown():
    for figure in FIGURES.values():
        assert rules.parse(figure, rules.plain(figure, figure.default)) == figure.default, figure.name
        assert rules.shown(figure, figure.default), figure.name


def test_every_choice_that_the_charter_leaves_stands_among_the_figures():
    numbers = {clause.number for clause in CLAUSES}
    choices = [figure for figure in FIGURES.values() if figure.unit == Unit.CHOICE]
    assert len(choices) == 14
    assert all(figure.clause in numbers for figure in choices)


def test_a_figure_costs_no_statement_while_it_is_fresh(db, monday):
    figures.value("reopen_days", monday.date())
    with CaptureQueriesContext(connection) as seen:
        for _ in range(100):
            figures.value("reopen_days", monday.date())
    assert len(seen) == 0


def test_a_change_of_another_process_is_seen_once_its_version_moved(leaders, monday, settings):
    settings.FIGURES_FRESH_SECONDS = 0.01
    figures.figures.forget()
    assert figures.value("reopen_days", monday.date()) == 30
    FigureChange.objects.create(
        name="reopen_days", value="45", since=monday.date(), reason="x", proposed_by=leaders[0], proposed_at=monday,
        seconded_by=leaders[1], seconded_at=monday,
    )  # fmt: skip
    Version.objects.create(name="figures", number=1)
    time.sleep(0.02)
    assert figures.value("reopen_days", monday.date()) == 45
    figures.figures.forget()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_nothing_behind(monday):
    leaders = person(Department.MANAGEMENT), person(Department.MANAGEMENT)
    day = monday.date() + DAY
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.second(propose("reopen_days", "45", day, leaders[0], monday), by=leaders[1], at=monday)
        assert figures.value("reopen_days", day) == 45
        _ = 1 / 0
    assert figures.value("reopen_days", day) == 30

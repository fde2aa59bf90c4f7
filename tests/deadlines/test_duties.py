"""What I owe, what is owed to me, the clocks of one paper: whose, in which order, at which price."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from aftersales.charter import Department as D
from aftersales.charter import Fact
from deadlines import selectors
from deadlines.models import CollectionRound
from deadlines.services import record

from .conftest import clock, make_subject
from .people import away, person

HOUR = dt.timedelta(hours=1)


def named(rows):
    return [row.rule for row in rows]


def test_mine_and_my_departments_unclaimed_duties_soonest_first(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.REPORTED_BY_PHONE, subject, at=monday, by=staff["cs"])
    record(Fact.HANDED_OVER, subject, at=monday + HOUR, by=staff["cs"])
    record(Fact.COMPLETED, subject, at=monday + 2 * HOUR, by=staff["eng"])
    at = monday + 3 * HOUR
    assert named(selectors.duties(staff["eng"], at)) == ["contact", "plan", "quality_report"]
    assert named(selectors.duties(staff["cs"], at)) == ["callback", "write_off"]
    assert selectors.duties(staff["sales"], at) == []


def test_a_clock_that_has_not_begun_is_not_shown(subject, staff, monday):
    record(Fact.REPORTED_ONLINE, subject, at=monday, by=None)
    assert named(selectors.duties(staff["cs"], monday + HOUR)) == ["collect"]
    assert named(selectors.clocks(subject, monday + HOUR)) == ["collect"]
    assert named(selectors.clocks(subject, monday + 5 * HOUR)) == ["collect", "handover"]


def test_the_reminder_that_nothing_happens_shows_once_it_is_due(subject, staff, monday):
    record(Fact.REPORTED_BY_PHONE, subject, at=monday, by=staff["cs"])
    assert "stalled" not in named(selectors.duties(staff["cs"], monday + 100 * HOUR))
    assert "stalled" in named(selectors.duties(staff["cs"], monday + 200 * HOUR))


def test_a_deputy_sees_the_clocks_of_whom_he_stands_in_for(subject, staff, monday):
    deputy = person(D.ENGINEERS)
    away(staff["eng"], deputy, monday, monday + 48 * HOUR)
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    assert named(selectors.duties(deputy, monday + HOUR)) == ["contact", "plan"]
    assert selectors.duties(deputy, monday + 49 * HOUR) == []


def test_heads_see_what_their_people_owe_and_leaders_what_is_missed(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    assert named(selectors.owed_to_me(staff["eng_head"], monday + HOUR)) == ["contact", "plan"]
    assert selectors.owed_to_me(staff["eng"], monday + HOUR) == []
    assert selectors.owed_to_me(staff["leader"], monday + HOUR) == []
    assert named(selectors.owed_to_me(staff["leader"], monday + 13 * HOUR)) == ["contact"]


def test_missed_is_derived_when_looked_at(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    (contact, _plan) = selectors.clocks(subject, monday + 12 * HOUR)
    assert contact.missed_at is None
    (contact, _plan) = selectors.clocks(subject, monday + 13 * HOUR)
    assert contact.missed_at == monday + 12 * HOUR
    assert selectors.due_of(subject, "contact") == monday + 12 * HOUR
    assert [row.rule for row in selectors.open_of(CollectionRound).order_by("due_at")] == ["contact", "plan"]


@pytest.mark.parametrize("which", [selectors.duties, selectors.owed_to_me])
def test_the_statements_do_not_grow_with_the_duties(staff, monday, which):
    ContentType.objects.get_for_model(CollectionRound)
    who, counts = staff["eng_head" if which is selectors.owed_to_me else "eng"], []
    for many in (1, 3):
        for number in range(many):
            record(
                Fact.HANDED_OVER,
                make_subject(10 * many + number, engineer=staff["eng"]),
                at=monday,
                by=staff["cs"],
            )
        user = User.objects.get(pk=who.pk)
        with CaptureQueriesContext(connection) as seen:
            for row in which(user, monday + HOUR):
                _ = (
                    row.title,
                    row.story,
                    row.url,
                    row.owner,
                    row.excuse,
                    row.paused,
                    row.missed_at,
                    row.label,
                )
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 7


def test_the_oldest_unswept_moment_is_known(subject, staff, monday):
    assert selectors.oldest_unswept(monday) is None
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    assert selectors.oldest_unswept(monday + 7 * HOUR) == HOUR
    assert clock(subject, "contact").url.endswith("/desk/rounds/")

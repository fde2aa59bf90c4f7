"""Unused parts are due three days from the later of completion and return from the trip (4.7); old parts from completion."""

import datetime as dt

import pytest

from aftersales.limits import local_day
from deadlines.models import Deadline
from dispatch.services import trips
from parts.services import returning
from repairs import services as repairs
from repairs.models import Ticket
from tests import build
from tests.dispatch.conftest import Yard
from tests.parts.test_release_road import line_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.7")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def out(people, monday):
    """Two pieces taken along, the trip under way, the work begun: (yard, trip, ticket, release)."""
    yard = Yard(people, monday)
    ticket = build.under_warranty(monday, people)
    release = build.released(
        people, monday, about=ticket, part=build.stocked(at=monday, recyclable=True), quantity=2, to="issued"
    )
    entries = build.plan_entries("c", monday + HOUR, needs_parts=True)
    repairs.plan(ticket, by=people.eng, at=monday + HOUR, **entries)
    trip = yard.departed(tickets=[Ticket.objects.get(pk=ticket.pk)], hours=20, takes=60)
    repairs.begin(Ticket.objects.get(pk=ticket.pk), by=people.eng, at=monday + 21 * HOUR)
    return yard, trip, Ticket.objects.get(pk=ticket.pk), release


def complete(yard, ticket, release, at):
    said = {line_of(release).pk: {"used": 1, "unused": 1, "old_taken": 1, "old_left": 0}}
    returning.declare(release, by=yard.eng, at=at, said=said)
    repairs.complete(Ticket.objects.get(pk=ticket.pk), by=yard.eng, at=at, work_done="换件", signer="王小明")


def clocks(release):
    return {row.rule: row for row in Deadline.objects.of(line_of(release))}


def test_completed_on_the_road_unused_parts_wait_for_the_return_and_old_parts_do_not(out, monday):
    yard, trip, ticket, release = out
    done, back = monday + 22 * HOUR, monday + 3 * DAY
    complete(yard, ticket, release, done)
    assert set(clocks(release)) == {"old_part"}
    trips.come_back(trip, by=yard.eng, at=back + HOUR, returned_at=back, odometer=12_100)
    unused = clocks(release)["unused_return"]
    assert (unused.opened_at, local_day(unused.due_at - HOUR)) == (back, local_day(back + 3 * DAY))
    assert clocks(release)["old_part"].opened_at == done


def test_back_before_the_completion_the_completion_counts(out, monday):
    yard, trip, ticket, release = out
    trips.come_back(trip, by=yard.eng, at=monday + 30 * HOUR, odometer=12_100)
    assert clocks(release) == {}
    complete(yard, ticket, release, monday + 40 * HOUR)
    assert clocks(release)["unused_return"].opened_at == monday + 40 * HOUR


def test_while_another_trip_for_the_ticket_is_out_it_still_waits(out, monday):
    yard, trip, ticket, release = out
    second = yard.departed(tickets=[ticket], people=[build.person("ENG")], hours=20, takes=60)
    complete(yard, ticket, release, monday + 22 * HOUR)
    trips.come_back(trip, by=yard.eng, at=monday + 2 * DAY, odometer=12_100)
    assert "unused_return" not in clocks(release)
    trips.come_back(second, by=yard.eng, at=monday + 3 * DAY, odometer=12_100)
    assert clocks(release)["unused_return"].opened_at == monday + 3 * DAY

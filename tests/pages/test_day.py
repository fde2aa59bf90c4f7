"""The engineer's day on the phone: his visits, the map, the parts to take, the step that comes next (4.1, 4.4c)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aftersales.limits import local_day, moment_of
from repairs import services as repairs
from repairs.models import Ticket
from tests import build
from tests.parts.conftest import as_user, signed_in

__all__ = ["as_user", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.1")]
HOUR = dt.timedelta(hours=1)


def visit(people, day=0, **facts):
    """A visit with an appointment so many days from now."""
    now = timezone.now()
    facts = {"region": "江苏泰州", "street": "海陵路 1 号"} | facts
    row = build.ticket(at_stage="contacted", at=now - 5 * HOUR, company=people, **facts)
    when = max(moment_of(local_day(now) + dt.timedelta(days=day)) + 23 * HOUR, now + HOUR / 6)
    entries = build.plan_entries("c", now) | {"appointment_at": when}
    repairs.plan(row, by=people.eng, at=now - HOUR, **entries)
    return Ticket.objects.get(pk=row.pk)


def text(client):
    return client.get("/desk/day/").content.decode()


@pytest.mark.clause("4.4c")
def test_a_visit_shows_whom_where_and_what_comes_next(people, as_user):
    row = visit(people)
    page = text(as_user(people.eng))
    assert row.number in page and f"tel:{row.contact.phone}" in page and row.contact.name in page
    assert "uri.amap.com/search?keyword=%" in page and f"{row.get_absolute_url()}?step=begin" in page
    assert f"/dispatch/trips/new/?for={row.number}" in page
    repairs.begin(row, by=people.eng, at=timezone.now())
    assert f"{row.get_absolute_url()}?step=complete" in text(as_user(people.eng))


def test_tomorrow_stands_below_today_and_later_days_nowhere(people, as_user):
    today, tomorrow, later = visit(people), visit(people, 1), visit(people, 3)
    page = text(as_user(people.eng))
    assert page.index(today.number) < page.index("Tomorrow") < page.index(tomorrow.number)
    assert later.number not in page


def test_parts_to_take_are_named_until_they_are_declared(people, as_user):
    now = timezone.now()
    row = build.under_warranty(now - 10 * HOUR, people)
    part = build.stocked(at=now - 10 * HOUR)
    build.released(people, now - 10 * HOUR, about=row, part=part, quantity=2, to="signed")
    when = {"appointment_at": now + HOUR / 6}
    repairs.plan(Ticket.objects.get(pk=row.pk), by=people.eng, at=now - HOUR,
                 **(build.plan_entries("c", now, needs_parts=True) | when))  # fmt: skip
    page = text(as_user(people.eng))
    assert part.code in page and "still in the store" in page


def test_another_engineer_sees_nothing_of_it_and_nobody_else_has_such_a_page(people, as_user):
    row = visit(people)
    assert row.number not in text(as_user(build.person("ENG")))
    for who in ("cs", "fin", "wh", "ga", "mgr"):
        assert as_user(getattr(people, who)).get("/desk/day/").status_code == 403


def test_three_visits_ask_no_more_than_one(people, as_user):
    client, counts = as_user(people.eng), []
    for _ in range(3):
        visit(people)
        text(client)
        with CaptureQueriesContext(connection) as seen:
            text(client)
        counts.append(len(seen))
    assert counts[0] == counts[2]

"""Form 9.2 ⑩ names the papers of other departments that belong to this round: trip and quality report."""

import datetime as dt

import pytest

from dispatch.services import trips
from tests import build
from tests.technical import quality

from .conftest import HOUR, flat, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2")]


def test_the_quality_report_stands_on_page_and_pdf(company, monday, desk):
    ticket = build.ticket("completed", at=monday, company=company)
    number = quality.draft(ticket, monday + HOUR).number
    assert flat(number) in flat(desk(company.cs, ticket, "9.2", kind="/").content.decode())
    assert flat(number) in flat(text_of(desk(company.cs, ticket, "9.2").content))


def test_the_trip_stands_there_once_however_often_the_timeline_names_it(company, monday, desk):
    ticket = build.ticket("planned", at=monday, company=company, plan="c")
    leaves = monday + 20 * HOUR
    trip = trips.request(
        tickets=[ticket], people=[company.eng], place="泰州", city="泰州", kilometres=None, leaves_at=leaves,
        returns_at=leaves + 6 * HOUR, easy_access=True, severe_weather=False, bulky=False, by=company.eng, at=monday + HOUR,
    )  # fmt: skip
    trips.cancel(trip, reason="改期", by=company.eng, at=monday + HOUR + dt.timedelta(minutes=5))
    text = flat(text_of(desk(company.cs, ticket, "9.2").content))
    assert text.count(flat(trip.number)) == 1

"""Pages of the clock and of the figures, through the browser's door."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.services import enrol_totp
from aftersales.charter import FIGURES, Fact
from deadlines.models import CalendarDay, CollectionRound, Excuse
from deadlines.services import record
from policy.models import FigureChange

from .conftest import clock

HOUR = dt.timedelta(hours=1)


def door(user) -> Client:
    """A browser in which this person is signed in, with the second factor that some roles must have."""
    if user.needs_second_factor and not user.has_second_factor:
        enrol_totp(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.fixture
def today(db):
    """Two rounds of today, both begun."""
    now = timezone.now()
    for window in (1, 2):
        CollectionRound.objects.create(
            day=timezone.localdate(),
            window=window,
            begins_at=now - (3 - window) * HOUR,
            ends_at=now + window * HOUR,
        )
    return list(CollectionRound.objects.order_by("window"))


@pytest.mark.clause("3.1")
def test_customer_service_ticks_a_round_that_held_nothing(today, staff):
    client = door(staff["cs"])
    assert client.get("/desk/rounds/").status_code == 200
    answer = client.post(f"/desk/rounds/{today[0].pk}/tick/", {"found": "0"})
    assert answer.status_code == 302
    row = CollectionRound.objects.get(pk=today[0].pk)
    assert (row.found, row.ticked_by) == (0, staff["cs"])


@pytest.mark.clause("3.1")
def test_others_do_not_see_the_rounds(today, staff):
    assert door(staff["eng"]).get("/desk/rounds/").status_code == 403
    assert door(staff["sys"]).get("/desk/rounds/").status_code == 403


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("found", ["", "-1", "viele", "99999999999"])
def test_nonsense_is_refused_with_a_sentence(today, staff, found):
    client = door(staff["cs"])
    answer = client.post(f"/desk/rounds/{today[0].pk}/tick/", {"found": found}, follow=True)
    assert answer.status_code == 200
    assert CollectionRound.objects.get(pk=today[0].pk).ticked_at is None


def test_the_rounds_page_costs_the_same_for_two_and_for_six(today, staff):
    client, counts = door(staff["cs"]), []
    client.get("/desk/rounds/")
    for extra in (0, 4):
        for number in range(extra):
            begins = timezone.now() - HOUR
            CollectionRound.objects.create(
                day=timezone.localdate() - dt.timedelta(days=number + 1),
                window=1,
                begins_at=begins,
                ends_at=begins + HOUR,
            )
        with CaptureQueriesContext(connection) as seen:
            client.get("/desk/rounds/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_administrator_loads_days_and_the_year_is_known(staff):
    client, year = door(staff["sys"]), timezone.localdate().year + 1
    page = client.get("/desk/calendar/")
    assert page.status_code == 200
    answer = client.post(
        "/desk/calendar/", {"days": f"{year}-01-01,0,元旦", "source": "国办发", "official": "on"}
    )
    assert answer.status_code == 302
    assert CalendarDay.objects.get(date=dt.date(year, 1, 1)).official
    bad = client.post("/desk/calendar/", {"days": "?", "source": "x"})
    assert bad.status_code == 200 and CalendarDay.objects.count() == 1


def test_a_leader_excuses_a_breach_on_its_page(subject, staff, monday):
    subject.engineer = staff["eng"]
    record(Fact.HANDED_OVER, subject, at=monday, by=staff["cs"])
    address = f"/desk/clocks/{clock(subject, 'contact').pk}/excuse/"
    assert door(staff["eng_head"]).get(address).status_code == 403
    client = door(staff["leader"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "台风停电"}).status_code == 302
    assert Excuse.objects.get().by == staff["leader"]
    assert "台风停电" in client.get(address).content.decode()


def test_the_page_of_figures_shows_every_figure_and_two_leaders_change_one(staff):
    from aftersales.charter import Department

    from .people import person

    first, second = door(staff["leader"]), door(person(Department.MANAGEMENT))
    page = door(staff["eng"]).get("/policy/").content.decode()
    assert page.count("data-item") == len(FIGURES)
    assert door(staff["eng"]).get("/policy/reopen_days/propose/").status_code == 403
    assert first.get("/policy/contact_hours/propose/").status_code == 404
    since = timezone.localdate() + dt.timedelta(days=1)
    bad = first.post("/policy/reopen_days/propose/", {"value": "0", "since": since, "reason": "x"})
    assert bad.status_code == 200
    assert (
        first.post(
            "/policy/reopen_days/propose/", {"value": "45", "since": since, "reason": "试行"}
        ).status_code
        == 302
    )
    change = FigureChange.objects.get()
    first.post(f"/policy/changes/{change.pk}/second/")
    assert FigureChange.objects.get().seconded_by is None
    second.post(f"/policy/changes/{change.pk}/second/")
    assert FigureChange.objects.get().seconded_by is not None
    assert "45" in door(staff["eng"]).get("/policy/").content.decode()

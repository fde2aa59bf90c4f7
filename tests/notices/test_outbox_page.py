"""H08: what could not be delivered is sent again by a system administrator, and seen by nobody else."""

import pytest
from django.test import Client

from accounts.services import enrol_totp
from notices.models import Notification
from notices.services import tell


@pytest.fixture
def dead(reader, monday) -> Notification:
    tell(
        [reader(name="Wang")],
        at=monday,
        event_key="event:1",
        title="Secret {number}",
        params={"number": "BX1"},
    )
    Notification.objects.filter(channel="email").update(status="dead", attempts=8, error="SMTPDataError 552")
    return Notification.objects.get(channel="email")


def signed_in(person) -> Client:
    enrol_totp(person, "JBSWY3DPEHPK3PXP")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.mark.parametrize("role", ["cs", "mgr", "aud"])
def test_nobody_else_sees_or_sends_it(dead, people, role):
    client = signed_in(getattr(people, role))
    assert (
        client.get("/desk/outbox/").status_code,
        client.post("/desk/outbox/", {"row": dead.pk}).status_code,
    ) == (403, 403)
    dead.refresh_from_db()
    assert dead.status == "dead"


def test_the_administrator_sees_who_and_why_and_not_what(dead, people):
    page = signed_in(people.sys).get("/desk/outbox/").content.decode()
    assert "Wang" in page
    assert "SMTPDataError 552" in page
    assert "BX1" not in page


def test_the_administrator_sends_it_again(dead, people):
    response = signed_in(people.sys).post("/desk/outbox/", {"row": [dead.pk, "x"]}, follow=True)
    assert b"Everything was delivered" in response.content
    dead.refresh_from_db()
    assert (dead.status, dead.attempts, dead.error) == ("pending", 0, "")


def test_queries_do_not_grow_with_the_rows(dead, people, reader, monday, django_assert_num_queries):
    client = signed_in(people.sys)
    client.get("/desk/outbox/")
    with django_assert_num_queries(5) as one:
        client.get("/desk/outbox/")
    tell([reader(), reader()], at=monday, event_key="event:2", title="x")
    Notification.objects.filter(channel="email").update(status="dead")
    with django_assert_num_queries(len(one)):
        client.get("/desk/outbox/")

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from repairs.models import Ticket
from repairs.public import limits
from tests import build

pytestmark = pytest.mark.django_db
OPEN = "/track/report/"


@pytest.fixture
def ticket(monday):
    return build.report(monday)


def test_number_and_full_phone_open_the_report_for_half_an_hour(visitor, ticket):
    answer = visitor.post("/track/", {"number": f" {ticket.number.lower()} ", "phone": "+86 138-1234-5678"})
    assert (answer.status_code, answer["Location"]) == (302, OPEN)
    page = visitor.get(OPEN).content.decode()
    assert ticket.number in page and "/t/" not in page


def test_half_an_hour_later_it_is_closed(visitor, ticket, monkeypatch):
    from repairs.public import door

    monkeypatch.setattr(door, "OPEN_FOR", dt.timedelta(minutes=-1))
    visitor.post("/track/", {"number": ticket.number, "phone": "13812345678"})
    answer = visitor.get(OPEN)
    assert answer.status_code == 302 and answer["Location"] == "/track/?over=1"
    assert "Half an hour is over" in visitor.get("/track/?over=1").content.decode()


def test_it_opens_that_report_only(visitor, ticket, monday):
    other = build.report(monday, phone="+8613900000000", symptom="另一张")
    visitor.post("/track/", {"number": ticket.number, "phone": "13812345678"})
    visitor.post("/track/", {"number": other.number, "phone": "13812345678"})
    assert ticket.number in visitor.get(OPEN).content.decode()


def test_revoking_the_link_ends_the_session_too(visitor, ticket):
    visitor.post("/track/", {"number": ticket.number, "phone": "13812345678"})
    row = Ticket.objects.get(pk=ticket.pk)
    row.private_version += 1
    row.save()
    assert visitor.get(OPEN).status_code == 302


def test_known_and_unknown_get_the_same_answer_by_the_same_work(visitor, ticket):
    """The same sentence, status, length and statements for a wrong phone, a wrong number, and both."""
    tries = [
        (ticket.number, "13912345678"),
        ("BX20200101-9999", "13812345678"),
        ("BX20200101-9999", "13912345678"),
    ]
    visitor.post("/track/", {"number": "BX20200101-9998", "phone": "13812345678"})
    seen = []
    for number, phone in tries:
        with CaptureQueriesContext(connection) as sql:
            answer = visitor.post("/track/", {"number": number, "phone": phone})
        plain = answer.content.decode().replace(number, "N").replace(phone, "P")
        plain = "".join(
            line
            for line in plain.splitlines()
            if "csrfmiddlewaretoken" not in line and "served-at" not in line
        )
        seen.append((answer.status_code, plain, len(sql), [q["sql"].split(" WHERE ")[0][:60] for q in sql]))
    assert seen[0] == seen[1] == seen[2] and seen[0][0] == 422


@pytest.mark.parametrize("name", ["TRACK_PER_ADDRESS", "TRACK_PER_NUMBER", "TRACK_IN_ALL"])
def test_guessing_is_limited_even_when_the_guess_is_right(visitor, ticket, monkeypatch, name):
    monkeypatch.setattr(limits, name, 2)
    for _ in range(2):
        visitor.post("/track/", {"number": ticket.number, "phone": "13900000000"})
    answer = visitor.post("/track/", {"number": ticket.number, "phone": "13812345678"})
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 3600


def test_an_erased_customer_is_not_found_by_an_empty_phone(visitor, ticket):
    person = ticket.contact
    person.phone = ""
    person.save()
    assert visitor.post("/track/", {"number": ticket.number, "phone": ""}).status_code == 422
    assert visitor.post("/track/", {"number": ticket.number, "phone": "13812345678"}).status_code == 422


def test_what_cannot_be_a_number_is_said_at_the_field(visitor):
    answer = visitor.post("/track/", {"number": "hello", "phone": "abc"})
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"number", "phone"}

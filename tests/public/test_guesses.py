"""Guessed links, numbers, phones and keys: whatever is guessed, the answer and the work are the same."""

import base64
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repairs import links
from repairs.models import Ticket
from repairs.public import limits
from tests import build

pytestmark = pytest.mark.django_db
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VARYING = ("csrfmiddlewaretoken", "served-at")
#: letters that a path can hold
LETTERS = st.text(
    st.characters(codec="ascii", exclude_characters="/?#%\\\x00"), min_size=1, max_size=60
).filter(lambda t: t.strip("."))


@pytest.fixture
def ticket(monday) -> Ticket:
    return build.report(monday)


def told(answer: Any) -> str:
    return "\n".join(
        line for line in answer.content.decode().splitlines() if not any(v in line for v in VARYING)
    )


def answered(visitor: Any, address: str) -> tuple[int, str, int]:
    """(status, page, statements that ask for tickets)."""
    with CaptureQueriesContext(connection) as sql:
        answer = visitor.get(address)
    return answer.status_code, told(answer), sum("repairs_ticket" in q["sql"] for q in sql)


def sealed(pk: int, seal: bytes) -> str:
    return base64.urlsafe_b64encode(pk.to_bytes(6, "big") + seal).decode().rstrip("=")


@MANY
@given(seal=st.binary(min_size=20, max_size=20), far=st.integers(1, 2**40))
def test_a_guessed_link_says_the_same_whether_the_report_exists_or_not(visitor, ticket, seal, far):
    """Asked for once to open it, once to know whether it was erased; for every link."""
    known, unknown = sealed(ticket.pk, seal), sealed(ticket.pk + far, seal)
    for tail in ("", "received/", "qr.svg", "photos/abc/"):
        answers = {answered(visitor, f"/t/{token}/{tail}") for token in (known, unknown)}
        assert len(answers) == 1 and {(status, asked) for status, _page, asked in answers} == {(404, 2)}


@MANY
@given(text=LETTERS)
def test_no_text_is_a_link_or_an_error(visitor, ticket, text):
    assert visitor.get(f"/t/{text}/").status_code == 404


def test_a_true_link_opens_and_one_bit_less_does_not(visitor, ticket):
    """Negative control: the answers above are those of a closed door."""
    token = links.token(ticket)
    assert visitor.get(f"/t/{token}/").status_code == 200
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for at in (6, 15, 25):
        bent = bytes(b ^ (1 if place == at else 0) for place, b in enumerate(raw))
        assert visitor.get(f"/t/{base64.urlsafe_b64encode(bent).decode().rstrip('=')}/").status_code == 404


@MANY
@given(
    day=st.integers(1, 28),
    place=st.integers(0, 9999),
    phone=st.integers(0, 99_999_999).map("139{:08d}".format),
)
def test_no_guess_of_number_and_phone_differs(visitor, ticket, monkeypatch, day, place, phone):
    for name in ("TRACK_PER_ADDRESS", "TRACK_PER_NUMBER", "TRACK_IN_ALL"):
        monkeypatch.setattr(limits, name, 10**6)
    number, seen = f"BX202501{day:02d}-{place:04d}", set()
    for asked, called in ((number, phone), (ticket.number, phone), (number, "13812345678")):
        with CaptureQueriesContext(connection) as sql:
            answer = visitor.post("/track/", {"number": asked, "phone": called})
        page = told(answer).replace(asked, "N").replace(called, "P")
        seen.add((answer.status_code, page, len([q for q in sql if "repairs_ticket" in q["sql"]])))
    assert len(seen) == 1 and next(iter(seen))[0] == 422

"""Half of a character in JSON, wherever it stands, is the caller's mistake and never a fault of the server."""

import pytest

from tests import build
from tests.parts.conftest import as_user, signed_in

__all__ = ["as_user", "signed_in"]
pytestmark = pytest.mark.django_db
BODIES = [
    '{"supplier": "\\ud800", "lines": [{"part": "P1", "quantity": 1}]}',
    '{"supplier": "x", "lines": [{"part": "\\udfff", "quantity": 1}]}',
    '{"supplier": "x", "lines": [{"part": "P1", "quantity": 1, "codes": ["\\ud800"]}]}',
    '{"\\ud800": 1}', '["\\ud800"]',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_it_is_refused_at_its_entry(people, as_user, body):
    build.spare("P1")
    answer = as_user(people.wh).post("/api/v1/goods-receipts/new", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_a_whole_character_of_two_halves_is_one(people, as_user):
    build.spare("P1")
    body = '{"supplier": "\\ud83d\\ude00", "lines": [{"part": "P1", "quantity": 1}]}'
    answer = as_user(people.wh).post("/api/v1/goods-receipts/new", body, content_type="application/json")
    assert answer.status_code == 201

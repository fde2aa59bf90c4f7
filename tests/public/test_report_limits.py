import datetime as dt

import pytest

from aftersales.models import Counter, RateBucket, window_left
from repairs import gate
from repairs.models import Ticket

from .conftest import key

pytestmark = pytest.mark.django_db


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("name", ["PER_ADDRESS", "PER_PHONE", "OPEN_IN_ALL"])
def test_too_many_reports_are_refused_before_a_number_is_drawn(visitor, filled, monkeypatch, name):
    monkeypatch.setattr(gate, name, 2)
    answers = [visitor.post("/report/", filled | {"operation": key()}).status_code for _ in range(4)]
    assert answers == [302, 302, 429, 429]
    assert Counter.objects.get(series="BX").last == Ticket.objects.count() == 2


def test_the_refusal_keeps_what_was_typed_and_names_the_hotline(visitor, filled, monkeypatch):
    monkeypatch.setattr(gate, "PER_ADDRESS", 0)
    answer = visitor.post("/report/", filled)
    page = answer.content.decode()
    assert answer.status_code == 429 and "刹车异响" in page and "0523-89798888" in page
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_how_long_to_wait_is_the_rest_of_the_window():
    hour, at = dt.timedelta(hours=1), dt.datetime(2026, 11, 23, 2, 59, 58, 500_000, dt.UTC)
    assert window_left(hour, at) == 2
    assert window_left(hour, at.replace(minute=0, second=0, microsecond=0)) == 3600


def test_the_buckets_hold_no_phone(visitor, filled):
    visitor.post("/report/", filled)
    assert not [b for b in RateBucket.objects.all() if "138" in b.name and "5678" in b.name]


def test_a_wrong_form_costs_nothing(visitor, filled):
    visitor.post("/report/", filled | {"phone": "x"})
    assert not RateBucket.objects.exists()

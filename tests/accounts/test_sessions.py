"""A closed account is out at its next request; who moves money, stock or rights after 30 idle minutes and 12 hours."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import services
from tests import build
from tests.access.personas import person

pytestmark = pytest.mark.django_db
PROFILE = "/accounts/profile/"
MINUTE, HOUR = 60, 3600
NOON = 1_772_424_000  # 2026-03-02 12:00 in Shanghai


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def is_in(client):
    return client.get(PROFILE).status_code == 200


def signed(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_closed_account_is_out_at_its_next_request(people, monday):
    client = signed(people.eng)
    assert is_in(client)
    services.close_account(people.eng, by=people.sys, at=monday)
    assert not is_in(client)


def test_a_session_of_before_stays_dead_when_the_account_is_opened_again(people, monday):
    client = signed(people.eng)
    services.close_account(people.eng, by=people.sys, at=monday)
    services.reopen_account(people.eng, by=people.sys, at=monday)
    assert not is_in(client)


def test_a_new_password_from_the_administrator_ends_every_session(people, monday):
    client = signed(people.eng)
    services.renew_password(people.eng, by=people.sys, at=monday)
    assert not is_in(client)


@pytest.mark.parametrize("role", ["FIN", "FINS", "WH", "MGR", "SYS"])
def test_thirty_idle_minutes_end_a_session_that_moves_money_stock_or_rights(role, clock):
    client = signed(person(role))
    clock.shift(29 * MINUTE)
    assert is_in(client)
    clock.shift(29 * MINUTE)
    assert is_in(client)
    clock.shift(31 * MINUTE)
    assert not is_in(client)


def test_twelve_hours_end_it_even_when_it_is_busy(clock):
    client = signed(person("WH"))
    for _step in range(36):
        clock.shift(20 * MINUTE)
        assert is_in(client)
    clock.shift(20 * MINUTE)
    assert not is_in(client)


def test_an_engineer_on_the_road_stays_signed_in(clock):
    client = signed(build.person("ENG"))
    clock.shift(9 * 24 * HOUR)
    assert is_in(client)


def test_the_sign_in_page_says_why(clock):
    client = signed(person("WH"))
    clock.shift(HOUR)
    answer = client.get(PROFILE, follow=True)
    assert [str(m) for m in answer.context["messages"]] != []


def test_a_request_costs_two_statements_before_the_view(clock, django_assert_max_num_queries):
    client = signed(person("MGR"))
    with django_assert_max_num_queries(2):
        client.get("/accounts/tokens/")  # 405: the door was passed, no view ran


def test_closing_ones_own_account_is_refused(client):
    admin = person("SYS")
    client.force_login(admin)
    client.post(reverse("accounts:close_account", args=[admin.username]))
    admin.refresh_from_db()
    assert admin.is_active

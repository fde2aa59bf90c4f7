"""finance_sign: named by the head of finance, seconded by a leader, dated, time-boxed, never by an administrator (SD15)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import services
from accounts.access import Denied
from accounts.models import Grant
from aftersales.problems import BadEntry, Refusal
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.5b")]
MONTH = dt.timedelta(days=30)


def name(user, by, at, days=MONTH):
    until = at.date() + days if days else None
    return services.propose_grant(
        user, "finance_sign", since=at.date(), until=until, reason="4.5", by=by, at=at
    )


@pytest.fixture
def head():
    return build.person("FIN", head=True)


def test_named_by_the_head_and_seconded_by_a_leader_the_clerk_signs(head, people, monday):
    grant = name(people.fin, head, monday)
    assert "FINS" not in people.fin.roles_on(monday.date())
    services.second(grant, by=people.mgr, at=monday)
    assert "FINS" in grant.user.roles_on(monday.date())


@pytest.mark.parametrize("role", ["SYS", "MGR", "FINS", "FIN"])
def test_nobody_but_the_head_of_finance_names(role, head, people, monday):
    with pytest.raises(Denied):
        name(people.fin, build.person(role), monday)


@pytest.mark.parametrize("role", ["SYS", "FINS", "FIN", "CS"])
def test_nobody_but_a_leader_seconds(role, head, people, monday):
    grant = name(people.fin, head, monday)
    with pytest.raises(Refusal):
        services.second(grant, by=build.person(role), at=monday)


def test_the_head_who_also_is_a_leader_does_not_do_both(people, monday):
    both = build.person("FIN", head=True)
    build.Posting.objects.create(user=both, department="management", since=build.LONG_AGO)
    grant = name(people.fin, both, monday)
    with pytest.raises(Refusal, match="SD11"):
        services.second(grant, by=both, at=monday)


@pytest.mark.parametrize(
    "roles", [["ENG"], ["SALES"], ["WH"], ["FIN", "ENG"], ["FIN", "SALES"], ["FIN", "WH"], ["SYS"], ["MGR"]]
)
def test_engineers_sales_warehouse_and_outsiders_never_sign(roles, head, monday):
    with pytest.raises(Refusal):
        name(build.person(*roles), head, monday)


@pytest.mark.parametrize("days", [None, dt.timedelta(days=400)])
def test_a_delegation_is_time_boxed(days, head, people, monday):
    with pytest.raises(BadEntry) as refused:
        name(people.fin, head, monday, days)
    assert refused.value.field == "until"


def test_the_database_knows_no_open_ended_delegation(people, monday):
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=people.fin, kind="finance_sign", since=monday.date())


def test_the_head_ends_what_he_named(head, people, monday):
    grant = name(people.fin, head, monday)
    services.second(grant, by=people.mgr, at=monday)
    services.end(grant, until=monday.date(), by=head, at=monday)
    assert "FINS" not in grant.user.roles_on(monday.date() + dt.timedelta(days=1))

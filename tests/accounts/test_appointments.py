"""Postings and grants: named by one, in force once another has seconded them; nobody for himself (SD11)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import services
from accounts.access import Denied
from accounts.models import AuditEvent, Posting, User
from aftersales.problems import BadEntry, Refusal, Stale
from tests import build

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)


@pytest.fixture
def newcomer():
    return User.objects.create_user("new", name="新人")


def propose(user, by, at, **more):
    given = {"department": "service", "since": at.date()} | more
    return services.propose_posting(user, given.pop("department"), by=by, at=at, **given)


def test_a_posting_holds_once_a_leader_has_seconded_what_the_administrator_named(newcomer, people, monday):
    posting = propose(newcomer, people.sys, monday)
    assert newcomer.roles_on(monday.date()) == frozenset()
    services.second(posting, by=people.mgr, at=monday)
    assert User.objects.get(pk=newcomer.pk).roles_on(monday.date()) == {"CS"}


def test_who_named_it_does_not_second_it_though_he_holds_both_roles(newcomer, monday):
    both = build.person("SYS", "MGR")
    posting = propose(newcomer, both, monday)
    with pytest.raises(Refusal, match="SD11"):
        services.second(posting, by=both, at=monday)


def test_an_administrator_seconds_nothing(newcomer, people, monday):
    posting = propose(newcomer, people.sys, monday)
    for other in (build.person("SYS"), people.fin, people.aud):
        with pytest.raises(Denied):
            services.second(posting, by=other, at=monday)


def test_nobody_names_himself(monday):
    both = build.person("SYS", "MGR")
    with pytest.raises(Refusal, match="SD11"):
        propose(both, both, monday, department="finance")


def test_nobody_seconds_what_is_for_himself(people, monday):
    posting = propose(people.mgr, people.sys, monday, department="finance")
    with pytest.raises(Refusal, match="SD11"):
        services.second(posting, by=people.mgr, at=monday)


@pytest.mark.parametrize("column", ["named_by", "seconded_by"])
def test_the_database_itself_refuses_a_grant_to_oneself(newcomer, column, monday):
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(user=newcomer, department="sales", since=monday.date(), **{column: newcomer})


def test_the_database_itself_asks_for_two_people(newcomer, people, monday):
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            user=newcomer,
            department="sales",
            since=monday.date(),
            named_by=people.mgr,
            seconded_by=people.mgr,
        )


@pytest.mark.parametrize(("first", "second"), [("SYS", "service"), ("CS", "it")])
def test_an_administrator_holds_no_business_role(first, second, people, monday):
    user = build.person(first)
    with pytest.raises(Refusal, match="SD11"):
        propose(user, people.sys, monday, department=second)


def test_a_department_has_one_open_head(people, monday):
    head = build.person("TECH", head=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        build.person("TECH", head=True)
    with pytest.raises(Refusal, match=head.name):
        propose(build.person("ENG"), people.sys, monday, department="technical", head=True)


def test_a_new_head_follows_when_the_old_posting_ends(people, monday):
    old = build.person("TECH", head=True)
    services.end(old.postings.get(), until=monday.date(), by=people.mgr, at=monday)
    posting = propose(
        build.person("ENG"), people.sys, monday, department="technical", head=True, since=monday.date() + ONE
    )
    services.second(posting, by=people.mgr, at=monday)
    assert posting.user.heads(monday.date() + ONE) == {"technical"}


def test_rights_are_not_given_for_days_that_have_passed(newcomer, people, monday):
    with pytest.raises(BadEntry) as refused:
        propose(newcomer, people.sys, monday, since=monday.date() - ONE)
    assert refused.value.field == "since"


def test_two_leaders_cannot_both_second_it(newcomer, people, monday):
    posting = propose(newcomer, people.sys, monday)
    again = Posting.proposals.get(pk=posting.pk)
    services.second(posting, by=people.mgr, at=monday)
    with pytest.raises((Stale, Refusal)):
        services.second(again, by=build.person("MGR"), at=monday)


def test_a_withdrawn_proposal_is_gone_and_remembered(newcomer, people, monday):
    posting = propose(newcomer, people.sys, monday)
    services.withdraw(posting, by=people.sys, at=monday)
    assert not Posting.proposals.exists()
    verbs = (
        AuditEvent.objects.filter(subject=f"user:{newcomer.pk}").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["posting.proposed", "posting.withdrawn"]


def test_a_proposal_belongs_to_who_named_it_until_a_leader_drops_it(newcomer, people, monday):
    posting = propose(newcomer, people.sys, monday)
    with pytest.raises(Denied):
        services.withdraw(posting, by=build.person("SYS"), at=monday)
    services.withdraw(posting, by=people.mgr, at=monday)


def test_other_departments_name_nobody(newcomer, people, monday):
    for role in ("cs", "eng", "fin", "mgr", "aud"):
        with pytest.raises(Denied):
            propose(newcomer, getattr(people, role), monday)


def test_an_empty_company_is_founded_by_two_people_and_only_once(monday):
    admin, leader = services.found(("admin", "甲", "x1-aaaaaa"), ("leader", "乙", "x2-bbbbbb"), at=monday)
    assert (admin.roles_on(monday.date()), leader.roles_on(monday.date())) == ({"SYS"}, {"MGR"})
    with pytest.raises(Refusal):
        services.found(("a2", "甲", "x"), ("l2", "乙", "y"), at=monday)


def test_one_person_does_not_found_a_company_alone(monday):
    with pytest.raises(Refusal, match="SD11"):
        services.found(("boss", "甲", "x"), ("Boss", "甲", "x"), at=monday)

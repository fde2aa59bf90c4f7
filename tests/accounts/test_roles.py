"""Roles come from dated postings and grants, and from nothing else."""

import datetime as dt

import pytest

from accounts.access import Denied, demand, may
from accounts.models import Grant, Posting, User
from tests import build

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)
ONE = dt.timedelta(days=1)


def posted(department, since=DAY, until=None, head=False, user=None):
    user = user or User.objects.create_user(f"p{User.objects.count()}", name="P")
    Posting.objects.create(user=user, department=department, since=since, until=until, head=head)
    return user


@pytest.mark.clause("1")
def test_a_posting_holds_from_its_first_day_to_its_last_both_included():
    user = posted("service", DAY, DAY + ONE)
    days = [DAY - ONE, DAY, DAY + ONE, DAY + 2 * ONE]
    assert [sorted(user.roles_on(day)) for day in days] == [[], ["CS"], ["CS"], []]


def test_somebody_without_a_posting_has_no_role_and_no_right():
    user = User.objects.create_user("nobody", name="N")
    assert user.roles == frozenset()
    assert not may(user, "own.home")


def test_several_postings_give_the_union_of_roles():
    user = posted("service")
    posted("engineers", user=user)
    assert user.roles_on(DAY) == {"CS", "ENG"}


@pytest.mark.clause("4.5b")
def test_the_head_of_finance_signs_and_a_clerk_does_not():
    head, clerk = posted("finance", head=True), posted("finance")
    assert head.roles_on(DAY) == {"FIN", "FINS"}
    assert clerk.roles_on(DAY) == {"FIN"}


@pytest.mark.clause("4.5b")
def test_a_clerk_signs_while_his_delegation_lasts():
    clerk = posted("finance")
    Grant.objects.create(user=clerk, kind="finance_sign", since=DAY, until=DAY + ONE)
    assert [("FINS" in clerk.roles_on(day)) for day in (DAY, DAY + ONE, DAY + 2 * ONE)] == [True, True, False]


@pytest.mark.parametrize("department", ["engineers", "sales", "warehouse"])
def test_whoever_also_is_engineer_seller_or_storekeeper_never_signs(department):
    clerk = posted("finance")
    Grant.objects.create(user=clerk, kind="finance_sign", since=DAY, until=DAY + ONE)
    posted(department, user=clerk)
    assert "FINS" not in clerk.roles_on(DAY)


def test_a_proposal_gives_no_role():
    user = User.objects.create_user("p", name="P")
    Posting.proposals.create(user=user, department="finance", since=DAY, pending=True)
    assert user.roles_on(DAY) == frozenset()


def test_a_closed_account_has_no_role():
    user = build.person("CS")
    user.is_active = False
    user.forget()
    assert (user.roles, may(user, "own.home")) == (frozenset(), False)


@pytest.mark.clause("3.2")
def test_what_is_the_heads_alone_is_denied_to_the_others():
    assert may(build.person("CS", head=True), "ticket.reassign")
    assert not may(build.person("CS"), "ticket.reassign")
    assert may(build.person("MGR"), "ticket.reassign")


@pytest.mark.clause("8.2")
def test_a_role_without_the_grant_that_its_condition_names_is_denied():
    leader = build.person("MGR")
    assert not may(leader, "expense.approve_exception")
    Grant.objects.create(user=leader, kind="leader_approve", since=build.LONG_AGO)
    leader.forget()
    assert may(leader, "expense.approve_exception")


def test_own_means_asked_of_the_object():
    one, other = build.person("ENG"), build.person("ENG")
    assert may(one, "own.profile_and_2fa", one)
    assert not may(one, "own.profile_and_2fa", other)
    with pytest.raises(Denied):
        demand(one, "own.profile_and_2fa", other)


def test_the_person_and_all_he_holds_come_in_one_query(django_assert_num_queries):
    pk = build.person("FINS", "GA", grants=("vehicle_manager", "driver")).pk
    with django_assert_num_queries(1):
        user = User.objects.load(pk)
        assert user.roles == {"FIN", "FINS", "GA"}
        assert user.granted() == {"finance_sign", "vehicle_manager", "driver"}
        assert (user.heads(), user.has_second_factor) == (frozenset(), False)


def test_templates_and_has_perm_answer_what_the_policy_answers(client):
    user = build.person("CS")
    assert user.has_perm("intake.dispatch")
    assert not user.has_perm("signoff.paid")

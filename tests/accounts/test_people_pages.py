"""The pages about people: accounts, postings, grants, absences, roster, profile."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence, DutyShift, Grant, Posting, User
from aftersales.charter import Department
from aftersales.demo import logins
from aftersales.demo.people import STAFF
from tests import build
from tests.access.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = person("SYS")
    client.force_login(user)
    return user


def day(days=0):
    return (timezone.localdate() + timezone.timedelta(days=days)).isoformat()


def test_an_administrator_opens_an_account_whose_first_password_works(client, admin):
    page = client.post(
        reverse("accounts:new_person"),
        {"username": "Xin", "name": "新人", "language": "zh-hans", "years_in_trade": "0"},
    )
    user = User.objects.get(username="xin")
    assert user.check_password(page.context["password"])
    assert page.context["password"] in page.content.decode()


def test_a_username_twice_is_said_at_the_field(client, admin):
    taken = build.person("CS")
    page = client.post(
        reverse("accounts:new_person"),
        {"username": taken.username.upper(), "name": "二", "language": "en", "years_in_trade": "0"},
    )
    assert list(page.context["form"].errors) == ["username"]


def test_the_administrator_names_and_the_leader_seconds(client, admin):
    user = User.objects.create_user("new", name="新人")
    client.post(reverse("accounts:propose_posting", args=["new"]), {"department": "service", "since": day()})
    posting = Posting.proposals.get()
    client.post(reverse("accounts:second_posting", args=[posting.pk]))
    assert Posting.proposals.exists()
    client.force_login(person("MGR"))
    assert posting.user.name in client.get(reverse("accounts:people")).content.decode()
    client.post(reverse("accounts:second_posting", args=[posting.pk]))
    assert User.objects.get(pk=user.pk).roles == {"CS"}


def test_a_refusal_stands_at_its_field(client, admin):
    User.objects.create_user("new", name="新人")
    page = client.post(
        reverse("accounts:propose_posting", args=["new"]), {"department": "service", "since": day(-3)}
    )
    assert list(page.context["posting_form"].errors) == ["since"]


def test_the_head_of_finance_names_a_signer_on_the_clerks_page(client):
    head, clerk = build.person("FIN", head=True), build.person("FIN")
    from accounts.services import enrol_totp

    enrol_totp(head, "JBSWY3DPEHPK3PXP")
    client.force_login(head)
    entries = {"kind": "finance_sign", "since": day(), "until": day(90), "reason": "周末"}
    client.post(reverse("accounts:propose_grant", args=[clerk.username]), entries)
    assert Grant.proposals.get().named_by == head


def test_what_is_only_proposed_others_do_not_see(client, admin):
    user = User.objects.create_user("new", name="新人")
    Posting.proposals.create(
        user=user, department="finance", since="2026-01-01", pending=True, reason="秘密理由"
    )
    client.force_login(build.person("CS"))
    assert "秘密理由" not in client.get(reverse("accounts:person", args=["new"])).content.decode()


def test_an_administrator_ends_a_posting_today(client, admin):
    user = build.person("ENG")
    client.post(reverse("accounts:end_posting", args=[user.postings.get().pk]), {"until": day()})
    assert user.postings.get().until == timezone.localdate()


def test_one_enters_his_absence_with_a_deputy(client):
    me, deputy = build.person("ENG"), build.person("ENG")
    client.force_login(me)
    entries = {"user": me.pk, "kind": "leave", "since": day(1), "until": day(2), "deputy": deputy.pk}
    assert client.post(reverse("accounts:absences"), entries).status_code == 302
    absence = Absence.objects.get()
    assert (absence.ends_at - absence.begins_at).days == 2
    assert absence.entered_by == me


def test_one_does_not_choose_anothers_absence(client):
    me, other = build.person("ENG"), build.person("ENG")
    client.force_login(me)
    entries = {"user": other.pk, "kind": "leave", "since": day(1), "until": day(2), "deputy": me.pk}
    page = client.post(reverse("accounts:absences"), entries)
    assert list(page.context["form"].errors) == ["user"]


@pytest.mark.clause("3.1")
def test_the_head_of_customer_service_writes_the_roster_and_everybody_reads_it(client):
    head, agent = build.person("CS", head=True), build.person("CS")
    client.force_login(head)
    entries = {
        "kind": "hotline",
        "user": agent.pk,
        "begins_at": f"{day(1)}T08:00",
        "ends_at": f"{day(1)}T20:00",
        "mobile": "13800009898",
    }
    answer = client.post(reverse("accounts:enter_shift"), entries)
    assert answer.status_code == 302, answer.context["form"].errors
    assert DutyShift.objects.get().user == agent
    client.force_login(build.person("ENG"))
    assert agent.name in client.get(answer.url).content.decode()


def test_the_profile_keeps_name_and_language(client):
    me = build.person("ENG")
    client.force_login(me)
    answer = client.post(
        reverse("accounts:profile"), {"name": "李师傅", "email": "", "mobile": "", "language": "en"}
    )
    me.refresh_from_db()
    assert (me.name, me.language, answer.cookies["django_language"].value) == ("李师傅", "en", "en")


@pytest.mark.parametrize("page", ["accounts:people", "accounts:absences", "accounts:roster"])
def test_a_list_costs_the_same_with_one_row_and_with_three(page, client, django_assert_max_num_queries):
    client.force_login(person("MGR"))
    counts: list[int] = []
    for _rows in range(2):
        for _row in range(1 + len(counts)):
            one, two = build.person("CS"), build.person("ENG")
            now = timezone.now()
            Absence.objects.create(
                user=one, deputy=two, begins_at=now, ends_at=now + timezone.timedelta(days=3)
            )
            begin = now + timezone.timedelta(minutes=DutyShift.objects.count())
            DutyShift.objects.create(user=one, begins_at=begin, ends_at=begin + timezone.timedelta(seconds=5))
        with django_assert_max_num_queries(12) as counted:
            assert client.get(reverse(page)).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_after_changing_the_password_one_is_back_on_the_profile(client):
    me = build.person("CS")
    client.force_login(me)
    entries = {"oldpassword": build.PASSWORD, "password1": "Neu-pass-4711", "password2": "Neu-pass-4711"}
    assert client.post(reverse("account_change_password"), entries).url == reverse("accounts:profile")


def test_the_demonstration_prints_who_seconds_what_its_leader_proposes():
    printed = [line.split()[0] for line in logins.lines()]
    assert {"leader", "leader2", "admin"} <= set(printed)
    assert len(printed) == len(set(printed)) == len(Department) + len(logins.SECOND_HANDS)
    assert {role.username for role in STAFF} == {line.split()[0] for line in logins.lines(everybody=True)}

"""A lost second factor: one asks for its reset, another seconds it, whom it concerns is told."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.access import Denied
from accounts.models import AuditEvent, FactorReset
from accounts.selectors import waiting
from aftersales.problems import BadEntry, Refusal, Stale
from notices.models import Channel, Notification
from tests import build
from tests.access.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return person("SYS")


@pytest.fixture
def leader():
    return person("MGR")


@pytest.fixture
def storekeeper():
    return person("WH")


def asked(user, by):
    return services.ask_reset(user, reason="手机丢失，本人当面申请", by=by, at=timezone.now())


def told(event):
    rows = Notification.objects.filter(event_key__endswith=event, channel=Channel.APP)
    return set(rows.values_list("recipient", flat=True))


def has_factor(user):
    return Authenticator.objects.filter(user=user).exists()


def test_the_administrator_asks_the_leader_seconds_and_the_factor_is_gone(client, admin, leader, storekeeper):
    client.force_login(admin)
    page = reverse("accounts:person", args=[storekeeper.username])
    assert reverse("accounts:ask_reset", args=[storekeeper.username]) in client.get(page).content.decode()
    client.post(reverse("accounts:ask_reset", args=[storekeeper.username]), {"reason": "手机丢失"})
    reset = FactorReset.proposals.get()
    client.post(reset.second_url)
    assert has_factor(storekeeper)
    client.force_login(leader)
    assert storekeeper.name in client.get("/desk/").content.decode()
    client.post(reset.second_url)
    assert not has_factor(storekeeper)
    assert not FactorReset.proposals.exists()


def test_his_sessions_end_and_he_sets_up_a_new_one(admin, leader, storekeeper):
    browser = Client()
    browser.force_login(storekeeper)
    services.second_reset(asked(storekeeper, admin), by=leader, at=timezone.now())
    assert browser.get("/desk/").url.startswith("/accounts/login/")
    entries = {"login": storekeeper.username, "password": build.PASSWORD}
    assert browser.post("/accounts/login/", entries).url == "/desk/"
    assert browser.get("/desk/").url == "/accounts/2fa/app/"


def test_he_the_leaders_and_the_administrators_are_told_when_it_is_asked_and_when_it_is_done(
    admin, leader, storekeeper
):
    reset, all_of_them = asked(storekeeper, admin), {admin.pk, leader.pk, storekeeper.pk}
    assert told(":asked") == all_of_them
    services.second_reset(reset, by=leader, at=timezone.now())
    assert told(":done") == all_of_them
    verbs = AuditEvent.objects.filter(subject=f"user:{storekeeper.pk}").values_list("verb", "by")
    assert {("second_factor.reset_asked", admin.pk), ("second_factor.reset", leader.pk)} <= set(verbs)


def test_nobody_resets_his_own(admin, leader):
    with pytest.raises(Refusal, match="SD11"):
        asked(admin, admin)
    reset = asked(leader, admin)
    with pytest.raises(Refusal, match="SD11"):
        services.second_reset(reset, by=leader, at=timezone.now())
    assert [paper.mine for paper in waiting(leader)] == [True]
    assert has_factor(leader)


def test_only_an_administrator_asks_and_only_a_leader_seconds(admin, leader, storekeeper):
    with pytest.raises(Denied):
        asked(storekeeper, leader)
    reset = asked(storekeeper, admin)
    with pytest.raises(Denied):
        services.second_reset(reset, by=person("SYS"), at=timezone.now())
    assert has_factor(storekeeper)


def test_it_waits_once_is_decided_once_and_may_be_withdrawn(admin, leader, storekeeper):
    reset = asked(storekeeper, admin)
    with pytest.raises(Refusal, match="复核"):
        asked(storekeeper, admin)
    services.withdraw_reset(reset, by=leader, at=timezone.now())
    with pytest.raises(Stale):
        services.second_reset(reset, by=leader, at=timezone.now())
    assert has_factor(storekeeper)


def test_without_a_reason_or_a_factor_there_is_nothing_to_ask(client, admin, storekeeper):
    with pytest.raises(BadEntry):
        services.ask_reset(storekeeper, reason=" ", by=admin, at=timezone.now())
    with pytest.raises(Refusal, match="未设置"):
        asked(build.person("CS"), admin)
    client.force_login(admin)
    page = client.post(reverse("accounts:ask_reset", args=[storekeeper.username]), {"reason": ""})
    assert list(page.context["reset_form"].errors) == ["reason"]


def test_where_nobody_is_left_the_machine_resets_it_and_the_leaders_are_told(leader, capsys):
    call_command("reset_second_factor", leader.username, reason="唯一的领导丢失手机")
    assert not has_factor(leader)
    assert told(":done") == {leader.pk}
    assert AuditEvent.objects.filter(verb="second_factor.reset", by=None).exists()
    with pytest.raises(CommandError, match="未设置"):
        call_command("reset_second_factor", leader.username, reason="再来")
    with pytest.raises(CommandError, match="Nobody"):
        call_command("reset_second_factor", "nobody", reason="x")


def test_no_label_of_the_page_names_a_field_of_another_form(client, admin, storekeeper):
    client.force_login(admin)
    page = client.get(reverse("accounts:person", args=[storekeeper.username])).content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))

"""Who moves money, stock or rights signs in with a code as well; a code works once; recovery codes help out."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.adapter import PER_CODE
from accounts.models import AuditEvent
from tests import build
from tests.access.personas import SECRET, person

pytestmark = pytest.mark.django_db
LOGIN, CODE, SETUP = "/accounts/login/", "/accounts/2fa/code/", "/accounts/2fa/app/"


def code(secret=SECRET, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def password_of(user, client):
    return client.post(LOGIN, {"login": user.username, "password": build.PASSWORD})


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def storekeeper():
    return person("WH")


def test_the_password_alone_does_not_sign_in(client, storekeeper):
    answer = password_of(storekeeper, client)
    assert (answer.status_code, answer.url, signed_in(client)) == (302, CODE, False)
    assert client.get("/accounts/profile/").url.startswith(LOGIN)


def test_password_and_code_sign_in(client, storekeeper):
    password_of(storekeeper, client)
    assert client.get(CODE).status_code == 200
    answer = client.post(CODE, {"code": code()})
    assert (answer.url, signed_in(client)) == ("/desk/", True)


def test_a_code_works_once(storekeeper):
    now = code()
    for expected in (True, False):
        client = Client()
        password_of(storekeeper, client)
        client.post(CODE, {"code": now})
        assert signed_in(client) is expected


def test_a_code_from_before_the_one_that_was_used_is_spent_too(storekeeper):
    assert services.spend_code(storekeeper, code()) is not None
    assert services.spend_code(storekeeper, code(steps=-1)) is None


def test_a_phone_whose_clock_is_half_a_minute_off_still_signs_in(storekeeper):
    assert services.spend_code(storekeeper, code(steps=-1)) is not None
    assert services.spend_code(storekeeper, code(steps=1)) is not None
    assert services.spend_code(storekeeper, code(steps=3)) is None


def test_codes_cannot_be_guessed_without_end(client, storekeeper):
    password_of(storekeeper, client)
    for number in range(PER_CODE):
        client.post(CODE, {"code": f"{number:06}"})
    client.post(CODE, {"code": code()})
    assert not signed_in(client)


def test_a_recovery_code_signs_in_once(storekeeper):
    spare = RecoveryCodes.activate(storekeeper).get_unused_codes()[0]
    for expected in (True, False):
        client = Client()
        password_of(storekeeper, client)
        client.post(CODE, {"code": spare})
        assert signed_in(client) is expected


@pytest.mark.parametrize("role", ["FIN", "FINS", "WH", "MGR", "SYS"])
def test_a_role_that_needs_it_sets_it_up_before_anything_else(role, client):
    client.force_login(build.person(role))
    answer = client.get("/accounts/people/")
    assert (answer.status_code, answer.url) == (302, SETUP)


@pytest.mark.parametrize("role", ["CS", "ENG", "SALES", "GA", "TECH", "PUR", "AUD"])
def test_the_others_may_leave_it(role, client):
    client.force_login(build.person(role))
    assert client.get("/accounts/people/").status_code == 200


def test_setting_up_asks_for_a_code_of_the_new_app_and_shows_recovery_codes(client):
    user = build.person("WH")
    password_of(user, client)
    assert client.get(SETUP).status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post(SETUP, {"code": "000000"}).status_code == 200
    answer = client.post(SETUP, {"code": code(secret)}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert len(answer.context["unused_codes"]) == 10
    assert client.get("/accounts/people/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_ends_the_other_sessions_and_is_remembered(client):
    user = build.person("WH")
    other = Client()
    other.force_login(user)
    password_of(user, client)
    client.get(SETUP)
    client.post(SETUP, {"code": code(client.session["mfa.totp.secret"])})
    assert other.get("/accounts/profile/").status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    assert AuditEvent.objects.filter(verb="second_factor.added", by=user).exists()


def test_the_secret_is_not_kept_in_plain_words(storekeeper):
    assert SECRET not in str(Authenticator.objects.get(user=storekeeper).data)


def test_removing_it_asks_who_one_is(client, storekeeper):
    client.force_login(storekeeper)
    with time_machine.travel(time.time() + 360):
        answer = client.get(reverse("mfa_deactivate_totp"))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=storekeeper, type="totp").exists()


def test_over_the_api_a_session_without_it_is_told_so(client):
    client.force_login(build.person("WH"))
    answer = client.get("/api/v1/tickets")
    if answer.status_code != 404:
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")

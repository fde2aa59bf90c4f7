"""Name and password; the same answer for every failure; limits per account and per address."""

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from django.urls import reverse

from accounts.adapter import PER_ACCOUNT, PER_ADDRESS, TOO_MANY
from accounts.models import AuditEvent, User
from tests import build

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, username, password=build.PASSWORD, **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def said(page):
    return list(page.context["form"].non_field_errors())


def signed_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password_leads_to_the_desk(client, people):
    answer = sign_in(client, people.cs.username)
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/desk/", True)


def test_the_page_that_was_asked_for_comes_after_signing_in(client, people):
    answer = client.post(
        f"{LOGIN}?next=/tickets/",
        {"login": people.cs.username, "password": build.PASSWORD, "next": "/tickets/"},
    )
    assert answer.url == "/tickets/"


def test_no_other_site_comes_after_signing_in(client, people):
    answer = client.post(
        LOGIN, {"login": people.cs.username, "password": build.PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.url == "/desk/"


def test_capitals_and_blanks_around_the_username_do_not_matter(client, people):
    sign_in(client, f" {people.cs.username.upper()} ")
    assert signed_in(client)


def test_wrong_password_unknown_name_and_closed_account_get_the_same_answer(client, people):
    closed = build.person("CS")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    pages = [
        sign_in(client, people.cs.username, "wrong"), sign_in(client, "who-is-this", "wrong"), sign_in(client, closed.username)
    ]  # fmt: skip
    assert [p.status_code for p in pages] == [200, 200, 200]
    errors = [said(page) for page in pages]
    assert errors[0] == errors[1] == errors[2] != []
    assert not signed_in(client)


def test_after_too_many_wrong_passwords_the_right_one_waits_too(client, people):
    for _try in range(PER_ACCOUNT):
        sign_in(client, people.cs.username, "wrong")
    page = sign_in(client, people.cs.username)
    assert not signed_in(client)
    assert said(page) == [str(TOO_MANY)]


def test_an_account_under_attack_does_not_lock_out_the_others(client, people):
    for _try in range(PER_ACCOUNT + 1):
        sign_in(client, people.cs.username, "wrong")
    sign_in(client, people.eng.username)
    assert signed_in(client)


def test_unknown_names_are_limited_like_known_ones(client):
    pages = [sign_in(client, "who-is-this", "wrong") for _try in range(PER_ACCOUNT + 1)]
    assert said(pages[-1]) == [str(TOO_MANY)] != said(pages[0])


def test_an_address_that_tries_many_names_is_stopped(client, people):
    for number in range(PER_ADDRESS):
        sign_in(client, f"name{number}", "wrong")
    sign_in(client, people.cs.username)
    assert not signed_in(client)
    sign_in(client, people.cs.username, REMOTE_ADDR="203.0.113.9")
    assert signed_in(client)


def test_signing_in_often_with_the_right_password_is_no_attack(people):
    for _time in range(PER_ACCOUNT * 2):
        client = Client()
        sign_in(client, people.cs.username)
        assert signed_in(client)


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_signing_out_ends_the_session(client, people):
    client.force_login(people.cs)
    client.post(reverse("account_logout"))
    assert not signed_in(client)


def test_the_audit_trail_knows_who_came_and_who_failed(client, people):
    sign_in(client, people.cs.username, "wrong")
    sign_in(client, people.cs.username)
    client.post(reverse("account_logout"))
    events = (
        AuditEvent.objects.filter(subject=f"user:{people.cs.pk}")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert list(events) == ["sign_in_failed", "signed_in", "signed_out"]


def test_what_is_typed_as_a_username_by_mistake_is_kept_nowhere(client):
    sign_in(client, "my-secret-password", "x")
    assert not AuditEvent.objects.exists()


def test_passwords_are_kept_by_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert identify_hasher(build.person("CS").password).algorithm == "argon2"


def test_a_person_is_greeted_in_his_language(client):
    user = build.person("CS", language="en")
    assert sign_in(client, user.username).cookies["django_language"].value == "en"


def test_a_changed_password_ends_the_other_sessions(people):
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(people.cs)
    new = "another-horse-7"
    answer = here.post(
        reverse("account_change_password"),
        {"oldpassword": build.PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    profile = reverse("accounts:profile")
    assert (here.get(profile).status_code, there.get(profile).status_code) == (200, 302)

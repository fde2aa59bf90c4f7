"""A key of the API acts in a person's name: shown once, kept as a digest, dead when revoked, expired or closed."""

import datetime as dt
import types
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import include, path, reverse
from rest_framework.decorators import api_view
from rest_framework.response import Response

from accounts import services
from accounts.access import Denied, action
from accounts.models import ApiToken, User
from tests import build

pytestmark = pytest.mark.django_db
YEAR = dt.timedelta(days=366)


@action("ticket.list")
@api_view(["GET", "POST"])
def who(request):
    return Response({"who": request.user.username})


urls = types.ModuleType("api_urls")
urls.urlpatterns = [path("api/who", who, name="who"), path("", include("aftersales.urls"))]


def asked(key, method="get"):
    with override_settings(ROOT_URLCONF=urls):
        client = Client(enforce_csrf_checks=True)
        return getattr(client, method)("/api/who", headers={"authorization": f"Bearer {key}"})


@pytest.fixture
def key(people):
    from django.utils import timezone

    return services.issue_token(people.cs, "script", by=people.cs, at=timezone.now())[1]


def test_a_key_opens_the_api_without_a_session(key):
    for method in ("get", "post"):
        answer = asked(key, method)
        assert (answer.status_code, dict(answer.cookies)) == (200, {})


def test_only_a_digest_of_it_is_kept(key):
    token = ApiToken.objects.get()
    assert key.startswith(token.prefix)
    assert key not in {str(value) for value in vars(token).values()}


@pytest.mark.parametrize("wrong", ["", "x", "fy_unknown"])
def test_an_unknown_key_is_told_so_and_not_taken_for_a_visitor(wrong):
    answer = asked(wrong)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_revoked_key_no_longer_works(key, people, monday):
    services.revoke_token(ApiToken.objects.get(), by=people.cs, at=monday)
    assert asked(key).status_code == 401


def test_a_key_expires(people, monday):
    token, key = services.issue_token(people.cs, "script", by=people.cs, at=monday)
    assert services.owner_of(key, at=monday) == token
    assert services.owner_of(key, at=monday + YEAR) is None


def test_a_closed_account_has_no_key(key, people, monday):
    services.close_account(people.cs, by=people.sys, at=monday)
    assert asked(key).status_code == 401
    services.reopen_account(people.cs, by=people.sys, at=monday)
    assert asked(key).status_code == 401


def test_a_key_is_made_by_its_owner_only(people, monday):
    with pytest.raises(Denied):
        services.issue_token(people.sys, "x", by=people.sys, at=monday)
    token, _key = services.issue_token(people.eng, "x", by=people.eng, at=monday)
    with pytest.raises(Denied):
        services.revoke_token(token, by=people.cs, at=monday)


def test_a_key_opens_no_page(key):
    answer = Client().get(reverse("accounts:profile"), headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 302


def test_the_command_prints_a_key_that_works(people):
    out = StringIO()
    call_command("api_token", people.cs.username, stdout=out)
    assert asked(out.getvalue().strip()).status_code == 200


def test_the_command_refuses_whom_it_does_not_know():
    with pytest.raises(CommandError):
        call_command("api_token", "nobody")


def test_the_profile_shows_a_new_key_once(client, people):
    client.force_login(people.cs)
    page = client.post(reverse("accounts:make_token"), {"name": "Excel"}).content.decode()
    token = ApiToken.objects.get(user=people.cs)
    assert token.prefix in page
    shown = next(word for word in page.replace('"', " ").split() if word.startswith("fy_") and len(word) > 20)
    assert User.objects.get(pk=services.owner_of(shown, at=token.created_at).user_id) == people.cs
    assert shown not in client.get(reverse("accounts:profile")).content.decode()


def test_one_cannot_revoke_anothers_key(client, people, monday):
    token, _key = services.issue_token(people.eng, "x", by=people.eng, at=monday)
    client.force_login(build.person("ENG"))
    assert client.post(reverse("accounts:revoke_token", args=[token.pk])).status_code == 404


def test_a_session_over_the_api_still_needs_its_csrf_token(people):
    with override_settings(ROOT_URLCONF=urls):
        client = Client(enforce_csrf_checks=True)
        client.force_login(people.cs)
        assert client.get("/api/who").json() == {"who": people.cs.username}
        assert client.post("/api/who").status_code == 403

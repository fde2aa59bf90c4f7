"""What declares nothing is closed, whatever kind of view it is; and `manage.py check` says so."""

import types

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views import View
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import action, public
from accounts.checks import every_view_declares_its_action
from tests import build

pytestmark = pytest.mark.django_db


def plain(request):
    return HttpResponse("in")


class Classy(View):
    def get(self, request):
        return HttpResponse("in")


class Rest(APIView):
    def get(self, request):
        return Response("in")


@api_view(["GET"])
def rest(request):
    return Response("in")


CLOSED = {"plain": plain, "classy": Classy.as_view(), "api/rest": rest, "api/classy": Rest.as_view()}
urls = types.ModuleType("closed_urls")
urls.urlpatterns = [path(f"{name}/", view, name=name) for name, view in CLOSED.items()]


@action("ticket.list")
@api_view(["GET"])
def open_rest(request):
    return Response("in")


OPEN = {
    "plain": action("ticket.list")(lambda request: HttpResponse("in")),
    "classy": action("ticket.list")(type("Opened", (Classy,), {}).as_view()),
    "api/rest": open_rest,
    "api/classy": action("ticket.list")(type("OpenRest", (Rest,), {}).as_view()),
}
open_urls = types.ModuleType("open_urls")
open_urls.urlpatterns = [path(f"{name}/", view, name=name) for name, view in OPEN.items()]
open_urls.urlpatterns.append(
    path("seen/", public("public.page")(lambda request: HttpResponse("in")), name="seen")
)


@pytest.mark.parametrize("name", CLOSED)
def test_a_view_without_an_action_is_closed_to_everybody(name):
    with override_settings(ROOT_URLCONF=urls):
        client = Client()
        assert client.get(f"/{name}/").status_code == 403
        client.force_login(build.person("CS"))
        assert client.get(f"/{name}/").status_code == 403


def test_the_check_names_each_view_without_an_action():
    with override_settings(ROOT_URLCONF=urls):
        errors = every_view_declares_its_action(None)
    assert [e.id for e in errors] == ["accounts.E001"] * 4


def test_the_check_names_an_action_that_the_policy_does_not_know():
    wrong = types.ModuleType("wrong_urls")
    wrong.urlpatterns = [path("x/", action("ticket.burn")(lambda request: HttpResponse()), name="x")]
    with override_settings(ROOT_URLCONF=wrong):
        assert [e.id for e in every_view_declares_its_action(None)] == ["accounts.E002"]


def test_the_portal_itself_passes_the_check():
    assert every_view_declares_its_action(None) == []


@pytest.mark.parametrize("name", OPEN)
def test_a_declared_action_opens_a_view_of_any_kind_to_whom_the_policy_names(name):
    with override_settings(ROOT_URLCONF=open_urls):
        client = Client()
        client.force_login(build.person("CS"))
        assert client.get(f"/{name}/").status_code == 200
        client.force_login(build.person("PUR"))
        assert client.get(f"/{name}/").status_code == 403


def test_a_visitor_is_sent_to_sign_in_and_a_program_is_told_so():
    with override_settings(ROOT_URLCONF=open_urls):
        page, program = Client().get("/plain/?a=1"), Client().get("/api/rest/")
    assert (page.status_code, page.url) == (302, "/accounts/login/?next=/plain/%3Fa%3D1")
    assert (program.status_code, program.headers["Content-Type"]) == (401, "application/problem+json")
    assert program.headers["WWW-Authenticate"] == "Bearer"


def test_a_public_page_is_open_to_visitors():
    with override_settings(ROOT_URLCONF=open_urls):
        assert Client().get("/seen/").status_code == 200


def test_a_refusal_over_the_api_is_problem_json():
    with override_settings(ROOT_URLCONF=open_urls):
        client = Client()
        client.force_login(build.person("PUR"))
        answer = client.get("/api/rest/")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 403


def test_pages_of_the_staff_are_not_kept_by_the_browser():
    with override_settings(ROOT_URLCONF=open_urls):
        client = Client()
        client.force_login(build.person("CS"))
        assert client.get("/plain/").headers["Cache-Control"] == "no-store"

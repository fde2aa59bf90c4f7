"""At the door: keys of the API, the age of sessions, and no view without its action."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib import auth, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import declared
from .access import Denied, may
from .services.tokens import owner_of

Handler = Callable[[HttpRequest], HttpResponse]
IDLE, LONGEST, TICK = 30 * 60, 12 * 3600, 60  # seconds; reliability, “Web”


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem(status: int, title: str | Promise, detail: str | Promise = "") -> JsonResponse:
    """A refusal over the API (RFC 9457), before any view."""
    body = {"type": "about:blank", "title": title, "status": status} | ({"detail": detail} if detail else {})
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


class BearerToken:
    """`Authorization: Bearer …` on an API address makes its owner the request's user, without any session."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _blank, key = request.headers.get("Authorization", "").partition(" ")
        if is_api(request) and scheme.lower() == "bearer":
            token = owner_of(key.strip(), at=timezone.now())
            if token is None:
                return problem(401, _("Please sign in."), _("This key is unknown, expired or revoked."))
            request.user = token.user
            request.bearer = token  # type: ignore[attr-defined]  # read by accounts.api.TokenAuthentication
        return self.get_response(request)


class SessionLimits:
    """Who moves money, stock or rights is out after 30 idle minutes and 12 hours in all."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not hasattr(request, "bearer"):
            self.judge(request)
        return self.get_response(request)

    def judge(self, request: Any) -> None:
        now, session = int(time.time()), request.session
        began, seen = session.get("began", now), session.get("seen", now)
        strict = request.user.needs_second_factor
        if strict and (now - seen > IDLE or now - began > LONGEST):
            auth.logout(request)
            request.timed_out = True
        elif strict and (now - seen >= TICK or "seen" not in session or "began" not in session):
            session["began"], session["seen"] = began, now


class DenyByDefault:
    """A view that declares no action answers 403; a visitor is asked to sign in; the policy decides about the rest."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        actions, is_public = declared.of(view, request.resolver_match.view_name)
        if not actions:
            return self.refuse(request)
        if not request.user.is_authenticated:
            return None if is_public and declared.for_visitors(actions) else self.ask_to_sign_in(request)
        if self.lacks_second_factor(request, actions):
            return self.ask_for_second_factor(request)
        if any(may(request.user, name) for name in actions):
            return None
        return self.refuse(request, customers_page=is_public)

    def ask_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            return problem(401, _("Please sign in."))
        if request.headers.get("HX-Request"):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/desk/")).url  # type: ignore[attr-defined]
            return answer
        if getattr(request, "timed_out", False):
            messages.info(request, _("You were signed out: 30 minutes without activity, or 12 hours in all."))
        return redirect_to_login(request.get_full_path())

    def lacks_second_factor(self, request: Any, actions: tuple[str, ...]) -> bool:
        if hasattr(request, "bearer") or declared.open_without_second_factor(actions):
            return False
        return request.user.needs_second_factor and not request.user.has_second_factor

    def ask_for_second_factor(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            return problem(403, _("You may not do this."), _("Set up your second factor first."))
        return redirect("mfa_activate_totp")

    def refuse(self, request: HttpRequest, customers_page: bool = False) -> HttpResponse:
        sentence = _("You may not do this.")
        if customers_page:
            sentence = _(
                "This page belongs to customers. Sign out, or open it in a private window, to see it as they do."
            )
        if is_api(request):
            return problem(403, _("You may not do this."), sentence)
        raise Denied(sentence)

"""Who may do what: every view declares its action, everything else is refused."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.problems import Refusal

from .conditions import roles_for
from .grants import actions, cell

View = Callable[..., HttpResponse]


class Denied(Refusal):
    """The policy does not give this person this action."""

    status = 403


def may(user: Any, name: str, obj: Any = None) -> bool:
    """Does the policy let this person do `name` (to `obj`)? O and C need the object to be his, or to have no owner yet asked."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return actions()[name].cells["ANON"] == "Y"
    found = cell(name, roles_for(user, name))
    if found in ("Y", "C"):
        return True
    return found == "O" and (obj is None or obj.is_own(user, name))


def demand(user: Any, name: str, obj: Any = None) -> None:
    """Raise `Denied` unless the policy lets this person do it."""
    if not may(user, name, obj):
        raise Denied(gettext_lazy("You may not do this; the step belongs to somebody else."), actions()[name].clause.split(" ")[0].strip("-"))


def action(*names: str) -> Callable[[View], View]:
    """Declare what a staff view does; one of the actions must be allowed somewhere, else 403."""
    for name in names:
        actions()[name]

    def mark(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(may(request.user, name) for name in names):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        wrapped.actions = names  # type: ignore[attr-defined]  # read by the middleware and the walk over all addresses
        return wrapped

    return mark


def public(*names: str) -> Callable[[View], View]:
    """Declare a page that visitors and customers may open."""
    for name in names:
        assert actions()[name].cells["ANON"] == "Y" or actions()[name].cells["CUST"] in "YO"

    def mark(view: View) -> View:
        view.actions, view.is_public = names, True  # type: ignore[attr-defined]  # see `action`
        return view

    return mark


class DenyByDefault:
    """A view that declares nothing answers 403; a visitor on a staff page is asked to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "is_public", False):
            return None
        if not getattr(view, "actions", None):
            raise PermissionDenied
        if request.user.is_authenticated:
            return None
        if request.path.startswith("/api/"):
            body = {"type": "about:blank", "title": _("Please sign in."), "status": 401}
            return JsonResponse(body, status=401, content_type="application/problem+json")
        return redirect_to_login(request.get_full_path())

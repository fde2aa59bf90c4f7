"""Who may open a report: the holder of its private link, or of a tracking session (A02)."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from .. import links
from ..models import Ticket

R = TypeVar("R", bound=HttpResponseBase)
SESSION = "tracked"
OPEN_FOR = dt.timedelta(minutes=30)
CAREFUL = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


class Door:
    """An opened report and the way in; addresses stay on the way that was taken."""

    def __init__(self, ticket: Ticket, token: str) -> None:
        self.ticket, self.token = ticket, token

    def url(self, name: str = "private", *args: str) -> str:
        if self.token:
            return reverse(f"public:{name}", args=[self.token, *args])
        return reverse(f"public:tracked_{name}", args=args)


def let_in_for_a_while(request: HttpRequest, ticket: Ticket, at: dt.datetime) -> None:
    """Half an hour for this report only; the session's key changes, so that nobody can have planted it."""
    request.session.cycle_key()
    request.session[SESSION] = {
        "ticket": ticket.pk,
        "version": ticket.private_version,
        "until": (at + OPEN_FOR).timestamp(),
    }


def tracked(request: Any) -> Ticket | None:
    """The report that this session may see now; revoking the private link ends it too."""
    kept = request.session.get(SESSION)
    if not kept or kept["until"] < request.arrived_at.timestamp():
        return None
    return links.opened().filter(pk=kept["ticket"], private_version=kept["version"]).first()


def careful(response: R) -> R:
    """Not kept, not indexed, and the address told to nobody."""
    for name, value in CAREFUL.items():
        response[name] = value
    return response


def of_customer(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open the report for the view: `view(request, door, …)`. A dead link says so kindly, with 404."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, token: str = "", **kwargs: Any) -> HttpResponseBase:
        ticket = links.ticket_of(token) if token else tracked(request)
        if ticket is None:
            return careful(closed(request, token))
        return careful(view(request, Door(ticket, token), **kwargs))

    return wrapped


def closed(request: HttpRequest, token: str) -> HttpResponse:
    if token and links.was_erased(token):
        return render(request, "public/erased.html", status=410)
    if token:
        return render(request, "public/gone.html", status=404)
    return HttpResponseRedirect(f"{reverse('public:track')}?{urlencode({'over': 1})}")


def to_page(request: HttpRequest, token: str = "", **kwargs: Any) -> HttpResponse:
    """From an address that only acts to the report's page, which opens it, or says that the link is dead."""
    return careful(back(request))


def back(request: HttpRequest, result: str = "") -> HttpResponse:
    """To the report's page, by the way that was taken; nothing of the way is stored with the operation's key."""
    token = request.resolver_match.kwargs.get("token", "") if request.resolver_match else ""
    return redirect("public:private", token) if token else redirect("public:tracked_private")

"""Refusals over the API: RFC 9457 `application/problem+json`, with `clause` where the charter refused."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .problems import Refusal

CONTENT_TYPE = "application/problem+json"


class AlwaysJson(DefaultContentNegotiation):
    """Whatever a client accepts, it is answered in JSON rather than refused."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def problem(status_code: int, title: str, detail: str = "", **more: Any) -> Response:
    """One problem; `more` may hold clause, field, errors."""
    body = {"type": "about:blank", "title": title, "status": status_code}
    if detail:
        body["detail"] = detail
    body |= {k: v for k, v in more.items() if v}
    return Response(body, status=status_code, content_type=CONTENT_TYPE)


def of_refusal(refusal: Refusal) -> Response:
    errors: dict[str, list[str]] = {}
    for each in refusal.each:
        if each.field:
            errors.setdefault(each.field, []).append(str(each))
    answer = problem(
        refusal.status,
        _("The portal refused this."),
        str(refusal),
        clause=refusal.clause,
        field=refusal.field,
        errors=errors,
    )
    return refusal.tell_when(answer)


def of_form(form: Any) -> Response:
    """Entries that the form did not accept: every field with its sentences."""
    errors = {name: [str(e) for e in found] for name, found in form.errors.items()}
    return problem(422, _("Some entries need your attention."), errors=errors)


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: everything leaves as problem+json."""
    if isinstance(error, Refusal):
        return of_refusal(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    answer = problem(response.status_code, _title(response.status_code), str(detail))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def _title(code: int) -> str:
    return {
        status.HTTP_401_UNAUTHORIZED: _("Please sign in."),
        status.HTTP_403_FORBIDDEN: _("You may not do this."),
        status.HTTP_404_NOT_FOUND: _("There is nothing here for you."),
        status.HTTP_405_METHOD_NOT_ALLOWED: _("This address does not take that method."),
        status.HTTP_429_TOO_MANY_REQUESTS: _("Too many requests; please wait a little."),
    }.get(code, _("This request could not be read."))

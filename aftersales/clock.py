"""One clock: the database's, read once per request and passed on as `at`."""

import datetime as dt
from collections.abc import Callable

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property


def now() -> dt.datetime:
    """The moment on the database's clock (aware, UTC); SQLite's clock is this machine's."""
    if connection.vendor != "postgresql":
        return dt.datetime.now(dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(dt.UTC)


class ArrivedRequest(WSGIRequest):
    """A request that knows when it arrived: read from the database the first time somebody asks."""

    @cached_property
    def arrived_at(self) -> dt.datetime:
        return now()


class ArrivalMiddleware:
    """Turns every request into an `ArrivedRequest`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.__class__ = ArrivedRequest
        return self.get_response(request)

"""What an address may hold, and what an address answers that only takes what is sent."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST


class NoNul:
    """No database keeps a NUL: a path with one leads nowhere (the API says so itself); behind the “?” it is left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info and not request.path_info.startswith("/api/"):
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)


def posted(page: Callable[..., HttpResponse]) -> Callable[[Any], Any]:
    """A view that only acts. Opened as an address (the page of a refused form was reloaded, or put into another language) it
    leads to the page from which one acts: `page(request, **kwargs)`."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        acts = require_POST(view)

        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return (page if request.method in ("GET", "HEAD") else acts)(request, *args, **kwargs)

        return wrapped

    return declare


class NotAllowed:
    """An address that was asked in a way that it does not take says so with a page, as every other error does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.path_info.startswith("/api/"):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response.headers.get("Allow", "")
        return page

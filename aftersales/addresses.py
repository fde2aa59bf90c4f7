"""What an address may hold: no database keeps a NUL, so none gets as far as a view."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class NoNul:
    """A path with a NUL leads nowhere (the API says so itself); behind the question mark it is left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info and not request.path_info.startswith("/api/"):
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)

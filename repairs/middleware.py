"""A rush of reports is met at the door: who brings no proof is answered before anything is read, parsed, drawn or asked of
the database, so that the colleagues' pages stay as quick as ever."""

import functools
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from . import gate

REPORTS = ("/report/", "/api/v1/reports")
MINUTE = 60.0
POSTS_PER_PROOF = 12  # a form that is refused for an entry comes again; a program comes thousands of times
SOON = 20  # seconds
Answer = Callable[[Any], HttpResponse]


class Sense:
    """How many reports this process was sent in this minute and in the last; guesses are good enough, nothing is locked."""

    def __init__(self) -> None:
        self.minute, self.now, self.before = 0, 0, 0

    def feel(self, at: float) -> float:
        """Count one; how many times as many as are usual (> 1: a rush)."""
        minute = int(at // MINUTE)
        if minute != self.minute:
            self.before = self.now if minute == self.minute + 1 else 0
            self.minute, self.now = minute, 0
        self.now += 1
        return max(self.now, self.before) / settings.REPORTS_A_MINUTE


class Proofs:
    """How often each proof was shown to this process; the oldest are forgotten."""

    def __init__(self, most: int = 20_000) -> None:
        self.seen: OrderedDict[str, int] = OrderedDict()
        self.most = most

    def fits(self, mark: str) -> bool:
        used = self.seen.pop(mark, 0) + 1
        self.seen[mark] = used
        if len(self.seen) > self.most:
            self.seen.popitem(last=False)
        return used <= POSTS_PER_PROOF


class Rush:
    """Before the forms' own checks: these would read the whole post."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response, self.sense, self.proofs = get_response, Sense(), Proofs()

    def __call__(self, request: Any) -> HttpResponse:
        if request.method == "POST" and request.path_info in REPORTS:
            rush = self.sense.feel(time.monotonic())
            request.rush = rush > 1
            if request.rush and not self._proved(request):
                return turned_away(request, rush)
        return self.get_response(request)

    def _proved(self, request: Any) -> bool:
        mark = gate.work_of(request) or gate.form_of(request)
        return bool(mark) and self.proofs.fits(mark)


def turned_away(request: Any, rush: float) -> HttpResponse:
    """A short page, drawn once; a browser with scripts finds its work in the header and comes back by itself."""
    is_page = request.path_info == "/report/"
    kind = "text/html; charset=utf-8" if is_page else "application/problem+json"
    response = HttpResponse(
        _page(get_language() or "") if is_page else PROBLEM, status=429, content_type=kind
    )
    response[gate.HEADER] = gate.task(rush)
    response["Retry-After"], response["Cache-Control"] = str(SOON), "no-store"
    return response


PROBLEM = '{"type": "about:blank", "title": "Too many reports at the moment", "status": 429}'


@functools.lru_cache(maxsize=8)
def _page(language: str) -> str:
    return render_to_string("public/busy.html")

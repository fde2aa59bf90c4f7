"""Who reads the public help, as far as counting needs it: a digest that nobody can turn back, new every day; no cookie for it."""

import hashlib
import hmac
import re
from typing import Any

from django.conf import settings

from aftersales.limits import local_day

from ..gate import address_of

#: programs that read pages for others; what names itself by nothing is one too
ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|monitor|scrapy|curl|wget|python|httpx?/|java/|go-http|okhttp|headless|lighthouse",
    re.IGNORECASE,
)


def is_robot(request: Any) -> bool:
    """A program, or a browser that only fetches ahead: neither of them reads."""
    agent = request.headers.get("User-Agent", "")
    ahead = f"{request.headers.get('Sec-Purpose', '')}{request.headers.get('Purpose', '')}"
    return not agent or bool(ROBOT.search(agent)) or "prefetch" in ahead


def reader(request: Any) -> str:
    """Who opens a page: address and browser, so that a program without cookies is still one visitor."""
    return _digest(request, "reader", address_of(request), request.headers.get("User-Agent", ""))


def holder(request: Any) -> str:
    """Who presses a button: the browser that holds this form's cookie; without one, whoever reads."""
    secret = request.META.get("CSRF_COOKIE")
    return _digest(request, "holder", secret) if secret else reader(request)


def _digest(request: Any, *parts: str) -> str:
    text = "\n".join([str(local_day(request.arrived_at)), *parts])
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

"""The gate of the public site: limits against floods, asked before a number is drawn (domain 2; A01).

A customer of a quiet day taps nothing. Once more reports arrive than an honest day brings, each needs a proof: that its
form had been open for a while (a sealed moment in a cookie, which needs no script), or that his browser has done some work
(`work.js` does it unasked). Each way has a number of its own in an hour, so that a flood by one leaves the others free. A
phone that is known here opens nothing: the answer would tell who is a customer.
"""

import base64
import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

import altcha
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from aftersales.models import over_rates, window_left
from aftersales.problems import R, Refusal

HOUR = dt.timedelta(hours=1)
PER_ADDRESS, PER_PHONE = 30, 6  # reports an hour: an office, a fleet's driver
#: reports an hour in all: of anybody, of whose form was open for a while, of whose browser has worked
OPEN_IN_ALL, WAITED_IN_ALL, WORKED_IN_ALL = 300, 200, 1000
PER_PROOF = 3  # reports with the same proof
PATIENCE, FORM_LIVES = dt.timedelta(seconds=15), dt.timedelta(hours=12)  # nobody describes a fault in less
COOKIE, SALT = "form", "repairs.gate.form"
HEADER, WORK, WORK_LIVES = (
    "Work",
    20_000,
    dt.timedelta(minutes=30),
)  # numbers tried at most: a moment on a telephone


class TooMany(Refusal):
    """More requests than an honest customer makes; counted in windows of `per`, so `at` says how long to wait."""

    status = 429

    def __init__(self, *args: Any, per: dt.timedelta, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.retry_after = window_left(per, at)


class Crowded(TooMany):
    """Too many reports in all: whoever proves that he is a person at a form comes through."""

    def tell_when(self, response: R) -> R:
        response.headers[HEADER] = task(1)
        return super().tell_when(response)


class Lane(NamedTuple):
    """One way through the gate: its bucket and limit, and the bucket of the proof."""

    name: str
    limit: int
    proof: str = ""

    @property
    def buckets(self) -> dict[str, int]:
        return {self.name: self.limit} | ({f"proof:{self.proof}": PER_PROOF} if self.proof else {})


def address_of(request: Any) -> str:
    """The caller's address; proxies are counted from the right (settings.TRUSTED_PROXIES)."""
    hops = [h.strip() for h in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if h.strip()]
    trusted = getattr(settings, "TRUSTED_PROXIES", 0)
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")


def let_in(request: Any, phone: str, at: dt.datetime) -> None:
    """Count this report; refuse when the address or the phone has had too many in this hour, or no way is left."""
    near = {f"report:{address_of(request)}": PER_ADDRESS, f"report:{phone_key(phone)}": PER_PHONE}
    for lane in lanes(request):
        over = over_rates(near | lane.buckets, HOUR, at)
        if over & set(near):
            raise TooMany(
                _("Too many reports came from here within an hour. Please call our hotline 0523-89798888."),
                "3.1", per=HOUR, at=at,
            )  # fmt: skip
        if not over:
            return
        near = {}  # counted once
    raise Crowded(
        _("Very many reports arrive at the moment. Please send again in half a minute, or call our hotline 0523-89798888."),
        "3.1", per=HOUR, at=at,
    )  # fmt: skip


def lanes(request: Any) -> Iterator[Lane]:
    """The ways that are open to this request, the widest first; the open one is closed in a rush."""
    if not getattr(request, "rush", False):
        yield Lane("report", OPEN_IN_ALL)
    if waited := form_of(request):
        yield Lane("report:waited", WAITED_IN_ALL, waited)
    if worked := work_of(request):
        yield Lane("report:worked", WORKED_IN_ALL, worked)


def phone_key(phone: str) -> str:
    """A bucket's name must not hold personal data: a keyed digest stands for the number."""
    return hashlib.sha256(f"{settings.SECRET_KEY}{phone}".encode()).hexdigest()[:24]


# --- a form that was open for a while
def open_form(response: Any) -> None:
    """The moment at which a form was shown goes along with it, sealed."""
    value = signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(9))
    response.set_cookie(
        COOKIE, value, path="/report/", httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def form_of(request: Any) -> str:
    """The form's own mark if it was opened long enough ago, else ""."""
    sealed, brought = signing.TimestampSigner(salt=SALT), request.COOKIES.get(COOKIE, "")
    try:
        mark = sealed.unsign(brought, max_age=FORM_LIVES)
    except signing.BadSignature:
        return ""
    try:
        sealed.unsign(brought, max_age=PATIENCE)
    except signing.SignatureExpired:
        return mark
    return ""


# --- work that a browser has done
def _key() -> str:
    return salted_hmac("repairs.gate.work", "").hexdigest()


def task(rush: float) -> str:
    """Work for a browser, the more the larger the rush: JSON in Base64, for the header that `work.js` reads."""
    most = int(WORK * min(max(rush, 1), 10))
    ends = timezone.now() + WORK_LIVES  # not the database's: in a rush it is asked nothing
    made = altcha.create_challenge(altcha.ChallengeOptions(max_number=most, hmac_key=_key(), expires=ends))
    asked = {name.lower(): value for name, value in made.to_dict().items()}
    return base64.b64encode(json.dumps(asked).encode()).decode()


def work_of(request: Any) -> str:
    """The mark of the work that this request brings done, else ""; nothing that it holds is trusted but its seal."""
    brought = request.headers.get(HEADER, "")[:1000]
    try:
        is_done, _why = altcha.verify_solution(brought, _key()) if brought else (False, None)
        return _mark(brought) if is_done else ""
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
        return ""


def _mark(brought: str) -> str:
    return str(json.loads(base64.b64decode(brought))["challenge"])[:32]

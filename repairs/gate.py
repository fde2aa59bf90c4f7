"""The gate of the public site: limits against floods, asked before a number is drawn (domain 2; A01)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.models import window_left, within_rates
from aftersales.problems import Refusal

HOUR = dt.timedelta(hours=1)
PER_ADDRESS, PER_PHONE, IN_ALL = 30, 6, 600  # reports an hour: an office, a fleet's driver, a bad day


class TooMany(Refusal):
    """More requests than an honest customer makes; counted in windows of `per`, so `at` says how long to wait."""

    status = 429

    def __init__(self, *args: Any, per: dt.timedelta, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.retry_after = window_left(per, at)


def address_of(request: Any) -> str:
    """The caller's address; proxies are counted from the right (settings.TRUSTED_PROXIES)."""
    from django.conf import settings

    hops = [h.strip() for h in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if h.strip()]
    trusted = getattr(settings, "TRUSTED_PROXIES", 0)
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")


def let_in(request: Any, phone: str, at: dt.datetime) -> None:
    """Count this report; refuse when the address, the phone or the whole site has had too many in this hour."""
    limits = {
        f"report:{address_of(request)}": PER_ADDRESS,
        f"report:{phone_key(phone)}": PER_PHONE,
        "report": IN_ALL,
    }
    if not within_rates(limits, HOUR, at):
        raise TooMany(
            _("Too many reports came from here within an hour. Please call our hotline 0523-89798888."),
            "3.1",
            per=HOUR,
            at=at,
        )


def phone_key(phone: str) -> str:
    """A bucket's name must not hold personal data: a keyed digest stands for the number."""
    import hashlib

    from django.conf import settings

    return hashlib.sha256(f"{settings.SECRET_KEY}{phone}".encode()).hexdigest()[:24]

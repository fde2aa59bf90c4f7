"""A customer's private link: HMAC(key, ticket, version). Only the version is stored; raising it revokes the link."""

import base64
import binascii
import hashlib
import hmac

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import DutyShift
from sales.models import ErasureRequest

from .models import Ticket

SIZE = 20  # bytes of the seal: 160 bits


def _seal(pk: int, version: int) -> bytes:
    words = f"private-link:{pk}:{version}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).digest()[:SIZE]


def token(ticket: Ticket) -> str:
    """The secret part of `/t/<token>/`."""
    raw = ticket.pk.to_bytes(6, "big") + _seal(ticket.pk, ticket.private_version)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def private_url(ticket: Ticket) -> str:
    return reverse("public:private", args=[token(ticket)])


def opened() -> QuerySet[Ticket]:
    """Reports as their page shows them, each with `duty_mobile` (to which the hotline is forwarded now, 3.1) and the request
    to erase its customer that is under way (`erasure_asked`, `erasure_proposed`): one statement."""
    duty = DutyShift.objects.filter(
        kind=DutyShift.Kind.HOTLINE, begins_at__lte=Now(), ends_at__gt=Now(), user__is_active=True
    )
    erasure = ErasureRequest.objects.filter(customer=OuterRef("customer"), done_at=None)
    return Ticket.objects.select_related("contact", "words", "engineer", "vehicle").annotate(
        duty_mobile=Subquery(duty.order_by("-begins_at").values("mobile")[:1]),
        erasure_asked=Subquery(erasure.values("opened_at")[:1]),
        erasure_proposed=Subquery(erasure.values("proposed_at")[:1]),
    )


def was_erased(text: str) -> bool:
    """Whether this was the link of a report whose personal data was erased since (PIPL 47): the page says so."""
    raw = _raw(text)
    if raw is None:
        return False
    ticket = Ticket.objects.filter(pk=int.from_bytes(raw[:6], "big"), words__erased_at__isnull=False).first()
    versions = range(1, ticket.private_version) if ticket else range(1)
    fits = [
        hmac.compare_digest(_seal(int.from_bytes(raw[:6], "big"), version), raw[6:]) for version in versions
    ]
    return ticket is not None and any(fits)


def _raw(text: str) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 6 + SIZE else None


def ticket_of(text: str) -> Ticket | None:
    """The ticket that a token opens, or None; compared in constant time."""
    raw = _raw(text)
    if raw is None:
        return None
    ticket = opened().filter(pk=int.from_bytes(raw[:6], "big")).first()
    version = ticket.private_version if ticket else 0
    sealed = _seal(int.from_bytes(raw[:6], "big"), version)
    return ticket if hmac.compare_digest(sealed, raw[6:]) and ticket else None

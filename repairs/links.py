"""A customer's private link: HMAC(key, ticket, version). Only the version is stored; raising it revokes the link."""

import base64
import binascii
import hashlib
import hmac

from django.conf import settings
from django.urls import reverse

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


def ticket_of(text: str) -> Ticket | None:
    """The ticket that a token opens, or None; compared in constant time."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 6 + SIZE:
        return None
    ticket = (
        Ticket.objects.select_related("contact", "words", "engineer", "vehicle")
        .filter(pk=int.from_bytes(raw[:6], "big"))
        .first()
    )
    version = ticket.private_version if ticket else 0
    sealed = _seal(int.from_bytes(raw[:6], "big"), version)
    return ticket if hmac.compare_digest(sealed, raw[6:]) and ticket else None

"""What allauth asks of the portal: who may come in, how often one may try, what a code looks like."""

import datetime as dt
import hashlib
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.models import within_rate

QUARTER = dt.timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS, PER_CODE = 8, 60, 8  # tries in a quarter of an hour
TOO_MANY = _("Too many attempts. Please wait a quarter of an hour, or ask an administrator.")


def address_of(request: HttpRequest) -> str:
    """The client's address, counted from the right behind our own proxies."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    return hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")


def let_try(name: str, limit: int) -> None:
    """Count a try in the database; refuse one too many. The same answer whether the account exists or not."""
    if not within_rate(name, limit, QUARTER, timezone.now()):
        raise ValidationError(TOO_MANY, code="too_many_attempts")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; tries are counted per account and per address; people come in speaking their language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        account = str(credentials.get("username", "")).strip().lower()
        let_try(f"sign-in:address:{address_of(request)}", PER_ADDRESS)
        let_try(f"sign-in:account:{hashlib.sha256(account.encode()).hexdigest()[:32]}", PER_ACCOUNT)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        speak(response, user.language)
        return response

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What was changed stands in the audit trail; mail goes through the outbox only."""


def speak(response: HttpResponse, language: str) -> None:
    """Keep a person's language in the browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY, samesite="Lax",
    )  # fmt: skip


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted by Django's signer key; the picture is drawn by segno; no mail."""

    def get_totp_label(self, user: Any) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        return segno.make(url, error="m").svg_inline(scale=5, border=2)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """As above."""

"""What allauth asks of the portal: who may come in, how often one may try, what a code looks like."""

import base64
import datetime as dt
import hashlib
import io
import time
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.models import RateBucket, within_rate

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


def give_back(name: str) -> None:
    """A try that succeeded does not count."""
    newest = RateBucket.objects.filter(name=name).order_by("-window").values("pk")[:1]
    RateBucket.objects.filter(pk__in=newest, used__gt=0).update(used=F("used") - 1)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; tries are counted per account and per address; people come in speaking their language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        account = str(credentials.get("username", "")).strip().lower()
        digest = hashlib.sha256(account.encode()).hexdigest()[:32]
        self.tried = (f"sign-in:address:{address_of(request)}", f"sign-in:account:{digest}")
        let_try(self.tried[0], PER_ADDRESS)
        let_try(self.tried[1], PER_ACCOUNT)

    def _rollback_login_failed_rl_usage(self) -> None:
        for name in self.tried:
            give_back(name)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked for his password again."""
        began = context.request.session.get("began", 0)
        return time.time() - began > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

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


def sealer() -> MultiFernet:
    """Second factors are kept encrypted; an older SECRET_KEY in SECRET_KEY_FALLBACKS still opens them."""
    keys = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    digests = (hashlib.sha256(f"second factor {key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are encrypted, the picture is drawn by segno, nothing is mailed."""

    def encrypt(self, text: str) -> str:
        return sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealer().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", xmldecl=False, scale=5, border=2, light="white")
        return picture.getvalue().decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """As above."""

"""What allauth and Django tell about signing in: written into the audit trail; a new second factor ends other sessions."""

import time
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone

from .models import User
from .services import audit


@receiver(user_logged_in)
def signed_in(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    request.session["began"] = request.session["seen"] = int(time.time())
    audit("signed_in", by=user, at=timezone.now(), subject=user)


@receiver(user_logged_out)
def signed_out(sender: Any, request: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit("signed_out", by=user, at=timezone.now(), subject=user)


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Only for accounts that exist: what else was typed into the field may be a password."""
    user = User.objects.filter(username=str(credentials.get("username", "")).strip().lower()).first()
    if user is not None:
        audit("sign_in_failed", by=None, at=timezone.now(), subject=user)


@receiver(password_changed)
def password_was_changed(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    audit("password_changed", by=user, at=timezone.now(), subject=user)


@receiver(authenticator_added)
def second_factor_added(sender: Any, request: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    audit("second_factor.added", by=user, at=timezone.now(), subject=user, kind=authenticator.type)
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
    user.refresh_from_db()
    update_session_auth_hash(request, user)


@receiver(authenticator_removed)
def second_factor_removed(sender: Any, request: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    audit("second_factor.removed", by=user, at=timezone.now(), subject=user, kind=authenticator.type)

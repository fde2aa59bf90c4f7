"""Accounts: opened, closed, opened again (H01). Rights are another matter: `appointments.py`."""

import datetime as dt
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry, Refusal

from ..access import demand
from ..models import ApiToken, User
from .records import audit

ACTION = "user.create_disable"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another on paper


def new_password() -> str:
    """Sixteen letters in four groups, to be read out or written down once."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(4))


@transaction.atomic
def open_account(username: str, *, by: User, at: dt.datetime, **facts: Any) -> tuple[User, str]:
    """A person without any right yet, and the first password, shown once."""
    demand(by, ACTION)
    password = new_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, password, **facts)
    except IntegrityError as error:
        raise BadEntry(
            _("Somebody already has this username or e-mail address."), field="username"
        ) from error
    audit("user.opened", by=by, at=at, subject=user)
    return user, password


@transaction.atomic
def close_account(user: User, *, by: User, at: dt.datetime) -> None:
    """Out at once: no session and no API key of his works any more."""
    demand(by, ACTION)
    if user.pk == by.pk:
        raise Refusal(_("You cannot close your own account."))
    User.objects.filter(pk=user.pk).update(is_active=False, session_version=F("session_version") + 1)
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    audit("user.closed", by=by, at=at, subject=user)
    user.refresh_from_db()


@transaction.atomic
def reopen_account(user: User, *, by: User, at: dt.datetime) -> None:
    """He may sign in again; old sessions and keys stay dead."""
    demand(by, ACTION)
    User.objects.filter(pk=user.pk).update(is_active=True)
    audit("user.reopened", by=by, at=at, subject=user)
    user.refresh_from_db()


@transaction.atomic
def renew_password(user: User, *, by: User, at: dt.datetime) -> str:
    """A new first password, shown once; his sessions end. The second factor stays, so nobody comes in by this alone."""
    demand(by, ACTION)
    if user.pk == by.pk:
        raise Refusal(_("Change your own password on your profile."))
    password = new_password()
    user.set_password(password)
    user.session_version += 1
    user.save(update_fields=["password", "session_version"])
    audit("user.password_renewed", by=by, at=at, subject=user)
    return password


OWN_FACTS = ("name", "email", "mobile", "language")


@transaction.atomic
def edit_profile(user: User, *, by: User, at: dt.datetime, **facts: Any) -> None:
    """What a person says of himself (H10)."""
    demand(by, "own.profile_and_2fa", user)
    changed = [name for name in facts if getattr(user, name) != facts[name]]
    for name in changed:
        setattr(user, name, facts[name])
    if changed:
        user.save(update_fields=changed)
        audit("user.profile_edited", by=by, at=at, subject=user, fields=changed)

"""Keys of the API: made for a person, shown once, kept as a digest."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction

from ..access import demand
from ..models import ApiToken, User
from .records import audit

LIFE = dt.timedelta(days=365)
USE_NOTED_EVERY = dt.timedelta(minutes=5)
SIGN = "fy_"


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue_token(
    user: User, name: str, *, by: User, at: dt.datetime, life: dt.timedelta = LIFE
) -> tuple[ApiToken, str]:
    """Make a key for `user`; answers it and its text, which is shown now and never again (H13)."""
    demand(user, "api_token.own")
    key = SIGN + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, prefix=key[:8], digest=digest_of(key), created_at=at, expires_at=at + life
    )
    audit("api_token.issued", by=by, at=at, subject=token, name=name)
    return token, key


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: dt.datetime) -> None:
    """Take the key back; twice is once."""
    demand(by, "api_token.own", token)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        audit("api_token.revoked", by=by, at=at, subject=token)


def owner_of(key: str, *, at: dt.datetime) -> ApiToken | None:
    """The valid key with this text, its `user` loaded with what he holds; None when unknown, expired, revoked or closed."""
    token = ApiToken.objects.filter(digest=digest_of(key), revoked_at=None, expires_at__gt=at).first()
    user = User.objects.load(token.user_id) if token else None
    if token is None or user is None or not user.is_active or not may_use(user):
        return None
    token.user = user
    if token.last_used_at is None or at - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token


def may_use(user: User) -> bool:
    return user.cell("api_token.own") != "-"

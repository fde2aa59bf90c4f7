"""Second factors."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from ..models import User


@transaction.atomic
def enrol_totp(user: User, secret: str) -> Authenticator:
    """Give `user` a second factor with a known secret (base32): for the demonstration company and tests."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    authenticator = TOTP.activate(user, secret).instance
    user.forget()
    return authenticator

"""Second factors: a code works once, and setting one up ends the other sessions."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare

from ..models import User


@transaction.atomic
def enrol_totp(user: User, secret: str) -> Authenticator:
    """Give `user` a second factor with a known secret (base32): for the demonstration company and tests."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    authenticator = TOTP.activate(user, secret).instance
    user.forget()
    return authenticator


@transaction.atomic
def spend_code(user: User, code: str) -> Authenticator | None:
    """Whose code this is (app or recovery code), now spent for good; None when it is wrong or was used before."""
    for row in Authenticator.objects.select_for_update().filter(user=user).order_by("-type"):
        if row.type == Authenticator.Type.TOTP:
            step = _step_of(decrypt(row.data["secret"]), code, after=row.data.get("spent", 0))
            if step is not None:
                row.data["spent"] = step
                row.save(update_fields=["data"])
                return row
        elif row.type == Authenticator.Type.RECOVERY_CODES and row.wrap().validate_code(code):
            return row
    return None


def _step_of(secret: str, code: str, after: int) -> int | None:
    given = "".join(code.split())
    for step in yield_hotp_counters_from_time():
        if step > after and constant_time_compare(given, format_hotp_value(hotp_value(secret, step))):
            return step
    return None

"""Who signs or pays shows once more that it is he: his password, or the code of his second factor (reliability, “Web”)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from aftersales.models import within_rate
from aftersales.problems import BadEntry

from ..models import User
from .security import spend_code

TRIES, WINDOW = 10, dt.timedelta(minutes=15)


def prove(user: User, secret: str, at: dt.datetime, clause: str = "") -> None:
    """Raise `BadEntry` at the field `secret` unless it is this person's password or a code not used before."""
    if not within_rate(f"prove:{user.pk}", TRIES, WINDOW, at):
        raise BadEntry(_("Too many wrong tries. Please wait a quarter of an hour."), clause, "secret")
    if user.check_password(secret) or spend_code(user, secret) is not None:
        return
    raise BadEntry(
        _("This is neither your password nor a fresh code of your second factor."), clause, "secret"
    )

"""One person per role, as the walk over all addresses needs them; who must has a second factor."""

from accounts.models import User
from accounts.rules import STAFF
from accounts.services import enrol_totp
from tests import build

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERSONAS = (*STAFF, "CS_HEAD", "MGR_ENG", "CLOSED")


def person(code: str) -> User:
    """CS_HEAD is head of customer service, MGR_ENG holds two roles, CLOSED was an engineer whose account is closed."""
    if code == "CS_HEAD":
        user = build.person("CS", head=True)
    elif code == "CLOSED":
        user = build.person("ENG")
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        user = build.person(*code.split("_"))
    if user.needs_second_factor:
        enrol_totp(user, SECRET)
    return User.objects.get(pk=user.pk)

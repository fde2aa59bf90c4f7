"""What people do about people: each one act, all of it or none."""

from .records import audit
from .security import enrol_totp
from .tokens import issue_token, owner_of, revoke_token

__all__ = ["audit", "enrol_totp", "issue_token", "owner_of", "revoke_token"]

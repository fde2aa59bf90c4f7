"""What people type about people."""

from .people import AccountForm, EndForm, GrantForm, PostingForm, ResetForm
from .profile import AbsenceForm, ProfileForm, TokenForm
from .roster import ShiftForm
from .signing_in import AuthenticateForm, LoginForm, ReauthenticateForm

__all__ = [
    "AbsenceForm", "AccountForm", "AuthenticateForm", "EndForm", "GrantForm", "LoginForm", "PostingForm", "ProfileForm",
    "ReauthenticateForm", "ResetForm", "ShiftForm", "TokenForm",
]  # fmt: skip

"""What people do about people: each one act, all of it or none."""

from .appointments import end, propose_grant, propose_posting, second, withdraw
from .duty import end_absence, enter_absence, put_on_roster, repeat_week, take_off_roster
from .founding import found
from .people import close_account, edit_profile, open_account, renew_password, reopen_account
from .records import audit
from .resets import ask_reset, reset_on_the_server, second_reset, withdraw_reset
from .security import enrol_totp, spend_code
from .tokens import issue_token, owner_of, revoke_token

__all__ = [
    "ask_reset", "audit", "close_account", "edit_profile", "end", "end_absence", "enrol_totp", "enter_absence", "found",
    "issue_token", "open_account", "owner_of", "propose_grant", "propose_posting", "put_on_roster", "renew_password",
    "reopen_account", "repeat_week", "reset_on_the_server", "revoke_token", "second", "second_reset", "spend_code",
    "take_off_roster", "withdraw", "withdraw_reset",
]  # fmt: skip

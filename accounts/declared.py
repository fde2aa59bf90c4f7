"""Which action a view declared: by its mark, or for views that are not ours by the name of their address."""

from typing import Any

from .grants import ACTIONS

SELF = ("own.security",)
FOREIGN: dict[str, tuple[str, ...]] = {
    "account_login": ("own.sign_in",),
    "account_inactive": ("own.sign_in",),
    "mfa_authenticate": ("own.sign_in",),
    "account_logout": SELF,
    "account_change_password": SELF,
    "account_reauthenticate": SELF,
    "mfa_index": SELF,
    "mfa_reauthenticate": SELF,
    "mfa_activate_totp": SELF,
    "mfa_deactivate_totp": SELF,
    "mfa_view_recovery_codes": SELF,
    "mfa_generate_recovery_codes": SELF,
    "mfa_download_recovery_codes": SELF,
    "set_language": ("language.switch",),
}
PUBLIC_FOREIGN = {"own.sign_in", "language.switch"}
WITHOUT_SECOND_FACTOR = {
    "own.security",
    "own.sign_in",
    "language.switch",
    "public.page",
    "machine.health",
    "machine.metrics",
}


def of(view: Any, name: str) -> tuple[tuple[str, ...], bool]:
    """The view's actions (none: undeclared) and whether visitors may come."""
    if name in FOREIGN:
        return FOREIGN[name], FOREIGN[name][0] in PUBLIC_FOREIGN
    for carrier in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if getattr(carrier, "asks", None):
            return tuple(carrier.asks), bool(getattr(carrier, "public", False))  # type: ignore[union-attr]
    return (), False


def for_visitors(actions: tuple[str, ...]) -> bool:
    """Whether ANON, or CUST with the link that the view itself checks, has any of them."""
    return any(
        ACTIONS[a].cells["ANON"] != "-" or ACTIONS[a].cells["CUST"] != "-" for a in actions if a in ACTIONS
    )


def open_without_second_factor(actions: tuple[str, ...]) -> bool:
    return bool(WITHOUT_SECOND_FACTOR & set(actions))

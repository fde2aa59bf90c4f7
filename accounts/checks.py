"""`manage.py check`: every address has declared its action, and the policy knows it."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from . import declared
from .addresses import Address, addresses
from .grants import ACTIONS


@register()
def every_view_declares_its_action(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [error for address in addresses() for error in faults(address)]


def faults(address: Address) -> list[CheckMessage]:
    actions, _public = declared.of(address.view, address.name)
    if not actions:
        hint = "Mark the view with @action(…) or @public(…) from accounts.access."
        return [
            Error(
                f"/{address.route} declares no action; it answers 403 to everybody.", hint, id="accounts.E001"
            )
        ]
    unknown = [name for name in actions if name not in ACTIONS]
    return [
        Error(f"/{address.route} declares {name!r}, which is not in permissions.csv.", id="accounts.E002")
        for name in unknown
    ]

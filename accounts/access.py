"""Denied by default: every view names its action, and the policy answers for each person and object.

`may` answers, `demand` refuses with a sentence, `@action` and `@public` declare. Middleware: `gate.py`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from aftersales.problems import Refusal

from .grants import cell

V = TypeVar("V", bound=Callable[..., Any])


class Denied(Refusal, PermissionDenied):
    """The policy gives this person no right to do this, or not to this object."""

    status = 403


def may(user: Any, action: str, obj: Any = None) -> bool:
    """Whether `user` may do `action`: to `obj`, or (without one) to anything at all.

    O asks the object: `obj.is_own(user, action)`. Where C stands, the service asks the rule of separation.
    """
    letter = letter_for(user, action)
    if letter == "O" and obj is not None:
        return bool(obj.is_own(user, action))
    return letter != "-"


def letter_for(user: Any, action: str) -> str:
    """The cell that counts for this person; a visitor has the visitor's."""
    if not getattr(user, "is_authenticated", False):
        return cell(action, ["ANON"])
    return user.cell(action)


def demand(user: Any, action: str, obj: Any = None) -> None:
    """Raise `Denied` unless `user` may do `action`."""
    if not may(user, action, obj):
        raise Denied(_("You may not do this."))


def holds(action: str) -> Callable[[Any], bool]:
    """Whether a person may do this to anything at all, as a question to ask later."""
    return lambda user: may(user, action)


def action(*names: str) -> Callable[[V], V]:
    """Declare a view's action; of several any one opens it. Undeclared views answer 403 and fail E001."""

    def declare(view: V) -> V:
        view.asks = names  # type: ignore[attr-defined]  # a mark on the view, read by the gate (`actions` is DRF’s own)
        return view

    return declare


def public(*names: str) -> Callable[[V], V]:
    """Declare a page for visitors: open to ANON, and to CUST, whose link the view checks itself."""

    def declare(view: V) -> V:
        view.asks, view.public = names, True  # type: ignore[attr-defined]  # as above
        return view

    return declare

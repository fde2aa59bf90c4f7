"""What the last column of the policy asks of the person: headship or a named grant, per action and role.

What it asks of the object is asked where the object is known: by its `is_own` and by the services.
"""

from collections.abc import Callable
from typing import Any

from aftersales.charter import Department as D


def head_of(department: D) -> Callable[[Any], bool]:
    return lambda user: department in user.heads()


def holder_of(kind: str) -> Callable[[Any], bool]:
    return lambda user: user.holds(kind)


CONDITIONS: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("ticket.reassign", "CS"): head_of(D.SERVICE),
    ("ticket.crew", "CS"): head_of(D.SERVICE),
    ("quote.approve", "ENG"): head_of(D.ENGINEERS),
    ("duty_roster.edit", "CS"): head_of(D.SERVICE),
    ("expense.approve_exception", "MGR"): holder_of("leader_approve"),
    ("trip.approve", "GA"): holder_of("vehicle_manager"),
    ("vehicle.fuel_log", "GA"): holder_of("vehicle_manager"),
    ("car.write", "GA"): holder_of("vehicle_manager"),
    ("delegation.finance_sign", "FINS"): head_of(D.FINANCE),
    ("lead.assign", "SALES"): head_of(D.SALES),
    ("commission.confirm", "SALES"): head_of(D.SALES),
}


def met(action: str, role: str, user: Any) -> bool:
    """Whether `user` meets what the policy asks of this role for this action."""
    ask = CONDITIONS.get((action, role))
    return ask is None or ask(user)

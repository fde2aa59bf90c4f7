"""What the last column of the policy narrows, where it can be asked of the person alone: (action, role) → test."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from aftersales.charter import Department

if TYPE_CHECKING:
    from .models import User

Test = Callable[["User"], bool]


def head_of(department: Department) -> Test:
    return lambda user: department in user.heads()


def holder(kind: str) -> Test:
    return lambda user: user.holds(kind)


NARROWED: dict[tuple[str, str], Test] = {
    ("ticket.reassign", "CS"): head_of(Department.SERVICE),
    ("ticket.crew", "CS"): head_of(Department.SERVICE),
    ("duty_roster.edit", "CS"): head_of(Department.SERVICE),
    ("expense.approve_exception", "MGR"): holder("leader_approve"),
    ("trip.approve", "GA"): holder("vehicle_manager"),
    ("vehicle.fuel_log", "GA"): holder("vehicle_manager"),
    ("car.write", "GA"): holder("vehicle_manager"),
    ("delegation.finance_sign", "FINS"): head_of(Department.FINANCE),
}


def roles_for(user: "User", action: str) -> set[str]:
    """The person's roles that may be asked for this action, after its narrowings."""
    return {role for role in user.roles if NARROWED.get((action, role), lambda _user: True)(user)}

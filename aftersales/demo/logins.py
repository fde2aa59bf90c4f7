"""One login per department, for the terminal and the banner of the demonstration."""

from .people import PASSWORD, STAFF


def lines() -> list[str]:
    """`department: username / password`, the heads of each department."""
    return [f"{str(role.department.label):<28} {role.username:<12} {PASSWORD}" for role in STAFF if role.head]

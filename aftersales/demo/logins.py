"""One login per department, and the leader who seconds the other, for the terminal of the demonstration."""

from aftersales.charter import Department

from .people import PASSWORD, STAFF, secret_of

#: what needs two persons is tried with these
SECOND_HANDS = ("leader2", "finance2", "finance3", "engineer2")
STRICT = {Department.FINANCE, Department.WAREHOUSE, Department.MANAGEMENT, Department.IT}


def lines(everybody: bool = False) -> list[str]:
    """`username / password`, department, and the key of the second factor where one is asked for."""
    found = []
    for role in STAFF:
        if everybody or role.head or role.username in SECOND_HANDS:
            factor = f"  second factor {secret_of(role.username)}" if role.department in STRICT else ""
            found.append(f"{role.username:<12} {PASSWORD}   {role.department.value}{factor}")
    return found

"""One login per department, and the leader who seconds the other, for the terminal of the demonstration."""

from aftersales.charter import Department

from .people import PASSWORD, STAFF, secret_of

STRICT = {Department.FINANCE, Department.WAREHOUSE, Department.MANAGEMENT, Department.IT}


def lines() -> list[str]:
    """`username / password`, department, and the key of the second factor where one is asked for."""
    found = []
    for role in STAFF:
        if role.head or role.username == "leader2":
            factor = f"  second factor {secret_of(role.username)}" if role.department in STRICT else ""
            found.append(f"{role.username:<12} {PASSWORD}   {role.department.value}{factor}")
    return found

"""What a ticket is told of its parts: whether some are undeclared, issued or still awaited (domain 2)."""

import datetime as dt
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest

from repairs.models import Ticket
from repairs.services.for_parts import service_from_parts

from ..models import Release, ReleaseLine
from ..rules import OldPart

MOST = 32_767  # what the ticket's field can say; whether it is 0 decides


def undeclared(ticket: Ticket) -> int:
    """Pieces taken along of which nobody has said used or unused, and used ones whose old part nobody has spoken of."""
    rows = ReleaseLine.objects.filter(release__ticket=ticket, opening=False)
    loans = rows.aggregate(n=Sum(F("issued") - F("used") - F("unused")))["n"] or 0
    unsaid = Greatest(F("used") - F("old_taken") - F("old_left"), 0)
    olds = rows.filter(old_part=OldPart.MUST).filter(Q(used__gt=F("old_taken") + F("old_left")))
    return loans + (olds.aggregate(n=Sum(unsaid))["n"] or 0)


def note_parts(
    ticket: Ticket | None, name: str, *, by: Any, at: dt.datetime, clause: str, release: Release, **data: Any
) -> None:
    """The act in the timeline, and the ticket's plain fields as they are now."""
    if ticket is None:
        return
    issued = Release.objects.filter(ticket=ticket, issued_any=True).exists()
    fields: dict[str, Any] = {"issued_or_paid": True} if issued else {}
    service_from_parts(
        ticket, name, by=by, at=at, clause=clause, data={"release": release.number, **data},
        undeclared_parts=min(undeclared(ticket), MOST), **fields,
    )  # fmt: skip

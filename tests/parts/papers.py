"""Sheets as the store's tests need them: signed and issued lines, without the road there (that is tests of its own)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from aftersales.models import next_number
from catalogue.models import Part
from parts.models import Release, ReleaseLine, Slip, SlipLine
from repairs.models import Ticket


def sheet(
    ticket: Ticket, part: Part, *, quantity: int = 2, issued: int = 0, at: dt.datetime, by: Any, **facts: Any
) -> Release:
    """A release with one line; of `issued` pieces a slip is written."""
    release = Release(
        number=next_number("LL", at), ticket=ticket, plan_type=ticket.plan_type, requester=by, engineer=by, basis="warranty",
        issued_any=issued > 0, signed_at=at if issued else None,
    )  # fmt: skip
    release.sign(by=by, at=at)
    release.save()
    line = ReleaseLine(
        release=release, position=1, part=part, quantity=quantity, unit_price=Decimal("100.01"),
        amount=Decimal("100.01") * quantity, issued=issued, used=issued,
        **({"charge": "awaiting", "old_part": "must"} | facts),
    )  # fmt: skip
    if issued:
        line.signed_at, line.signed_by, line.digest = at, by, "signed"
    line.save()
    if issued:
        slip = Slip(number=next_number("CK", at), kind="outbound", release=release)
        slip.sign(by=by, at=at)
        slip.save()
        SlipLine.objects.create(slip=slip, line=line, quantity=issued)
    return release

"""违章 WZ (8.4): administration enters the notice, the driver at the wheel bears half, the company the other half."""

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.models import next_number
from aftersales.money import is_amount, round_fen
from aftersales.problems import BadEntry
from notices.services import tell

from .. import events
from ..models import Car, Fine, Trip
from ..rules import halves

SERIES, CLAUSE = "WZ", "8.4"
#: characters of a notice's number, after one that stands for several has been written out
LONGEST = 40


def trip_of(car: Car, moment: dt.datetime) -> Trip | None:
    """The trip on which the car was at that moment: departed, and not back before."""
    rows = Trip.objects.filter(car=car, departed_at__lte=moment)
    return rows.filter(Q(returned_at=None) | Q(returned_at__gte=moment)).order_by("-departed_at").first()


@transaction.atomic
def enter(
    car: Car,
    *,
    happened_at: dt.datetime,
    offence: str,
    notice: str,
    amount: Decimal,
    by: Any,
    at: dt.datetime,
    place: str = "",
    driver: Any = None,
) -> Fine:
    """Enter a notice (E05). The trip tells who drove; without one `driver` says it. The odd fen is the company's.

    Raises `BadEntry` at `amount`, `happened_at`, `notice` (known already) or `driver` (nobody was on a trip).
    """
    demand(by, "violation.log")
    if not is_amount(amount):
        raise BadEntry(_("An amount in yuan, more than 0.00, with two decimals at most."), CLAUSE, "amount")
    if happened_at > at:
        raise BadEntry(
            _("This time lies in the future; enter when it really happened."), CLAUSE, "happened_at"
        )
    trip = trip_of(car, happened_at)
    who = trip.driver if trip is not None else driver
    if who is None:
        raise BadEntry(_("No trip had this car then; say who drove it."), CLAUSE, "driver")
    drawn = next_number(SERIES, at)  # first: two clerks with the same notice take turns here
    known = _notice(notice)
    own, company = halves(round_fen(amount))
    row = Fine(
        number=drawn, car=car, trip=trip, driver=who, happened_at=happened_at, place=place, offence=offence,
        notice=known, amount=round_fen(amount), driver_half=own, company_half=company,
    )  # fmt: skip
    row.sign(by=by, at=at, why="enter")
    row.save()
    events.fine_entered.send(Fine, fine=row, at=at, by=by)
    tell(
        [who.pk], at=at, event_key=f"{row.number}:entered", kind="trip", url=row.get_absolute_url(),
        title=_("Fine {number} of {amount} yuan: half of it is yours (8.4)."),
        params={"number": row.number, "amount": str(row.amount)},
    )  # fmt: skip
    return row


def _notice(text: str) -> str:
    """The number of the notice, the same however it is typed, also in full width; each is entered once."""
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not number or len(number) > LONGEST:
        raise BadEntry(_("The notice has a number; please enter it."), CLAUSE, "notice")
    if Fine.objects.filter(notice=number).exists():
        raise BadEntry(_("This notice has been entered already."), CLAUSE, "notice")
    return number

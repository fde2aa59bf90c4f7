"""Pure decisions about purchase leads, without tables: until when one lives, which one a sale follows (4.2, domain 10, 11)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from aftersales.limits import local_day
from aftersales.money import round_fen
from catalogue.rules import add_months


@dataclass(frozen=True)
class Registered:
    """What decides between leads: when it arrived, its last day, its place in the order of entry, whether a sale used it up."""

    id: int
    at: dt.datetime
    last_day: dt.date
    is_used: bool = False


def last_day(registered_at: dt.datetime, months: int) -> dt.date:
    """The last day on which a lead counts: the same date so many months later; of 29 February the 28th."""
    return add_months(local_day(registered_at), months)


def lives(lead: Registered, day: dt.date, recorded_at: dt.datetime) -> bool:
    """Alive on the day of the sale: registered by then and before the sale was written down, not lapsed, not used up. That
    sales gave it up changes nothing: else giving up would be cheaper than the fee."""
    in_time = local_day(lead.at) <= day <= lead.last_day and lead.at < recorded_at
    return in_time and not lead.is_used


def earliest(leads: Iterable[Registered], day: dt.date, recorded_at: dt.datetime) -> Registered | None:
    """The first registrant wins, ties by entry."""
    alive = [lead for lead in leads if lives(lead, day, recorded_at)]
    return min(alive, key=lambda lead: (lead.at, lead.id), default=None)


def fee_of(commission: Decimal, share: Decimal) -> Decimal:
    """Yuan: the informant's part of the commission, half a fen up."""
    return round_fen(commission * share)

"""What every act on a lead needs: the row under its lock, the hand in its history, when somebody must go on."""

import datetime as dt
from typing import Any

from accounts.selectors import members
from aftersales.charter import Department, Fact
from aftersales.limits import WorkingDays, day_end, local_day
from aftersales.paperwork import keep
from deadlines import calendar
from deadlines import services as deadlines
from notices.services import tell
from policy import figures

from ..identity import living
from ..models import Lead

CLAUSE = "4.2"


def locked(lead: Lead) -> Lead:
    """The lead under its lock, as it is now."""
    return Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)


def held_of(lead: Lead) -> Lead:
    """The same to write down more of its customer: not of one who was erased (PIPL 47). He is locked first, as by a merge."""
    living(lead.customer, CLAUSE)
    return locked(lead)


def keep_lead(lead: Lead, name: str, *, by: Any, at: dt.datetime, fact: str = "") -> Lead:
    """Save it with the hand, and tell the clock."""
    keep(lead, name, by=by, at=at)
    if fact:
        deadlines.record(fact, lead, at=at, by=by)
    return lead


def next_due(at: dt.datetime, next_on: dt.date | None = None) -> dt.datetime:
    """When the next word is due: the end of the day that was agreed, else of the working days of the figure."""
    if next_on is not None:
        return day_end(next_on)
    days = int(figures.value("lead_follow_days", local_day(at)))
    return WorkingDays(days).due(at, calendar.current())[0]


def tell_of(lead: Lead, people: Any, key: str, title: Any, *, at: dt.datetime, **params: Any) -> None:
    """Words about a lead: its number and never the customer's name."""
    tell(
        [person for person in people if person], at=at, event_key=f"{lead.number}:{key}", kind="notice",
        url=lead.get_absolute_url(), title=title, params={"number": lead.number, **params},
    )  # fmt: skip


def sellers() -> list[Any]:
    """The salespeople of today."""
    return list(members(Department.SALES))


MOVED, REGISTERED, ENDED = Fact.LEAD_MOVED, Fact.LEAD_REGISTERED, Fact.LEAD_ENDED

"""Which step of a ticket its customer hears of, and what of before it makes untrue."""

import datetime as dt

from aftersales.models import SHANGHAI

from ..flow import PlanType
from ..models import Channel, Ticket
from .table import EVENTS, VISIT
from .writing import overtake, tell_customer

#: a charge holds also once the report is closed
FOR_GOOD = ("judgement",)
#: step → what has not gone out yet and must not any more
OVERTAKEN: dict[str, tuple[str, ...]] = {
    "reassign": ("taken_up", "engineer", "consent", *VISIT),
    **dict.fromkeys(("send_back", "reopen"), ("completed", "engineer", "consent", *VISIT)),
    "reach": ("taken_up", "engineer"),
    "plan": ("taken_up", "engineer", "consent", *VISIT),
    "replan": ("consent", *VISIT),
    "begin": ("taken_up", "engineer", "consent", *VISIT),
    "complete": ("taken_up", "engineer", "consent", "parcel", "quotation", *VISIT),
    **dict.fromkeys(("close", "close_unreached"), tuple(event for event in EVENTS if event not in FOR_GOOD)),
    "cancel": tuple(EVENTS),
    "merge": tuple(EVENTS),
}
NAMED = ("hand_over", "reassign", "send_back", "reopen")
TOLD = {"complete": "completed", "cancel": "ended", "merge": "merged"}
REMINDED_AT = dt.time(17)


def follow(ticket: Ticket, step: str, *, at: dt.datetime) -> None:
    """The ticket took a step."""
    if step in OVERTAKEN:
        overtake(ticket, OVERTAKEN[step], by=step)
    if step in NAMED:
        tell_customer(ticket, "engineer", key=ticket.turn, at=at)
    elif step in TOLD:
        tell_customer(ticket, TOLD[step], key=ticket.round, at=at)
    elif step == "accept" and ticket.channel == Channel.WEB:
        tell_customer(ticket, "taken_up", at=at)
    elif step == "plan":
        _planned(ticket, at)


def _planned(ticket: Ticket, at: dt.datetime) -> None:
    if ticket.plan_type == PlanType.SELF_INSTALL and not ticket.self_install_agreed:
        tell_customer(ticket, "consent", key=ticket.turn, at=at)
    if ticket.appointment_at is not None:
        appointed(ticket, at=at)


def appointed(ticket: Ticket, *, at: dt.datetime) -> None:
    """A visit was agreed, or agreed anew (4.4c): what was said of another time is dropped if it has not gone out."""
    moment = ticket.appointment_at
    if moment is None:
        return
    overtake(ticket, VISIT, by="appointment")
    key, when = f"{ticket.turn}:{moment:%y%m%d%H%M}", moment.isoformat()
    tell_customer(ticket, "appointment", key=key, at=at, when=when)
    eve = dt.datetime.combine(
        moment.astimezone(SHANGHAI).date() - dt.timedelta(days=1), REMINDED_AT, SHANGHAI
    )
    if eve > at:
        tell_customer(ticket, "day_before", key=key, at=at, not_before=eve, when=when)

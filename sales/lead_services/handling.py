"""Sales works on a lead: takes it, is given it, speaks with the customer, gives it up."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn

from ..lead_flow import LeadStage
from ..models import FollowUp, Lead, LostWhy
from .core import CLAUSE, ENDED, MOVED, REGISTERED, held_of, keep_lead, locked, next_due, tell_of

HANDLE = "purchase_intent.handle"


@transaction.atomic
def take(lead: Lead, *, by: Any, at: dt.datetime) -> Lead:
    """Whoever comes first has it."""
    demand(by, HANDLE, lead)
    held = held_of(lead)
    held.move("take", seller=by, taken_at=at)
    held.follow_up_at = next_due(at)
    tell_of(held, [held.registered_by_id], "taken", _("{seller} of sales follows up your lead {number} (4.2)."), at=at,
            seller=by.name)  # fmt: skip
    return keep_lead(held, "take", by=by, at=at, fact=MOVED)


@transaction.atomic
def assign(lead: Lead, *, seller: Any, reason: str, by: Any, at: dt.datetime) -> Lead:
    """The head of sales or a leader gives it to somebody (J134); one that was given up begins again."""
    demand(by, "lead.assign", lead)
    held = held_of(lead)
    if "SALES" not in seller.roles:
        raise BadEntry(_("Only somebody of sales follows up a lead."), CLAUSE, "seller")
    if held.seller_id == seller.pk and held.stage == LeadStage.TAKEN:
        raise BadEntry(_("{person} has it already."), CLAUSE, "seller", person=seller.name)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), CLAUSE, "reason")
    fact = REGISTERED if held.stage == LeadStage.LOST else MOVED
    before, held.follow_up_at = held.seller_id, next_due(at)
    held.move("assign", seller=seller, taken_at=at)
    FollowUp.objects.create(
        lead=held, how="", talked_at=at, said=reason.strip(), next_step=seller.name, at=at, by=by
    )
    tell_of(held, {seller.pk, before}, f"assigned:{held.revision}", _("Lead {number} is now {seller}'s (4.2)."), at=at,
            seller=seller.name)  # fmt: skip
    return keep_lead(held, "assign", by=by, at=at, fact=fact)


@transaction.atomic
def follow(
    lead: Lead, *, how: str, talked_at: dt.datetime, said: str, by: Any, at: dt.datetime, next_step: str = "",
    next_on: dt.date | None = None,
) -> Lead:  # fmt: skip
    """He spoke with the customer; the next step is due on its day, else in the working days of the figure."""
    demand(by, HANDLE, lead)
    held = held_of(lead)
    if held.stage != LeadStage.TAKEN or held.is_lapsed:
        raise OutOfTurn(
            _("This step cannot be taken at the stage “{stage}”."), CLAUSE, stage=held.stage_label()
        )
    if talked_at > at:
        raise BadEntry(_("This lies in the future."), CLAUSE, "talked_at")
    if next_on is not None and not local_day(at) <= next_on <= held.last_day:
        raise BadEntry(_("The next step lies between today and the lead's last day."), CLAUSE, "next_on")
    FollowUp.objects.create(
        lead=held, how=how, talked_at=talked_at, said=said, next_step=next_step, next_on=next_on, at=at, by=by
    )
    held.follow_up_at = next_due(at, next_on)
    return keep_lead(held, "follow", by=by, at=at, fact=MOVED)


@transaction.atomic
def lose(lead: Lead, *, why: str, note: str = "", by: Any, at: dt.datetime) -> Lead:
    """Nothing comes of it. Until it lapses it still decides about the fee of a sale: giving up does not save it."""
    demand(by, HANDLE, lead)
    held = held_of(lead) if note else locked(lead)
    held.move("lose", why=why)
    held.follow_up_at = None
    if note:
        FollowUp.objects.create(lead=held, how="", talked_at=at, said=note, at=at, by=by)
    tell_of(held, [held.registered_by_id], "lost", _("Your lead {number} was given up: {why} (4.2)."), at=at,
            why=LostWhy(why).label)  # fmt: skip
    return keep_lead(held, "lose", by=by, at=at, fact=ENDED)

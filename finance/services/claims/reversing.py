"""A paid claim is taken back as the ledger takes a row back: by opposite rows, proposed by one, carried out by another (C16)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.paperwork import keep
from aftersales.problems import OutOfTurn

from ...models import Claim, Reversal, Transfer
from .. import costing, ledger
from .deciding import held_for
from .paying import key_of
from .settling import settle_trip
from .telling import tell_people
from .writing import let_go

ACTION = "ledger.reverse"


def proposal_of(paper: Claim) -> Reversal | None:
    """The proposal that waits for its second person."""
    rows = Reversal.objects.filter(transfer__key=key_of(paper), done_at=None, dropped_at=None)
    return rows.select_related("proposed_by").first()


def done_of(paper: Claim) -> Reversal | None:
    """The reversal that was carried out: who, when and why."""
    rows = Reversal.objects.filter(transfer__key=key_of(paper), done_at__isnull=False)
    return rows.select_related("proposed_by", "seconded_by").first()


@transaction.atomic
def propose_reversal(paper: Claim, *, by: Any, at: dt.datetime, reason: str) -> Claim:
    """The first of the two says why (SD12); nothing moves yet."""
    held = held_for(paper, ACTION, by)
    if (stuck := held.why_not("take_back")) is not None:
        raise stuck
    ledger.propose_reversal(Transfer.objects.get(key=key_of(held)), by=by, at=at, reason=reason)
    keep(held, "propose_reversal", by=by, at=at)
    return held


@transaction.atomic
def take_back(paper: Claim, *, by: Any, at: dt.datetime) -> Claim:
    """The second carries it out: money and costs go back by opposite rows of the first open month, nights and meals are free."""
    held = held_for(paper, ACTION, by)
    proposal = _waiting(held)
    held.move("take_back")
    ledger.second_reversal(proposal, by=by, at=at)
    costing.take_back(held.number, at=at)
    keep(held, "take_back", by=by, at=at)
    let_go(held.lines.all(), by=by, at=at, why="take_back")
    sentence = _("{number} is taken back: {reason}. {amount} yuan are to be returned (8.2).")
    tell_people(held, [held.claimant_id], "taken_back", at, sentence, reason=proposal.reason)
    settle_trip(held.trip, by=by, at=at)
    return held


@transaction.atomic
def let_stand(paper: Claim, *, by: Any, at: dt.datetime) -> Claim:
    """The proposal falls; the claim stays paid."""
    held = held_for(paper, ACTION, by)
    ledger.drop_reversal(_waiting(held), by=by, at=at)
    keep(held, "let_stand", by=by, at=at)
    return held


def _waiting(paper: Claim) -> Reversal:
    proposal = proposal_of(paper)
    if proposal is None:
        raise OutOfTurn(_("Nobody has proposed to take this claim back."), "8.2")
    return proposal

"""Finance checks and strikes (C18), a leader decides line by line (C19); nobody about his own (SD04)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.selectors import holders
from aftersales.paperwork import hand, keep
from aftersales.problems import BadEntry

from ...models import Claim, ClaimLine
from .settling import settle_trip
from .telling import others, tell_people
from .writing import hold, let_go

CLAUSE = "8.2"


@transaction.atomic
def check(paper: Claim, *, by: Any, at: dt.datetime, struck: Mapping[int, str] | None = None) -> Claim:
    """Finance has looked at every receipt; `struck`: id of a line → why it is not paid. What remains goes on.

    Raises `BadEntry` when nothing would remain: such a claim is sent back.
    """
    held = held_for(paper, "expense.approve_standard", by)
    held.move("check_lines", checked_by=by, checked_at=at)
    reasons = {pk: why.strip() for pk, why in (struck or {}).items() if why.strip()}
    lines = list(held.lines.all())
    if all(line.pk in reasons for line in lines):
        raise BadEntry(_("Nothing would be left: send the claim back with the reason instead."), CLAUSE)
    for line in lines:
        if line.pk in reasons:
            line.struck_why = reasons[line.pk]
            let_go([line], by=by, at=at, why="strike")
    keep(held, "check", by=by, at=at)
    tell_people(
        held,
        [held.claimant_id],
        "checked",
        at,
        _("{number} is checked: {amount} yuan within the standard (8.3)."),
    )
    _tell_leaders(held, at)
    return held


def _tell_leaders(held: Claim, at: dt.datetime) -> None:
    if any(line.needs_leader for line in held.lines.all()):
        tell_people(held, others(held, holders("leader_approve", at)), "to_decide", at,
                    _("{number} of {person} is above the standard or without receipt: please decide (8.2, 8.5)."))  # fmt: skip


@transaction.atomic
def send_back(paper: Claim, *, by: Any, at: dt.datetime, reason: str) -> Claim:
    """Finance wants it written otherwise; it is a draft again."""
    held = held_for(paper, "expense.approve_standard", by)
    held.move("send_back", returned_why=reason)
    keep(held, "send_back", by=by, at=at)
    tell_people(
        held, [held.claimant_id], "sent_back", at, _("{number} comes back: {reason} (8.2)."), reason=reason
    )
    return held


@transaction.atomic
def decide(paper: Claim, *, by: Any, at: dt.datetime, granted: Mapping[int, tuple[bool, str]]) -> Claim:
    """A leader's yes or no, with his reason, to every line that needs one. With nothing left to pay the claim ends."""
    held = held_for(paper, "expense.approve_exception", by)
    for line in [line for line in held.lines.all() if line.needs_leader]:
        if line.pk not in granted:
            raise BadEntry(_("Decide about this line too."), CLAUSE, f"yes_{line.pk}")
        _grant(line, *granted[line.pk], by=by, at=at)
    name = "approve" if held.payable else "refuse"
    held.move(name, decided_by=by, decided_at=at)
    keep(held, "decide", by=by, at=at)
    if name == "refuse":
        let_go(held.lines.all(), by=by, at=at, why="decide")
    tell_people(
        held,
        [held.claimant_id],
        "decided",
        at,
        _("A leader has decided about {number}: {amount} yuan (8.2)."),
    )
    settle_trip(held.trip, by=by, at=at)
    return held


def _grant(line: ClaimLine, yes: bool, why: str, *, by: Any, at: dt.datetime) -> None:
    if not yes and not why.strip():
        raise BadEntry(_("Say why not."), CLAUSE, f"why_{line.pk}")
    line.granted, line.decision = yes, why.strip()
    hand(line, by=by, at=at, why="decide")
    line.save()


# --- whose hand
def apart(paper: Claim, by: Any, action: str) -> None:
    """SD04: nobody checks, decides about or pays his own; who checked neither decides nor pays."""
    if paper.concerns(by):
        raise Denied(_("Nobody checks, approves or pays a claim for his own trip (SD04)."), CLAUSE)
    if action in ("expense.approve_exception", "expense.pay") and by.pk == paper.checked_by_id:
        raise Denied(_("Who checked a claim neither decides about it nor pays it (SD04)."), CLAUSE)


def held_for(paper: Claim, action: str, by: Any) -> Claim:
    """The claim under its lock, for a hand that may (SD04)."""
    held = hold(paper)
    demand(by, action, held)
    apart(held, by, action)
    return held

"""SD06: who proposes an adjustment, or what becomes of an old part, does not approve it; the warehouse never does."""

import datetime as dt
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from aftersales.flow import ConcurrentTransition
from aftersales.problems import OutOfTurn, Refusal, Stale

from ..models import Disposal, Stocktake

P = TypeVar("P", Stocktake, Disposal)


def stuck(paper: Any, by: Any) -> Refusal | None:
    """Why this person may not decide on this paper, or None."""
    if by.pk == paper.made_by_id:
        return OutOfTurn(_("Who proposed it does not approve it (SD06)."), "5.3")
    if "WH" in by.roles:
        return OutOfTurn(_("The warehouse proposes, finance approves (SD06)."), "5.3")
    return None


def settle(paper: P, name: str, *, by: Any, at: dt.datetime, **entries: Any) -> P:
    """Approve or refuse it, by a second person who is not of the warehouse; the first who decides wins."""
    refused = stuck(paper, by)
    if refused is not None:
        raise refused
    paper.move(name, decided_by=by, decided_at=at, **entries)
    paper.sign(by=by, at=at, why=name)
    try:
        paper.save()
    except ConcurrentTransition:
        raise Stale(_("Somebody else has just decided on this paper.")) from None
    return paper

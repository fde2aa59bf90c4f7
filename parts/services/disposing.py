"""What becomes of old parts (5.3): out of their own zone only, proposed by the warehouse, approved by finance (D15, SD06)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.models import next_number
from aftersales.problems import BadEntry
from catalogue.models import Part

from ..models import CodeEvent, Disposal, PartCode, Zone
from . import two_people
from .codes import clean_all, note_code, take_code
from .store import move, on_hand

CLAUSE = "5.3"
TO = {"scrap": Zone.SCRAP, "supplier": Zone.SUPPLIER, "refurbish": Zone.REFURBISH}


@transaction.atomic
def propose_disposal(
    part: Part, quantity: int, *, how: str, reason: str, by: Any, at: dt.datetime, codes: Iterable[str] = ()
) -> Disposal:
    """The warehouse proposes; the pieces stay where they are until finance approves."""
    if how not in TO:
        raise BadEntry(_("Old parts are scrapped, go to the supplier or are refurbished."), CLAUSE, "how")
    texts = clean_all(codes)
    _are_there(part, quantity, texts)
    paper = Disposal(
        number=next_number("CZ", at), how=how, part=part, quantity=quantity, codes=texts, reason=reason
    )
    paper.sign(by=by, at=at, why="propose")
    paper.save()
    return paper


def _are_there(part: Part, quantity: int, texts: list[str]) -> None:
    """Enough of them lie in the zone of old parts; those that carry a code are named by it."""
    there = on_hand(part, Zone.OLD)
    if not 0 < quantity <= there:
        raise BadEntry(
            _("The zone of old parts holds {there} of {part}."),
            CLAUSE,
            "quantity",
            there=there,
            part=str(part),
        )
    if len(texts) > quantity:
        raise BadEntry(_("More codes than pieces."), CLAUSE, "codes")
    for text in texts:
        take_code(text, part, expect_zone=Zone.OLD)
    without = there - PartCode.objects.filter(part=part, zone=Zone.OLD).count()
    if quantity - len(texts) > without:
        raise BadEntry(
            _("Name the codes: only {without} of these old parts carry none."),
            "5.1",
            "codes",
            without=max(without, 0),
        )


@transaction.atomic
def approve_disposal(paper: Disposal, *, by: Any, at: dt.datetime) -> Disposal:
    """Finance approves: the pieces leave the zone; their codes live on in their history.

    The zone's row is locked first: of two who let go what carries no code, the second finds only coded pieces.
    """
    on_hand(paper.part, Zone.OLD, lock=True)
    _are_there(paper.part, paper.quantity, paper.codes)
    two_people.settle(paper, "confirm", by=by, at=at)
    hand = {"paper": paper.number, "by": by, "at": at}
    target, rest = TO[paper.how], paper.quantity - len(paper.codes)
    if paper.codes:
        for movement in move(paper.part, len(paper.codes), Zone.OLD, target, codes=paper.codes, **hand):
            assert movement.code is not None
            note_code(movement.code, CodeEvent.What.DISPOSED, **hand)
    if rest:
        move(paper.part, rest, Zone.OLD, target, **hand)
    return paper


@transaction.atomic
def refuse_disposal(paper: Disposal, *, by: Any, at: dt.datetime, reason: str) -> Disposal:
    return two_people.settle(paper, "refuse", by=by, at=at, refusal=reason)

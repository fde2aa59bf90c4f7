"""询购 XJ (5.2): a part that is short in stock; purchasing answers, for an assembly technical and production."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import members
from accounts.services import audit
from aftersales.charter import Department
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.models import Part
from notices.services import tell

from ..flow import EnquiryStage
from ..models import Enquiry, Minimum, Stock, Zone
from ..selectors import waiting_pieces
from .store import on_hand

CLAUSE = "5.2"


@transaction.atomic
def ask(
    part: Part, quantity: int, *, by: Any, at: dt.datetime, release: Any = None, note: str = ""
) -> Enquiry:
    """Ask whether `quantity` pieces can be had; refused for a part that is not short, or that was asked for already."""
    if quantity < 1:
        raise BadEntry(_("At least one piece is asked for."), CLAUSE, "quantity")
    _is_short(part, quantity)
    Part.objects.select_for_update(of=("self",)).get(pk=part.pk)  # two clerks ask one after the other
    _not_asked_yet(part, release)
    department = Department.TECHNICAL if part.assembly else Department.PURCHASING
    paper = Enquiry(
        number=next_number("XJ", at),
        part=part,
        quantity=quantity,
        department=department,
        release=release,
        note=note,
    )
    paper.sign(by=by, at=at, why="ask")
    paper.save()
    _tell(paper, at)
    return paper


def _is_short(part: Part, quantity: int) -> None:
    """Short: less than is wanted now, than signed sheets wait for, or than the minimum."""
    there, waiting = on_hand(part, Zone.GOOD), waiting_pieces(part)
    minimum = Minimum.objects.filter(part=part).values_list("quantity", flat=True).first() or 0
    if there >= max(quantity, waiting, minimum):
        raise BadEntry(
            _("{part} is not short: the store holds {there}."),
            CLAUSE,
            "quantity",
            part=str(part),
            there=there,
        )


def _not_asked_yet(part: Part, release: Any) -> None:
    open_one = Enquiry.objects.filter(part=part, release=release, stage=EnquiryStage.ASKED).first()
    if open_one is not None:
        raise OutOfTurn(_("{number} asks for this part already."), CLAUSE, number=open_one.number)


def _tell(paper: Enquiry, at: dt.datetime) -> None:
    tell(
        list(members(paper.department, at)), event_key=f"enquiry:{paper.number}", at=at, url=paper.get_absolute_url(),
        title=gettext_noop("Can this part be had? {number}: {part} × {quantity}"),
        params={"number": paper.number, "part": str(paper.part), "quantity": paper.quantity},
    )  # fmt: skip


@transaction.atomic
def answer(
    paper: Enquiry,
    *,
    by: Any,
    at: dt.datetime,
    can_have: bool,
    arrives_on: dt.date | None = None,
    text: str = "",
) -> Enquiry:
    """Can be had (then: when it arrives) or cannot (then: why)."""
    if can_have and arrives_on is None:
        raise BadEntry(_("Say on which day it arrives."), CLAUSE, "arrives_on")
    if can_have and arrives_on is not None and arrives_on < local_day(at):
        raise BadEntry(_("This day has passed; say when it will be here."), CLAUSE, "arrives_on")
    if not can_have and not text.strip():
        raise BadEntry(_("Say why it cannot be had."), CLAUSE, "text")
    paper.move("answer")
    paper.can_have, paper.arrives_on = can_have, arrives_on if can_have else None
    paper.answer_text, paper.answered_by, paper.answered_at = text, by, at
    paper.sign(by=by, at=at, why="answer")
    paper.save()
    if paper.made_by is not None:
        tell(
            [paper.made_by], event_key=f"enquiry:{paper.number}:answer", at=at, url=paper.get_absolute_url(),
            title=gettext_noop("Enquiry {number} was answered"), params={"number": paper.number},
        )  # fmt: skip
    return paper


@transaction.atomic
def set_minimum(part: Part, quantity: int, *, by: Any, at: dt.datetime) -> Minimum | None:
    """Below this many the part is shown as running short; none at 0."""
    before = Minimum.objects.filter(part=part).values_list("quantity", flat=True).first() or 0
    audit(
        "stock.minimum", by=by, at=at, subject=f"part:{part.code}", before={"quantity": before}, after={"quantity": quantity}
    )  # fmt: skip
    if quantity == 0:
        Minimum.objects.filter(part=part).delete()
        return None
    return Minimum.objects.update_or_create(part=part, defaults={"quantity": quantity})[0]


@transaction.atomic
def set_shelf(part: Part, shelf: str, *, by: Any, at: dt.datetime) -> Stock:
    """Where in the store a hand finds the part; known also before its first piece comes in."""
    row = Stock.objects.get_or_create(part=part, zone=Zone.GOOD, holder=None)[0]
    audit(
        "stock.shelf", by=by, at=at, subject=f"part:{part.code}", before={"shelf": row.shelf}, after={"shelf": shelf.strip()}
    )  # fmt: skip
    row.shelf = shelf.strip()
    row.save(update_fields=["shelf"])
    return row

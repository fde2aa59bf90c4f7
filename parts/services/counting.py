"""盘点 PD: what was counted is proposed by the warehouse and booked once finance approves (D06, D07, SD06)."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.models import Part

from ..models import CodeEvent, PartCode, Stocktake, StocktakeLine, Zone
from . import two_people
from .codes import clean_all, new_code, note_code, place_of
from .store import move, on_hand

CLAUSE = "5"


@transaction.atomic
def propose_count(
    zone: str, counts: Iterable[dict[str, Any]], *, reason: str, by: Any, at: dt.datetime
) -> Stocktake:
    """Each count {part, counted, codes?, book?}; `book` is what the count sheet showed, refused when it is no longer true."""
    rows = sorted(counts, key=lambda row: row["part"].pk)
    if not rows:
        raise BadEntry(_("Nothing was counted: enter a number beside at least one part."), CLAUSE)
    if zone not in (Zone.GOOD, Zone.OLD):
        raise BadEntry(_("The store and the zone of old parts are counted."), CLAUSE, "zone")
    for row, later in pairwise(rows):
        if row["part"] == later["part"]:
            raise BadEntry(
                _("{part} was counted twice; enter one number."), CLAUSE, "lines", part=str(row["part"])
            )
    paper = Stocktake(number=next_number("PD", at), zone=zone, reason=reason)
    paper.sign(by=by, at=at, why="propose")
    paper.save()
    for row in rows:
        _count(paper, **row)
    return paper


def _count(
    paper: Stocktake, *, part: Part, counted: int, codes: Iterable[str] = (), book: int | None = None
) -> None:
    now, found = on_hand(part, paper.zone), clean_all(codes, f"codes_{part.pk}")
    if counted < 0:
        raise BadEntry(_("A count is not below zero."), CLAUSE, f"counted_{part.pk}")
    if book is not None and book != now:
        raise _book_changed(part, book, now)
    if (found or part.valuable) and len(found) != counted:
        raise BadEntry(
            _("{part}: {counted} pieces were counted, and {codes} codes found."), "5.1", f"codes_{part.pk}",
            part=str(part), counted=counted, codes=len(found),
        )  # fmt: skip
    _are_ours(part, paper.zone, found)
    StocktakeLine.objects.create(stocktake=paper, part=part, book=now, counted=counted, codes=found)


def _are_ours(part: Part, zone: str, found: list[str]) -> None:
    """A found code is new, lost at an earlier count, or lies here; what is booked elsewhere comes in by its own paper."""
    for code in PartCode.objects.select_related("part", "holder", "ticket").filter(code__in=found):
        if code.part_id != part.pk or code.zone not in (zone, Zone.COUNTED):
            raise BadEntry(
                _("{code} was found here, but is booked as {part}, {place}. Bring it in by its return first."), "5.1",
                f"codes_{part.pk}", code=code.code, part=str(code.part), place=place_of(code),
            )  # fmt: skip


def _book_changed(part: Part, before: int, now: int) -> OutOfTurn:
    return OutOfTurn(
        _("{part}: the books said {before} when it was counted and say {now} now. Please count again."), CLAUSE,
        part=str(part), before=before, now=now,
    )  # fmt: skip


@transaction.atomic
def approve_count(paper: Stocktake, *, by: Any, at: dt.datetime) -> Stocktake:
    """Finance approves: the differences become movements, all of them or, if the books moved meanwhile, none."""
    two_people.settle(paper, "confirm", by=by, at=at)
    for line in paper.lines.select_related("part").order_by("part_id"):
        _book(paper, line, by=by, at=at)
    return paper


@transaction.atomic
def refuse_count(paper: Stocktake, *, by: Any, at: dt.datetime, reason: str) -> Stocktake:
    return two_people.settle(paper, "refuse", by=by, at=at, refusal=reason)


def _book(paper: Stocktake, line: StocktakeLine, *, by: Any, at: dt.datetime) -> None:
    hand = {"paper": paper.number, "by": by, "at": at}
    part, zone = line.part, paper.zone
    if on_hand(part, zone, lock=True) != line.book:
        raise _book_changed(part, line.book, on_hand(part, zone))
    if not (part.valuable or line.codes):
        _by_number(part, zone, line.counted - line.book, **hand)
        return
    known = set(PartCode.objects.filter(part=part, zone=zone).values_list("code", flat=True))
    missing, fresh = sorted(known - set(line.codes)), [code for code in line.codes if code not in known]
    without = max(line.book - len(known), 0)  # pieces from before the part was called valuable
    _named(part, zone, fresh[:without], **hand)
    _by_number(part, zone, len(fresh[:without]) - without, **hand)
    _by_code(part, zone, Zone.COUNTED, missing, **hand)
    _bring_in(part, zone, fresh[without:], **hand)


def _by_number(part: Part, zone: str, more: int, **hand: Any) -> None:
    if more > 0:
        move(part, more, Zone.COUNTED, zone, **hand)
    elif more < 0:
        move(part, -more, zone, Zone.COUNTED, **hand)


def _by_code(part: Part, source: str, target: str, codes: list[str], **hand: Any) -> None:
    if codes:
        for movement in move(part, len(codes), source, target, codes=codes, **hand):
            assert movement.code is not None
            note_code(movement.code, CodeEvent.What.COUNTED, **hand)


def _named(part: Part, zone: str, codes: list[str], **hand: Any) -> None:
    """Pieces that lay here without a code have one now; their number stays."""
    for text in codes:
        note_code(new_code(text, part, zone), CodeEvent.What.COUNTED, **hand)


def _bring_in(part: Part, zone: str, codes: list[str], **hand: Any) -> None:
    lost = set(PartCode.objects.filter(code__in=codes).values_list("code", flat=True))
    for text in codes:
        if text not in lost:
            new_code(text, part, Zone.COUNTED)
    _by_code(part, Zone.COUNTED, zone, codes, **hand)

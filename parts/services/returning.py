"""Used or unused, taken along or left (4.7): what the engineer declares, hands in, and the warehouse confirms (5.3)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied
from aftersales.charter import Fact
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines

from .. import events
from ..flow import TwoStage
from ..models import (
    CodeEvent,
    IssueKind,
    PartCode,
    Release,
    ReleaseLine,
    Return,
    ReturnKind,
    ReturnLine,
    SlipLine,
    Zone,
)
from ..rules import Charge, OldPart
from . import store
from .codes import adopt_old_code, note_code
from .issuing import settle
from .lines import refresh, save_line
from .releases import _keep, locked
from .ticketside import note_parts

Said = Mapping[int, Mapping[str, int]]
Codes = Mapping[int, Sequence[str]]


# --- what was used, what was not, where the old parts are
@transaction.atomic
def declare(release: Release, *, by: Any, at: dt.datetime, said: Said, codes: Codes | None = None) -> Release:
    """Per line id: `used`, `unused`, `old_taken`, `old_left` in pieces, as totals of the line (domain 2, completion).

    `codes`: which of the lent codes went into the vehicle. What was returned or received cannot be unsaid.
    """
    release = locked(release)
    lines = {line.pk: line for line in refresh(release)}
    for pk, counts in said.items():
        _declare(lines[pk], counts, list((codes or {}).get(pk, ())), by=by, at=at)
    refresh(release)
    _keep(release, by=by, at=at, why="declare")
    note_parts(release.ticket, "parts_declared", by=by, at=at, clause="4.7", release=release)
    if (
        release.ticket is None or release.ticket.completed_at is not None
    ):  # an order has no completion to wait for
        open_obligations(release, by=by, at=at)
    settle(release, by=by, at=at)
    return release


def _declare(
    line: ReleaseLine, counts: Mapping[str, int], codes: list[str], *, by: Any, at: dt.datetime
) -> None:
    used, unused = counts.get("used", line.used), counts.get("unused", line.unused)
    taken, left = counts.get("old_taken", line.old_taken), counts.get("old_left", line.old_left)
    if min(used, unused, taken, left) < 0 or used + unused > line.issued:
        raise BadEntry(_("{part}: {count} pieces were issued; used and unused together cannot be more."), "4.7",
                       f"used_{line.pk}", part=line.part, count=line.issued)  # fmt: skip
    if unused < line.returned or used < line.old_in + line.old_waived + line.converted:
        raise BadEntry(_("{part}: what is already back cannot be declared otherwise."), "4.7", f"unused_{line.pk}",
                       part=line.part)  # fmt: skip
    if line.old_part == OldPart.MUST and taken + left > used:
        raise BadEntry(_("{part}: there are at most as many old parts as pieces used."), "4.7", f"old_taken_{line.pk}",
                       part=line.part)  # fmt: skip
    line.used, line.unused, line.old_taken, line.old_left = used, unused, taken, left
    if line.kind == IssueKind.LOAN:
        _book_used(line, codes, by=by, at=at)
    save_line(line, by=by, at=at, why="declare")


def _book_used(line: ReleaseLine, codes: list[str], *, by: Any, at: dt.datetime) -> None:
    """What was used left the engineer's hands for the customer's vehicle; the loan slip becomes an issue."""
    more, number, part = line.used - line.booked_used, line.release.number, line.part
    if more > 0:
        fitted = _codes_used(line, more, codes)
        store.move(part, more, Zone.ENGINEER, Zone.CUSTOMER, paper=number, by=by, at=at, source_holder=line.holder,
                   codes=fitted)  # fmt: skip
        for code in fitted:
            _fitted(line, code, by=by, at=at)
    elif more < 0:
        store.move(
            part, -more, Zone.CUSTOMER, Zone.ENGINEER, paper=number, by=by, at=at, target_holder=line.holder
        )
    line.booked_used = line.used


def _codes_used(line: ReleaseLine, count: int, codes: list[str]) -> list[str]:
    """Which of the lent pieces went into the vehicle: as named, or all of them when none is left over."""
    if not line.part.valuable or codes:
        return codes
    lent = [c for row in line.slip_lines.all() for c in row.codes]
    still = list(PartCode.objects.filter(code__in=lent, zone=Zone.ENGINEER).values_list("code", flat=True))
    if len(still) == count:
        return still
    raise BadEntry(_("{part} is valuable: name the codes of the pieces that were used."), "5.1", f"codes_{line.pk}",
                   part=line.part)  # fmt: skip


def _fitted(line: ReleaseLine, code: str, *, by: Any, at: dt.datetime) -> None:
    ticket = line.release.ticket
    vehicle = ticket.vehicle if ticket else None
    note_code(code, CodeEvent.What.FITTED, paper=line.release.number, ticket=ticket, vehicle=vehicle,
              by=by, at=at)  # fmt: skip


# --- after completion: obligations of their own (4.7)
def open_obligations(release: Release, *, by: Any, at: dt.datetime) -> None:
    """Start the clocks of what must come back; twice is once."""
    for line in refresh(release):
        if line.unused_out:
            deadlines.record(Fact.UNUSED_LEFT, line, at=at, by=by)
        if line.old_due:
            deadlines.record(Fact.OLD_PART_OWED, line, at=at, by=by)


# --- handing in and confirming (5.3)
@transaction.atomic
def hand_in(
    release: Release, *, by: Any, at: dt.datetime, kind: str, pieces: Mapping[int, int], codes: Codes | None = None,
    note: str = "",
) -> Return:  # fmt: skip
    """The engineer hands in unused (TK) or old parts (JJ); they count once the warehouse has confirmed them."""
    release = locked(release)
    lines = {line.pk: line for line in refresh(release)}
    wanted = {pk: count for pk, count in pieces.items() if count}
    if not wanted:
        raise BadEntry(_("Nothing is chosen to be handed in."), "4.7")
    paper = Return(number=next_number("TK" if kind == ReturnKind.UNUSED else "JJ", at), kind=kind, release=release,
                   note=note)  # fmt: skip
    paper.sign(by=by, at=at, why="hand_in")
    paper.save()
    for pk, count in wanted.items():
        _hand_in_line(paper, lines[pk], count, list((codes or {}).get(pk, ())))
    note_parts(
        release.ticket, "parts_handed_in", by=by, at=at, clause="4.7", release=release, paper=paper.number
    )
    return paper


def _hand_in_line(paper: Return, line: ReleaseLine, count: int, codes: list[str]) -> None:
    on_the_way = ReturnLine.objects.filter(line=line, paper__kind=paper.kind, paper__stage=TwoStage.OPEN)
    waiting = on_the_way.aggregate(n=Sum("quantity"))["n"] or 0
    owed = (line.unused_out if paper.kind == ReturnKind.UNUSED else line.old_due) - waiting
    if not 0 < count <= owed:
        raise BadEntry(_("{part}: {count} pieces are still to come back."), "4.7", f"pieces_{line.pk}",
                       part=line.part, count=max(owed, 0))  # fmt: skip
    if paper.kind == ReturnKind.UNUSED and line.part.valuable and len(codes) != count:
        raise BadEntry(
            _("{part} is valuable: give the code of each piece."), "5.1", f"codes_{line.pk}", part=line.part
        )
    ReturnLine.objects.create(paper=paper, line=line, quantity=count, codes=codes)


@transaction.atomic
def confirm(paper: Return, *, by: Any, at: dt.datetime, received: Mapping[int, int]) -> Return:
    """The warehouse counts and signs (5.3): per id of the return's line, what really came. Nobody confirms his own (SD02)."""
    paper = Return.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    _another_hand(paper, by)
    release = locked(paper.release)
    lines = {line.pk: line for line in refresh(release)}
    paper.move("confirm", decided_by=by, decided_at=at)
    for row in paper.lines.order_by("line__part_id"):
        count = received.get(row.pk, row.quantity)
        if not 0 <= count <= row.quantity:
            raise BadEntry(_("More cannot be received than was handed in; hand the rest in on a sheet of its own."), "5.3",
                           f"received_{row.pk}")  # fmt: skip
        row.received = count
        row.save(update_fields=["received"])
        if count:
            _receive(paper, lines[row.line_id], count, row.codes, by=by, at=at)
    paper.sign(by=by, at=at, why="confirm")
    paper.save()
    refresh(release)
    _keep(release, by=by, at=at, why="return_confirmed")
    note_parts(
        release.ticket, "return_confirmed", by=by, at=at, clause="5.3", release=release, paper=paper.number
    )
    settle(release, by=by, at=at)
    return paper


@transaction.atomic
def refuse(paper: Return, *, by: Any, at: dt.datetime, reason: str) -> Return:
    """The wrong part, or nothing came: the warehouse says why, and nothing counts."""
    paper = Return.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    _another_hand(paper, by)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), "5.3", "reason")
    paper.move("refuse", decided_by=by, decided_at=at, refusal=reason)
    paper.sign(by=by, at=at, why=reason)
    paper.save()
    note_parts(
        paper.release.ticket,
        "return_refused",
        by=by,
        at=at,
        clause="5.3",
        release=paper.release,
        paper=paper.number,
    )
    return paper


def _another_hand(paper: Return, by: Any) -> None:
    if by.pk == paper.made_by_id:
        raise Denied(_("Nobody confirms his own return (SD02)."), "5.3")


def _receive(
    paper: Return, line: ReleaseLine, count: int, codes: list[str], *, by: Any, at: dt.datetime
) -> None:
    if paper.kind == ReturnKind.UNUSED:
        _receive_unused(paper, line, count, codes, by=by, at=at)
    else:
        _receive_old(paper, line, count, codes, by=by, at=at)


def _receive_unused(
    paper: Return, line: ReleaseLine, count: int, codes: list[str], *, by: Any, at: dt.datetime
) -> None:
    loan = line.kind == IssueKind.LOAN
    source, holder = (Zone.ENGINEER, line.holder) if loan else (Zone.CUSTOMER, None)
    store.move(
        line.part,
        count,
        source,
        Zone.GOOD,
        paper=paper.number,
        by=by,
        at=at,
        source_holder=holder,
        codes=codes,
    )
    for code in codes:
        note_code(code, CodeEvent.What.RETURNED, paper=paper.number, by=by, at=at)
    line.returned += count
    save_line(line, by=by, at=at, why="unused_returned")
    events.unused_returned.send(ReleaseLine, line=line, quantity=count, paper=paper.number, at=at, by=by)
    if not line.unused_out:
        deadlines.record(Fact.UNUSED_RETURNED, line, at=at, by=by)


def _receive_old(
    paper: Return, line: ReleaseLine, count: int, codes: list[str], *, by: Any, at: dt.datetime
) -> None:
    """Into its own zone that no issue can draw from; written on the original slip (5.3)."""
    store.move(line.part, count, Zone.CUSTOMER, Zone.OLD, paper=paper.number, by=by, at=at)
    for code in codes:
        adopt_old_code(code, line.part, paper=paper.number, ticket=line.release.ticket, by=by, at=at)
    left = count
    for row in SlipLine.objects.filter(line=line, old_in__lt=F("quantity")).order_by("pk"):
        noted = min(left, row.quantity - row.old_in)
        row.old_in, left = row.old_in + noted, left - noted
        row.save(update_fields=["old_in"])
    line.old_in += count
    save_line(line, by=by, at=at, why="old_part_in")
    _old_settled(line, count, paper.number, by=by, at=at)


def _old_settled(line: ReleaseLine, count: int, paper: str, *, by: Any, at: dt.datetime) -> None:
    events.old_part_settled.send(ReleaseLine, line=line, quantity=count, paper=paper, at=at, by=by)
    if not line.old_due:
        deadlines.record(Fact.OLD_PART_SETTLED, line, at=at, by=by)


# --- finance later: a waiver, or charging for good
@transaction.atomic
def waive_later(line: ReleaseLine, *, by: Any, at: dt.datetime, pieces: int, reason: str) -> ReleaseLine:
    """Finance lets old parts be that were to come back (5.6, C08); it reverses the charge like a return."""
    line = _owing(line, pieces)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), "5.6", "reason")
    line.old_waived += pieces
    save_line(line, by=by, at=at, why=reason)
    _old_settled(line, pieces, line.release.number, by=by, at=at)
    _settle_of(line, "old_part_waived", by=by, at=at)
    return line


@transaction.atomic
def convert(line: ReleaseLine, *, by: Any, at: dt.datetime, pieces: int) -> ReleaseLine:
    """Old parts that never came: what was `awaiting` is charged for good (J31); finance books the receivable."""
    line = _owing(line, pieces)
    if line.charge != Charge.AWAITING:
        raise OutOfTurn(_("Nothing stands charged for this old part."), "4.5a")
    line.converted += pieces
    save_line(line, by=by, at=at, why="convert")
    if not line.old_due:
        deadlines.record(Fact.OLD_PART_SETTLED, line, at=at, by=by)
    _settle_of(line, "old_part_charged", by=by, at=at)
    return line


def _owing(line: ReleaseLine, pieces: int) -> ReleaseLine:
    release = locked(line.release)
    line = next(row for row in refresh(release) if row.pk == line.pk)
    if not 0 < pieces <= line.old_due:
        raise BadEntry(_("{part}: {count} pieces are still to come back."), "5.6", "pieces", part=line.part,
                       count=line.old_due)  # fmt: skip
    return line


def _settle_of(line: ReleaseLine, name: str, *, by: Any, at: dt.datetime) -> None:
    release = line.release
    refresh(release)
    _keep(release, by=by, at=at, why=name)
    note_parts(release.ticket, name, by=by, at=at, clause="4.5a", release=release)
    settle(release, by=by, at=at)

"""Used or unused, taken along or left (4.7): what the engineer declares, hands in, and the warehouse confirms (5.3)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn

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
from .codes import adopt_old_code, clean, clean_all, note_code
from .issuing import settle
from .lines import refresh, save_line
from .obligations import follow
from .releases import _keep, locked
from .ticketside import note_parts, undeclared

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
    _stays_declared(release)
    follow(release, by=by, at=at)
    settle(release, by=by, at=at)
    return release


def _stays_declared(release: Release) -> None:
    if release.ticket is not None and release.ticket.completed_at is not None and undeclared(release.ticket):
        raise OutOfTurn(
            _("The work is completed: every piece stays declared, and where its old part is."), "4.7"
        )


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
        kept = _codes_back(line, codes)
        store.move(part, -more, Zone.CUSTOMER, Zone.ENGINEER, paper=number, by=by, at=at, target_holder=line.holder,
                   codes=kept)  # fmt: skip
        for code in kept:
            note_code(code, CodeEvent.What.LENT, paper=number, ticket=line.release.ticket, by=by, at=at)
    line.booked_used = line.used


def _codes_used(line: ReleaseLine, count: int, codes: list[str]) -> list[str]:
    """Which of the lent pieces went into the vehicle: as named, or all of them when none is left over."""
    if not line.part.valuable:
        return codes
    named = [code for code in _of_this_line(line, codes) if code not in _now(line, Zone.CUSTOMER)]
    still = _now(line, Zone.ENGINEER)
    if named or len(still) == count:
        return named or still
    raise BadEntry(_("{part} is valuable: name the codes of the pieces that were used."), "5.1", f"codes_{line.pk}",
                   part=line.part)  # fmt: skip


def _codes_back(line: ReleaseLine, codes: list[str]) -> list[str]:
    """Which of the fitted pieces were not used after all: those that are not named, or all of them."""
    if not line.part.valuable or not _left(line):
        return []
    fitted, named = _now(line, Zone.CUSTOMER), _of_this_line(line, codes)
    back = [code for code in fitted if code not in named]
    if len(back) == line.booked_used - line.used:
        return back
    raise BadEntry(_("{part} is valuable: name the codes of the pieces that were used."), "5.1", f"codes_{line.pk}",
                   part=line.part)  # fmt: skip


def _now(line: ReleaseLine, zone: str) -> list[str]:
    """The codes that left on this line and are there now."""
    rows = PartCode.objects.filter(code__in=_left(line), zone=zone)
    return list(rows.values_list("code", flat=True))


def _left(line: ReleaseLine) -> list[str]:
    return [clean(code) for row in line.slip_lines.all() for code in row.codes]


def _of_this_line(line: ReleaseLine, codes: Sequence[str]) -> list[str]:
    """Cleaned codes, refused when one of them left on another sheet: that piece is to come back from there."""
    left = _left(line)
    for code in codes:
        if left and clean(code) not in left:  # nothing: it left before the part was called valuable
            raise BadEntry(_("{code} did not leave on this line."), "5.1", f"codes_{line.pk}", code=code[:60])
    return [clean(code) for code in codes]


def _fitted(line: ReleaseLine, code: str, *, by: Any, at: dt.datetime) -> None:
    ticket = line.release.ticket
    vehicle = ticket.vehicle if ticket else None
    note_code(code, CodeEvent.What.FITTED, paper=line.release.number, ticket=ticket, vehicle=vehicle,
              by=by, at=at)  # fmt: skip


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
    if paper.kind == ReturnKind.UNUSED and line.part.valuable:
        codes = _of_this_line(line, codes)
    if len(codes) > count:
        raise BadEntry(_("More codes than pieces."), "5.1", f"codes_{line.pk}")
    codes = clean_all(codes, f"codes_{line.pk}")
    ReturnLine.objects.create(paper=paper, line=line, quantity=count, codes=codes)


@transaction.atomic
def confirm(
    paper: Return, *, by: Any, at: dt.datetime, received: Mapping[int, int], codes: Codes | None = None
) -> Return:
    """The warehouse counts and signs (5.3): per id of the return's line, what really came; `codes` where fewer came than were
    handed in. Nobody confirms his own (SD02)."""
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
        _still_owed(paper, lines[row.line_id], count, f"received_{row.pk}")
        row.received = count
        row.save(update_fields=["received"])
        if count:
            came = _codes_came(row, count, list((codes or {}).get(row.pk, ())))
            _receive(paper, lines[row.line_id], count, came, by=by, at=at)
    paper.sign(by=by, at=at, why="confirm")
    paper.save()
    refresh(release)
    _keep(release, by=by, at=at, why="return_confirmed")
    note_parts(
        release.ticket, "return_confirmed", by=by, at=at, clause="5.3", release=release, paper=paper.number
    )
    follow(release, by=by, at=at)
    settle(release, by=by, at=at)
    return paper


def _codes_came(row: ReturnLine, count: int, named: list[str]) -> list[str]:
    """The codes of what came: all that were handed in, or those of them that the warehouse names."""
    if len(row.codes) <= count:
        return list(row.codes)
    came = clean_all(named)
    if len(came) == count and set(came) <= {clean(code) for code in row.codes}:
        return came
    raise BadEntry(_("{part}: name the codes of the {count} pieces that came."), "5.1", f"codes_{row.pk}",
                   part=row.line.part, count=count)  # fmt: skip


def _still_owed(paper: Return, line: ReleaseLine, count: int, field: str) -> None:
    """Meanwhile it may have been declared used, waived, or charged for good: nothing is received beyond what is owed."""
    owed = line.unused_out if paper.kind == ReturnKind.UNUSED else line.old_due
    if count > owed:
        raise BadEntry(
            _("{part}: {count} pieces are still to come back."), "5.3", field, part=line.part, count=owed
        )


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
    """Neither who handed it in nor who had it: a colleague's hand does not make it another's return."""
    holders = paper.lines.values_list("line__holder", flat=True)
    if by.pk in (paper.made_by_id, paper.release.about.engineer_id, *holders):
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
    events.old_part_settled.send(ReleaseLine, line=line, quantity=count, paper=paper.number, at=at, by=by)


# --- finance later: a waiver, or charging for good
@transaction.atomic
def waive_later(line: ReleaseLine, *, by: Any, at: dt.datetime, pieces: int, reason: str) -> ReleaseLine:
    """Finance lets old parts be that were to come back (5.6, C08); it reverses the charge like a return."""
    line = _owing(line, pieces)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), "5.6", "reason")
    line.old_waived += pieces
    save_line(line, by=by, at=at, why=reason)
    events.old_part_settled.send(
        ReleaseLine, line=line, quantity=pieces, paper=line.release.number, at=at, by=by
    )
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
    follow(release, by=by, at=at)
    settle(release, by=by, at=at)

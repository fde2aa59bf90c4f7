"""Signed parts leave the store (5.1): outbound and loan slips of the after-sales book, codes of valuable parts, what is short."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied
from aftersales.models import next_number
from aftersales.problems import BadEntry, OutOfTurn
from repairs.flow import PlanType
from repairs.models import Ticket

from .. import events
from ..flow import ReleaseStage
from ..models import CodeEvent, IssueKind, Release, ReleaseLine, Slip, SlipLine, Zone
from . import store
from .codes import note_code
from .lines import amount_of, header_digest, line_digest, refresh, save_line
from .obligations import follow
from .releases import Basis, _keep, _move, _tell_ticket, beyond_limit, locked
from .ticketside import note_parts

SERIES = {IssueKind.OUTBOUND: "CK", IssueKind.LOAN: "JC"}
Pieces = Mapping[int, int]
Codes = Mapping[int, Sequence[str]]


@transaction.atomic
def issue(
    release: Release, *, by: Any, at: dt.datetime, pieces: Pieces, codes: Codes | None = None, old_codes: Codes | None = None
) -> list[Slip]:  # fmt: skip
    """Issue pieces of signed lines: one slip of each kind, stock and codes moved, the clocks told.

    `pieces`, `codes`, `old_codes` by the line's id. Refused: an unsigned or changed line, a third hand that is not one
    (SD02), a missing, unknown or foreign code, more than signed, more than there is.
    """
    release = locked(release)
    _may_issue(release, by, at)
    wanted = {pk: count for pk, count in pieces.items() if count}
    lines = {line.pk: line for line in refresh(release)}
    if not wanted:
        raise BadEntry(_("Nothing is chosen to be issued."), "5.1")
    for pk, count in wanted.items():
        _line_is_live(lines.get(pk), count)
        _goes_with(lines[pk], by)
    slips = _slips(release, [lines[pk] for pk in sorted(wanted)], by=by, at=at)
    for pk in sorted(wanted, key=lambda pk: lines[pk].part_id):  # one order of locks for all
        given = (codes or {}).get(pk, ()), (old_codes or {}).get(pk, ())
        _issue_line(lines[pk], wanted[pk], slips[lines[pk].kind], given, by=by, at=at)
    _after(release, by=by, at=at)
    return list(slips.values())


def _may_issue(release: Release, by: Any, at: dt.datetime) -> None:
    if release.stage not in (ReleaseStage.SIGNED, ReleaseStage.SUBMITTED) or release.signed_at is None:
        raise OutOfTurn(_("Parts leave the store only on finance's signature (4.5)."), "4.5")
    if release.header_digest != header_digest(release):
        raise OutOfTurn(
            _("What finance signed is no longer what the sheet says; it must be signed again."), "4.5"
        )
    if by.pk in (release.requester_id, release.signed_by_id, release.engineer_id, release.about.engineer_id):
        raise Denied(_("Requester, signer and issuer are three persons (SD02)."), "5.1")
    if release.basis == Basis.UNPAID and beyond_limit(release, at) and release.extended_by_id is None:
        raise OutOfTurn(
            _("The agreed day of payment lies too far ahead; a leader must say yes first."), "4.5c"
        )


def _line_is_live(line: ReleaseLine | None, count: int) -> None:
    if line is None:
        raise BadEntry(_("This line is not on the sheet."), "5.1")
    if not line.is_signed or line.digest != line_digest(line):
        raise OutOfTurn(
            _("Line {position} carries no signature for what it says now."), "4.5", position=line.position
        )
    if not 0 < count <= line.to_issue:
        raise BadEntry(_("Of line {position}, {count} pieces are signed and not yet issued."), "5.1",
                       position=line.position, count=line.to_issue)  # fmt: skip


def _goes_with(line: ReleaseLine, by: Any) -> None:
    """Who signed this line does not issue it (SD02); what is lent goes with one engineer, while he works on the ticket."""
    if by.pk == line.signed_by_id:
        raise Denied(_("Requester, signer and issuer are three persons (SD02)."), "5.1")
    about = line.release.about
    if line.kind != IssueKind.LOAN:
        return
    if isinstance(about, Ticket) and about.completed_at is not None:
        raise OutOfTurn(_("The work is completed; nothing more is lent for it."), "5.1")
    if line.holder_id not in (None, about.engineer_id):
        raise OutOfTurn(
            _("Pieces of line {position} are with {engineer}; split off the rest first."), "5.1",
            position=line.position, engineer=line.holder,
        )  # fmt: skip


def _slips(release: Release, lines: list[ReleaseLine], *, by: Any, at: dt.datetime) -> dict[str, Slip]:
    """One slip of each kind that is needed (5.4: the after-sales book has its own numbers)."""
    slips: dict[str, Slip] = {}
    for kind in sorted({line.kind for line in lines}):
        slip = Slip(number=next_number(SERIES[IssueKind(kind)], at), kind=kind, release=release)
        slip.sign(by=by, at=at)
        slip.save()
        slips[kind] = slip
    return slips


def _issue_line(
    line: ReleaseLine, count: int, slip: Slip, given: tuple[Sequence[str], Sequence[str]], *, by: Any, at: dt.datetime
) -> None:  # fmt: skip
    """Move stock and codes, write the slip's line, count it on the sheet's line."""
    codes, old_codes = ([c.strip() for c in texts if c.strip()] for texts in given)
    _codes_fit(line, count, codes)
    loan = line.kind == IssueKind.LOAN
    release = line.release
    holder = release.about.engineer if loan else None
    target = Zone.ENGINEER if loan else Zone.CUSTOMER
    store.move(
        line.part,
        count,
        Zone.GOOD,
        target,
        paper=slip.number,
        by=by,
        at=at,
        target_holder=holder,
        codes=codes,
    )
    for code in codes:
        what = CodeEvent.What.LENT if loan else CodeEvent.What.ISSUED
        vehicle = release.ticket.vehicle if release.ticket else None
        note_code(
            code,
            what,
            paper=slip.number,
            ticket=release.ticket,
            vehicle=None if loan else vehicle,
            by=by,
            at=at,
        )
    SlipLine.objects.create(slip=slip, line=line, quantity=count, codes=codes, old_codes=old_codes)
    line.issued += count
    if loan:
        line.holder = holder
    else:
        line.used += count  # goes to the customer, or is surely used
        if release.plan_type == PlanType.SELF_INSTALL:
            line.old_left += count  # the customer fits it and sends the old one back
    save_line(line, by=by, at=at, why="issue")
    events.line_issued.send(ReleaseLine, line=line, quantity=count, slip=slip, at=at, by=by)


def _codes_fit(line: ReleaseLine, count: int, codes: list[str]) -> None:
    if line.part.valuable and len(codes) != count:
        raise BadEntry(
            _("{part} is valuable: scan {count} identification codes, one a piece (5.1)."), "5.1", f"codes_{line.pk}",
            part=line.part, count=count,
        )  # fmt: skip
    if len(set(codes)) != len(codes):
        raise BadEntry(_("The same code was scanned twice."), "5.1", f"codes_{line.pk}")


def _after(release: Release, *, by: Any, at: dt.datetime) -> None:
    """The counts on sheet and ticket; once nothing waits any more the sheet is issued."""
    refresh(release)
    _keep(release, by=by, at=at, why="issue")
    follow(release, by=by, at=at)
    _finish(release, by=by, at=at)
    note_parts(release.ticket, "parts_issued", by=by, at=at, clause="5.1", release=release)


def _finish(release: Release, *, by: Any, at: dt.datetime) -> None:
    if release.stage == ReleaseStage.SIGNED and release.why_not("finish_issue") is None:
        _move(release, "finish_issue", by=by, at=at, issued_at=at)
        settle(release, by=by, at=at)


def settle(release: Release, *, by: Any, at: dt.datetime) -> None:
    """Once no loan is undeclared and everything that must come back is in, the sheet is settled by itself; a correction
    that owes something again opens it again."""
    refresh(release)
    if release.stage == ReleaseStage.ISSUED and release.why_not("settle") is None:
        _move(release, "settle", by=by, at=at, settled_at=at)
    elif release.stage == ReleaseStage.SETTLED and release.why_not("open_again") is None:
        _move(release, "open_again", by=by, at=at)


@transaction.atomic
def refuse_rest(release: Release, *, by: Any, at: dt.datetime, reason: str) -> Release:
    """Finance does not sign what was changed on a sheet of which parts are out: those pieces are struck (4.5)."""
    release = locked(release)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), "4.5", "reason")
    for line in refresh(release):
        if line.unsigned:
            line.struck += line.unsigned
            save_line(line, by=by, at=at, why="strike")
    refresh(release)
    _move(release, "refuse_rest", by=by, at=at, why="reject", reason=reason)
    events.pieces_struck.send(Release, release=release, at=at, by=by)
    _finish(release, by=by, at=at)
    _tell_ticket(release, "release_rejected", by=by, at=at, why=reason)
    return release


@transaction.atomic
def strike(release: Release, *, line: ReleaseLine, by: Any, at: dt.datetime, reason: str) -> Release:
    """Signed pieces that are no longer wanted: nobody will issue them (domain 4)."""
    release = locked(release)
    lines = {row.pk: row for row in refresh(release)}
    row = lines[line.pk]
    if row.to_issue == 0:
        raise OutOfTurn(_("Nothing of this line waits for its issue."), "5.1")
    row.struck += row.to_issue
    save_line(row, by=by, at=at, why=reason or "strike")
    refresh(release)
    _keep(release, by=by, at=at, why="strike")
    events.pieces_struck.send(Release, release=release, at=at, by=by)
    _finish(release, by=by, at=at)
    note_parts(release.ticket, "line_struck", by=by, at=at, clause="5.1", release=release)
    return release


@transaction.atomic
def split_short(release: Release, *, by: Any, at: dt.datetime) -> Release:
    """What is short splits off into a new sheet that keeps its signature; this one is then issued (domain 4)."""
    release = locked(release)
    short = [line for line in refresh(release) if line.to_issue > 0]
    if not short or not release.issued_any:
        raise OutOfTurn(_("Only what is left after a part was issued splits off."), "5.1")
    rest = _copy_header(release, by=by, at=at)
    for position, line in enumerate(short, 1):
        _copy_line(line, rest, position, by=by, at=at)
        line.struck += line.to_issue
        save_line(line, by=by, at=at, why="split")
    _sign_like(release, rest, by=by, at=at)
    refresh(release)
    _keep(release, by=by, at=at, why="split")
    events.pieces_struck.send(Release, release=release, at=at, by=by)
    _finish(release, by=by, at=at)
    _tell_ticket(rest, "release_split", by=by, at=at)
    return rest


HEADER = (
    "ticket", "order", "round", "plan_type", "requester", "engineer", "basis", "debtor", "consent_by", "consent_at",
    "consent_reason", "agreed_day", "extended_by", "receipt", "paid", "awaiting_accepted", "remark",
)  # fmt: skip
LINE = (
    "part", "kind", "quote_line", "unit_price", "discount", "in_warranty", "damage", "damage_evidence", "small",
    "recyclable", "wearing", "costly", "costly_evidence", "waiver_refused", "charge", "old_part", "waiver",
)  # fmt: skip


def _copy_header(release: Release, *, by: Any, at: dt.datetime) -> Release:
    rest = Release(
        number=next_number("LL", at), split_from=release, **{n: getattr(release, n) for n in HEADER}
    )
    return _keep(rest, by=by, at=at, why="split")


def _copy_line(line: ReleaseLine, rest: Release, position: int, *, by: Any, at: dt.datetime) -> None:
    """The pieces that are left, with the signature that they already carry."""
    copy = ReleaseLine(
        release=rest, position=position, quantity=line.to_issue, **{n: getattr(line, n) for n in LINE}
    )
    copy.amount = amount_of(line, line.issued, line.issued + line.to_issue)
    copy.digest, copy.signed_by, copy.signed_at = line_digest(copy), line.signed_by, line.signed_at
    save_line(copy, by=by, at=at, why="split")


def _sign_like(release: Release, rest: Release, *, by: Any, at: dt.datetime) -> None:
    """The new sheet takes the road of the old one up to the signature; finance is not asked a second time."""
    refresh(rest)
    _move(rest, "submit", by=by, at=at, submitted_at=release.submitted_at)
    _move(rest, "sign_for_finance", by=by, at=at, signed_by=release.signed_by, signed_at=release.signed_at,
          opinion=release.opinion, header_digest=header_digest(rest))  # fmt: skip


def shortages(lines: list[ReleaseLine]) -> dict[int, int]:
    """Line id → pieces that the store lacks, over all lines of the same part (5.2)."""
    left: dict[int, int] = {}
    short: dict[int, int] = defaultdict(int)
    for line in lines:
        have = left.setdefault(line.part_id, store.on_hand(line.part, Zone.GOOD))
        taken = min(have, line.to_issue)
        left[line.part_id] = have - taken
        if line.to_issue > taken:
            short[line.pk] = line.to_issue - taken
    return dict(short)

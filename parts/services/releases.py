"""The release 领料 from draft to signature (4.5): the engineer asks, finance signs line by line, a change costs the signature."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied
from aftersales.charter import Fact
from aftersales.flow import ConcurrentTransition
from aftersales.limits import local_day
from aftersales.models import next_number
from aftersales.money import LARGEST
from aftersales.problems import BadEntry, OutOfTurn, Stale
from deadlines import services as deadlines
from policy import figures
from repairs.flow import PlanType, Stage
from repairs.models import PartsOrder, Ticket
from repairs.services.for_parts import payer_of, service_from_parts
from repairs.services.quoting import held, lock_about

from .. import events
from ..flow import ReleaseStage
from ..models import Basis, Release, ReleaseLine
from . import lines as of_lines
from .lines import fill, header_digest, line_digest, rate, refresh, save_line, shown_digest, void

FACTS = ("quantity", "kind", "damage", "damage_evidence", "costly", "costly_evidence")
MOST = 40  # lines of one sheet


def _payable(release: Release, lines: list[ReleaseLine]) -> None:
    """No receipt could ever cover more than an amount can be."""
    if max([release.total, *(line.amount for line in lines)]) > LARGEST:
        raise BadEntry(
            _("This is more than an amount can be: {largest}."), "4.5", "quantity", largest=LARGEST
        )


# --- the draft (B06)
@transaction.atomic
def draft(
    about: Ticket | PartsOrder, *, by: Any, at: dt.datetime, basis: str, lines: Iterable[dict[str, Any]] = (),
    debtor: Any = None, remark: str = "",
) -> Release:  # fmt: skip
    """Open a release for a ticket in the engineer's hands, or for a parts-only order (8.7), with its part lines."""
    about = lock_about(about)
    ticket = about if isinstance(about, Ticket) else None
    if ticket is not None and ticket.stage not in (Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE):
        raise OutOfTurn(
            _("Parts are asked for once the customer was reached and before the work is completed."), "4.4"
        )
    if ticket is None and not about.is_open:
        raise OutOfTurn(_("This order has ended; nothing more is asked for."), "8.7")
    _order_is_sold(about, basis)
    release = Release(
        number=next_number("LL", at), ticket=ticket, order=None if ticket else about, requester=by, basis=basis,
        round=ticket.round if ticket else 1, plan_type=ticket.plan_type if ticket else "", engineer=about.engineer,
        debtor=debtor or _payer(about, basis, by=by, at=at), remark=remark,
    )  # fmt: skip
    _keep(release, by=by, at=at, why="draft")
    for entries in lines:
        _add(release, entries, by=by, at=at)
    _payable(release, refresh(release))
    _keep(release, by=by, at=at, why="lines")
    _tell_ticket(release, "release_drafted", by=by, at=at)
    return release


def _order_is_sold(about: Any, basis: str) -> None:
    """Parts without a repair are sold: paid first, or sent first with the engineer's word (8.7)."""
    if isinstance(about, PartsOrder) and basis == Basis.WARRANTY:
        raise BadEntry(_("A parts-only order is paid first, or sent first with the engineer's consent; never under warranty."),
                       "8.7", "basis")  # fmt: skip


def _payer(about: Any, basis: str, *, by: Any, at: dt.datetime) -> Any:
    """Who pays: the customer of ticket or order; needed as soon as anything may be charged."""
    if about.customer is not None or basis == Basis.WARRANTY:
        return about.customer
    return payer_of(about, by=by, at=at)


def _add(release: Release, entries: dict[str, Any], *, by: Any, at: dt.datetime) -> ReleaseLine:
    count = release.lines.count()
    if count >= MOST:
        raise BadEntry(_("A sheet holds at most {most} lines; open another one."), "4.5", "part", most=MOST)
    line = ReleaseLine(release=release, position=count + 1, part=entries["part"])
    _set(line, entries)
    fill(line, at=at)
    save_line(line, by=by, at=at, why="add_line")
    return line


def _set(line: ReleaseLine, entries: dict[str, Any]) -> None:
    for name in FACTS:
        if name in entries:
            setattr(line, name, entries[name])
    if line.quantity is None or line.quantity < 1:
        raise BadEntry(_("How many pieces? At least one."), "4.5", "quantity")
    if line.costly and not line.costly_evidence.strip():
        raise BadEntry(_("Say why recovering the old part costs too much."), "4.5a", "costly_evidence")


@transaction.atomic
def add_line(release: Release, *, by: Any, at: dt.datetime, **entries: Any) -> Release:
    """Another part on a draft."""
    _in_draft(release)
    agreed = release.total
    _add(release, entries, by=by, at=at)
    _payable(release, refresh(release))
    _consent_holds(release, agreed, by)
    return _keep(release, by=by, at=at, why="add_line")


def _consent_holds(release: Release, agreed: Decimal, by: Any) -> None:
    """He answers for what he agreed to (4.5c): a total that another hand raised needs an agreement of its own."""
    if release.consent_at is not None and release.total > agreed and by.pk != release.consent_by_id:
        _forget_consent(release)


def _forget_consent(release: Release) -> None:
    release.consent_at = release.consent_by = release.agreed_day = release.extended_by = None


@transaction.atomic
def change_line(release: Release, *, line: ReleaseLine, by: Any, at: dt.datetime, **entries: Any) -> Release:
    """Change a line of a draft, or of a signed sheet before its issue: then this line loses its own signature (SD14)."""
    line = _own(release, line)
    if release.stage not in (ReleaseStage.DRAFT, ReleaseStage.SIGNED):
        raise OutOfTurn(
            _("A line is changed in the draft, or after the signature and before its issue."), "4.5"
        )
    if line.issued:
        raise OutOfTurn(_("Pieces of this line were already issued."), "5.1")
    if line.struck:
        raise OutOfTurn(_("Pieces of this line were struck; ask for what is wanted on another sheet."), "5.1")
    was = line.digest
    _set(line, entries)
    fill(line, at=at)
    if was and line_digest(line) != was:
        void(line)
    save_line(line, by=by, at=at, why="change_line")
    return _after_change(release, by=by, at=at, why="change_line")


def _after_change(release: Release, *, by: Any, at: dt.datetime, why: str) -> Release:
    """A total above the receipt voids every signature that is not yet used; else only the changed line's is gone."""
    agreed = release.total
    lines = refresh(release)
    _payable(release, lines)
    _consent_holds(release, agreed, by)
    if release.stage == ReleaseStage.SIGNED and release.unsigned_lines:
        if release.basis == Basis.PAID and release.total > release.paid:
            _void_all(release, lines, by=by, at=at)
        _move(release, "lose_signature", by=by, at=at, why=why)
        _tell_ticket(release, "release_changed", by=by, at=at)
        return release
    return _keep(release, by=by, at=at, why=why)


def _void_all(release: Release, lines: list[ReleaseLine], *, by: Any, at: dt.datetime) -> None:
    for line in lines:
        if line.is_signed and not line.issued:
            void(line)
            save_line(line, by=by, at=at, why="void")
    refresh(release)


@transaction.atomic
def drop_line(release: Release, *, line: ReleaseLine, by: Any, at: dt.datetime) -> Release:
    """Take a line off a draft; the others move up."""
    _in_draft(release)
    gone = _own(release, line).position
    release.lines.get(position=gone).delete()
    for later in release.lines.filter(position__gt=gone).order_by("position"):
        later.position -= 1
        save_line(later, by=by, at=at, why="drop_line")
    refresh(release)
    return _keep(release, by=by, at=at, why="drop_line")


@transaction.atomic
def change_header(
    release: Release, *, by: Any, at: dt.datetime, basis: str, debtor: Any = None, remark: str = ""
) -> Release:
    """Another basis or debtor: every signature on the sheet is void (SD14), and so is a consent given for the old one."""
    if release.issued_any or release.stage not in (ReleaseStage.DRAFT, ReleaseStage.SIGNED):
        raise OutOfTurn(_("Basis and debtor are changed before anything is issued."), "4.5")
    _order_is_sold(release.about, basis)
    debtor = debtor or _payer(release.about, basis, by=by, at=at)
    changed = (basis, debtor.pk if debtor else None) != (release.basis, release.debtor_id)
    release.basis, release.debtor, release.remark = basis, debtor, remark
    if changed:
        _forget_consent(release)
        if release.stage == ReleaseStage.SIGNED:
            release = _unsigned(release, "revoke", by=by, at=at, why="change_header")
            _tell_ticket(release, "release_changed", by=by, at=at)
            return release
    refresh(release)
    return _keep(release, by=by, at=at, why="change_header")


# --- asking and taking back
@transaction.atomic
def submit(release: Release, *, by: Any, at: dt.datetime) -> Release:
    """To finance: prices that no accepted quotation froze are read once more and freeze now (domain 4)."""
    if release.pk and release.stage == ReleaseStage.DRAFT:
        for line in release.lines.select_related("part", "release"):
            line.release = release
            if not line.is_signed:
                fill(line, at=at)
                save_line(line, by=by, at=at, why="submit")
    refresh(release)
    _basis_fits(release)
    _move(release, "submit", by=by, at=at, submitted_at=at)
    _tell_ticket(release, "release_submitted", by=by, at=at)
    return release


def _basis_fits(release: Release) -> None:
    _order_is_sold(release.about, release.basis)
    if release.basis == Basis.WARRANTY and release.total > 0:
        raise BadEntry(_("A charged part cannot leave on the basis “under warranty”; choose paid or not yet paid."),
                       "4.5", "basis")  # fmt: skip
    if release.basis != Basis.WARRANTY and release.debtor is None:
        raise BadEntry(
            _("Name the customer who pays; customer service matches him on the ticket."), "4.5", "debtor"
        )


@transaction.atomic
def take_back(release: Release, *, by: Any, at: dt.datetime) -> Release:
    """The requester takes a sheet that waits or was rejected back into his draft; signatures left on it are void."""
    return _unsigned(release, "take_back", by=by, at=at)


@transaction.atomic
def cancel(release: Release, *, by: Any, at: dt.datetime, reason: str) -> Release:
    """Not needed any more, and nothing has left the store."""
    release = _unsigned(release, "cancel", by=by, at=at, why=reason)
    _tell_ticket(release, "release_cancelled", by=by, at=at, why=reason)
    return release


def _unsigned(
    release: Release, name: str, *, by: Any, at: dt.datetime, why: str = "", **entries: Any
) -> Release:
    """Take a step that voids every signature on the sheet; money that covered it is free again."""
    was_signed = release.signed_at is not None
    _void_all(release, refresh(release), by=by, at=at)
    _move(release, name, by=by, at=at, why=why or name, **entries)
    if was_signed:
        events.signature_lost.send(Release, release=release, at=at, by=by)
        release.receipt, release.paid = "", Decimal(0)
        _keep(release, by=by, at=at, why="signature_lost")
    return release


# --- sending first (4.5c, 8.7)
@transaction.atomic
def consent(release: Release, *, by: Any, at: dt.datetime, agreed_day: dt.date, reason: str = "") -> Release:
    """The responsible engineer agrees to send first and answers for the money (B08); he stays liable after a re-assignment."""
    if by.pk != release.about.engineer_id:
        raise Denied(_("Only the responsible engineer can agree to send first; he answers for it."), "4.5c")
    if release.basis != Basis.UNPAID:
        raise OutOfTurn(_("Only parts that are not yet paid need this agreement."), "4.5c")
    if agreed_day < local_day(at):
        raise BadEntry(_("The agreed day of payment lies in the past."), "4.5c", "agreed_day")
    if isinstance(release.about, PartsOrder) and not reason.strip():
        raise BadEntry(
            _("A parts-only order is paid first; say why this one goes out before."), "8.7", "reason"
        )
    release.consent_by, release.consent_at, release.consent_reason = by, at, reason
    release.agreed_day, release.extended_by, release.engineer = agreed_day, None, by
    return _keep(release, by=by, at=at, why="consent")


@transaction.atomic
def extend(release: Release, *, by: Any, at: dt.datetime) -> Release:
    """A leader's yes to an agreed day beyond the limit (J30)."""
    if not beyond_limit(release, at):
        raise OutOfTurn(_("The agreed day lies within the limit; nobody needs to be asked."), "4.5c")
    if by.pk in (release.requester_id, release.engineer_id):
        raise Denied(_("Nobody approves what is his own (SD04)."), "4.5c")
    release.extended_by = by
    return _keep(release, by=by, at=at, why="extend")


def beyond_limit(release: Release, at: dt.datetime) -> bool:
    """The agreed day lies more days after `at` (signing, and again the issue) than the company allows (⚙, domain 11)."""
    limit = dt.timedelta(days=figures.value("credit_days", local_day(at)))
    return bool(release.agreed_day and release.agreed_day > local_day(at) + limit)


# --- finance's hand; called by finance.services.signing, which asks rights and money (C05–C09)
@transaction.atomic
def put_signature(
    release: Release, *, by: Any, at: dt.datetime, receipt: str = "", paid: Decimal = Decimal(0), opinion: str = "",
    refused_waivers: Iterable[int] = (), shown: str = "",
) -> Release:  # fmt: skip
    """Sign what was shown: a digest per line and one of basis, debtor and liability (SD14)."""
    release = locked(release)
    if shown and shown != shown_digest(release):
        raise Stale(
            _("The sheet has changed since it was shown to you. Nothing was signed; please read it again."),
            "4.5",
        )
    _refuse_waivers(release, set(refused_waivers), by=by, at=at)
    lines = refresh(release)
    release.receipt, release.paid = receipt, paid
    stuck = release.why_not(
        "sign_for_finance"
    )  # before the lines are signed: coverage is asked of unsigned ones
    if stuck is not None:
        raise stuck
    _may_be_signed(release, at)
    for line in lines:
        if line.quantity > line.struck and not line.is_signed:
            line.digest, line.signed_by, line.signed_at = line_digest(line), by, at
            save_line(line, by=by, at=at, why="sign")
    refresh(release)
    first = release.signed_at is None
    _move(release, "sign_for_finance", by=by, at=at, signed_by=by, signed_at=at, opinion=opinion,
          header_digest=header_digest(release))  # fmt: skip
    _tell_ticket(release, "release_signed", by=by, at=at, signed=int(first))
    events.release_signed.send(Release, release=release, at=at, by=by)
    return release


def _refuse_waivers(release: Release, refused: set[int], *, by: Any, at: dt.datetime) -> None:
    for line in release.lines.select_related("part").filter(pk__in=refused):
        line.release, line.waiver_refused = release, True
        rate(line)
        save_line(line, by=by, at=at, why="waiver_refused")


def _may_be_signed(release: Release, at: dt.datetime) -> None:
    _basis_fits(release)
    if release.basis == Basis.PAID and release.paid < release.total:
        raise OutOfTurn(_("The receipt does not cover the total of the sheet."), "4.5b")
    if release.basis == Basis.UNPAID and beyond_limit(release, at) and release.extended_by_id is None:
        raise OutOfTurn(
            _("The agreed day of payment lies too far ahead; a leader must say yes first."), "4.5c"
        )
    awaited = of_lines.awaited_amount(release)
    if release.plan_type == PlanType.SELF_INSTALL and awaited > release.awaiting_accepted:
        raise OutOfTurn(
            _(
                "The customer has not accepted what stands charged until the old part is back; tell him amount and day."
            ),
            "4.5a",
        )


@transaction.atomic
def accept_awaiting(release: Release, *, by: Any, at: dt.datetime, how: str = "") -> Release:
    """The customer of plan a accepts amount and return day of the old parts, together with 4.4a."""
    release.awaiting_accepted = of_lines.awaited_amount(release)
    _keep(release, by=by, at=at, why="accept_awaiting")
    if how:  # written down by staff; the customer's own consent stands in the timeline already
        _tell_ticket(release, "awaiting_accepted", by=by, at=at, why=how)
    return release


@transaction.atomic
def put_rejection(
    release: Release, *, by: Any, at: dt.datetime, reason: str, refused_waivers: Iterable[int] = ()
) -> Release:
    """Finance says no, and why; a waiver that it refuses stays refused, so that the customer can be told what he owes."""
    release = locked(release)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), "4.5", "reason")
    _refuse_waivers(release, set(refused_waivers), by=by, at=at)
    refresh(release)
    _move(release, "reject", by=by, at=at, reason=reason)
    _tell_ticket(release, "release_rejected", by=by, at=at, why=reason)
    return release


@transaction.atomic
def revoke(release: Release, *, by: Any, at: dt.datetime, reason: str) -> Release:
    """Finance takes its signature back while nothing is issued (C09)."""
    release = _unsigned(locked(release), "revoke", by=by, at=at, why=reason)
    _tell_ticket(release, "release_revoked", by=by, at=at, why=reason)
    return release


# --- shared
def locked(release: Release) -> Release:
    """The sheet as it stands now, locked after its ticket or order: always in this order, so nobody waits in a circle."""
    return held(release)


def _own(release: Release, line: ReleaseLine) -> ReleaseLine:
    found = release.lines.select_related("part").get(pk=line.pk)
    found.release = release
    return found


def _in_draft(release: Release) -> None:
    if release.stage != ReleaseStage.DRAFT:
        raise OutOfTurn(_("Lines are added and dropped in the draft."), "4.5")


def _keep(release: Release, *, by: Any, at: dt.datetime, why: str) -> Release:
    release.sign(by=by, at=at, why=why)
    try:
        release.save()
    except ConcurrentTransition:
        raise Stale(
            _("Somebody else has just moved this sheet. Nothing was saved; please look at it again.")
        ) from None
    return release


def _move(release: Release, name: str, *, by: Any, at: dt.datetime, why: str = "", **entries: Any) -> None:
    """One step of the flow, its history, and the fact for the clock."""
    before = release.stage
    release.move(name, **entries)
    fact = getattr(release, name)._django_fsm.get_transition(before).custom["fact"]
    _keep(release, by=by, at=at, why=why or name)
    if fact:
        deadlines.record(Fact(fact), release, at=at, by=by)


def _tell_ticket(
    release: Release, name: str, *, by: Any, at: dt.datetime, why: str = "", signed: int = 0
) -> None:
    """The act in the ticket's timeline, and whether the plan still waits for parts."""
    if release.ticket is not None:
        service_from_parts(
            release.ticket, name, by=by, at=at, why=why, signed=signed, data={"release": release.number},
            waits_for_parts=waits_for_parts(release.ticket),
        )  # fmt: skip


def waits_for_parts(ticket: Ticket, needed: bool | None = None) -> bool:
    """A plan that needs parts waits until every sheet of this round that was asked for carries finance's signature."""
    sheets = set(Release.objects.filter(ticket=ticket, round=ticket.round).values_list("stage", flat=True))
    pending = {ReleaseStage.DRAFT, ReleaseStage.SUBMITTED, ReleaseStage.REJECTED} & sheets
    signed = {ReleaseStage.SIGNED, ReleaseStage.ISSUED, ReleaseStage.SETTLED} & sheets
    if needed is None:
        plan = ticket.plans.filter(turn=ticket.turn).last()
        needed = bool(plan and plan.needs_parts)
    return needed and ticket.stage == Stage.PLANNED and bool(pending or not signed)


@transaction.atomic
def follow_plan(ticket: Ticket, *, by: Any, at: dt.datetime) -> None:
    """The plan was saved: sheets drafted before it take its kind, and it may find its parts already signed."""
    rows = Release.objects.filter(ticket=ticket, round=ticket.round, issued_any=False)
    for release in rows.exclude(stage=ReleaseStage.CANCELLED).exclude(plan_type=ticket.plan_type):
        release.plan_type = ticket.plan_type
        _keep(release, by=by, at=at, why="plan")
    waits = waits_for_parts(ticket, needed=ticket.waits_for_parts)
    if waits != ticket.waits_for_parts:
        service_from_parts(ticket, "parts_ready", by=by, at=at, waits_for_parts=waits)


@transaction.atomic
def follow_debtor(kept: Any, gone: Any, only: list[int] | None, *, by: Any, at: dt.datetime) -> list[int]:
    """Two customers were one (A23): sheets that nobody signed go to who was kept; taken back, exactly `only`.

    A signature covers the payer as he then was (SD14): a signed sheet keeps him, and what it charges finds who he is now.
    """
    rows = Release.objects.filter(debtor=gone, signed_at=None).order_by("pk")
    rows = rows if only is None else rows.filter(pk__in=only)
    moved = []
    for release in map(locked, rows):
        if release.signed_at is None:
            release.debtor = kept
            _keep(release, by=by, at=at, why="customer_merged")
            moved.append(release.pk)
    return moved

"""Finance signs, rejects or takes back (4.5): who may, on what it rests, and that what is signed is what was shown."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand
from accounts.selectors import deputies, stand_in
from aftersales.limits import local_day
from aftersales.problems import BadEntry, OutOfTurn, Stale
from deadlines.models import Deadline
from parts.flow import ReleaseStage
from parts.models import Basis, Release, ReleaseLine
from parts.services import issuing, releases, returning
from policy import figures
from repairs.models import CrewMember, Ticket

from ..models import Receipt, Receivable
from ..selectors import free
from ..shown import digest_of
from .charges import Books

#: what a signature on credit must say (4.5c, C06)
UNPAID = "未付款"
ACTIONS = {Basis.PAID: "signoff.paid", Basis.UNPAID: "signoff.credit", Basis.WARRANTY: "signoff.warranty"}


# --- who
def engineers_of(release: Release) -> set[int]:
    """Whoever is or was an engineer of the ticket or order: responsible, in the crew, earlier ones, who agreed (SD01)."""
    about = release.about
    found = {release.engineer_id, release.consent_by_id, about.engineer_id}
    found |= set(about.history.exclude(engineer=None).values_list("engineer", flat=True).distinct())
    if isinstance(about, Ticket):
        found |= set(CrewMember.objects.filter(ticket=about).values_list("user", flat=True))
    return {pk for pk in found if pk is not None}


def stood_in(release: Release, by: Any, at: dt.datetime) -> bool:
    """Whether he stands in for an engineer of the ticket or order, or took a step of the ticket for one."""
    responsible = release.about.engineer_id
    if responsible is not None and stand_in(responsible, deputies(at)) == by.pk:
        return True
    return release.ticket is not None and release.ticket.events.filter(by=by, data__has_key="for").exists()


def separate(release: Release, by: Any, at: dt.datetime) -> None:
    """SD01: neither the requester nor an engineer of the ticket, nor his deputy, decides about its release."""
    if by.pk == release.requester_id:
        raise Denied(_("Who asked for the parts does not sign or revoke their release (SD01)."), "4.5")
    if by.pk in engineers_of(release) or stood_in(release, by, at):
        raise Denied(_("An engineer of this ticket does not sign or revoke its release (SD01)."), "4.5")


# --- sign
@transaction.atomic
def sign(
    release: Release,
    *,
    by: Any,
    at: dt.datetime,
    receipt: Receipt | None = None,
    opinion: str = "",
    refused_waivers: Iterable[int] = (),
    shown: str = "",
) -> Release:
    """Sign a submitted release on its basis (C05–C07). `refused_waivers`: ids of lines whose waiver finance refuses (C08);
    `shown`: digest of what stood on the signer's screen. Raises `Stale` when the paper says something else by now.
    """
    held = locked(release, ReleaseStage.SUBMITTED)
    demand(by, ACTIONS[Basis(held.basis)], held)
    separate(held, by, at)
    _as_shown(held, shown)
    refused = _waivers(held, by, refused_waivers)
    facts = BASES[Basis(held.basis)](held, by=by, at=at, receipt=receipt, opinion=opinion)
    return releases.put_signature(held, by=by, at=at, opinion=opinion, refused_waivers=refused, **facts)


def locked(release: Release, *stages: str) -> Release:
    """The release under its lock, still where the signer saw it: of many who sign at once, one finds it so."""
    held = releases.locked(release)
    if held.stage not in stages:
        raise Stale(
            _("Somebody else was faster: this release stands at “{stage}”. Nothing was saved."), "4.5", stage=held.stage_label()
        )  # fmt: skip
    return held


def _as_shown(release: Release, shown: str) -> None:
    if shown and shown != digest_of(release):
        raise Stale(
            _("The release has changed since it was shown. Nothing was signed; below it is as it stands now."),
            "4.5",
        )  # fmt: skip


def _waivers(release: Release, by: Any, refused: Iterable[int]) -> tuple[int, ...]:
    """The lines whose waiver is refused; whoever decides about waivers needs the right to (C08)."""
    waiting = set(waived_lines(release).values_list("pk", flat=True))
    if waiting:
        demand(by, "old_part.waive_return", release)
    found = tuple(sorted(set(refused)))
    if not set(found) <= waiting:
        raise BadEntry(
            _("Only a waiver that this release asks for can be refused."), "4.5a", "refused_waivers"
        )
    return found


def waived_lines(release: Release) -> Any:
    """Lines that need not bring their old part back only if finance says so (4.5a), and are not signed yet."""
    return release.lines.exclude(waiver="").filter(signed_at=None)


# --- on what it rests
def _paid(
    release: Release, *, by: Any, at: dt.datetime, receipt: Receipt | None, opinion: str
) -> dict[str, Any]:
    """4.5b: a receipt of the debtor that still holds the total; from ⚙ on not signed by who recorded it (SD03)."""
    if receipt is None:
        raise BadEntry(_("Choose the receipt on which the signature rests."), "4.5b", "receipt")
    held = Receipt.objects.select_for_update().get(pk=receipt.pk)
    if held.reversed_at is not None:
        raise BadEntry(_("This receipt was reversed."), "4.5b", "receipt")
    if held.customer_id != release.debtor_id:
        raise BadEntry(_("This receipt is another customer's."), "4.5b", "receipt")
    left = free(held, but=release)
    if left < release.total:
        sentence = _("The receipt still holds {left} yuan; the release asks for {total}.")
        raise BadEntry(sentence, "4.5b", "receipt", left=left, total=release.total)
    _recorder(held, by, at)
    return {"receipt": held.number, "paid": release.total}


def _recorder(receipt: Receipt, by: Any, at: dt.datetime) -> None:
    """SD03. The receipt's amount counts, so that a large one is not signed away in small releases."""
    limit = figures.value("recorder_signs_below", local_day(at))
    if receipt.made_by_id == by.pk and receipt.amount >= limit:
        sentence = _(
            "Who recorded a payment of {limit} yuan or more does not sign the release that rests on it (SD03)."
        )
        raise Denied(sentence, "4.5b", limit=limit)


def _unpaid(
    release: Release, *, by: Any, at: dt.datetime, receipt: Receipt | None, opinion: str
) -> dict[str, Any]:
    """4.5c: the words 未付款 stand on the paper; consent and agreed day are guards of the release itself."""
    if UNPAID not in opinion:
        raise BadEntry(_("The signature must read “{words}”."), "4.5c", "opinion", words=UNPAID)
    return {}


def _warranty(release: Release, **facts: Any) -> dict[str, Any]:
    """4.5a: rests on the table's decision alone; that nothing on it is to pay is a guard of the release."""
    return {}


BASES = {Basis.PAID: _paid, Basis.UNPAID: _unpaid, Basis.WARRANTY: _warranty}


# --- reject, revoke
@transaction.atomic
def reject(
    release: Release, *, by: Any, at: dt.datetime, reason: str, refused_waivers: Iterable[int] = ()
) -> Release:
    """Back to the engineer with a reason (J29), and with the waivers that finance refuses (C08): in plan a the customer is
    asked before the signature. Of a sheet from which parts are out, only what is not signed is refused.
    """
    held = locked(release, ReleaseStage.SUBMITTED)
    demand(by, "release.reject", held)
    separate(held, by, at)
    if held.issued_any:
        return issuing.refuse_rest(held, by=by, at=at, reason=reason)
    refused = _waivers(held, by, refused_waivers) if refused_waivers else ()
    return releases.put_rejection(held, by=by, at=at, reason=reason, refused_waivers=refused)


@transaction.atomic
def revoke(release: Release, *, by: Any, at: dt.datetime, reason: str) -> Release:
    """Take the signature back while nothing is issued (C09); what was set aside of the receipt is free again."""
    held = locked(release, ReleaseStage.SIGNED)
    demand(by, "signoff.revoke", held)
    separate(held, by, at)
    return releases.revoke(held, by=by, at=at, reason=reason)


# --- old parts
@transaction.atomic
def convert(line: ReleaseLine, *, by: Any, at: dt.datetime, pieces: int) -> Receivable | None:
    """An old part that never came becomes a receivable due today (J31), once its clock has run out (4.5a, 4.7)."""
    held = _line(line, by, "awaiting.convert", pieces, at)
    if not _overdue(held, at):
        raise OutOfTurn(_("The old part is not overdue: its time has not run out yet."), "4.5a")
    returning.convert(held, by=by, at=at, pieces=pieces)
    return Books(held, by=by, at=at, paper=held.release.number).converted(pieces)


@transaction.atomic
def waive(line: ReleaseLine, *, by: Any, at: dt.datetime, pieces: int, reason: str) -> ReleaseLine:
    """Finance does without an old part after all (C08, 5.6): these pieces are free."""
    held = _line(line, by, "old_part.waive_return", pieces, at)
    returning.waive_later(held, by=by, at=at, pieces=pieces, reason=reason)
    return held


def _line(line: ReleaseLine, by: Any, action: str, pieces: int, at: dt.datetime) -> ReleaseLine:
    """The line under its release's lock; the right, SD01, and that so many old parts are still to come."""
    release = releases.locked(line.release)
    held = ReleaseLine.objects.select_for_update(of=("self",)).select_related("release").get(pk=line.pk)
    demand(by, action, held)
    separate(release, by, at)
    if not 1 <= pieces <= held.old_due:
        raise BadEntry(
            _("{due} old parts of this line are still to come."), "4.5a", "pieces", due=held.old_due
        )
    return held


def _overdue(line: ReleaseLine, at: dt.datetime) -> bool:
    return Deadline.objects.of(line).filter(rule="old_part", met_at=None, due_at__lte=at).exists()

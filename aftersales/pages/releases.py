"""The release as one desk: the warehouse's and engineer's steps with finance's (4.5); and its section on the ticket's page."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.steps import Steps
from aftersales.display import moments
from aftersales.display.sheet import Part, Table
from finance.shown import digest_of
from finance.steps import SIGNING
from parts.desk.releases import RELEASE_DESK, line_payload, release_payload
from parts.flow import ReleaseStage
from parts.models import Release, ReleaseLine
from parts.rules import OldPart
from parts.selectors import lines_of
from parts.services.releases import locked
from parts.sheets.releases import charge_mark, yuan
from parts.steps.releases import RELEASES
from repairs.flow import Stage
from repairs.models import PartsOrder, Ticket


def payload(paper: Release, user: Any) -> dict[str, Any]:
    """The warehouse's facts, and what a program that signs must send back: the digest of what it was shown."""
    waits = paper.stage == ReleaseStage.SUBMITTED
    return release_payload(paper, user) | {"shown": digest_of(paper) if waits else None}


DESK = replace(
    RELEASE_DESK, steps=Steps(Release, [*SIGNING, *RELEASES.rows.values()], lock=locked), payload=payload
)
ASKING = (Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE)


def section(ticket: Ticket, user: Any) -> Part | None:
    """The parts of the ticket (form 9.2 ⑥): each with its sheet, price, charge, what was issued and what is to come back."""
    if not may(user, "release.view", ticket):
        return None
    lines = _of(ticket, lines_of(ticket, user))
    if not lines and ticket.stage not in ASKING:
        return None
    head = [(_("Part"), ""), (_("Quantity"), "number"), (_("Amount"), "money"), (_("Charge"), ""), (_("Release"), ""),
            (_("Issued"), "number"), (_("To come back"), "number"), (_("Old part received"), "")]  # fmt: skip
    table = Table(head, [_row(line) for line in lines])
    return Part(
        "parts", _("Parts"), table=table, empty=_("No parts were asked for."), note=_to_declare(lines, user)
    )


def _of(ticket: Ticket, lines: list[ReleaseLine]) -> list[ReleaseLine]:
    """Each line knows the ticket that was read already."""
    for line in lines:
        line.release.ticket = ticket
    return lines


def _unsaid(line: ReleaseLine) -> bool:
    """Nobody has said where the old parts of the used pieces are."""
    return line.old_part == OldPart.MUST and not line.opening and line.used > line.old_taken + line.old_left


def _to_declare(lines: list[ReleaseLine], user: Any) -> Any:
    """The way to say which parts were used, for whom it is his to say; the work is not completed before (4.7)."""
    open_ = [line.release for line in lines if line.undeclared or _unsaid(line)]
    found = next((release for release in open_ if may(user, "parts.declare", release)), None)
    if found is None or found.ticket is None or found.ticket.undeclared_parts == 0:
        return ""
    sentence, label = (
        _("Parts of {release} are not declared used or unused yet (4.7)."),
        _("Declare used and unused"),
    )
    return format_html('{} <a class="button" href="{}?step=declare">{}</a>', sentence.format(release=found.number),
                       found.get_absolute_url(), label)  # fmt: skip


def _row(line: ReleaseLine) -> tuple[Any, ...]:
    sheet = format_html('<a class="number" href="{}">{}</a> {}', line.release.get_absolute_url(), line.release.number,
                        line.release.get_stage_display())  # fmt: skip
    return (
        f"{line.part.code} {line.part.name}", line.quantity - line.struck, yuan(line.amount), charge_mark(line), sheet,
        line.issued, line.unused_out + line.old_due + line.undeclared or "–", _received(line),
    )  # fmt: skip


def _received(line: Any) -> str:
    """Whose hand signed for the old part on this ticket, and when (5.3)."""
    return f"{line.old_by} {moments.when(line.old_at, 'short')} × {line.old_in}" if line.old_at else "–"


def part_lines(ticket: Ticket, user: Any) -> list[dict[str, Any]]:
    """The same lines for programs: each with the number and stage of its sheet; none for whom A13 does not name."""
    if not may(user, "release.view", ticket):
        return []
    return [
        {"release": line.release.number, "stage": line.release.stage, "basis": line.release.basis} | line_payload(line)
        for line in lines_of(ticket, user)
    ]  # fmt: skip


def act(about: Ticket | PartsOrder, user: Any) -> dict[str, Any] | None:
    """“Ask for parts” on a ticket or a parts-only order, for whom it is his to ask."""
    asked = about.is_open if isinstance(about, PartsOrder) else about.stage in ASKING
    if not asked or not may(user, "parts.request", about):
        return None
    url = reverse("parts:new_release", args=[about.number])
    return {"label": _("Ask for parts"), "url": url, "page": True}

"""The desks of releases and returns: their pages and endpoints. Finance's steps are added by the shell (architecture)."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from deadlines.papers import PaperDesk
from repairs.models import PartsOrder, Ticket

from ..models import Release, ReleaseLine, Return
from ..selectors import lines_shown
from ..sheets import releases as sheets
from ..steps.releases import ACTS, RELEASES, RETURNS

RELATED = ("ticket", "order", "requester", "engineer", "debtor", "consent_by", "signed_by", "extended_by")


def releases_for(user: Any) -> Any:
    return Release.objects.visible_to(user).select_related(*RELATED)


def returns_for(user: Any) -> Any:
    rows = Return.objects.visible_to(user)
    return rows.select_related("release__ticket", "release__order", "made_by", "decided_by")


def about_of(user: Any, number: str) -> Any:
    """The ticket or parts-only order of this number, if the person may see it; else 404."""
    word = number.replace("\x00", "")
    if word.startswith("DD"):
        return get_object_or_404(PartsOrder.objects.visible_to(user), number=word)
    return get_object_or_404(Ticket.objects.visible_to(user), number=word)


LINE = (
    "id", "position", "quantity", "struck", "kind", "in_warranty", "damage", "small", "recyclable",
    "wearing", "costly", "charge", "old_part", "waiver", "issued", "used", "unused", "returned", "old_in", "old_waived",
)  # fmt: skip


def line_payload(line: ReleaseLine) -> dict[str, Any]:
    """A part line; `part` is the code, amounts are texts of yuan with two decimals."""
    return {name: getattr(line, name) for name in LINE} | {
        "part": line.part.code, "name": line.part.name, "spec": line.part.spec, "signed": line.is_signed,
        "unit_price": f"{line.unit_price:.2f}", "amount": f"{line.amount:.2f}",
    }  # fmt: skip


def release_payload(paper: Release, user: Any) -> dict[str, Any]:
    """Facts of a release; `part` is the code, amounts are strings of yuan."""
    lines = [line_payload(line) for line in lines_shown(paper, user)]
    return {
        "ticket": paper.ticket.number if paper.ticket else None, "order": paper.order.number if paper.order else None,
        "basis": paper.basis, "debtor": paper.debtor.number if paper.debtor else None, "total": f"{paper.total:.2f}",
        "engineer": paper.engineer.username, "requester": paper.requester.username, "receipt": paper.receipt,
        "paid": f"{paper.paid:.2f}", "signed_at": paper.signed_at,
        "signed_by": paper.signed_by.username if paper.signed_by else None,
        "agreed_day": paper.agreed_day, "rejection": paper.rejection, "lines": lines,
    }  # fmt: skip


def return_payload(paper: Return, user: Any) -> dict[str, Any]:
    lines = [
        {
            "id": x.pk,
            "part": x.line.part.code,
            "quantity": x.quantity,
            "received": x.received,
            "codes": x.codes,
        }
        for x in paper.lines.select_related("line__part")
    ]
    return {"kind": paper.kind, "release": paper.release.number, "refusal": paper.refusal, "lines": lines}


RELEASE_DESK = PaperDesk(
    app="parts", name="release", plural="releases", steps=RELEASES, view="release.view", step_action="release.step",
    rows=releases_for, sheet=sheets.release, payload=release_payload, home=("parts:releases", _("Releases")), acts=ACTS,
)  # fmt: skip
RETURN_DESK = PaperDesk(
    app="parts", name="return", plural="returns", steps=RETURNS, view="return.view", step_action="return.confirm",
    rows=returns_for, sheet=sheets.returned, payload=return_payload, home=("parts:returns", _("Returns")), acts=ACTS,
)  # fmt: skip

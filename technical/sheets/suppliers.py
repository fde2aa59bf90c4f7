"""How a claim on a supplier looks (7.1): of whom, for which case, how much, what came of it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import by_at, link, yuan
from aftersales.display.sheet import Cell, Part, Sheet
from aftersales.money import in_words

from ..flow import SupplierClaimStage
from ..models import SupplierClaim
from ..shown import percent, title

C = SupplierClaimStage


def claim(paper: SupplierClaim, user: Any) -> Sheet:
    return Sheet(
        title=_("Claim on a supplier"), story=f"{paper.supplier} · {yuan(paper.amount)}", next=_next(paper),
        parts=[_what(paper, user), _outcome(paper)],
        prints=[(_("Print"), reverse("technical:supplier_claim_print", args=[paper.number]))],
    )  # fmt: skip


def _next(paper: SupplierClaim) -> str:
    return {
        C.DRAFT: _("Purchasing sends it to the supplier (7.1)."),
        C.SENT: _("Purchasing writes down what the supplier bore (7.1)."),
    }.get(C(paper.stage), "")  # fmt: skip


def _what(paper: SupplierClaim, user: Any) -> Part:
    share, report = paper.share, paper.share.report
    case = link(report) if may(user, "quality_report.view", report) else report.number
    rows: list[Cell] = [
        (_("Supplier"), paper.supplier), (_("Quality report"), case), (_("What failed"), title(report)),
        (_("Batch or identification code"), report.batch), (_("Share of the case"), percent(share.percent)),
        (_("Clause of the standard 9.7"), str(share.clause), "wide"), (_("Loss of the case"), yuan(paper.loss)),
        (_("Claimed"), yuan(paper.amount)), (_("In words"), in_words(paper.amount)),
        (_("How it was computed"), paper.basis, "wide"),
    ]  # fmt: skip
    return Part("what", _("What is claimed"), [row for row in rows if row[1]])


def _outcome(paper: SupplierClaim) -> Part:
    rows: list[Cell] = [
        (_("Written by"), by_at(paper.made_by, paper.made_at)),
        (_p("supplier claim", "Sent by"), by_at(paper.sent_by, paper.sent_on)),
        (_p("supplier claim", "Settled on"), moments.when(paper.settled_on) if paper.settled_on else ""),
        (_("Borne by the supplier"), yuan(paper.settled_amount) if paper.settled_amount is not None else ""),
        (_("How"), paper.settled_how), (_("Dropped because"), paper.dropped_why, "wide"),
    ]  # fmt: skip
    return Part("outcome", _("What came of it"), [row for row in rows if row[1]])

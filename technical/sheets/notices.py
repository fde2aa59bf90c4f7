"""How a rectification notice looks (7.2): what is asked, what was done with pictures, verification, effect, campaign."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import by_at, link
from aftersales.display.sheet import Cell, Part, Sheet, Table

from .. import selectors
from ..flow import NoticeStage
from ..models import Notice
from ..services.campaigns import DONE, WHY
from ..shown import title

N = NoticeStage


def notice(paper: Notice, user: Any) -> Sheet:
    done = [_done(paper)] if paper.done else []
    checked = [_checked(paper)] if paper.verified_at or paper.verdict else []
    effect = [_effect(paper)] if paper.effect_on else []
    return Sheet(
        title=_("Rectification notice"), story=title(paper.report), banner=_banner(paper), next=_next(paper),
        parts=[_asked(paper, user), *done, *checked, *effect, *_campaign(paper, user)],
        beside=_beside(paper, user),
        prints=[(_("Print"), reverse("technical:notice_print", args=[paper.number]))],
    )  # fmt: skip


def _beside(paper: Notice, user: Any) -> list[tuple[str, str]]:
    """Where a whole batch is hit, every vehicle of it is called in."""
    if paper.stage == N.WITHDRAWN or not may(user, "campaign.start"):
        return []
    word = _("Add vehicles to the campaign") if hasattr(paper, "campaign") else _("Start a service campaign")
    return [(word, reverse("technical:campaign", args=[paper.number]))]


def _campaign(paper: Notice, user: Any) -> list[Part]:
    """How far the campaign is: a ticket for each vehicle; who was left out, and why."""
    campaign = getattr(paper, "campaign", None)
    if campaign is None:
        return []
    rows = list(campaign.vehicles.select_related("vehicle", "ticket"))
    opens = "Y" in {user.cell(name) for name in ("ticket.view_full", "ticket.view_masked")}
    cells: list[tuple[Any, ...]] = [
        (x.vehicle.vin, link(x.ticket) if opens else x.ticket.number, x.ticket.stage_label()) for x in rows
    ]
    left: list[tuple[Any, ...]] = [(row["vin"], WHY[row["why"]], "") for row in campaign.left_out]
    done = sum(1 for row in rows if row.ticket.stage in DONE)
    facts: list[Cell] = [
        (_("Title"), campaign.title), (_p("campaign", "Done"), f"{done} / {len(rows)}"),
        (_("What is to be done on each vehicle"), campaign.symptom, "wide"),
    ]  # fmt: skip
    head = [(_("VIN"), "tight"), (_("Ticket"), ""), (_("Stage"), "")]
    return [Part("campaign", _("Service campaign"), facts, table=Table(head, cells + left))]


def _banner(paper: Notice) -> tuple[str, Any, Any] | None:
    if paper.stage == N.WITHDRAWN:
        return "warning", _("Withdrawn"), paper.withdrawn_why
    if paper.stage == N.REJECTED:
        return "warning", _p("rectification", "To be done again"), paper.effect or paper.verdict
    return None


def _next(paper: Notice) -> str:
    who, until = str(paper.person), moments.when(paper.due_on)
    sentences = {
        N.ISSUED: _("{who} has the measures in place by {day} and shows the evidence (7.2)."),
        N.REJECTED: _("{who} does it again by {day} and shows the evidence (7.2)."),
        N.IN_PLACE: _("Technical verifies the measures; not who carried them out (7.2, SD09)."),
        N.VERIFIED: _("From {effect} on technical checks whether the fault comes back (7.2)."),
    }  # fmt: skip
    effect = moments.when(paper.effect_on) if paper.effect_on else ""
    return sentences.get(N(paper.stage), "").format(who=who, day=until, effect=effect)


def _asked(paper: Notice, user: Any) -> Part:
    """What is asked of whom; the report is a way for whom it opens."""
    opens = may(user, "quality_report.view", paper.report)
    rows: list[Cell] = [
        (_("Quality report"), link(paper.report) if opens else paper.report.number),
        (_("Responsible department"), paper.get_department_display()), (_("Responsible person"), paper.person),
        (_("Done by"), moments.when(paper.due_on)), (_("Turn"), paper.turn if paper.turn > 1 else ""),
        (_("Problem"), paper.problem, "wide"), (_("What is to be done"), paper.measures, "wide"),
    ]  # fmt: skip
    return Part("asked", _p("rectification", "What is asked"), [row for row in rows if row[1] != ""])


def _done(paper: Notice) -> Part:
    rows: list[Cell] = [
        (_("What was done, with the evidence"), paper.done, "wide"), (_("Prevention"), paper.prevention, "wide"),
        (_("Carried out by"), by_at(paper.carried_out_by, paper.carried_out_at)), (_("Pictures"), _pictures(paper), "wide"),
    ]  # fmt: skip
    return Part("done", _p("rectification", "What was done"), [row for row in rows if row[1]])


def _pictures(paper: Notice) -> Any:
    """Thumbnails that open the picture; of earlier turns too."""
    rows = [(_address(paper, row), at) for at, row in enumerate(paper.pictures.all(), 1)]
    if not rows:
        return ""
    return format_html('<ul class="thumbs">{}</ul>', format_html_join(
        "", '<li><a href="{0}"><img src="{0}?size=thumb" alt="{1}" loading="lazy"></a></li>',
        ((url, _("Picture {n}").format(n=at)) for url, at in rows),
    ))  # fmt: skip


def _address(paper: Notice, row: Any) -> str:
    return reverse("technical:notice_picture", args=[paper.number, row.key])


def _checked(paper: Notice) -> Part:
    rows: list[Cell] = [
        (_("Verification"), paper.verdict, "wide"),
        (_p("rectification", "Looked at by"), by_at(paper.verified_by, paper.verified_at)),
    ]
    return Part("verified", _("Verification"), [row for row in rows if row[1]])


def _effect(paper: Notice) -> Part:
    since = selectors.came_back(paper) if paper.came_back is None else paper.came_back
    rows: list[Cell] = [
        (_("Effect is checked on"), moments.when(paper.effect_on)),
        (_("Reported again since"), _("{n} times").format(n=since)), (_("Effect"), paper.effect, "wide"),
        (_p("rectification", "Closed at"), moments.when(paper.closed_at) if paper.closed_at else ""),
    ]  # fmt: skip
    return Part("effect", _("Effect"), [row for row in rows if row[1]])

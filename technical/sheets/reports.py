"""How a quality report looks (9.6): the case, what failed, evidence, technical's answer, who answers, appeal and review."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display import moments
from aftersales.display.marks import by_at, link, yes_no
from aftersales.display.sheet import Cell, Part, Sheet, Table
from repairs.models import Ticket
from repairs.services import articles

from .. import selectors
from ..flow import ReportStage
from ..models import Report
from ..shown import percent, place_of, title

R = ReportStage
#: the case is over: what it taught may help customers (2.2)
OVER = (R.FINAL, R.ASSESSED)


def report(paper: Report, user: Any) -> Sheet:
    judged = paper.stage in (R.JUDGED, R.APPEALED, R.FINAL, R.ASSESSED)
    answer = [_analysis(paper)] if paper.stage != R.DRAFT else []
    verdict = [_shares(paper)] if judged else []
    return Sheet(
        title=_("Quality report"), story=_story(paper), banner=_banner(paper), next=_next(paper, user),
        parts=[_case(paper, user), _failure(paper), _found(paper), _evidence(paper, user), *answer, *_notices(paper, user),
               *verdict, *_review(paper)],
        prints=[(_("Print"), reverse("technical:report_print", args=[paper.number]))], ways=_ways(paper, user),
        beside=_beside(paper, user),
    )  # fmt: skip


def _ways(paper: Report, user: Any) -> list[tuple[str, str]]:
    """What is done next on another paper: the notice that the analysis asks for (7.2)."""
    if not (paper.is_technical and may(user, "rectification.issue")):
        return []
    return [(_("Issue a rectification notice"), reverse("technical:new_notice", args=[paper.number]))]


def _beside(paper: Report, user: Any) -> list[tuple[str, str]]:
    """What a case that is over may still be good for."""
    return _article(paper, user) if paper.stage in OVER else []


def _article(paper: Report, user: Any) -> list[tuple[str, str]]:
    """The way to the help article that this case taught, or to its draft (2.2)."""
    key = articles.drafted(paper.number)
    if key and may(user, "help.view"):
        return [(_("Help article of this case"), reverse("technical:article", args=[key]))]
    if not key and may(user, articles.DRAFT):
        return [(_("Draft a help article"), reverse("technical:new_article", args=[paper.number]))]
    return []


def _notices(paper: Report, user: Any) -> list[Part]:
    """The rectification notices that came of it (7.2)."""
    rows = list(paper.notices.select_related("person"))
    cells = [
        (link(row) if may(user, "rectification.view", row) else row.number, row.stage_label(),
         row.get_department_display(), moments.when(row.due_on))
        for row in rows
    ]  # fmt: skip
    head = [(_("Number"), "tight"), (_("Stage"), ""), (_("Department"), ""), (_("Done by"), "tight")]
    return [Part("notices", _("Rectification"), table=Table(head, cells))] if rows else []


def _story(paper: Report) -> str:
    return title(paper) or paper.ticket.number


def _banner(paper: Report) -> tuple[str, Any, Any] | None:
    if paper.stage == R.DRAFT and paper.sent_back_why:
        return "warning", _("Sent back"), paper.sent_back_why
    return None


def _next(paper: Report, user: Any) -> Any:
    if paper.stage == R.JUDGED and paper.appeal_until is not None:
        return _("Whoever is held responsible accepts it, or appeals until {until} (7.1).").format(
            until=moments.due(paper.appeal_until)
        )
    if paper.stage == R.APPEALED:
        convened = selectors.review_of(paper) is not None
        return (
            _("The panel votes, then the leader decides (7.1).")
            if convened
            else _("A leader convenes the joint review (7.1).")
        )
    if paper.stage == R.FINAL and not paper.ours:
        return ""  # a supplier's or a customer's alone: nothing is assessed
    return {
        R.DRAFT: _("The engineer fills it in, adds evidence and submits it (4.10)."),
        R.SUBMITTED: _("Technical confirms the analysis (7.1)."), R.ANALYSED: _("Technical judges who answers for it (7.1)."),
        R.FINAL: _("Finance writes what follows from it (8.9)."),
    }.get(R(paper.stage), "")  # fmt: skip


def ticket_link(ticket: Ticket, user: Any) -> Any:
    """The way to the ticket for who may open it, in full or masked; else its number."""
    opens = any(may(user, name, ticket) for name in ("ticket.view_full", "ticket.view_masked"))
    return link(ticket) if opens else ticket.number


def _case(paper: Report, user: Any) -> Part:
    rows: list[Cell] = [
        (_("Ticket"), ticket_link(paper.ticket, user)), (_("Plan"), paper.get_plan_type_display()),
        (_p("quality report", "Written by"), paper.engineer),
        (_("Model"), paper.model), (_("VIN"), paper.vin),
        (_("Delivered on"), moments.when(paper.delivered_on) if paper.delivered_on else ""),
        (_("Made on"), moments.when(paper.produced_on) if paper.produced_on else ""),
        (_("Kilometres or hours"), f"{paper.odometer:,}" if paper.odometer is not None else ""),
        (_("Submitted at"), moments.when(paper.submitted_at) if paper.submitted_at else ""),
    ]  # fmt: skip
    return Part("case", _("The case"), [row for row in rows if row[1] not in ("", None)])


def _failure(paper: Report) -> Part:
    rows: list[Cell] = [
        (_("Failed part"), " ".join(word for word in (paper.part_name, paper.part_no) if word)),
        (_("Failure mode"), paper.get_failure_mode_display() if paper.failure_mode else ""), (_("Supplier"), paper.supplier),
        (_("Batch or identification code"), paper.batch),
        (_("The supplier was changed"), yes_no(paper.supplier_changed) if paper.supplier_changed else ""),
        (_("The same fault in 3 months"), _often(paper.similar_3)), (_("The same fault in 12 months"), _often(paper.similar_12)),
    ]  # fmt: skip
    empty = _("Not written yet.")
    return Part("failure", _("What failed"), [row for row in rows if row[1]], empty=empty)


def _often(count: int | None) -> str:
    return (
        "" if count is None else ngettext("{n} earlier report", "{n} earlier reports", count).format(n=count)
    )


def _found(paper: Report) -> Part:
    rows: list[Cell] = [
        (_p("quality report", "What happens"), paper.what, "wide"), (_p("5W2H", "When"), paper.when_found),
        (_p("5W2H", "Where"), paper.where_found),
        (_("Who noticed it"), paper.who_found), (_("How, under which load"), paper.how_found),
        (_("How many are hit"), paper.how_many),
        (_("Measurements"), paper.measured, "wide"), (_("Causes"), paper.causes, "wide"),
        (_("Interim measure"), paper.interim, "wide"),
        (_("Repair"), paper.repaired, "wide"), (_("Suggestion who answers for it"), paper.suggestion, "wide"),
    ]  # fmt: skip
    return Part("found", _("Findings"), [row for row in rows if row[1]], empty=_("Not written yet."))


# --- evidence
def _evidence(paper: Report, user: Any) -> Part:
    """Pictures with what they show, pieces with where they lie (4.10)."""
    pieces = [
        (row.label, row.name, place_of(row))
        for row in paper.exhibits.select_related("line__release", "report")
    ]
    head = [(_("Piece"), "tight"), (_p("exhibit", "What it is"), ""), (_("Where it lies"), "")]
    told = "; ".join(row.caption or _("picture") for row in paper.pictures.all())
    rows: list[Cell] = (
        [(_("Pictures"), _shown(selectors.evidence_of(paper, user)) or told, "wide")] if told else []
    )
    empty = (
        _("None; guidance by phone needs none (4.10).")
        if paper.is_short
        else _("A picture or a numbered piece is needed (4.10).")
    )
    return Part("evidence", _("Evidence"), rows, table=Table(head, pieces) if pieces else None, empty=empty)


def _shown(pictures: list[Any]) -> Any:
    """Thumbnails that open the picture, each with what it shows; nothing for none."""
    if not pictures:
        return ""
    shown = [(x.attachment.get_absolute_url(), x.caption) for x in pictures]
    return format_html('<ul class="thumbs">{}</ul>', format_html_join(
        "", '<li><a href="{}"><img src="{}?size=thumb" alt="{}" loading="lazy"></a><span>{}</span></li>',
        ((url, url, caption or _("picture"), caption) for url, caption in shown),
    ))  # fmt: skip


# --- technical's answer
def _analysis(paper: Report) -> Part:
    rows: list[Cell] = [
        (_("Confirmed cause"), paper.confirmed_cause, "wide"),
        (_("A technical or process issue"), yes_no(paper.is_technical)),
        (_("Analysed by"), by_at(paper.analysed_by, paper.analysed_at)),
    ]  # fmt: skip
    return Part(
        "analysis",
        _("Analysis by technical"),
        [row for row in rows if row[1]],
        empty=_("Technical has not confirmed it yet."),
    )


def _shares(paper: Report) -> Part:
    head = [(_("Who answers"), ""), (_p("judgement", "Share"), "number"), (_("Clause of the standard 9.7"), ""),
            (_p("share", "Why"), ""),
            (_p("judgement", "Accepted"), "")]  # fmt: skip
    rows = [
        (
            row.who,
            percent(row.percent),
            str(row.clause),
            row.note or (_("by the joint review") if row.by_review else ""),
            moments.when(row.accepted_at) if row.accepted_at else "",
        )
        for row in selectors.shares_of(paper)
        if not row.replaced
    ]
    cells: list[Cell] = [(_("Judged by"), by_at(paper.judged_by, paper.judged_at))]
    if paper.ruling:
        cells.append((_("Human damage?"), paper.get_ruling_display()))
    if paper.final_at:
        cells.append((_("Final since"), moments.when(paper.final_at)))
    return Part("shares", _("Judgement"), cells, table=Table(head, rows))


def _review(paper: Report) -> list[Part]:
    appeals = list(paper.appeals.select_related("person"))
    if not appeals:
        return []
    rows = [(str(row.person), moments.when(row.at), row.reason) for row in appeals]
    head = [(_("Appealed by"), ""), (_p("appeal", "At"), "tight"), (_("Reason"), "")]
    found = [Part("appeals", _("Appeals"), table=Table(head, rows))]
    review = selectors.review_of(paper)
    return [*found, _panel(paper, review)] if review is not None else found


def _panel(paper: Report, review: Any) -> Part:
    """Who sits there and, once everybody has voted, how."""
    members = list(review.members.select_related("person"))
    told = all(row.vote for row in members)
    rows = [
        (str(row.person), row.get_department_display(), _voted(row, told), row.reason if told else "")
        for row in members
    ]
    head = [(_p("panel", "Member"), ""), (_("Department"), ""), (_p("panel", "Vote"), ""), (_("Reason"), "")]
    cells: list[Cell] = [
        (_("Convened by"), by_at(review.convened_by, review.convened_at)), (_("Meets at"), moments.when(review.meets_at)),
    ]  # fmt: skip
    if review.decided_at:
        cells += [(_p("panel", "Decision"), review.get_decision_display()),
                  (_p("panel", "Decided by"), by_at(review.decided_by, review.decided_at)),
                  (_("Minutes"), review.minutes, "wide")]  # fmt: skip
    before = [row for row in selectors.shares_of(paper) if row.replaced]
    if before:
        cells.append((_("Before the review"), "; ".join(str(row) for row in before), "wide"))
    return Part("review", _("Joint review"), cells, table=Table(head, rows))


def _voted(row: Any, told: bool) -> str:
    if told:
        return str(row.get_vote_display())
    return _("has voted") if row.vote else _p("panel", "not yet")

"""How an assessment looks (8.9): whom, how much, on what it rests, who approved and issued it, what came of it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.access import may
from aftersales.display.marks import by_at, link, yuan
from aftersales.display.sheet import Cell, Part, Sheet, Table
from aftersales.money import in_words
from technical.selectors import review_of

from ..flow import AssessmentStage
from ..models import Assessment, Deduction, month_name

A = AssessmentStage


def assessment(paper: Assessment, user: Any) -> Sheet:
    return Sheet(
        title=_("Assessment"), story=f"{paper.person} · {yuan(paper.amount)}",
        parts=[_what(paper, user), _hands(paper), _deducted(paper, user)], banner=_banner(paper),
        prints=[(str(_("Print")), reverse("finance:assessment_print", args=[paper.number]))], next=_next(paper),
    )  # fmt: skip


def _next(paper: Assessment) -> str:
    return {
        A.DRAFT: _("A leader approves it (8.9)."),
        A.APPROVED: _("Finance issues it; not who approved it (8.9, SD08)."),
    }.get(A(paper.stage), "")  # fmt: skip


def _banner(paper: Assessment) -> tuple[str, Any, Any] | None:
    if paper.stage == A.DRAFT:
        return (
            "info",
            _("A draft: it waits for a leader"),
            _("Nothing is deducted before finance has issued it (8.9)."),
        )
    return None


def _what(paper: Assessment, user: Any) -> Part:
    rows: list[Cell] = [
        (_p("assessment", "Person"), paper.person), (_("Who answers"), paper.share.who if paper.share else ""),
        (_("Amount"), yuan(paper.amount)), (_("In words"), in_words(paper.amount)),
        (_("Quality report"), _case(paper, user)), (_("Clause of the standard 9.7"), clause_of(paper)),
        (_("Loss of the case"), yuan(paper.loss) if paper.loss is not None else ""), (_("Appeal"), appealed(paper)),
        (_("How it was computed"), paper.basis, "wide"),
    ]  # fmt: skip
    return Part("what", _("What is assessed"), [row for row in rows if row[1]])


def _case(paper: Assessment, user: Any) -> Any:
    """The case as a way to it, for whom it opens."""
    if paper.case is None or not may(user, "quality_report.view", paper.case):
        return paper.about
    return link(paper.case)


def clause_of(paper: Assessment) -> str:
    """The clause with its criterion, as the standard had it when the case was judged."""
    share = paper.share
    return str(share.clause) if share and share.clause.number == paper.clause else paper.clause


def appealed(paper: Assessment) -> str:
    """What became of an appeal against the judgement (9.7)."""
    if paper.case is None:
        return ""
    review = review_of(paper.case)
    if review is not None and review.decision:
        return f"{review.get_decision_display()} · {by_at(review.decided_by, review.decided_at)}"
    return _("Nobody appealed.")


def _hands(paper: Assessment) -> Part:
    rows: list[Cell] = [(_("Written by"), by_at(paper.made_by, paper.made_at))]
    if paper.approved_at:
        rows.append((_("Approved by"), by_at(paper.approved_by, paper.approved_at)))
    if paper.issued_at:
        rows.append((_p("assessment", "Issued by"), by_at(paper.issued_by, paper.issued_at)))
    return Part("hands", _("Hands"), rows)


def deductions_of(paper: Assessment, user: Any) -> list[Deduction]:
    return list(Deduction.objects.visible_to(user).filter(paper=paper.number).order_by("month", "pk"))


def _deducted(paper: Assessment, user: Any) -> Part:
    rows = [
        (link(x), month_name(x.month), x.get_stage_display(), yuan(x.amount), yuan(x.confirmed))
        for x in deductions_of(paper, user)
    ]
    head = [(_("Deduction"), ""), (_("Payroll month"), "tight"), (_("Stage"), ""), (_("Amount"), "money"),
            (_p("deduction", "Deducted"), "money")]  # fmt: skip
    empty = _("Nothing yet. Issued, it becomes a deduction of its month, within the cap.")
    return Part("deducted", _("Deduction from the wage"), table=Table(head, rows), empty=empty)

"""Quality on A4: 售后质量分析报告 (9.6), 技术整改通知 (7.2), the claim on a supplier (7.1); a place for every hand."""

import datetime as dt
from typing import Any

from django.utils.translation import pgettext as _p

from aftersales.display import moments
from aftersales.display.marks import by_at, yuan
from aftersales.money import in_words
from aftersales.paper.sheets import Plain, cell, column, one_of, section, table
from aftersales.paper.whole import whole

from . import selectors
from .models import Notice, Report, Review, SupplierClaim
from .shown import percent, place_of, title


def report(paper: Report, *, by: Any, at: dt.datetime) -> Plain:
    parts = [
        _case(paper),
        _failure(paper),
        _found(paper),
        _evidence(paper),
        _answer(paper),
        _judgement(paper),
        *_reviewed(paper),
        *_rectified(paper),
        _hands(paper),
    ]
    numbers = {
        _p("form", "Report number"): paper.number,
        _p("form", "Repair order number"): paper.ticket.number,
    }
    return whole(
        _p("form", "Quality analysis report"),
        paper,
        parts,
        by=by,
        at=at,
        form="9.6",
        numbers=numbers,
        row=7.2,
    )


def _case(paper: Report) -> Plain:
    day = moments.when
    return section(
        _p("form section", "Case"),
        [cell(_p("form", "Vehicle model"), paper.model, 6), cell(_p("form", "VIN / frame number"), paper.vin, 6)],
        [cell(_p("form", "Made on"), day(paper.produced_on) if paper.produced_on else "", 4),
         cell(_p("form", "Delivered on"), day(paper.delivered_on) if paper.delivered_on else "", 4),
         cell(_p("form", "Kilometres or hours"), "" if paper.odometer is None else paper.odometer, 4)],
        [cell(_p("form", "Written by, at"), f"{paper.engineer} {day(paper.submitted_at) if paper.submitted_at else ''}", 12)],
    )  # fmt: skip


def _failure(paper: Report) -> Plain:
    changed = one_of({"y": _p("form", "yes"), "n": _p("form", "no")}, "y" if paper.supplier_changed else "n")
    count = [
        _p("form", "{n} times").format(n=n) if n is not None else ""
        for n in (paper.similar_3, paper.similar_12)
    ]
    return section(
        _p("form section", "Failed part"),
        [cell(_p("form", "Part"), paper.part_name, 4), cell(_p("form", "Drawing or part number"), paper.part_no, 4),
         cell(_p("form", "Failure mode"), paper.get_failure_mode_display() if paper.failure_mode else "", 4)],
        [cell(_p("form", "Supplier"), paper.supplier, 4), cell(_p("form", "Batch or identification code"), paper.batch, 4),
         cell(_p("form", "The supplier was changed"), "", 4, options=changed)],
        [cell(_p("form", "The same fault in 3 months"), count[0], 6),
         cell(_p("form", "The same fault in 12 months"), count[1], 6)],
    )  # fmt: skip


def _found(paper: Report) -> Plain:
    wide = [
        (_p("form", "What happens"), paper.what), (_p("form", "Measurements"), paper.measured),
        (_p("form", "Causes"), paper.causes), (_p("form", "Interim measure"), paper.interim),
        (_p("form", "Repair"), paper.repaired), (_p("form", "Suggestion who answers for it"), paper.suggestion),
    ]  # fmt: skip
    return section(
        _p("form section", "Findings"),
        [cell(_p("form", "When"), paper.when_found, 4), cell(_p("form", "Where"), paper.where_found, 4),
         cell(_p("form", "Who noticed it"), paper.who_found, 4)],
        [cell(_p("form", "How, under which load"), paper.how_found, 6), cell(_p("form", "How many are hit"), paper.how_many, 6)],
        *[[cell(label, text, 12, lines=2)] for label, text in wide],
    )  # fmt: skip


def _evidence(paper: Report) -> Plain:
    pieces = [
        (x.label, x.name, place_of(x)) for x in paper.exhibits.select_related("line__release", "report")
    ]
    shown = [
        (_p("form", "Picture {n}").format(n=at), x.caption, "")
        for at, x in enumerate(paper.pictures.all(), 1)
    ]
    return table(_p("form section", "Evidence"), [
        column(_p("form", "Number"), 12), column(_p("form", "What it is"), 24), column(_p("form", "Where it lies"), 20),
    ], pieces + shown or [("", "", "")])  # fmt: skip


def _answer(paper: Report) -> Plain:
    answer = "" if paper.is_technical is None else "y" if paper.is_technical else "n"
    technical = one_of({"y": _p("form", "yes"), "n": _p("form", "no")}, answer)
    return section(
        _p("form section", "Analysis by technical"),
        [cell(_p("form", "Confirmed cause"), paper.confirmed_cause, 12, lines=2)],
        [cell(_p("form", "A technical or process issue"), "", 6, options=technical),
         cell(_p("form", "Analysed by, at"), by_at(paper.analysed_by, paper.analysed_at), 6)],
    )  # fmt: skip


def _judgement(paper: Report) -> Plain:
    """Shares in force; where a review replaced others, those too."""
    told = {False: "", True: _p("form", "replaced by the review")}
    rows = [
        (row.who, percent(row.percent), str(row.clause), told[row.replaced] or row.note)
        for row in selectors.shares_of(paper)
    ]
    return table(_p("form section", "Judgement"), [
        column(_p("form", "Who answers"), 16), column(_p("form", "Share"), 8), column(_p("form", "Clause of the standard"), 32),
        column(_p("form", "Why"), 16),
    ], rows or [("", "", "", "")])  # fmt: skip


def _reviewed(paper: Report) -> list[Plain]:
    """Appeals and the joint review (7.1); nothing where nobody appealed."""
    appeals = list(paper.appeals.select_related("person"))
    if not appeals:
        return []
    said = [[cell(_p("form", "Appealed by, at"), by_at(row.person, row.at), 4), cell(_p("form", "Reason"), row.reason, 8)]
            for row in appeals]  # fmt: skip
    review = selectors.review_of(paper)
    return [
        section(_p("form section", "Appeal and joint review"), *said, *(_panel(review) if review else []))
    ]


def _panel(review: Review) -> list[list[Plain]]:
    who = "; ".join(
        f"{seat.person} ({seat.get_department_display()})" for seat in review.members.select_related("person")
    )
    rows = [
        [cell(_p("form", "Panel"), who, 8), cell(_p("form", "Meets at"), moments.when(review.meets_at), 4)]
    ]
    if review.decided_at:
        rows += [[cell(_p("form", "Decision"), review.get_decision_display(), 6),
                  cell(_p("form", "Decided by, at"), by_at(review.decided_by, review.decided_at), 6)],
                 [cell(_p("form", "Minutes"), review.minutes, 12, lines=2)]]  # fmt: skip
    return rows


def _rectified(paper: Report) -> list[Plain]:
    """The rectification notices that came of it (7.2)."""
    rows = [
        (row.number, row.get_department_display(), row.measures, moments.when(row.due_on), row.done,
         " · ".join(word for word in (row.verdict, by_at(row.verified_by, row.verified_at) if row.verified_at else "") if word))
        for row in paper.notices.all()
    ]  # fmt: skip
    if not rows:
        return []
    return [table(_p("form section", "Rectification"), [
        column(_p("form", "Notice number"), 14), column(_p("form", "Responsible department"), 10),
        column(_p("form", "What is to be done"), 20), column(_p("form", "Done by"), 10), column(_p("form", "What was done"), 20),
        column(_p("form", "Verification"), 18),
    ], rows)]  # fmt: skip


# --- 技术整改通知 ZG (7.2)
def notice(paper: Notice, *, by: Any, at: dt.datetime) -> Plain:
    parts = [_asked(paper), _measures(paper), _verified(paper), _notice_hands()]
    numbers = {
        _p("form", "Notice number"): paper.number,
        _p("form", "Report number"): paper.report.number,
    }
    word = _p("form", "Technical rectification notice")
    return whole(word, paper, parts, by=by, at=at, form="7.2", numbers=numbers, row=8.0)


def _asked(paper: Notice) -> Plain:
    return section(
        _p("form section", "Issued by technical"),
        [cell(_p("form", "Responsible department"), paper.get_department_display(), 4),
         cell(_p("form", "Responsible person"), str(paper.person), 4),
         cell(_p("form", "Done by"), moments.when(paper.due_on), 4)],
        [cell(_p("form", "Case"), title(paper.report), 6),
         cell(_p("rectification form", "Issued by, at"), by_at(paper.made_by, paper.made_at), 6)],
        [cell(_p("form", "Problem"), paper.problem, 12, lines=3)],
        [cell(_p("form", "What is to be done"), paper.measures, 12, lines=3)],
    )  # fmt: skip


def _measures(paper: Notice) -> Plain:
    return section(
        _p("form section", "Carried out"),
        [cell(_p("form", "What was done, with the evidence"), paper.done, 12, lines=3)],
        [cell(_p("form", "Prevention"), paper.prevention, 12, lines=2)],
        [cell(_p("form", "Pictures"), paper.pictures.count() or "", 4),
         cell(_p("form", "Carried out by, at"), by_at(paper.carried_out_by, paper.carried_out_at), 8)],
    )  # fmt: skip


def _verified(paper: Notice) -> Plain:
    day = moments.when(paper.effect_on) if paper.effect_on else ""
    back = "" if paper.came_back is None else _p("form", "{n} times").format(n=paper.came_back)
    return section(
        _p("form section", "Verification and effect"),
        [cell(_p("form", "Verification"), paper.verdict, 12, lines=2)],
        [cell(_p("form", "Verified by, at"), by_at(paper.verified_by, paper.verified_at), 6),
         cell(_p("form", "Effect is checked on"), day, 3), cell(_p("form", "Reported again since"), back, 3)],
        [cell(_p("form", "Effect"), paper.effect, 12, lines=2)],
    )  # fmt: skip


def _notice_hands() -> Plain:
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Responsible department, at"), w=6, lines=2), cell(_p("form", "Technical, at"), w=6, lines=2)],
    )  # fmt: skip


def _hands(paper: Report) -> Plain:
    review = selectors.review_of(paper)
    reviewed = by_at(review.decided_by, review.decided_at) if review else ""
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Judged by, at"), by_at(paper.judged_by, paper.judged_at), 4, lines=2),
         cell(_p("form", "Joint review, at"), reviewed, 4, lines=2),
         cell(_p("form", "Finance, at"), w=4, lines=2)],
    )  # fmt: skip


# --- claim on a supplier
def supplier_claim(paper: SupplierClaim, *, by: Any, at: dt.datetime) -> Plain:
    """供应商索赔单: the case, what failed, how much is claimed in figures and words, a place for both hands."""
    parts = [_claimed_case(paper), _claimed(paper), _claim_hands(paper)]
    numbers = {
        _p("form", "Claim number"): paper.number,
        _p("form", "Report number"): paper.share.report.number,
    }
    return whole(
        _p("form", "Claim on a supplier"), paper, parts, by=by, at=at, form="7.1", numbers=numbers, row=9.0
    )


def _claimed_case(paper: SupplierClaim) -> Plain:
    report = paper.share.report
    return section(
        _p("form section", "Case"),
        [cell(_p("form", "Supplier"), paper.supplier, 4), cell(_p("form", "Vehicle model"), report.model, 4),
         cell(_p("form", "VIN / frame number"), report.vin, 4)],
        [cell(_p("form", "Part"), report.part_name, 4), cell(_p("form", "Drawing or part number"), report.part_no, 4),
         cell(_p("form", "Batch or identification code"), report.batch, 4)],
        [cell(_p("form", "Failure mode"), report.get_failure_mode_display() if report.failure_mode else "", 4),
         cell(_p("form", "Confirmed cause"), report.confirmed_cause, 8, lines=2)],
    )  # fmt: skip


def _claimed(paper: SupplierClaim) -> Plain:
    return section(
        _p("form section", "Claim"),
        [cell(_p("form", "Loss of the case"), yuan(paper.loss), 4),
         cell(_p("form", "Share of the case"), percent(paper.share.percent), 4),
         cell(_p("form", "Claimed amount"), yuan(paper.amount), 4)],
        [cell(_p("form", "Total in words"), in_words(paper.amount), 12)],
        [cell(_p("form", "Clause of the standard"), str(paper.share.clause), 12)],
        [cell(_p("form", "How it was computed"), paper.basis, 12, lines=3)],
    )  # fmt: skip


def _claim_hands(paper: SupplierClaim) -> Plain:
    return section(
        _p("form section", "Hands"),
        [cell(_p("form", "Purchasing, at"), by_at(paper.sent_by or paper.made_by, paper.sent_on or paper.made_at), 6, lines=2),
         cell(_p("form", "The supplier, at"), w=6, lines=2)],
    )  # fmt: skip

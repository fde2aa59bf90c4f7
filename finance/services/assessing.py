"""Assessments (8.9): finance drafts from the final judgement and the standard, a leader approves, finance issues; then it is
deducted from the wage of its month, within the cap that protects everybody (domain 11).
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Denied, demand, may
from accounts.selectors import members
from aftersales.charter import Department
from aftersales.models import next_number
from aftersales.money import is_amount
from aftersales.problems import BadEntry, OutOfTurn
from notices.services import tell
from technical.models import Report, Share
from technical.services import assessing as technical
from technical.services import core

from ..flow import UNDER_WAY, AssessmentStage
from ..models import Assessment, Deduction, Waiver
from . import deducting, quality_cost
from .asking import by_clause, unwritten

SERIES, CLAUSE = "KH", "8.9"
DRAFT, WAIVE = "assessment.draft", "assessment.waive"


@transaction.atomic
def from_report(report: Report, *, by: Any, at: dt.datetime) -> list[Assessment]:
    """One draft for every share of a final case whose clause asks money (J80); of a department's share for its head. Raises
    `OutOfTurn` where the case is not final, or asks nothing that is not written already."""
    demand(by, DRAFT)
    held = technical.held_final(report)
    technical.apart(held, by)
    rows = unwritten(held, at)
    if not rows:
        raise OutOfTurn(_("No clause of this judgement asks money that is not written already."), CLAUSE)
    if not any(row.person for row in rows):
        raise OutOfTurn(
            _("The department that answers had no head when it was judged; name the person by hand."), CLAUSE
        )
    return [
        _kept(row.person, row.amount, row.basis, row.share, row.loss, by, at) for row in rows if row.person
    ]


@transaction.atomic
def draft(
    *, person: Any, amount: Decimal, basis: str, report: Report, by: Any, at: dt.datetime
) -> Assessment:
    """A draft by hand of so many yuan for a person whom a final judgement holds responsible (J80), by the clause of his share.
    Raises `BadEntry` at `person` or `amount` (more than that clause asks), `OutOfTurn` where the case is not final."""
    demand(by, DRAFT)
    if not is_amount(amount):
        raise BadEntry(_("An amount in yuan, more than 0.00, with two decimals at most."), CLAUSE, "amount")
    held = technical.held_final(report)
    technical.apart(held, by)
    share = _share_of(held, person)
    loss = quality_cost.total(quality_cost.of(held, at))
    _by_the_standard(amount, share, held, loss)
    return _kept(person, amount, basis, share, loss, by, at)


def _share_of(report: Report, person: Any) -> Share:
    """The share by which he answers, himself or for his department, and of which nothing is assessed yet."""
    his = [row for row in report.in_force if row.person_id == person.pk or _stands_for(row, person)]
    if not his:
        raise BadEntry(
            _("The judgement of this case does not hold {person} responsible (7.1)."), CLAUSE, "person", person=str(person)
        )  # fmt: skip
    taken = Assessment.objects.filter(share__in=his).exclude(stage=AssessmentStage.DROPPED)
    free = {row.pk for row in his} - set(taken.values_list("share", flat=True))
    if not free:
        raise BadEntry(_("That for which {person} answers in this case is assessed already."), CLAUSE, "person",
                       person=str(person))  # fmt: skip
    return next(row for row in his if row.pk in free)


def _stands_for(row: Share, person: Any) -> bool:
    """The head of the department who was told and could appeal; any of its people only where it had none (7.1)."""
    if row.told_id is not None:
        return row.told_id == person.pk
    return bool(row.department) and row.department in person.departments()


def _by_the_standard(amount: Decimal, share: Share, report: Report, loss: Decimal) -> None:
    """Finance may ask less than the clause of the judgement, never more, nor by another clause (8.9)."""
    most = by_clause(share, report.ours, loss)
    if amount > most:
        raise BadEntry(
            _("By clause {number} this share asks {most} yuan at most (8.9)."), CLAUSE, "amount",
            number=share.clause.number, most=str(most),
        )  # fmt: skip


def _kept(
    person: Any, amount: Decimal, basis: str, share: Share, loss: Decimal, by: Any, at: dt.datetime
) -> Assessment:
    row = Assessment(
        person=person, amount=amount, basis=basis[:300], case=share.report, share=share, loss=loss,
        clause=share.clause.number,
    )  # fmt: skip
    row.number = next_number(SERIES, at)
    row.sign(by=by, at=at, why="draft")
    row.save()
    return row


@transaction.atomic
def waive(report: Report, *, reason: str, by: Any, at: dt.datetime) -> Waiver:
    """Nothing, or nothing more, is assessed of a final case (J108). Raises `OutOfTurn` while a draft of it is open."""
    demand(by, WAIVE)
    held = technical.held_final(report)
    technical.apart(held, by)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), CLAUSE, "reason")
    if Assessment.objects.filter(case=held, stage__in=UNDER_WAY).exists():
        raise OutOfTurn(_("An assessment of this case is still open: issue or drop it first."), CLAUSE)
    row = Waiver.objects.create(case=held, reason=reason.strip(), at=at, by=by)
    technical.assessed(held, by=by, at=at, name="waive")
    return row


def may_waive(report: Report, at: dt.datetime) -> list[Any]:
    """The people of finance who may say that nothing is assessed of it (J108, SD08)."""
    return [
        one
        for one in members(Department.FINANCE, at).order_by("name", "pk")
        if may(one, WAIVE) and is_apart(report, one)
    ]


def is_apart(report: Report, person: Any) -> bool:
    """SD08 keeps his hand away from none of what is assessed of the case."""
    try:
        technical.apart(report, person)
    except Denied:
        return False
    return True


# --- steps of the paper
@transaction.atomic
def approve(paper: Assessment, *, by: Any, at: dt.datetime) -> Assessment:
    """A leader approves (C37)."""
    demand(by, "assessment.approve", paper)
    return _moved(paper, "approve", by, at, approved_by=by, approved_at=at)


@transaction.atomic
def drop(paper: Assessment, *, by: Any, at: dt.datetime) -> Assessment:
    """A leader lets it fall."""
    demand(by, "assessment.approve", paper)
    done = _moved(paper, "drop", by, at)
    settle(done, by=by, at=at)
    return done


@transaction.atomic
def issue(paper: Assessment, *, by: Any, at: dt.datetime) -> Assessment:
    """Finance issues (C25): from now on a draft of this payroll month, or of the first one not yet confirmed. Raises `OutOfTurn`
    where the judgement is not final or is under appeal."""
    demand(by, "assessment.issue", paper)
    done = _moved(paper, "issue", by, at, issued_by=by, issued_at=at)
    deducting.of_paper(Deduction.Kind.ASSESSMENT, done.person_id, done.number, done.amount, at, by=by)
    tell(
        [done.person_id], at=at, event_key=f"{done.number}:issued", kind="payment", url=done.get_absolute_url(),
        title=_("Assessment {number}: {amount} yuan (8.9)."),
        params={"number": done.number, "amount": str(done.amount)},
    )  # fmt: skip
    settle(done, by=by, at=at)
    return done


def settle(paper: Assessment, *, by: Any, at: dt.datetime) -> None:
    """Once everything that a case asks is issued or dropped, finance is done with it."""
    case = paper.case
    if (
        case is None
        or Assessment.objects.filter(case=case, stage__in=UNDER_WAY).exists()
        or unwritten(case, at)
    ):
        return
    technical.assessed(case, by=by, at=at)


def apart(paper: Assessment, by: Any, step: str) -> None:
    """SD08: never the one whom it concerns, nor who judged the case; who wrote it does not approve it, who approved it does not
    issue it."""
    if by.pk == paper.person_id:
        raise Denied(_("Nobody decides about his own assessment (SD08)."), CLAUSE)
    if paper.case is not None:
        technical.apart(paper.case, by)
    if by.pk in _hands_before(paper, step):
        raise Denied(_("Who wrote or approved an assessment leaves the next step to another (SD08)."), CLAUSE)


def _hands_before(paper: Assessment, step: str) -> set[int | None]:
    """Who wrote it may issue what another approved; it falls by neither who wrote nor who approved it."""
    if step == "drop":
        return {paper.made_by_id, paper.approved_by_id}
    return {paper.approved_by_id or paper.made_by_id}


def locked(paper: Assessment) -> Assessment:
    """The paper as it stands now; the ticket and the report of its case are locked before it."""
    if paper.case is not None:
        core.locked(paper.case)
    return Assessment.objects.select_for_update(of=("self",)).get(pk=paper.pk)


def _moved(paper: Assessment, name: str, by: Any, at: dt.datetime, **entries: Any) -> Assessment:
    held = locked(paper)
    apart(held, by, name)
    held.move(name, **entries)
    held.sign(by=by, at=at, why=name)
    held.save()
    return held

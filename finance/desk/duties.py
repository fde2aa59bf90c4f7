"""What of finance's months waits for whom: the step that ends a clock, and what waits for a second hand (home page)."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.steps import Step
from aftersales import clock
from aftersales.limits import first_of, local_day
from dispatch.models import Traveller

from ..flow import AssessmentStage, ClaimStage, DeductionStage, YearEndStage
from ..models import (
    Assessment,
    Claim,
    ClaimLine,
    Deduction,
    LineKind,
    MonthReopening,
    Reconciliation,
    Refund,
    Unlocking,
    YearEnd,
    month_name,
)
from . import deductions, reconciliations

A = AssessmentStage
Row = tuple[str, str, Any, Callable[[], Any]]  # (right, address, word, what waits)
#: clock → (desk, step) that ends it
ENDS = {
    "reconciliation": (reconciliations.DESK, "sign_engineer"),
    "reconcile_finance": (reconciliations.DESK, "sign_finance"),
    "refund": (deductions.DESK, "repay"),
}  # fmt: skip
#: what a duty shows of its subject, in one statement for all
SUBJECTS = [
    Reconciliation.objects.select_related("engineer"),
    Refund.objects.select_related("deduction__engineer"),
]


def step_of(rule: str, subject: Any) -> Step | None:
    """The step that ends this clock, while the paper stands where it may be taken."""
    if rule not in ENDS:
        return None
    desk, name = ENDS[rule]
    paper = subject.deduction if isinstance(subject, Refund) else subject
    step = desk.steps.rows[name]
    return step if paper.stage in step.stages else None


def waiting(user: Any) -> list[Row]:
    """Rows for “waits for your hand”: asked only of who holds the right."""
    return [
        ("deduction.confirm", "finance:deductions", _("Deductions to confirm"), to_confirm),
        ("deduction.decide_objection", "finance:deductions", _("Objections to decide"), lambda: objections(user)),
        ("assessment.approve", "finance:assessments", _("Assessments to approve"), lambda: assessments(user, A.DRAFT)),
        ("assessment.issue", "finance:assessments", _("Assessments to issue"), lambda: assessments(user, A.APPROVED)),
        ("expense.approve_standard", "finance:claims", _("Travel claims to check"), lambda: claims_to_check(user)),
        ("expense.approve_exception", "finance:claims", _("Travel claims to decide"), lambda: claims_to_decide(user)),
        ("expense.pay", "finance:claims", _("Travel claims to pay"), lambda: claims_to_pay(user)),
        ("month.reopen", "finance:reconciliations", _("Months to unlock"), lambda: unlockings(user)),
        ("month.reopen", "finance:months", _("Months to open again"), lambda: reopenings(user)),
        ("yearend.approve", "finance:year_ends", _("Year ends to approve"), lambda: year_ends(user)),
    ]  # fmt: skip


def to_confirm() -> list[str]:
    """Whose drafts wait in this payroll month."""
    rows = Deduction.objects.filter(month=first_of(local_day(clock.now())), stage=DeductionStage.DRAFT)
    return list(rows.order_by("engineer__name").values_list("engineer__name", flat=True).distinct())


def objections(user: Any) -> Any:
    return Deduction.objects.filter(stage=DeductionStage.OBJECTED).exclude(engineer=user).order_by("pk")


def assessments(user: Any, stage: str) -> Any:
    return Assessment.objects.filter(stage=stage).exclude(person=user).order_by("pk")


def claims_to_check(user: Any) -> Any:
    return not_his(Claim.objects.filter(stage=ClaimStage.SUBMITTED), user)


def claims_to_decide(user: Any) -> Any:
    return not_his(Claim.objects.filter(UNDECIDED), user).exclude(checked_by=user)


def claims_to_pay(user: Any) -> Any:
    rows = Claim.objects.filter(Q(stage=ClaimStage.APPROVED) | Q(stage=ClaimStage.CHECKED) & ~UNDECIDED)
    return not_his(rows, user).exclude(checked_by=user)


#: checked, and a line that stands is above its standard or has no receipt
UNDECIDED = Q(stage=ClaimStage.CHECKED) & Exists(
    ClaimLine.objects.filter(
        Q(amount__gt=F("standard")) | Q(kind=LineKind.NO_RECEIPT), claim=OuterRef("pk"), struck_why=""
    )
)


def not_his(rows: Any, user: Any) -> Any:
    """Neither his own nor of a trip that he went on or drove (SD04)."""
    gone = Traveller.objects.filter(person=user).values("trip")
    own = Q(claimant=user) | Q(trip__in=gone) | Q(trip__driver=user)
    return rows.exclude(pk__in=Claim.objects.filter(own).values("pk")).order_by("pk")


def year_ends(user: Any) -> Any:
    """Those that he may decide about: neither prepared by him nor with a share of his (SD13)."""
    rows = YearEnd.objects.filter(stage=YearEndStage.PREPARED).exclude(prepared_by=user)
    return rows.exclude(shares__engineer=user).order_by("pk")


def unlockings(user: Any) -> list[str]:
    rows = Unlocking.objects.filter(done_at=None, dropped_at=None).exclude(proposed_by=user)
    return list(rows.order_by("pk").values_list("reconciliation__number", flat=True))


def reopenings(user: Any) -> list[str]:
    rows = MonthReopening.objects.filter(done_at=None, dropped_at=None).exclude(proposed_by=user)
    return [month_name(month) for month in rows.order_by("pk").values_list("closed__month", flat=True)]

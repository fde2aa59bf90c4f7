"""What of finance's months waits for whom: the step that ends a clock, and what waits for a second hand (home page)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.steps import Step
from aftersales import clock
from aftersales.limits import first_of, local_day

from ..flow import AssessmentStage, DeductionStage, StatementStage, YearEndStage
from ..models import (
    Assessment,
    BankRow,
    CustomerRefund,
    Deduction,
    MonthReopening,
    Receivable,
    Reconciliation,
    Refund,
    Reversal,
    SiteMoney,
    Statement,
    Unlocking,
    WriteOff,
    YearEnd,
    month_name,
)
from ..services.reasons import Why
from ..services.reconciling import to_sign_again
from . import deductions, reconciliations, statements

A = AssessmentStage
Row = tuple[str, str, Any, Callable[[], Any]]  # (right, address, word, what waits)
#: clock → (desk, step) that ends it
ENDS = {
    "reconciliation": (reconciliations.DESK, "sign_engineer"),
    "reconcile_finance": (reconciliations.DESK, "sign_finance"),
    "refund": (deductions.DESK, "repay"),
    "monthly_statement": (statements.DESK, "confirm"),
}  # fmt: skip
#: what a duty shows of its subject, in one statement for all
SUBJECTS = [
    Reconciliation.objects.select_related("engineer"),
    Statement.objects.select_related("engineer"),
    Refund.objects.select_related("deduction__engineer"),
    Receivable.objects.select_related("ticket", "order"),
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
        ("reconcile.confirm_engineer", "finance:reconciliations", _("Reconciliations to sign again"), lambda: again(user)),
        ("site_money.confirm", "finance:site_money", _("Money taken on site to confirm"), lambda: in_transit(user)),
        ("receipt.allocate", "finance:bank_lists", _("Bank rows that are nobody's yet"), unknown_rows),
        ("statement.check", "finance:statements", _("Statistics sheets to check"), unchecked),
        ("ledger.reverse", "finance:ledger", _("Reversals to second"), lambda: reversals(user)),
        ("receivable.write_off", "finance:receivables", _("Write-offs to second"), lambda: write_offs(user)),
        ("customer.refund", "finance:credits", _("Repayments to customers to second"), lambda: repayments(user)),
        ("deduction.confirm", "finance:deductions", _("Deductions to confirm"), to_confirm),
        ("deduction.decide_objection", "finance:deductions", _("Objections to decide"), lambda: objections(user)),
        ("assessment.approve", "finance:assessments", _("Assessments to approve"), lambda: assessments(user, A.DRAFT)),
        ("assessment.issue", "finance:assessments", _("Assessments to issue"), lambda: assessments(user, A.APPROVED)),
        ("month.reopen", "finance:reconciliations", _("Months to unlock"), lambda: unlockings(user)),
        ("month.reopen", "finance:months", _("Months to open again"), lambda: reopenings(user)),
        ("yearend.approve", "finance:year_ends", _("Year ends to approve"), lambda: year_ends(user)),
    ]  # fmt: skip


class Waits(NamedTuple):
    """One thing that waits, by its word, on the page where it is settled."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


def opened(model: Any, user: Any) -> Any:
    """Proposals of others that nobody has settled."""
    return model.objects.filter(done_at=None, dropped_at=None).exclude(proposed_by=user).order_by("pk")


def reversals(user: Any) -> list[Waits]:
    rows = opened(Reversal, user).select_related("transfer")
    return [Waits(row.transfer.paper or row.transfer.key, _of_transfer(row.transfer)) for row in rows]


def _of_transfer(row: Any) -> str:
    if row.why == Why.RECEIPT:
        return reverse("finance:receipt", args=[row.paper])
    return reverse("finance:account", args=[row.target_id])


def write_offs(user: Any) -> list[Waits]:
    rows = opened(WriteOff, user).select_related("receivable__ticket", "receivable__order")
    return [Waits(row.receivable.clock_title(), row.receivable.get_absolute_url()) for row in rows]


def repayments(user: Any) -> list[Waits]:
    rows = opened(CustomerRefund, user).select_related("customer")
    return [Waits(row.customer.number, reverse("finance:credit", args=[row.customer.number])) for row in rows]


def again(user: Any) -> list[Waits]:
    """His months that are open once more after somebody had signed."""
    return [Waits(str(paper), paper.get_absolute_url()) for paper in to_sign_again().filter(engineer=user)]


def in_transit(user: Any) -> list[str]:
    rows = SiteMoney.objects.in_transit().exclude(engineer=user).select_related("ticket", "order")
    return [str(row.ticket or row.order) for row in rows.order_by("pk")]


def unknown_rows() -> list[Waits]:
    """Lists with rows that are neither posted nor left out."""
    rows = BankRow.objects.filter(receipt=None, left_out=False).order_by("batch")
    found = rows.values_list("batch", "batch__name").annotate(count=Count("pk"))
    return [Waits(f"{name} ({count})", reverse("finance:bank_list", args=[pk])) for pk, name, count in found]


def unchecked() -> list[str]:
    """Whose sheets 9.3 are confirmed and not checked yet, with their month."""
    rows = Statement.objects.filter(stage=StatementStage.CONFIRMED).order_by("month", "engineer__name")
    return [f"{name} {month:%Y-%m}" for name, month in rows.values_list("engineer__name", "month")]


def to_confirm() -> list[str]:
    """Whose drafts wait in this payroll month."""
    rows = Deduction.objects.filter(month=first_of(local_day(clock.now())), stage=DeductionStage.DRAFT)
    return list(rows.order_by("engineer__name").values_list("engineer__name", flat=True).distinct())


def objections(user: Any) -> list[Waits]:
    rows = Deduction.objects.filter(stage=DeductionStage.OBJECTED).exclude(engineer=user).order_by("pk")
    return [Waits(str(row), row.get_absolute_url()) for row in rows]


def assessments(user: Any, stage: str) -> list[Waits]:
    rows = Assessment.objects.filter(stage=stage).exclude(person=user).order_by("pk")
    return [Waits(str(row), row.get_absolute_url()) for row in rows]


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

"""Which step of finance ends which clock, and what a duty shows of its paper (home page)."""

from typing import Any

from accounts.steps import Step

from ..models import (
    Receivable,
    Reconciliation,
    Refund,
    Statement,
)
from . import deductions, reconciliations, statements

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

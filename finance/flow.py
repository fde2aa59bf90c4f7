"""The roads of finance's papers: deduction, reconciliation, statistics sheet, year end, assessment, travel claim (charter 8)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.charter import Fact
from aftersales.flow import FlowModel, guard, says, transition
from parts.flow import stage_field
from technical.flow import ReportStage


# --- deduction 扣款 KK (4.11, 8.8)
class DeductionStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("deduction", "Draft")
    OBJECTED = "objected", pgettext_lazy("deduction", "Objected, waits for a leader")
    CONFIRMED = "confirmed", pgettext_lazy("deduction", "Confirmed")
    DROPPED = "dropped", pgettext_lazy("deduction", "Dropped")
    ROLLED = "rolled", pgettext_lazy("deduction", "Moved to the next month")


D = DeductionStage


@guard(_("This objection has already been decided (8.8)."), "8.8")
def not_yet_decided(deduction: "DeductionFlow") -> bool:
    return deduction.decided_at is None


class DeductionFlow(FlowModel):
    """A draft waits for its payroll month; an open objection blocks it; what is not confirmed rolls on (domain 10)."""

    stage = stage_field(DeductionStage, D.DRAFT)
    decided_at: Any

    class Meta:
        abstract = True

    @transition(stage, source=D.DRAFT, target=D.OBJECTED, conditions=[not_yet_decided], permission="deduction.object",
                custom=says(_("Object"), clause="8.8"))  # fmt: skip
    def object(self, *, objection: str, objected_at: Any) -> None:
        self.objection, self.objected_at = objection, objected_at

    @transition(stage, source=D.OBJECTED, target=D.DROPPED, permission="deduction.decide_objection",
                custom=says(_("Uphold the objection"), clause="8.8"))  # fmt: skip
    def uphold(self, *, decision: str, decided_by: Any, decided_at: Any) -> None:
        self.decision, self.decided_by, self.decided_at = decision, decided_by, decided_at
        self.upheld = True  # never drafted again

    @transition(stage, source=D.OBJECTED, target=D.DRAFT, permission="deduction.decide_objection",
                custom=says(_("Reject the objection"), clause="8.8"))  # fmt: skip
    def overrule(self, *, decision: str, decided_by: Any, decided_at: Any) -> None:
        self.decision, self.decided_by, self.decided_at = decision, decided_by, decided_at

    @transition(stage, source=D.DRAFT, target=D.CONFIRMED, permission="deduction.confirm",
                custom=says(_("Confirm"), clause="8.8"))  # fmt: skip
    def confirm(self, *, confirmed: Any, confirmed_by: Any, confirmed_at: Any) -> None:
        self.confirmed, self.confirmed_by, self.confirmed_at = confirmed, confirmed_by, confirmed_at

    @transition(stage, source=[D.DRAFT, D.OBJECTED], target=D.DROPPED, permission="deduction.confirm",
                custom=says(_("The money has arrived"), clause="8.8"))  # fmt: skip
    def drop(self) -> None:
        """Nothing is open any more: there is nothing to deduct."""

    @transition(stage, source=[D.DRAFT, D.OBJECTED], target=D.ROLLED, permission="deduction.confirm",
                custom=says(_("Move to the next month"), clause="8.8"))  # fmt: skip
    def roll(self) -> None:
        """Its payroll month is over or full; the next month has a draft of its own."""


# --- reconciliation 对账 DZ (4.11, 8.8)
class ReconciliationStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("reconciliation", "Nobody has signed")
    ENGINEER = "engineer", pgettext_lazy("reconciliation", "The engineer has signed")
    FINANCE = "finance", pgettext_lazy("reconciliation", "Finance has signed")
    LOCKED = "locked", pgettext_lazy("reconciliation", "Both have signed")


C = ReconciliationStage


class ReconciliationFlow(FlowModel):
    """Both sign the same figures, in either order; then the month is locked for this engineer."""

    stage = stage_field(ReconciliationStage, C.OPEN)

    class Meta:
        abstract = True

    @transition(stage, source=C.OPEN, target=C.ENGINEER, permission="reconcile.confirm_engineer",
                custom=says(_("Sign as the engineer"), clause="4.11"))  # fmt: skip
    def engineer_signs(self, *, signed_at: Any) -> None:
        self.engineer_signed_at = signed_at

    @transition(stage, source=C.OPEN, target=C.FINANCE, permission="reconcile.confirm_finance",
                custom=says(_("Sign for finance"), clause="8.8"))  # fmt: skip
    def finance_signs(self, *, signed_at: Any, signed_by: Any) -> None:
        self.finance_signed_at, self.finance_signed_by = signed_at, signed_by

    @transition(stage, source=C.FINANCE, target=C.LOCKED, permission="reconcile.confirm_engineer",
                custom=says(_("Sign as the engineer"), Fact.RECONCILED, "4.11"))  # fmt: skip
    def engineer_locks(self, *, signed_at: Any) -> None:
        self.engineer_signed_at = self.locked_at = signed_at

    @transition(stage, source=C.ENGINEER, target=C.LOCKED, permission="reconcile.confirm_finance",
                custom=says(_("Sign for finance"), Fact.RECONCILED, "8.8"))  # fmt: skip
    def finance_locks(self, *, signed_at: Any, signed_by: Any) -> None:
        self.finance_signed_at = self.locked_at = signed_at
        self.finance_signed_by = signed_by

    @transition(stage, source=[C.ENGINEER, C.FINANCE, C.LOCKED], target=C.OPEN, permission="month.reopen",
                custom=says(_("Open again"), clause="8.8"))  # fmt: skip
    def open_again(self) -> None:
        """The figures moved before both had signed, or two persons unlocked it (SD12)."""
        self.engineer_signed_at = self.finance_signed_at = self.finance_signed_by = self.locked_at = None


# --- statistics sheet 统计表 TJ (4.9, 9.3)
class StatementStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("statement", "Waits for the engineer")
    CONFIRMED = "confirmed", pgettext_lazy("statement", "Confirmed by the engineer")
    CHECKED = "checked", pgettext_lazy("statement", "Checked by finance")


T = StatementStage


class StatementFlow(FlowModel):
    """Computed; the engineer confirms by the 5th, finance checks."""

    stage = stage_field(StatementStage, T.OPEN)

    class Meta:
        abstract = True

    @transition(stage, source=T.OPEN, target=T.CONFIRMED, permission="stats_sheet.submit",
                custom=says(_("Confirm"), Fact.STATEMENT_CONFIRMED, "4.9"))  # fmt: skip
    def confirm(self, *, confirmed_at: Any) -> None:
        self.confirmed_at = confirmed_at

    @transition(stage, source=T.CONFIRMED, target=T.CHECKED, permission="statement.check",
                custom=says(_("Checked"), clause="8.10"))  # fmt: skip
    def approve(self, *, checked_by: Any, checked_at: Any) -> None:
        self.checked_by, self.checked_at = checked_by, checked_at

    @transition(stage, source=T.CONFIRMED, target=T.OPEN, permission="statement.check",
                custom=says(_("Send back"), clause="4.9"))  # fmt: skip
    def send_back(self, *, returned_why: str) -> None:
        self.confirmed_at, self.returned_why = None, returned_why


# --- year end 年终核算 (8.10)
class YearEndStage(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("year end", "Prepared, waits for a leader")
    LOCKED = "locked", pgettext_lazy("year end", "Approved and locked")
    DROPPED = "dropped", pgettext_lazy("year end", "Not approved")


Y = YearEndStage


class YearEndFlow(FlowModel):
    """Prepared and signed by finance, approved by a leader who has no share (SD13), then locked."""

    stage = stage_field(YearEndStage, Y.PREPARED)

    class Meta:
        abstract = True

    @transition(stage, source=Y.PREPARED, target=Y.LOCKED, permission="yearend.approve",
                custom=says(_("Approve"), clause="8.10"))  # fmt: skip
    def approve(self, *, decided_by: Any, decided_at: Any) -> None:
        self.decided_by, self.decided_at = decided_by, decided_at

    @transition(stage, source=Y.PREPARED, target=Y.DROPPED, permission="yearend.approve",
                custom=says(_("Send back"), clause="8.10"))  # fmt: skip
    def send_back(self, *, decided_by: Any, decided_at: Any, decision: str) -> None:
        self.decided_by, self.decided_at, self.decision = decided_by, decided_at, decision


# --- assessment 考核 KH (8.9)
class AssessmentStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("assessment", "Draft")
    APPROVED = "approved", pgettext_lazy("assessment", "Approved by a leader")
    ISSUED = "issued", pgettext_lazy("assessment", "Issued")
    DROPPED = "dropped", pgettext_lazy("assessment", "Dropped")


A = AssessmentStage
UNDER_WAY = (A.DRAFT, A.APPROVED)  # neither issued nor dropped


@guard(_("An assessment rests on a judgement that is final and not under appeal (8.9)."), "8.9")
def rests_on_a_final_judgement(paper: "AssessmentFlow") -> bool:
    return paper.case is not None and paper.case.stage == ReportStage.FINAL


class AssessmentFlow(FlowModel):
    """Drafted from a final judgement, approved by a leader, issued by finance."""

    stage = stage_field(AssessmentStage, A.DRAFT)
    case: Any

    class Meta:
        abstract = True

    @transition(stage, source=A.DRAFT, target=A.APPROVED, permission="assessment.approve",
                custom=says(_("Approve"), clause="8.9"))  # fmt: skip
    def approve(self, *, approved_by: Any, approved_at: Any) -> None:
        self.approved_by, self.approved_at = approved_by, approved_at

    @transition(stage, source=[A.DRAFT, A.APPROVED], target=A.DROPPED, permission="assessment.approve",
                custom=says(_("Drop"), clause="8.9"))  # fmt: skip
    def drop(self) -> None:
        """Nothing comes of it."""

    @transition(stage, source=A.APPROVED, target=A.ISSUED, conditions=[rests_on_a_final_judgement],
                permission="assessment.issue",
                custom=says(_("Issue"), clause="8.9"))  # fmt: skip
    def issue(self, *, issued_by: Any, issued_at: Any) -> None:
        self.issued_by, self.issued_at = issued_by, issued_at


# --- travel claim 差旅报销 FY (8.2–8.5)
class ClaimStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("claim", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("claim", "Submitted, waits for finance")
    CHECKED = "checked", pgettext_lazy("claim", "Checked by finance")
    APPROVED = "approved", pgettext_lazy("claim", "Decided by a leader")
    PAID = "paid", pgettext_lazy("claim", "Paid")
    REFUSED = "refused", pgettext_lazy("claim", "Nothing is paid")
    REVERSED = "reversed", pgettext_lazy("claim", "Paid and taken back")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")


E = ClaimStage


@guard(_("A claim has at least one line."), "8.2")
def has_lines(claim: Any) -> bool:
    return bool(claim.lines.all())


@guard(_("No line of this claim needs a leader."), "8.2")
def asks_a_leader(claim: Any) -> bool:
    return any(line.needs_leader for line in claim.lines.all())


@guard(_("A leader decides first about what is above the standard or has no receipt (8.2, 8.5)."), "8.2")
def leader_has_decided(claim: Any) -> bool:
    return not any(line.needs_leader and line.granted is None for line in claim.lines.all())


class ClaimFlow(FlowModel):
    """Draft → submitted → checked → [decided by a leader, if any line needs it] → paid; sent back or withdrawn before that,
    taken back by two persons after it."""

    stage = stage_field(ClaimStage, E.DRAFT)

    class Meta:
        abstract = True

    @transition(stage, source=E.DRAFT, target=E.SUBMITTED, conditions=[has_lines], permission="expense.claim",
                custom=says(_("Submit"), clause="8.2"))  # fmt: skip
    def submit(self, *, submitted_at: Any) -> None:
        self.submitted_at, self.returned_why = submitted_at, ""

    @transition(stage, source=E.SUBMITTED, target=E.DRAFT, permission="expense.approve_standard",
                custom=says(_("Send back"), clause="8.2"))  # fmt: skip
    def send_back(self, *, returned_why: str) -> None:
        self.submitted_at, self.returned_why = None, returned_why

    @transition(stage, source=E.SUBMITTED, target=E.CHECKED, permission="expense.approve_standard",
                custom=says(_("Checked"), clause="8.3"))  # fmt: skip
    def check_lines(self, *, checked_by: Any, checked_at: Any) -> None:
        self.checked_by, self.checked_at = checked_by, checked_at

    @transition(stage, source=E.CHECKED, target=E.APPROVED, conditions=[asks_a_leader],
                permission="expense.approve_exception", custom=says(_("Decide"), clause="8.2"))  # fmt: skip
    def approve(self, *, decided_by: Any, decided_at: Any) -> None:
        self.decided_by, self.decided_at = decided_by, decided_at

    @transition(stage, source=E.CHECKED, target=E.REFUSED, conditions=[asks_a_leader],
                permission="expense.approve_exception", custom=says(_("Decide"), clause="8.5"))  # fmt: skip
    def refuse(self, *, decided_by: Any, decided_at: Any) -> None:
        """The leader said no to all there was."""
        self.decided_by, self.decided_at = decided_by, decided_at

    @transition(stage, source=[E.CHECKED, E.APPROVED], target=E.PAID, conditions=[leader_has_decided],
                permission="expense.pay", custom=says(_("Pay"), clause="8.2"))  # fmt: skip
    def pay(self, *, amount: Any, paid_by: Any, paid_at: Any) -> None:
        self.amount, self.paid_by, self.paid_at = amount, paid_by, paid_at

    @transition(stage, source=E.PAID, target=E.REVERSED, permission="ledger.reverse",
                custom=says(_("Take it back"), clause="8.2"))  # fmt: skip
    def take_back(self) -> None:
        """What was paid stays written down; opposite rows of ledger and costs take it back (SD12)."""

    @transition(stage, source=[E.DRAFT, E.SUBMITTED], target=E.WITHDRAWN, permission="expense.claim",
                custom=says(_("Withdraw"), clause="8.2"))  # fmt: skip
    def withdraw(self, *, withdrawn_why: str) -> None:
        self.withdrawn_why = withdrawn_why


# --- information fee 信息费 XF (4.2)
class FeeStage(models.TextChoices):
    DUE = "due", pgettext_lazy("fee", "To be put on the list")
    ORDERED = "ordered", pgettext_lazy("fee", "On the payroll list")
    DROPPED = "dropped", pgettext_lazy("fee", "Dropped")
    REVERSED = "reversed", pgettext_lazy("fee", "Taken back")


X = FeeStage


class FeeFlow(FlowModel):
    """Finance puts it on the payroll list; of a cancelled sale it is dropped, or taken back by two persons (SD12)."""

    stage = stage_field(FeeStage, X.DUE)

    class Meta:
        abstract = True

    @transition(stage, source=X.DUE, target=X.ORDERED, permission="info_fee.pay",
                custom=says(_("Put it on the payroll list"), clause="4.2"))  # fmt: skip
    def pay(self, *, ordered_by: Any, ordered_at: Any) -> None:
        self.ordered_by, self.ordered_at = ordered_by, ordered_at

    @transition(stage, source=X.DUE, target=X.DROPPED, permission="info_fee.pay",
                custom=says(_("The sale was cancelled"), clause="4.2"))  # fmt: skip
    def drop(self) -> None:
        """Nothing had been booked."""

    @transition(stage, source=X.ORDERED, target=X.REVERSED, permission="ledger.reverse",
                custom=says(_("Take it back"), clause="4.2"))  # fmt: skip
    def take_back(self) -> None:
        """By the opposite row; what had been paid already goes back through the payroll list."""

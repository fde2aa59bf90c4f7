"""The roads of quality: report 9.6 (4.10, 7.1), rectification notice ZG (7.2), claim on a supplier."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.flow import FlowModel, guard, says, transition
from parts.flow import stage_field


# --- report 售后质量分析报告 ZL (4.10, 7.1)
class ReportStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("quality report", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("quality report", "Submitted")
    ANALYSED = "analysed", pgettext_lazy("quality report", "Analysed")
    JUDGED = "judged", pgettext_lazy("quality report", "Judged")
    APPEALED = "appealed", pgettext_lazy("quality report", "Appealed")
    FINAL = "final", pgettext_lazy("quality report", "Final")
    ASSESSED = "assessed", pgettext_lazy("quality report", "Assessed")


R = ReportStage
#: the engineer's duty of 4.10 is done
ARRIVED = (R.SUBMITTED, R.ANALYSED, R.JUDGED, R.APPEALED, R.FINAL, R.ASSESSED)


@guard(_("Say what failed, how it failed and why (9.6)."), "9.6")
def is_told(report: "ReportFlow") -> bool:
    return bool(report.failure_mode and report.what and report.causes)


@guard(
    _("The analysis of a part sent or a visit needs a picture, or a physical exhibit with its place (4.10)."),
    "4.10",
)
def has_evidence(report: "ReportFlow") -> bool:
    return report.is_short or report.evidence_count > 0


@guard(_("Name the part that failed: by its code, or in words (9.6)."), "9.6")
def names_its_part(report: "ReportFlow") -> bool:
    return bool(report.is_short or report.part_name)


@guard(_("The shares of a judgement sum to 100 % (7.1)."), "7.1")
def shares_are_whole(report: "ReportFlow") -> bool:
    return report.shared == 100


class ReportFlow(FlowModel):
    """Draft → submitted → analysed → judged → (appealed → jointly reviewed) → final → assessed."""

    stage = stage_field(ReportStage, R.DRAFT)
    failure_mode: Any
    submitted_at: Any
    similar_3: Any
    similar_12: Any
    is_technical: Any
    part_name: Any
    what: Any
    causes: Any
    is_short: Any
    evidence_count: Any
    shared: Any

    class Meta:
        abstract = True

    @transition(stage, source=R.DRAFT, target=R.SUBMITTED, conditions=[names_its_part, is_told, has_evidence],
                permission="quality_report.submit", custom=says(_("Submit"), clause="4.10"))  # fmt: skip
    def submit(self, *, submitted_at: Any, similar_3: int, similar_12: int) -> None:
        self.submitted_at = self.submitted_at or submitted_at
        self.similar_3, self.similar_12 = similar_3, similar_12

    @transition(stage, source=R.SUBMITTED, target=R.DRAFT, permission="quality.determine",
                custom=says(_("Send back"), clause="4.10"))  # fmt: skip
    def send_back(self, *, sent_back_why: str) -> None:
        self.sent_back_why = sent_back_why

    @transition(stage, source=[R.SUBMITTED, R.ANALYSED], target=R.ANALYSED, permission="quality.determine",
                custom=says(_("Confirm the analysis"), clause="7.1"))  # fmt: skip
    def analyse(
        self, *, confirmed_cause: str, is_technical: bool, analysed_by: Any, analysed_at: Any
    ) -> None:
        self.confirmed_cause, self.is_technical = confirmed_cause, is_technical
        self.analysed_by, self.analysed_at = analysed_by, analysed_at

    @transition(stage, source=R.ANALYSED, target=R.JUDGED, conditions=[shares_are_whole],
                permission="quality.determine", custom=says(_("Judge"), clause="7.1"))  # fmt: skip
    def judge(self, *, judged_by: Any, judged_at: Any, appeal_until: Any) -> None:
        self.judged_by, self.judged_at, self.appeal_until = judged_by, judged_at, appeal_until

    @transition(stage, source=[R.JUDGED, R.APPEALED], target=R.APPEALED, permission="quality.appeal",
                custom=says(_("Appeal"), clause="7.1"))  # fmt: skip
    def appeal(self) -> None:
        """Somebody who is held responsible asks for the joint review."""

    @transition(stage, source=R.JUDGED, target=R.FINAL, custom=says(_("Becomes final"), clause="7.1"))
    def let_stand(self, *, final_at: Any) -> None:
        """Everybody accepted it, or the time for an appeal is over."""
        self.final_at = final_at

    @transition(stage, source=R.APPEALED, target=R.FINAL, conditions=[shares_are_whole],
                permission="quality.panel_convene", custom=says(_("Decide the joint review"), clause="7.1"))  # fmt: skip
    def decide(self, *, final_at: Any) -> None:
        """Upheld, or judged anew by the review."""
        self.final_at = final_at

    @transition(stage, source=R.FINAL, target=R.ASSESSED, permission="assessment.issue",
                custom=says(_("Assessed"), clause="8.9"))  # fmt: skip
    def assess(self, *, assessed_at: Any) -> None:
        """Finance has issued what follows from it, or nothing follows."""
        self.assessed_at = assessed_at


# --- rectification notice 技术整改通知 ZG (7.2)
class NoticeStage(models.TextChoices):
    ISSUED = "issued", pgettext_lazy("rectification", "Issued")
    IN_PLACE = "in_place", pgettext_lazy("rectification", "To be verified")
    REJECTED = "rejected", pgettext_lazy("rectification", "Rejected")
    VERIFIED = "verified", pgettext_lazy("rectification", "Verified")
    CLOSED = "closed", pgettext_lazy("rectification", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("rectification", "Withdrawn")


N = NoticeStage


class NoticeFlow(FlowModel):
    """Issued → measures in place → verified or rejected → effect checked: closed, or to be done again."""

    stage = stage_field(NoticeStage, N.ISSUED)
    came_back: Any

    class Meta:
        abstract = True

    @transition(stage, source=[N.ISSUED, N.REJECTED], target=N.IN_PLACE, permission="rectification.carry_out",
                custom=says(_("Measures are in place"), clause="7.2"))  # fmt: skip
    def carry_out(self, *, done: str, prevention: str, carried_out_by: Any, carried_out_at: Any) -> None:
        self.done, self.prevention = done, prevention
        self.carried_out_by, self.carried_out_at = carried_out_by, carried_out_at

    @transition(stage, source=N.IN_PLACE, target=N.VERIFIED, permission="rectification.verify",
                custom=says(_("Verify"), clause="7.2"))  # fmt: skip
    def verify(self, *, verdict: str, effect_on: Any, verified_by: Any, verified_at: Any) -> None:
        self.verdict, self.effect_on = verdict, effect_on
        self.verified_by, self.verified_at = verified_by, verified_at

    @transition(stage, source=N.IN_PLACE, target=N.REJECTED, permission="rectification.verify",
                custom=says(_("Reject"), clause="7.2"))  # fmt: skip
    def reject(self, *, verdict: str, verified_by: Any, verified_at: Any) -> None:
        self.verdict, self.verified_by, self.verified_at = verdict, verified_by, verified_at

    @transition(stage, source=N.VERIFIED, target=N.CLOSED, permission="rectification.verify",
                custom=says(_("The measures work"), clause="7.2"))  # fmt: skip
    def close(self, *, came_back: int, effect: str, closed_at: Any) -> None:
        self.came_back, self.effect, self.closed_at = came_back, effect, closed_at

    @transition(stage, source=N.VERIFIED, target=N.REJECTED, permission="rectification.verify",
                custom=says(_("The fault comes back"), clause="7.2"))  # fmt: skip
    def reopen(self, *, came_back: int, effect: str, due_on: Any) -> None:
        self.came_back, self.effect, self.due_on = came_back, effect, due_on

    @transition(stage, source=[N.ISSUED, N.REJECTED], target=N.WITHDRAWN, permission="rectification.issue",
                custom=says(_("Withdraw"), clause="7.2"))  # fmt: skip
    def withdraw(self, *, withdrawn_why: str) -> None:
        self.withdrawn_why = withdrawn_why


# --- claim on a supplier 供应商索赔 SP (7.1)
class SupplierClaimStage(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("supplier claim", "Draft")
    SENT = "sent", pgettext_lazy("supplier claim", "Sent to the supplier")
    SETTLED = "settled", pgettext_lazy("supplier claim", "Settled")
    DROPPED = "dropped", pgettext_lazy("supplier claim", "Dropped")


C = SupplierClaimStage


class SupplierClaimFlow(FlowModel):
    """Draft → sent → settled; dropped with a reason."""

    stage = stage_field(SupplierClaimStage, C.DRAFT)

    class Meta:
        abstract = True

    @transition(stage, source=C.DRAFT, target=C.SENT, permission="supplier_claim.write",
                custom=says(_("Send to the supplier"), clause="7.1"))  # fmt: skip
    def send(self, *, sent_on: Any, sent_by: Any) -> None:
        self.sent_on, self.sent_by = sent_on, sent_by

    @transition(stage, source=C.SENT, target=C.SETTLED, permission="supplier_claim.write",
                custom=says(_("Settle"), clause="7.1"))  # fmt: skip
    def settle(self, *, settled_on: Any, settled_amount: Any, settled_how: str) -> None:
        self.settled_on, self.settled_amount, self.settled_how = settled_on, settled_amount, settled_how

    @transition(stage, source=[C.DRAFT, C.SENT], target=C.DROPPED, permission="supplier_claim.write",
                custom=says(_("Drop"), clause="7.1"))  # fmt: skip
    def drop(self, *, dropped_why: str) -> None:
        self.dropped_why = dropped_why

"""What of technical's papers waits for whom (home page): where each of their clocks is answered."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from repairs.models import Ticket

from ..flow import ReportStage
from ..models import Dispute, Notice, PanelMember, Report, Share
from ..selectors import worked
from ..services.measures import VERIFY
from ..services.notices import CARRY_OUT
from ..services.writing import ACTION

R = ReportStage
#: what a duty shows of its subject, in one statement for all of a kind
SUBJECTS = [
    Report.objects.select_related("ticket"),
    Share.objects.select_related("report__ticket"),
    PanelMember.objects.select_related("review__report__ticket"),
    Notice.objects.select_related("report"),
    Dispute.objects.select_related("ticket"),
]
#: clock → (right, step of the report, word); the first that fits its stage
OF_REPORT: dict[str, tuple[tuple[str, str, Any, str], ...]] = {
    "rectification": ((R.SUBMITTED, "quality.determine", _("Confirm the analysis"), "analyse"),),
    "judgement": (
        (R.SUBMITTED, "quality.determine", _("Confirm the analysis"), "analyse"),
        (R.ANALYSED, "quality.determine", _("Judge who answers"), "judge"),
    ),
    "review": ((R.APPEALED, "quality.panel_convene", _("Convene the joint review"), "convene"),),
    "decision": ((R.APPEALED, "quality.panel_convene", _("Decide the joint review"), "decide"),),
    "rewrite": ((R.DRAFT, ACTION, _("Write"), "write"),),
}
#: clock of a notice → (word, its step, right)
OF_NOTICE: dict[str, tuple[Any, str, str]] = {
    "measures": (_("Report the measures"), "carry_out", CARRY_OUT),
    "verification": (_("Verify"), "verify", VERIFY),
    "effect_check": (_("Check the effect"), "", ""),
}


def way(rule: str, subject: Any, user: Any) -> tuple[str, Any] | None:
    """(address, word) of where the duty is discharged; ("", "") where he may not; None where the clock is not ours."""
    if isinstance(subject, Ticket) and rule == "quality_report":
        here = reverse("technical:new_report", args=[subject.number])
        his = user.has_perm(ACTION, subject) or (subject.round > 1 and worked(subject, user))
        return (here, _("Write the quality report")) if his else ("", "")
    if isinstance(subject, Report):
        return _of_report(rule, subject, user)
    if isinstance(subject, Share):
        return subject.get_absolute_url(), _("Accept or appeal")
    if isinstance(subject, PanelMember):
        return f"{subject.get_absolute_url()}?step=vote", _("Vote")
    if isinstance(subject, Dispute):
        return subject.get_absolute_url(), _("Answer the customer")
    return _of_notice(rule, subject, user) if isinstance(subject, Notice) else None


def _of_notice(rule: str, notice: Notice, user: Any) -> tuple[str, Any]:
    word, step, right = OF_NOTICE.get(rule, (_("Look at it"), "", ""))
    opens = bool(step) and user.has_perm(right, notice)
    return f"{notice.get_absolute_url()}{f'?step={step}' if opens else ''}", word


def _of_report(rule: str, report: Report, user: Any) -> tuple[str, Any]:
    if rule == "rectification" and report.is_technical and user.has_perm("rectification.issue", report):
        return reverse("technical:new_notice", args=[report.number]), _("Issue a rectification notice")
    for stage, right, word, step in OF_REPORT.get(rule, ()):
        if report.stage == stage and user.has_perm(right, report):
            return f"{report.get_absolute_url()}{f'?step={step}' if step else ''}", word
    return report.get_absolute_url(), _("Look at it")

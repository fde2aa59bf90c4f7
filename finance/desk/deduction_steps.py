"""The steps of a deduction: objection (C14), decision (C34), repaid (C15); confirming is done for the whole month (C13)."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.steps import Step, Steps
from aftersales.display.marks import yuan
from aftersales.widgets import Day, TapCards
from deadlines.papers import StepForm

from ..flow import DeductionStage
from ..models import Deduction, Refund
from ..services import deducting, payroll

D = DeductionStage
LONG = forms.Textarea(attrs={"rows": 3})


class ObjectForm(StepForm):
    objection = forms.CharField(
        label=_("Why it is wrong"), max_length=500, widget=LONG,
        help_text=_("Until a leader has decided, nothing is deducted."),
    )  # fmt: skip


class DecideForm(StepForm):
    decision = forms.CharField(label=_("Reason"), max_length=500, widget=LONG)


class RefundChoice(forms.ModelChoiceField):
    """A refund by what came back and when."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{yuan(obj.amount)} · {timezone.localtime(obj.arose_at):%Y-%m-%d}"


HOW: Any = Refund._meta.get_field("paid_how")


class RepayForm(StepForm):
    """Which refund, on which day, by transfer or on the payroll list."""

    refund = RefundChoice(queryset=Refund.objects.none(), label=_("Refund"))
    paid_on = forms.DateField(label=_("Repaid, or on the payroll list, on"), widget=Day)
    paid_how = forms.ChoiceField(label=_("How"), choices=HOW.choices, widget=TapCards)

    def prepare(self) -> None:
        if self.paper is None:
            return
        field: Any = self.fields["refund"]
        field.queryset = unpaid(self.paper)
        field.initial = field.queryset.first()
        self.fields["paid_on"].initial = timezone.localdate()


def unpaid(paper: Deduction) -> Any:
    return paper.refunds.filter(settled_at=None, dropped_at=None).order_by("arose_at", "pk")


def has_refund(paper: Deduction) -> bool:
    return unpaid(paper).exists()


def repay(
    paper: Deduction, *, refund: Refund, paid_on: dt.date, paid_how: str, by: Any, at: dt.datetime
) -> Deduction:
    """C15 on one refund of the deduction."""
    payroll.repay(refund, paid_on=paid_on, paid_how=paid_how, by=by, at=at)
    return paper


def apart(paper: Deduction, user: Any, step: Step) -> None:
    """SD07; whoever objects is the engineer himself."""
    if step.name != "object":
        deducting.apart(paper, user)


DECIDE = "deduction.decide_objection"
STEPS = Steps(Deduction, [
    Step("object", pgettext_lazy("deduction", "Object"), "8.8", "deduction.object", ObjectForm, deducting.object_to,
         (D.DRAFT,), ("object",)),
    Step("overrule", _("Reject the objection"), "8.8", DECIDE, DecideForm, deducting.overrule, (D.OBJECTED,), ("overrule",)),
    Step("uphold", _("Uphold the objection"), "8.8", DECIDE, DecideForm, deducting.uphold, (D.OBJECTED,), ("uphold",)),
    Step("repay", _("Repaid"), "8.8", "deduction.refund", RepayForm, repay, (D.CONFIRMED,), reauthenticate=True,
         when=has_refund),
], apart=apart)  # fmt: skip

#: acts that are no steps of their own, as the history names them
ACTS = {
    "": _("Drafted"), "confirmed": _("Confirmed"), "money moved": _("Money has moved"), "taken back": _("The fee was taken back"),
    "moved to the next month": _("Moved to the next month"), "object": pgettext_lazy("act", "Objected"),
    "uphold": pgettext_lazy("act", "Objection upheld"), "overrule": pgettext_lazy("act", "Objection rejected"),
}  # fmt: skip

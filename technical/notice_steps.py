"""The steps of a rectification notice (F05–F07): one table for pages and API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.steps import Step, Steps

from .flow import NoticeStage
from .forms import notices as forms
from .forms.reports import ReasonForm
from .models import Notice
from .services import measures, notices

N = NoticeStage
CLAUSE = notices.CLAUSE


def apart(paper: Notice, user: Any, step: Step) -> None:
    """SD09."""
    if step.action == measures.VERIFY:
        measures.not_his_own(paper, user)


STEPS = Steps(Notice, [
    Step("carry_out", _("Measures are in place"), CLAUSE, notices.CARRY_OUT, forms.CarryOutForm, measures.carry_out,
         (N.ISSUED, N.REJECTED), ("carry_out",)),
    Step("verify", _("Verify"), CLAUSE, measures.VERIFY, forms.VerifyForm, measures.verify, (N.IN_PLACE,), ("verify",)),
    Step("reject", pgettext_lazy("rectification", "Not enough: to be done again"), CLAUSE, measures.VERIFY, forms.RejectForm,
         measures.reject, (N.IN_PLACE,), ("reject",), danger=True),
    Step("close", _("The measures work"), CLAUSE, measures.VERIFY, forms.CloseForm, measures.close, (N.VERIFIED,), ("close",)),
    Step("reopen", _("The fault comes back"), CLAUSE, measures.VERIFY, forms.ReopenForm, measures.reopen, (N.VERIFIED,),
         ("reopen",), danger=True),
    Step("withdraw", pgettext_lazy("rectification", "Withdraw the notice"), CLAUSE, notices.ISSUE, ReasonForm, notices.withdraw,
         (N.ISSUED, N.REJECTED), ("withdraw",), danger=True),
], lock=notices.locked, apart=apart)  # fmt: skip
ACTS = {
    "issue": pgettext_lazy("rectification act", "Issued"), "carry_out": pgettext_lazy("rectification act", "Measures in place"),
    "verify": pgettext_lazy("rectification act", "Verified"), "reject": pgettext_lazy("rectification act", "Not accepted"),
    "close": pgettext_lazy("rectification act", "Effective, closed"),
    "reopen": pgettext_lazy("rectification act", "The fault came back"),
    "withdraw": pgettext_lazy("rectification act", "Withdrawn"), "campaign": _("Service campaign started"),
}  # fmt: skip

"""The desk of information fees XF (4.2): finance pays them through the payroll list; each sees his own."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import action
from accounts.steps import Step, Steps
from aftersales.display.paging import paged
from deadlines.papers import EmptyForm, PaperDesk, StepForm

from ..flow import FeeStage
from ..models import Fee
from ..services import fees
from ..sheets import fees as sheets

X = FeeStage
RELATED = (
    "seller",
    "engineer",
    "sale__lead__registered_by",
    "sale__confirmed_by",
    "sale__seller",
    "ordered_by",
)


class ReasonForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


def is_proposed(paper: Fee) -> bool:
    return fees.proposal_of(paper) is not None


def is_not_proposed(paper: Fee) -> bool:
    return not is_proposed(paper)


STEPS = Steps(Fee, [
    Step("pay", gettext_lazy("Put it on the payroll list"), "4.2", fees.PAY, EmptyForm, fees.pay, (X.DUE,), ("pay",)),
    Step("propose_reversal", gettext_lazy("Propose the reversal"), "4.2", fees.REVERSE, ReasonForm, fees.propose_reversal,
         (X.ORDERED,), danger=True, when=is_not_proposed),
    Step("take_back", gettext_lazy("Reverse it"), "4.2", fees.REVERSE, EmptyForm, fees.take_back, (X.ORDERED,), ("take_back",),
         danger=True, when=is_proposed),
    Step("let_stand", gettext_lazy("Let it stand"), "4.2", fees.REVERSE, EmptyForm, fees.let_stand, (X.ORDERED,),
         when=is_proposed),
], lock=fees.locked, apart=lambda paper, user, step: fees.apart(paper, user, step.action))  # fmt: skip


def fees_for(user: Any) -> Any:
    return Fee.objects.visible_to(user).select_related(*RELATED)


def payload(paper: Fee, user: Any) -> dict[str, Any]:
    """Facts of a fee, amounts as strings of yuan; the commission is for whom the sale itself opens."""
    facts = {
        "seller": paper.seller.username, "engineer": paper.engineer.username, "amount": str(paper.amount),
        "share": str(paper.share), "sale": paper.sale.number, "lead": paper.sale.lead.number if paper.sale.lead else None,
        "paid": str(fees.paid(paper, paper.seller) - fees.paid(paper, paper.engineer)), "ordered_at": paper.ordered_at,
    }  # fmt: skip
    return facts | ({"commission": str(paper.commission)} if user.has_perm("sale.view", paper.sale) else {})


DESK = PaperDesk(
    app="finance", name="fee", plural="fees", steps=STEPS, view="fee.view", step_action=fees.PAY, rows=fees_for,
    sheet=sheets.fee, payload=payload, home=("finance:fees", gettext_lazy("Information fees")),
    acts={"arise": pgettext_lazy("fee", "The commission was confirmed"), "drop": pgettext_lazy("fee", "The sale was cancelled")},
)  # fmt: skip


@action("fee.view")
@require_GET
def fee_list(request: Any) -> HttpResponse:
    """All fees, or one's own; newest first."""
    stage = request.GET.get("stage", "")
    rows = fees_for(request.user)
    rows = rows.filter(stage=stage) if stage in X.values else rows
    tabs = [("", pgettext_lazy("fees", "All")), *X.choices]
    context = paged(request, rows) | {
        "tabs": [{"label": label, "url": f"?stage={name}", "current": name == stage} for name, label in tabs],
        "own_only": request.user.cell("fee.view") == "O",
    }  # fmt: skip
    return render(request, "finance/fees.html", context)

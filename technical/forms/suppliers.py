"""Forms of a claim on a supplier: how much, when it was sent, how it was settled."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.forms import OneOf, Yuan
from aftersales.widgets import Day
from deadlines.papers import StepForm

from .. import selectors


class ClaimForm(forms.Form):
    """How much is asked of which supplier of a case; `report` offers its shares that nobody has claimed yet."""

    share = OneOf(label=_("Supplier"))
    loss = Yuan(label=_("Loss of the case, yuan"))
    amount = Yuan(label=_("Claimed, yuan"))
    basis = forms.CharField(
        label=_("How it was computed"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, report: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = selectors.claimable(report) if report is not None else []
        share: Any = self.fields["share"]
        share.offer({row.supplier: row for row in rows}, lambda _name, row: str(row))


class SendForm(StepForm):
    sent_on = forms.DateField(label=_("Sent on"), widget=Day)

    def known(self, paper: Any) -> dict[str, Any]:
        return {"sent_on": timezone.localdate()}


class SettleForm(StepForm):
    settled_on = forms.DateField(label=pgettext_lazy("supplier claim", "Settled on"), widget=Day)
    settled_amount = Yuan(label=_("Borne by the supplier, yuan"))
    settled_how = forms.CharField(
        label=_("How"), max_length=200, help_text=_("Paid, new parts, or set off against an invoice.")
    )

    def known(self, paper: Any) -> dict[str, Any]:
        return {"settled_amount": paper.amount, "settled_on": timezone.localdate()}


class DropForm(StepForm):
    dropped_why = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

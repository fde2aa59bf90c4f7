"""Finance's forms: what it signs with all that it needs to decide, reasons, old parts, a receipt."""

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.forms import Yuan
from aftersales.widgets import Moment, TapCards
from deadlines.papers import StepForm
from parts.models import Basis, Release, ReleaseLine
from parts.rules import Charge
from parts.services.lines import live_amount

from .models import Receipt
from .selectors import receipts_for
from .services.signing import UNPAID, waived_lines
from .shown import digest_of, lines_of

WAIVE, REFUSE = "waive", "refuse"


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class RejectForm(ReasonForm):
    """Why; and which waivers are refused, so that the customer hears what stands charged before it is signed."""

    refused_waivers = forms.ModelMultipleChoiceField(
        queryset=ReleaseLine.objects.none(), required=False, label=_("Old parts that must come back after all"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def prepare(self) -> None:
        if self.paper is not None and not self.paper.issued_any and waived_lines(self.paper).exists():
            field: Any = self.fields["refused_waivers"]
            field.queryset = waived_lines(self.paper).select_related("part")
        else:
            del self.fields["refused_waivers"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        lines = found.pop("refused_waivers", None) or ()
        return found | ({"refused_waivers": [line.pk for line in lines]} if lines else {})


class ReceiptChoice(forms.ModelChoiceField):
    """A receipt by its number, with what it still holds."""

    held: dict[int, Decimal] = {}

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.get_method_display()} · ¥{self.held.get(obj.pk, obj.amount):,.2f}"


class SignForm(StepForm):
    """The signature: the sheet as it stands is drawn in the form, and the form carries the digest of exactly that."""

    template_name = "finance/sign_form.html"

    receipt = ReceiptChoice(
        queryset=Receipt.objects.none(), label=_("Receipt on which the signature rests"), to_field_name="number",
        help_text=_("Receipts of this customer that still hold the total."),
    )  # fmt: skip
    opinion = forms.CharField(label=_("Opinion"), max_length=200, required=False)
    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def known(self, paper: Any) -> dict[str, Any]:
        return {"opinion": UNPAID} if paper.basis == Basis.UNPAID else {}

    def prepare(self) -> None:
        if self.paper is None or self.paper.basis != Basis.PAID:
            del self.fields["receipt"]
        elif isinstance(field := self.fields["receipt"], ReceiptChoice):
            offered = receipts_for(self.paper)
            field.queryset, field.held = (
                Receipt.objects.filter(reversed_at=None),
                {r.pk: left for r, left in offered},
            )
            field.choices = [(r.number, field.label_from_instance(r)) for r, _left in offered]
        for line in waived_lines(self.paper).select_related("part") if self.paper is not None else ():
            self.fields[f"waiver_{line.position}"] = waiver_field(line)

    @property
    def no_receipt(self) -> bool:
        """Whether the signature must rest on a receipt (4.5b) and there is none that holds the total."""
        field = self.fields.get("receipt")
        return isinstance(field, ReceiptChoice) and not field.choices

    @property
    def record_url(self) -> str:
        """Where the money for this paper is recorded."""
        return f"{reverse('finance:new_receipt')}?for={self.now.about.number}"

    def clean(self) -> dict[str, Any]:
        """The answers to each waiver become the ids of the lines whose waiver is refused."""
        found = super().clean() or {}
        answers = {name: found.pop(name) for name in list(found) if name.startswith("waiver_")}
        refused = [int(name.removeprefix("waiver_")) for name, said in answers.items() if said == REFUSE]
        ids = self.paper.lines.filter(position__in=refused).values_list("pk", flat=True) if refused else ()
        return found | {"refused_waivers": list(ids)}

    @cached_property
    def now(self) -> Release:
        """The paper as it stands while the form is drawn: after a refusal it may be another than before."""
        rows = Release.objects.select_related(
            "ticket", "order", "requester", "engineer", "debtor", "consent_by", "extended_by"
        )
        return rows.get(pk=self.paper.pk)

    @cached_property
    def lines(self) -> list[ReleaseLine]:
        return lines_of(self.now)

    @property
    def shown_now(self) -> str:
        """The digest of what this form draws."""
        return digest_of(self.now, self.lines)

    @property
    def awaited(self) -> Decimal:
        return sum((live_amount(line) for line in self.lines if line.charge == Charge.AWAITING), Decimal(0))


def waiver_field(line: ReleaseLine) -> forms.ChoiceField:
    """Finance says yes or no to each waiver (C08); silence is neither."""
    label = _("Line {position}, {part}: {reason}").format(
        position=line.position, part=line.part, reason=line.get_waiver_display()
    )
    choices = [
        (WAIVE, _("the old part need not come back")),
        (REFUSE, _("refused: charged until the old part is back")),
    ]
    return forms.ChoiceField(label=label, choices=choices, widget=TapCards)


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.position} · {obj.part} × {obj.old_due}"


def owing(release: Release) -> list[ReleaseLine]:
    """Lines of which an old part is still to come."""
    return [line for line in release.lines.select_related("part") if line.old_due]


def awaiting(release: Release) -> bool:
    return any(line.charge == Charge.AWAITING for line in owing(release))


class OldPartForm(StepForm):
    """So many pieces of one line whose old part has not come."""

    line = LineChoice(queryset=ReleaseLine.objects.none(), label=_("Line"))
    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=9999, initial=1)

    def prepare(self) -> None:
        if self.paper is None:
            return
        lines = owing(self.paper)
        field: Any = self.fields["line"]
        field.queryset = self.paper.lines.select_related("part").filter(pk__in=[line.pk for line in lines])
        if len(lines) == 1:
            field.initial, self.fields["pieces"].initial = lines[0], lines[0].old_due


class WaiveForm(OldPartForm):
    reason = forms.CharField(label=_("Reason"), max_length=100)


class ReceiptForm(forms.Form):
    """A receipt: what arrived, when and how; for whom was chosen before (8.6)."""

    amount = Yuan()
    arrived_at = forms.DateTimeField(
        label=_("The money arrived"),
        widget=Moment,
        help_text=_("The real time; the 12 hours of 8.6 count from it."),
    )
    method = forms.ChoiceField(label=_("Way"), choices=Receipt.Method.choices, widget=TapCards)
    reference = forms.CharField(label=_("Reference, receipt number"), max_length=60, required=False)

    def clean_arrived_at(self) -> dt.datetime:
        moment: dt.datetime = self.cleaned_data["arrived_at"]
        if not 2000 <= moment.year <= 9990:
            raise forms.ValidationError(_("Please look at the year."))
        return moment

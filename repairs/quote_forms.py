"""Forms of quotations 9.4. None has a field for a price (8.1)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.limits import local_day
from aftersales.widgets import Lookup, TapCards
from catalogue.models import LineKind, Part
from catalogue.selectors import rate_lines
from deadlines.papers import StepForm

from .forms import StepForm as TicketStepForm
from .forms import line, moment
from .models import OldParts, PaymentTerms, Quotation
from .pricing import MOST

OFFERS = 12  # parts named when a word fits several


class PartInput(Lookup):
    """A part by code, name or initials."""

    route = "repairs:quote_parts"


class PartField(forms.CharField):
    """A part of the master: its code, or words that only it answers to."""

    widget = PartInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)

    def clean(self, value: Any) -> Part | None:
        word = super().clean(value)
        if not word:
            return None
        exact = Part.objects.filter(code__iexact=word).first()
        return exact or self._only(list(Part.objects.filter(active=True).found_by(word)[: OFFERS + 1]))

    def _only(self, found: list[Part]) -> Part:
        if not found:
            raise forms.ValidationError(_("No part answers to this."), "unknown")
        if len(found) > 1:
            some = "; ".join(str(part) for part in found[:OFFERS])
            raise forms.ValidationError(
                _("Several parts fit; enter the code of one: %(some)s"), "many", {"some": some}
            )
        return found[0]


def quantity(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal("0.01"), max_value=MOST, max_digits=8, decimal_places=2
    )


def discount() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Discount in percent"), required=False, min_value=0, max_value=99, max_digits=2, decimal_places=0,
        help_text=_("Any discount needs the approval of the head of after-sales."),
    )  # fmt: skip


class WithDiscount(StepForm):
    """Percent on the page, a share in the paper: 10 → 0.10."""

    def clean_discount(self) -> Decimal:
        return Decimal(self.cleaned_data["discount"] or 0) / 100


class PartLineForm(WithDiscount):
    part = PartField(label=_("Part: code, name or initials"))
    quantity = quantity(_("Pieces"))
    discount = discount()


class WorkLineForm(WithDiscount):
    code = forms.ChoiceField(label=_("Work, travel or freight"))
    quantity = quantity(_("Quantity or hours"))
    discount = discount()

    def prepare(self) -> None:
        self.rates = rate_lines(local_day(timezone.now())) if self.paper is not None else {}
        kinds = dict(LineKind.choices)
        self.fields["code"].choices = [  # type: ignore[attr-defined]  # a choice of rates
            (r.code, f"{kinds[r.kind]} · {r.code} {r.name} · ¥{r.price:,.2f}/{r.unit}")
            for r in self.rates.values()
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        rate = self.rates.get(found.get("code", ""))
        return found | ({"kind": rate.kind} if rate else {})


class LineEntries(forms.Form):
    """One line as a program sends it: a part by its code, or a rate by kind and code; discount in percent."""

    kind = forms.ChoiceField(choices=LineKind.choices, required=False)
    part = forms.CharField(max_length=40, required=False)
    code = forms.CharField(max_length=40, required=False)
    quantity = quantity(_("Quantity or hours"))
    discount = discount()

    def wanted(self) -> dict[str, Any]:
        """What `quotations.draft` asks for."""
        said = self.cleaned_data
        kind = said["kind"] or LineKind.PART
        code = (said["part"] or said["code"]) if kind == LineKind.PART else said["code"]
        return {
            "kind": kind,
            "code": code,
            "quantity": said["quantity"],
            "discount": Decimal(said["discount"] or 0) / 100,
        }


class LineForm(StepForm):
    line = forms.TypedChoiceField(label=_("Line"), coerce=int)

    def prepare(self) -> None:
        rows = self.paper.lines.all() if self.paper is not None else []
        self.fields["line"].choices = [  # type: ignore[attr-defined]  # a choice of lines
            (row.position, f"{row.code} {row.name} × {row.shown_quantity}") for row in rows
        ]


class ChangeLineForm(LineForm, WithDiscount):
    quantity = quantity(_("Quantity or hours"))
    discount = discount()


FACTS = ("terms", "old_parts", "delivery", "warranty_note", "invoice_title", "invoice_tax_number")


class Facts(forms.Form):
    """What a quotation says beside its lines."""

    terms = forms.ChoiceField(label=_("Payment"), choices=PaymentTerms.choices, widget=TapCards)
    old_parts = forms.ChoiceField(label=_("Old parts"), choices=OldParts.choices, widget=TapCards)
    delivery = line(_("Delivery time"), limit=80)
    warranty_note = line(_("Warranty of the new parts"), limit=200)
    invoice_title = line(_("Invoice title"), limit=120)
    invoice_tax_number = line(_("Tax number"), limit=30)


class FactsForm(StepForm, Facts):
    """For a draft, or for an order that gets its first one."""

    def known(self, paper: Any) -> dict[str, Any]:
        return facts_of(paper if isinstance(paper, Quotation) else Quotation())


class OfTicketForm(TicketStepForm, Facts):
    """A draft for a ticket."""

    def known(self, ticket: Any) -> dict[str, Any]:
        return facts_of(Quotation())


def facts_of(quote: Quotation) -> dict[str, Any]:
    return {name: getattr(quote, name) for name in FACTS}


class AnswerForm(StepForm):
    """The customer's word as staff heard it (B22): how and when."""

    how = line(
        _("How the customer said so"), required=True, help_text=_("By phone, WeChat, in person; who said it.")
    )
    said_at = moment(_("When he said so"), help_text=_("Empty: just now."))


class DeclineForm(AnswerForm):
    reason = line(_("Reason, if he gave one"))


class ReasonForm(StepForm):
    reason = line(_("Reason"))

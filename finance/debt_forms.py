"""Forms around a debt: asking for it, its invoice, giving it up, money taken on site, what a receipt pays, paying back."""

from typing import Any

from django import forms
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.forms import Picture, Yuan
from aftersales.widgets import Day, Moment, TapCards
from deadlines.papers import secret_field

from .filters import with_amounts
from .models import Chase, Receipt, Receivable


def sensible(moment: Any) -> Any:
    """A year that a person can have meant."""
    if not 2000 <= moment.year <= 9990:
        raise forms.ValidationError(_("Please look at the year."))
    return moment


class ChaseForm(forms.Form):
    """On the phone, with one hand: tap how, say what, perhaps a day."""

    how = forms.ChoiceField(label=_("How you asked"), choices=Chase.How.choices, widget=TapCards)
    said = forms.CharField(
        label=_("What the customer said"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    promised_on = forms.DateField(label=_("Promised to pay on"), required=False, widget=Day)
    asked_at = forms.DateTimeField(label=_("When"), widget=Moment, initial=timezone.localtime)

    def clean_asked_at(self) -> Any:
        return sensible(self.cleaned_data["asked_at"])


class InvoiceForm(forms.Form):
    title = forms.CharField(label=_("Invoice title"), max_length=120)
    tax_number = forms.CharField(label=_("Tax number"), max_length=30, required=False)
    number = forms.CharField(label=_("Invoice number"), max_length=40, required=False)
    issued_on = forms.DateField(label=pgettext_lazy("invoice", "Issued on"), required=False, widget=Day)

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        return sensible(day) if day else None


class WriteOffForm(forms.Form):
    amount = Yuan()
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class SecretForm(forms.Form):
    """Who he is, once more, before money is given up or leaves the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"] = secret_field()


class SiteMoneyForm(forms.Form):
    """What the customer handed over; for which ticket or order was chosen before."""

    amount = Yuan()
    method = forms.ChoiceField(
        label=_("Way"), choices=Receipt.Method.choices, widget=TapCards, initial=Receipt.Method.CASH
    )
    taken_at = forms.DateTimeField(label=_("Taken at"), widget=Moment, initial=timezone.localtime)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    photo = Picture(label=_("Photo (of the receipt you gave, or of the money)"))

    def clean_taken_at(self) -> Any:
        return sensible(self.cleaned_data["taken_at"])


class DebtChoice(forms.ModelChoiceField):
    """A debt by where it comes from, with what is open of it."""

    open_of: dict[int, Any] = {}

    def label_from_instance(self, obj: Any) -> str:
        left = self.open_of.get(obj.pk, obj.amount)
        return f"{obj.clock_title()} · {obj.get_kind_display()} · ¥{left:,.2f} · {obj.due_on:%Y-%m-%d}"


class AllocateForm(forms.Form):
    """What of a receipt pays which debt of the same customer (C38)."""

    receivable = DebtChoice(queryset=Receivable.objects.none(), label=_("Debt"))
    amount = Yuan()

    def __init__(self, *args: Any, receipt: Receipt | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["receivable"]
        if receipt is not None:
            rows = with_amounts(Receivable.objects.filter(customer=receipt.customer))
            debts = list(
                rows.filter(left__gt=-F("bears")).select_related("ticket", "order").order_by("due_on", "pk")
            )
            field.open_of = {row.pk: row.left + row.bears for row in debts}
            field.help_text = "" if debts else _("This customer owes nothing at the moment.")
            # any debt may be named: one of another customer is refused with the reason, not as unknown
            field.queryset = Receivable.objects.all()
            field.choices = [("", "–"), *((row.pk, field.label_from_instance(row)) for row in debts)]


class PayBackForm(forms.Form):
    """A customer's credit on its way back to him."""

    amount = Yuan()
    method = forms.ChoiceField(label=_("Way"), choices=Receipt.Method.choices, widget=TapCards)
    reference = forms.CharField(label=_("Reference, receipt number"), max_length=60, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class FileForm(forms.Form):
    """A file to look at first."""

    file = forms.FileField(label=_("File"))


class OpeningForm(FileForm):
    act = forms.ChoiceField(
        label=_("What to do"),
        choices=[("dry", _("Look for faults only")), ("take", _("Take it in"))],
        initial="dry",
    )


class BankRowForm(forms.Form):
    """Whose money a row of the bank's list is, or that it is none of ours."""

    number = forms.CharField(label=_("Ticket, order or customer"), max_length=20, required=False)
    act = forms.ChoiceField(
        label=_("What to do"),
        choices=[("choose", pgettext_lazy("bank", "Take it for this")), ("leave", pgettext_lazy("bank", "Leave it out")),
                 ("again", pgettext_lazy("bank", "Take it up again"))],
    )  # fmt: skip

"""Forms of a claim's steps (8.2–8.5): one more line, finance's look at each, the leader's yes or no."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.display import moments
from aftersales.display.marks import yuan
from aftersales.widgets import TapCards
from deadlines.papers import StepForm

from ..models import ClaimLine, LineKind
from ..services import claims
from .claim_forms import FIELDS, amount, day, entry_of, note, photo, way

K = LineKind


class SubmitForm(StepForm):
    """Says what is asked for before it goes."""

    def prepare(self) -> None:
        if self.paper is not None:
            self.says = _("{count} lines, {amount} asked for. Finance checks each line next.").format(
                count=len(self.paper.lines.all()), amount=yuan(self.paper.asked)
            )


class PayForm(StepForm):
    """Says what is paid to whom before one proves who one is."""

    def prepare(self) -> None:
        if self.paper is not None:
            self.says = _("{amount} to {person}.").format(
                amount=yuan(self.paper.payable), person=self.paper.claimant
            )


class WithdrawForm(StepForm):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


class LineForm(StepForm):
    """One more line of a draft; what it needs depends on its kind, and the service says so at the field."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=K.choices, widget=TapCards, initial=K.TRANSPORT
    )

    def prepare(self) -> None:
        trip = self.paper.trip if self.paper is not None else None
        first = claims.days(trip)[0] if trip is not None else None
        self.fields |= {
            "day": day(trip, initial=first, help_text=_("Of a night the day on which it begins; meals need none.")),
            "amount": amount(), "note": note(), "way": way(), "photo": photo(),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        facts = {name: data.pop(name, None) for name in FIELDS}
        if not self.errors:
            data["entry"] = entry_of(facts)
        return data


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return about(obj)


class RemoveForm(StepForm):
    line = LineChoice(queryset=ClaimLine.objects.none(), label=gettext_lazy("Line"))

    def prepare(self) -> None:
        if self.paper is not None:
            field: Any = self.fields["line"]
            field.queryset = self.paper.lines.all()


def about(line: ClaimLine) -> str:
    """“2 · 2026-03-02 lodging ¥280.00”."""
    when = moments.when(line.day) if line.day else ""
    return " ".join(
        str(word)
        for word in (line.position, "·", when, line.get_kind_display(), yuan(line.amount), line.note)
        if word
    )


class CheckForm(StepForm):
    """Every line stands unless a reason is written at it."""

    def prepare(self) -> None:
        for line in self.paper.lines.all() if self.paper is not None else ():
            self.fields[f"strike_{line.pk}"] = forms.CharField(
                label=about(line), max_length=200, required=False, help_text=_("Struck because (empty: the line stands)"),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        names = [name for name in data if name.startswith("strike_")]
        return data | {"struck": {int(name[7:]): data.pop(name) for name in names}}


def asks_for(line: ClaimLine) -> str:
    """What of the line a leader decides about."""
    if line.standard is None:
        return _("Without receipt: {amount} (8.5)").format(amount=yuan(line.above))
    sentence = _("Above the standard of {standard}: {amount} (8.2)")
    return sentence.format(standard=yuan(line.standard), amount=yuan(line.above))


class DecideForm(StepForm):
    """A leader's yes or no to each line that needs one."""

    def prepare(self) -> None:
        for line in self.asked():
            self.fields[f"yes_{line.pk}"] = forms.TypedChoiceField(
                label=about(line), coerce=lambda text: text == "true", widget=TapCards,
                choices=[("true", pgettext_lazy("claim", "yes, pay it")), ("false", pgettext_lazy("claim", "no"))],
                help_text=asks_for(line),
            )  # fmt: skip
            self.fields[f"why_{line.pk}"] = forms.CharField(
                label=_("Reason (needed for a no)"), max_length=200, required=False
            )

    def asked(self) -> list[ClaimLine]:
        return (
            [line for line in self.paper.lines.all() if line.needs_leader] if self.paper is not None else []
        )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        granted = {}
        for line in self.asked():
            yes, why = data.pop(f"yes_{line.pk}", None), data.pop(f"why_{line.pk}", "")
            if yes is not None:
                granted[line.pk] = (bool(yes), why)
        return data | {"granted": granted}

"""The forms of a release: asking, changing, agreeing, issuing, declaring, handing in."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.widgets import Day
from deadlines.papers import StepForm
from repairs.models import PartsOrder
from repairs.models.sheets import DamageType

from ..models import Basis, IssueKind, Release, ReleaseLine
from ..rules import OldPart
from ..selectors import shelves
from .fields import PartField


def live_lines(release: Release | None) -> list[ReleaseLine]:
    if release is None:
        return []
    return [x for x in release.lines.select_related("part").order_by("position") if x.quantity > x.struck]


SOLD = (Basis.PAID, Basis.UNPAID)


def offer_bases(field: Any, about: Any) -> None:
    """An order without a repair knows no warranty: paid first, or sent first (8.7)."""
    if isinstance(about, PartsOrder):
        field.choices, field.initial = [(basis.value, basis.label) for basis in SOLD], Basis.PAID


class NewReleaseForm(forms.Form):
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices, initial=Basis.WARRANTY)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def __init__(self, *args: Any, about: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_bases(self.fields["basis"], about)


class HeaderForm(StepForm):
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def known(self, paper: Any) -> dict[str, Any]:
        return {"basis": paper.basis, "remark": paper.remark}

    def prepare(self) -> None:
        if self.paper is not None:
            offer_bases(self.fields["basis"], self.paper.about)


class FactsForm(StepForm):
    """The facts of one line; evidence beside them."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=9999, initial=1)
    kind = forms.ChoiceField(
        label=pgettext_lazy("line", "Issue"), choices=IssueKind.choices, initial=IssueKind.OUTBOUND
    )
    damage = forms.ChoiceField(label=_("Damage"), choices=DamageType.choices, initial=DamageType.NOT_HUMAN)
    damage_evidence = forms.CharField(label=_("Judged by, evidence"), required=False, max_length=300)
    costly = forms.BooleanField(label=_("Recovering the old part costs too much"), required=False)
    costly_evidence = forms.CharField(label=_("Why it costs too much"), required=False, max_length=200)


class AddLineForm(FactsForm):
    part = PartField(label=_("Part: code, name or initials"))
    field_order = ("part", "quantity")

    def prepare(self) -> None:
        if self.paper is not None and self.paper.plan_type == "c":
            self.fields["kind"].initial = IssueKind.LOAN

    def known(self, paper: Any) -> dict[str, Any]:
        sheet = paper.ticket.sheets.filter(round=paper.round).first() if paper.ticket else None
        return {"damage": sheet.damage_type, "damage_evidence": sheet.damage_evidence[:300]} if sheet else {}


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.position} · {obj.part} × {obj.quantity}"


class OneLineForm(StepForm):
    line = LineChoice(queryset=ReleaseLine.objects.none(), label=_("Line"))

    def prepare(self) -> None:
        if self.paper is not None:
            self.fields["line"].queryset = self.paper.lines.select_related("part")  # type: ignore[attr-defined]
            if self.paper.lines.count() == 1:
                self.fields["line"].initial = self.paper.lines.first()


class ChangeLineForm(FactsForm, OneLineForm):
    field_order = ("line", "quantity")

    def known(self, paper: Any) -> dict[str, Any]:
        line = paper.lines.first() if paper.lines.count() == 1 else None
        names = ("quantity", "kind", "damage", "damage_evidence", "costly", "costly_evidence")
        return {name: getattr(line, name) for name in names} if line else {}


class StrikeForm(OneLineForm):
    reason = forms.CharField(label=_("Reason"), max_length=100)


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ConsentForm(StepForm):
    def prepare(self) -> None:
        """A parts-only order is paid first: who lets it go before says why (8.7)."""
        if self.paper is not None:
            self.fields["reason"].required = isinstance(self.paper.about, PartsOrder)

    agreed_day = forms.DateField(label=_("Agreed day of payment"), widget=Day)
    reason = forms.CharField(
        label=_("Why the parts go before the payment"), required=False, max_length=200,
        help_text=_("You answer for this money: unpaid after 40 days it comes from your wage (4.5c, 8.8)."),
    )  # fmt: skip


class PackForm(StepForm):
    content = forms.CharField(label=_("What is inside"), max_length=300, required=False)


class HowForm(StepForm):
    how = forms.CharField(label=_("How and when the customer said so"), max_length=200)


class PerLine(StepForm):
    """Base of forms with entries per part line; `each` makes the fields of one line, `counts` reads them back."""

    def prepare(self) -> None:
        for line in self.chosen():
            for name, field in self.each(line):
                self.fields[f"{name}_{line.pk}"] = field

    def chosen(self) -> list[ReleaseLine]:
        return live_lines(self.paper)

    def each(self, line: ReleaseLine) -> Iterator[tuple[str, forms.Field]]:
        raise NotImplementedError

    def counts(self, *names: str) -> dict[int, dict[str, int]]:
        return {x.pk: {n: self.cleaned_data.get(f"{n}_{x.pk}") or 0 for n in names} for x in self.chosen()}

    def texts(self, name: str) -> dict[int, list[str]]:
        """Codes as a scanner types them, one a line."""
        given = {x.pk: str(self.cleaned_data.get(f"{name}_{x.pk}") or "") for x in self.chosen()}
        return {pk: [word.strip() for word in text.split() if word.strip()] for pk, text in given.items()}

    def cleaned(self) -> dict[str, Any]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """What the service is given instead of the single fields."""
        super().clean()
        return {
            **{
                n: v
                for n, v in self.cleaned_data.items()
                if "_" not in n or not n.rsplit("_", 1)[1].isdecimal()
            },
            **self.cleaned(),
        }


def pieces(label: Any, most: int, initial: int | None = None, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, initial=most if initial is None else initial,
        help_text=help_text,
    )  # fmt: skip


def codes(label: Any) -> forms.CharField:
    widget = forms.Textarea(
        attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
    )
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget,
                           help_text=_("Scan them one after the other; a line for each."))  # fmt: skip


class IssueForm(PerLine):
    def chosen(self) -> list[ReleaseLine]:
        lines = [line for line in live_lines(self.paper) if line.to_issue > 0]
        self.shelves = shelves(line.part_id for line in lines) if lines else {}
        return lines

    def each(self, line: ReleaseLine) -> Iterator[tuple[str, forms.Field]]:
        shelf = self.shelves.get(line.part_id)
        words = [
            str(IssueKind(line.kind).label),
            *([_("Shelf {shelf}").format(shelf=shelf)] if shelf else []),
        ]
        yield "pieces", pieces(f"{line.position} · {line.part} {line.part.spec}", line.to_issue,
                               help_text=" · ".join(words))  # fmt: skip
        if line.part.valuable:
            yield "codes", codes(_("Identification codes of the new parts (5.1)"))

    def cleaned(self) -> dict[str, Any]:
        counted = {pk: c["pieces"] for pk, c in self.counts("pieces").items()}
        return {"pieces": counted, "codes": self.texts("codes")}


def _said(part: str, what: Any) -> str:
    return _("{part}: {what}").format(part=part, what=what)


class DeclareForm(PerLine):
    def chosen(self) -> list[ReleaseLine]:
        return [line for line in live_lines(self.paper) if line.issued > 0]

    def each(self, line: ReleaseLine) -> Iterator[tuple[str, forms.Field]]:
        name = f"{line.position} · {line.part}"
        yield (
            "used",
            pieces(
                _said(name, _("used")), line.issued, line.used if line.used + line.unused else line.issued
            ),
        )
        yield "unused", pieces(_said(name, _("unused")), line.issued, line.unused)
        if line.part.valuable and line.kind == IssueKind.LOAN:
            yield "codes", codes(_("Codes of the pieces used (empty: all of them)"))
        if line.old_part == OldPart.MUST:
            yield "old_taken", pieces(_said(name, _("old parts taken along")), line.issued, line.old_taken)
            yield (
                "old_left",
                pieces(_said(name, _("old parts left with the customer")), line.issued, line.old_left),
            )

    def cleaned(self) -> dict[str, Any]:
        given = self.counts("used", "unused", "old_taken", "old_left")
        owing = {line.pk for line in self.chosen() if line.old_part == OldPart.MUST}
        plain = ("used", "unused")
        said = {pk: c if pk in owing else {n: c[n] for n in plain} for pk, c in given.items()}
        return {"said": said, "codes": self.texts("codes")}


class HandInForm(PerLine):
    """Unused or old pieces; `old` says which."""

    old = False
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def owed(self, line: ReleaseLine) -> int:
        return line.old_due if self.old else line.unused_out

    def chosen(self) -> list[ReleaseLine]:
        lines = list(self.paper.lines.select_related("part")) if self.paper is not None else []
        return [line for line in lines if self.owed(line) > 0]

    def each(self, line: ReleaseLine) -> Iterator[tuple[str, forms.Field]]:
        yield "pieces", pieces(f"{line.position} · {line.part}", self.owed(line))
        if line.part.valuable:
            yield "codes", codes(_("Identification codes"))

    def cleaned(self) -> dict[str, Any]:
        counted = {pk: c["pieces"] for pk, c in self.counts("pieces").items()}
        return {"pieces": counted, "codes": self.texts("codes")}


class HandInOldForm(HandInForm):
    old = True


class ConfirmReturnForm(StepForm):
    def prepare(self) -> None:
        for row in self.rows():
            self.fields[f"received_{row.pk}"] = pieces(f"{row.line.part}", row.quantity)
            if row.codes:
                self.fields[f"codes_{row.pk}"] = codes(
                    _("Codes of the pieces that came (empty: all of them)")
                )

    def rows(self) -> list[Any]:
        return list(self.paper.lines.select_related("line__part")) if self.paper is not None else []

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = {row.pk: self.cleaned_data.get(f"received_{row.pk}") or 0 for row in self.rows()}
        named = {row.pk: str(self.cleaned_data.get(f"codes_{row.pk}") or "").split() for row in self.rows()}
        return {
            "received": given,
            "codes": named,
            **{n: v for n, v in self.cleaned_data.items() if n == "seen"},
        }

"""The forms of the store: goods received, counted, disposed of, asked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms import Yuan
from aftersales.widgets import Day
from catalogue.models import Part
from deadlines.papers import StepForm

from ..models import Disposal, GoodsReceipt
from .fields import CodesField, PartField

MOST = 99_999
LINES = 6
FIRST = 2  # lines that stand open on an empty form


def quantity(**more: Any) -> forms.IntegerField:
    facts: dict[str, Any] = {"label": _("Quantity"), "min_value": 1, "max_value": MOST}
    return forms.IntegerField(**(facts | more))


def amount(**more: Any) -> forms.DecimalField:
    return Yuan(**({"min_value": 0, "max_digits": 10, "decimal_places": 2, "required": False} | more))


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LinesForm(forms.Form):
    """A head and some lines beneath it; blank lines are left out."""

    def groups(self) -> list[list[Any]]:
        """The bound fields of each line, for the page."""
        return [[self[name] for name in names] for names in self.lines]

    def shown(self) -> list[tuple[int, list[Any], bool]]:
        """(number, bound fields, whether the page begins its fold here): blank lines after the first two are folded."""
        rows = self.groups()
        used = [
            n
            for n, names in enumerate(self.lines, 1)
            if any(self[name].value() or self[name].errors for name in names)
        ]
        first = max([FIRST, *used]) + 1
        return [(n, fields, n == first) for n, fields in enumerate(rows, 1)]

    def is_folded(self) -> bool:
        return any(folds for _n, _fields, folds in self.shown())

    def head(self) -> list[Any]:
        inside = {name for names in self.lines for name in names}
        return [field for field in self.visible_fields() if field.name not in inside]

    lines: Sequence[Sequence[str]] = ()


class GoodsForm(LinesForm):
    supplier = forms.CharField(label=_("Supplier"), max_length=120)
    batch = forms.CharField(label=_("Batch"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, sees_cost: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [self._line(n, sees_cost) for n in range(1, LINES + 1)]

    def _line(self, n: int, sees_cost: bool) -> list[str]:
        fields: dict[str, forms.Field] = {
            f"part_{n}": PartField(label=_("Part"), required=False),
            f"quantity_{n}": quantity(required=False),
            f"codes_{n}": CodesField(),
        }
        if sees_cost:
            fields[f"cost_{n}"] = amount(label=_("Cost per piece"))
        self.fields.update(fields)
        return list(fields)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        rows = []
        for n in range(1, LINES + 1):
            part, count, codes = (data.pop(f"{name}_{n}", None) for name in ("part", "quantity", "codes"))
            cost = data.pop(f"cost_{n}", None)
            if part and (count or codes):
                rows.append(
                    {"part": part, "quantity": count or len(codes), "codes": codes, "cost": cost, "row": n}
                )
            elif part:
                self.add_error(f"quantity_{n}", _("How many pieces?"))
            elif (count or codes) and f"part_{n}" not in self.errors:
                self.add_error(f"part_{n}", _("Which part?"))
        return data | {"lines": rows}


class CostForm(LinesForm):
    """What the received pieces cost, from purchasing or finance (D13, C32)."""

    def __init__(self, *args: Any, receipt: GoodsReceipt, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in receipt.lines.select_related("part"):
            self.fields[f"cost_{line.pk}"] = amount(
                label=f"{line.part} × {line.quantity}", initial=line.cost, help_text=_("Cost per piece")
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return {"costs": {int(name[5:]): cost for name, cost in data.items() if cost is not None}}


class CountForm(LinesForm):
    """The count sheet: a number beside each part that was counted, codes beside valuable ones."""

    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, parts: Sequence[Part], books: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts, self.books = parts, books
        self.fields["parts"] = forms.CharField(
            widget=forms.HiddenInput, initial=",".join(str(part.pk) for part in parts)
        )
        self.lines = [self._line(part) for part in parts]

    def _line(self, part: Part) -> list[str]:
        book = self.books.get(part.pk, 0)
        names = [f"counted_{part.pk}"]
        self.fields[names[0]] = quantity(
            label=str(part), min_value=0, required=False, help_text=_("By the books: {n}").format(n=book)
        )
        if part.valuable:
            names.append(f"codes_{part.pk}")
            self.fields[names[1]] = CodesField(label=_("Codes found"))
        self.fields[f"book_{part.pk}"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=book, required=False, min_value=0
        )
        return names

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        rows = [self._row(part, data) for part in self.parts if data.get(f"counted_{part.pk}") is not None]
        return {"reason": data.get("reason", ""), "counts": rows}

    def _row(self, part: Part, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "part": part, "counted": data[f"counted_{part.pk}"], "codes": data.get(f"codes_{part.pk}") or [],
            "book": data.get(f"book_{part.pk}"),
        }  # fmt: skip


class DisposalForm(forms.Form):
    part = PartField(label=_("Part"))
    quantity = quantity()
    how = forms.ChoiceField(label=_("What becomes of it"), choices=Disposal.How.choices)
    codes = CodesField()
    reason = forms.CharField(label=_("Reason"), max_length=200)


class AskForm(forms.Form):
    part = PartField(label=_("Part"))
    quantity = quantity()
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class AnswerForm(StepForm):
    can_have = forms.TypedChoiceField(
        label=_("Can it be had?"), choices=[("true", _("Yes")), ("false", _("No"))], coerce=lambda x: x == "true",
        widget=forms.RadioSelect,
    )  # fmt: skip
    arrives_on = forms.DateField(label=_("Arrives on"), required=False, widget=Day())
    text = forms.CharField(label=_("Answer"), max_length=200, required=False, help_text=_("Without it: why."))


class MinimumForm(forms.Form):
    quantity = quantity(label=_("Minimum"), min_value=0, help_text=_("0: the part is not watched."))


class ShelfForm(forms.Form):
    shelf = forms.CharField(label=_("Shelf"), max_length=40, required=False)

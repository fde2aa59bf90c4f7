"""Forms of a rectification notice: its issue, what was done with evidence, verification, effect (7.2)."""

from typing import Any, cast

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.grants import cell
from accounts.models import User
from accounts.rules import ROLE_OF
from aftersales.charter import Department
from aftersales.widgets import Photos
from deadlines.papers import StepForm
from policy import figures
from repairs.forms import FilesField, day

from .. import selectors
from ..services.notices import CARRY_OUT

LONG = 4000


def words(label: Any, rows: int = 3, **facts: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONG, widget=forms.Textarea(attrs={"rows": rows}), **facts)


def able() -> dict[str, Any]:
    """The departments that can carry out a rectification (F07)."""
    return {each.value: each.label for each in Department if cell(CARRY_OUT, [ROLE_OF[each]]) != "-"}


def departments() -> list[tuple[str, Any]]:
    return [*BLANK_CHOICE_DASH, *able().items()]


class IssueForm(forms.Form):
    """A new notice; the department's head answers for it where nobody is named."""

    department = forms.ChoiceField(label=gettext_lazy("Responsible department"), choices=departments)
    person = forms.ModelChoiceField(
        User.objects.none(), to_field_name="username", required=False, label=gettext_lazy("Responsible person"),
        empty_label=pgettext_lazy("rectification", "the head of the department"),
    )  # fmt: skip
    problem = words(gettext_lazy("Problem"))
    measures = words(gettext_lazy("What is to be done"), 4)
    due_on = day(gettext_lazy("Done by"), required=True)
    effect_weeks = forms.IntegerField(
        label=gettext_lazy("Weeks until the effect is checked"), min_value=1, max_value=104
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"effect_weeks": figures.value("effect_weeks")} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        people, field = selectors.people_of(able()), cast(forms.ModelChoiceField, self.fields["person"])
        field.queryset = User.objects.filter(pk__in=[row.pk for row in people])
        named = [(row.username, f"{row} · {place}") for row, place in people.items()]
        field.choices = [("", field.empty_label), *named]


class CarryOutForm(StepForm):
    done = words(gettext_lazy("What was done, with the evidence"), 4)
    prevention = words(gettext_lazy("Prevention"), 2, required=False)
    photos = FilesField(
        label=gettext_lazy("Pictures of the evidence"), required=False, widget=Photos, allow_empty_file=True
    )

    def known(self, paper: Any) -> dict[str, Any]:
        return {"done": paper.done, "prevention": paper.prevention}


class VerifyForm(StepForm):
    verdict = words(gettext_lazy("What was looked at, and the result"))


class AgainForm(StepForm):
    """The measures are due once more."""

    due_on = day(gettext_lazy("Done again by"), required=True)


class RejectForm(AgainForm):
    verdict = words(gettext_lazy("What is still missing"))
    field_order = ("verdict", "due_on")


def effect() -> forms.CharField:
    return words(gettext_lazy("Effect of the measures"))


def _counted(form: StepForm) -> None:
    """How often the fault was reported since stands at the field."""
    if form.paper is not None and form.paper.carried_out_at is not None:
        form.fields["effect"].help_text = _(
            "Reported again since the measures were in place: {n} times."
        ).format(n=selectors.came_back(form.paper))


class CloseForm(StepForm):
    effect = effect()

    def prepare(self) -> None:
        _counted(self)


class ReopenForm(AgainForm):
    effect = effect()
    field_order = ("effect", "due_on")

    def prepare(self) -> None:
        _counted(self)

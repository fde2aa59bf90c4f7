"""The forms of the help desk (2.2): what an article says, and its steps with their pictures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.forms import Picture
from aftersales.widgets import Photo, TapChecks
from catalogue.models import VehicleModel
from repairs.models import Symptom
from repairs.services.articles import LIMITS, STEP, STEPS

from .notices import words


def area(label: Any, limit: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=limit, required=False, widget=widget)


class CaseForm(forms.Form):
    """What a customer can look at and do himself, as the report of a case says it."""

    title = forms.CharField(label=pgettext_lazy("help article", "Title"), max_length=LIMITS["title"])
    symptom = words(_("Symptom, as a customer sees it"))
    steps = words(_("Steps"), 6, help_text=_("One step a line, in words that a customer understands."))


class ArticleForm(forms.Form):
    """A version without its steps."""

    title = forms.CharField(
        label=pgettext_lazy("help article", "Title"),
        max_length=LIMITS["title"],
        help_text=_("What the customer notices, in his words: “It does not charge”."),
    )
    symptom = area(_("Symptom, as a customer sees it"), LIMITS["symptom"])
    group = forms.ChoiceField(label=_("Group"), choices=Symptom.choices, initial=Symptom.OTHER)
    keywords = forms.CharField(
        label=_("Other words for it"),
        required=False,
        max_length=LIMITS["keywords"],
        help_text=_("Separated by blanks; pinyin and its initials are found by themselves."),
    )
    fits = forms.ModelMultipleChoiceField(
        label=_("Models it concerns"),
        queryset=VehicleModel.objects.order_by("code"),
        required=False,
        widget=TapChecks,
        help_text=_("None ticked: all models."),
    )
    stop = forms.BooleanField(
        label=_("Stop at once: the customer leaves the vehicle and calls"), required=False
    )


class EditForm(ArticleForm):
    """A draft, with the count of its savings that this page has seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-no-draft": ""}), required=False)


class StepRow(forms.Form):
    """One step; `picture` is the key of the picture that it has."""

    text = area(_("What to do"), STEP)
    photo = Picture(label=_("Picture"), widget=Photo(attrs={"capture": False}))
    caption = forms.CharField(label=_("What the picture shows"), required=False, max_length=120)
    picture = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)


StepRows: Any = forms.formset_factory(StepRow, extra=0, max_num=STEPS, absolute_max=STEPS + 5)


class WhyForm(forms.Form):
    why = forms.CharField(label=_("Why is it withdrawn?"), max_length=300)

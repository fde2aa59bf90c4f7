"""Forms of the standard 9.7: a version's head, its clauses, its workbook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms import Yuan
from aftersales.widgets import Day
from catalogue.forms import Workbook

from ..models import Clause, Standard
from ..services.clauses import FACTS


class HeadForm(forms.ModelForm):
    """A version's head; its day is today at the earliest, and judged again when it is published."""

    class Meta:
        model = Standard
        fields = ("version", "title", "effective_on")
        widgets = {"effective_on": Day}


class NewForm(HeadForm):
    """A new version, empty or with the clauses of the one in force."""

    copy = forms.BooleanField(
        label=_("Begin with the clauses of the version in force"), required=False, initial=True
    )


class FileForm(HeadForm):
    file = Workbook()
    field_order = ("file", "version", "title", "effective_on")


class ClauseForm(forms.ModelForm):
    """One clause in a draft; what belongs together is the service's to say, at its field."""

    amount = Yuan(label=_("amount, yuan"), required=False)
    cap = Yuan(label=_("at most, yuan"), required=False)

    class Meta:
        model = Clause
        fields = FACTS
        widgets = {"criterion": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("number", "category", "criterion", "party", "severity", "method"))
        for name in ("factor", "appeal_days"):
            self.fields[name].required = False

    def _post_clean(self) -> None:
        """The service writes; the form keeps its hands off the table."""


class NumberForm(forms.Form):
    number = forms.CharField(label=_("clause"), max_length=12)

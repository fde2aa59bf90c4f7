"""Accounts, postings and grants."""

from typing import Any

from django import forms
from django.db.models import BLANK_CHOICE_DASH
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department
from aftersales.widgets import Day

from ..models import FactorReset, Grant, Posting, User


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = [
            "username", "name", "email", "mobile", "language", "years_in_trade", "chassis_experience", "electrics_experience",
            "regions", "travels",
        ]  # fmt: skip

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class Dated(forms.ModelForm):
    class Meta:
        widgets = {"since": Day, "until": Day}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate

    def validate_constraints(self) -> None:
        """The service refuses with sentences of its own; the database holds them all the same."""


class PostingForm(Dated):
    class Meta(Dated.Meta):
        model = Posting
        fields = ["department", "head", "since", "until", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="posting_%s", **kwargs)
        self.fields["department"].choices = [*BLANK_CHOICE_DASH, *Department.choices]  # type: ignore[attr-defined]


class GrantForm(Dated):
    class Meta(Dated.Meta):
        model = Grant
        fields = ["kind", "since", "until", "reason"]

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "grant_%s"} | kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            *BLANK_CHOICE_DASH,
            *((value, label) for value, label in Grant.Kind.choices if value in kinds),
        ]


class ResetForm(forms.ModelForm):
    class Meta:
        model = FactorReset
        fields = ["reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "reset_%s"} | kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].help_text = _(
            "What was lost, and how you know that it is this person who asks."
        )


class EndForm(forms.Form):
    until = forms.DateField(label=_("Last day"), widget=Day)

"""What a person says of himself."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.widgets import Day

from ..models import Absence, User


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email", "mobile", "language"]


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=60)


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class AbsenceForm(forms.Form):
    """Whole days, the last one included; `user` is asked only of who may enter it for others."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"), empty_label="—")
    kind = forms.ChoiceField(label=_("Kind"), choices=Absence.Kind.choices)
    since = forms.DateField(label=_("First day"), widget=Day)
    until = forms.DateField(label=_("Last day"), widget=Day)
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Deputy"),
        empty_label="—",
        help_text=_("Running clocks go to the deputy, with their due times unchanged."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("For the colleagues; nothing about health."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["deputy"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        entries = super().clean() or {}
        since, until = entries.get("since"), entries.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return entries

    @property
    def entries(self) -> dict[str, Any]:
        """For the service: days become moments, the last day runs to 24:00."""
        given = dict(self.cleaned_data)
        since, until = given.pop("since"), given.pop("until")
        return given | {"begins_at": midnight(since), "ends_at": midnight(until + dt.timedelta(days=1))}

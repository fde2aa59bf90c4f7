"""Forms of the clock: tick a round, excuse a breach, load working days."""

import csv
import datetime as dt
import io

from django import forms
from django.utils.translation import gettext_lazy as _

from .calendar import Day

LINES = 400
WORK = {
    "1": True,
    "work": True,
    "班": True,
    "上班": True,
    "0": False,
    "off": False,
    "休": False,
    "放假": False,
}


class TickForm(forms.Form):
    found = forms.IntegerField(label=_("Web reports found"), min_value=0, max_value=10_000, initial=0)


class ExcuseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class DaysForm(forms.Form):
    """Days as lines: date, 0 or 1 (off or working), name."""

    days = forms.CharField(
        label=_("Days that differ from Monday to Friday"),
        help_text=_(
            "One day per line: date, 1 for a working day or 0 for a day off, name. Example: 2027-02-06,1,调休上班"
        ),
        widget=forms.Textarea({"rows": 12}),
        max_length=40_000,
    )
    source = forms.CharField(
        label=_("Source"), max_length=60, help_text=_("For example the State Council's notice.")
    )
    official = forms.BooleanField(
        label=_("This is the official list of the whole year"),
        help_text=_("The year then counts as known, and what was provisional is computed anew."),
        required=False,
    )

    def clean_days(self) -> list[Day]:
        lines = list(csv.reader(io.StringIO(self.cleaned_data["days"])))[:LINES]
        rows = [
            (number, line) for number, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)
        ]
        days = [_day(number, line) for number, line in rows]
        if len({day.date for day in days}) != len(days):
            raise forms.ValidationError(_("A day stands there twice."))
        return days

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if "days" in data:
            data["days"] = [day._replace(official=data["official"]) for day in data["days"]]
        return data


def _day(number: int, line: list[str]) -> Day:
    try:
        day, work, *name = (cell.strip() for cell in line)
        return Day(dt.date.fromisoformat(day), WORK[work.lower()], " ".join(name)[:60])
    except (ValueError, KeyError) as error:
        raise forms.ValidationError(_("Line {number} cannot be read.").format(number=number)) from error

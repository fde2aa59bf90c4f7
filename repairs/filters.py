"""What people ask of the ticket list; the address bar holds it, page, API and export read it alike."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.charter import Department
from aftersales.models import SHANGHAI
from aftersales.widgets import PlainSelect
from deadlines.models import OPEN as RUNNING
from deadlines.models import REMINDERS, Deadline

from .flow import OPEN, WITH_ENGINEER, Stage
from .models import Channel, Ticket, Urgency

#: whose move it is at a stage; the charter's chapter says so
MOVES = {
    Department.SERVICE: [Stage.REPORTED, Stage.RECORDED, Stage.COMPLETED],
    Department.ENGINEERS: list(WITH_ENGINEER),
}
PERIODS = [
    ("7", _("last 7 days")),
    ("30", _("last 30 days")),
    ("90", _("last 90 days")),
    ("365", _("last 12 months")),
]
ANY = ("", _("all"))
YEARS = range(1990, 2101)  # a day beyond them is nobody's search, and databases and calendars end somewhere


class Choice(forms.ChoiceField):
    widget = PlainSelect


class TicketFilter(forms.Form):
    """Empty means all; what cannot be read is left out, never an error page."""

    q = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    stage = Choice(label=_("Stage"), required=False, choices=[ANY, ("open", _("open")), *Stage.choices])
    move = Choice(label=_("Whose move"), required=False, choices=[ANY, *[(d.value, d.label) for d in MOVES]])
    engineer = Choice(label=_("Engineer"), required=False)
    region = forms.CharField(label=_("Region"), required=False, max_length=60)
    model = forms.CharField(label=_("Model"), required=False, max_length=80)
    period = Choice(label=_("Received"), required=False, choices=[ANY, *PERIODS])
    urgency = Choice(label=_("Urgency"), required=False, choices=[ANY, *Urgency.choices])
    channel = Choice(label=_("Channel"), required=False, choices=[ANY, *Channel.choices])
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)

    def __init__(self, data: Any = None, *, engineers: Any = (), **kwargs: Any) -> None:
        super().__init__(data, auto_id="filter_%s", **kwargs)
        self.fields["engineer"].choices = [ANY, ("me", _("me")), *engineers]  # type: ignore[attr-defined]
        self.fields["region"].widget.attrs["size"] = self.fields["model"].widget.attrs["size"] = 12


NAMES = (
    "q",
    "stage",
    "move",
    "engineer",
    "region",
    "model",
    "period",
    "urgency",
    "channel",
    "overdue",
    "since",
    "until",
)


def asked(params: Any) -> dict[str, str]:
    """The filters that a request names, without empty ones and without what no database can hold."""
    given = {name: params.get(name, "").replace("\x00", "").strip() for name in NAMES}
    return {name: value for name, value in given.items() if value}


def filtered(rows: Any, params: Any, *, at: dt.datetime, user: Any = None) -> QuerySet[Ticket]:
    """`rows` narrowed by what `params` asks; an unknown value finds nothing rather than everything."""
    wanted = asked(params)
    for name, value in wanted.items():
        if name != "q":
            rows = _NARROW[name](rows, value, at, user)
    return rows.found_by(wanted["q"][:80], user) if "q" in wanted else rows


def _stage(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    return rows.filter(stage__in=OPEN) if value == "open" else rows.filter(stage=value)


def _move(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    return rows.filter(stage__in=MOVES.get(value, []))  # type: ignore[call-overload]  # a department's value is its key


def _engineer(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    if value == "me" and user is not None:
        return rows.filter(engineer=user)
    return rows.filter(engineer__username=value)


def _region(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    return rows.filter(region__contains=value)


def _model(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    """As typed, in capitals, in small letters: the column itself is asked, so that its statistics and index serve (P3)."""
    spelt = [Q(model__contains=word) for word in {value, value.upper(), value.lower()}]
    return rows.filter(reduce(or_, spelt))


def _period(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    return (
        rows.filter(received_at__gte=at - dt.timedelta(days=int(value)))
        if value.isascii() and value.isdigit() and len(value) < 5
        else rows.none()
    )


def _since(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    return rows.filter(received_at__gte=_day(value)) if _day(value) else rows.none()


def _until(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    return rows.filter(received_at__lt=_day(value) + dt.timedelta(days=1)) if _day(value) else rows.none()


def _day(value: str) -> Any:
    """The beginning of that day in Shanghai, or None."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return None
    return dt.datetime.combine(day, dt.time(0), SHANGHAI) if day.year in YEARS else None


def _plain(name: str) -> Any:
    return lambda rows, value, at, user: rows.filter(**{name: value})


def _overdue(rows: Any, value: str, at: dt.datetime, user: Any) -> Any:
    """A clock of the ticket is open and its due time has passed; reminders of our own do not count as breaches."""
    kind = ContentType.objects.get_for_model(Ticket)
    late = Deadline.objects.filter(RUNNING, subject_type=kind, due_at__lt=at).exclude(rule__in=REMINDERS)
    return rows.filter(pk__in=late.values("subject_id"))


_NARROW = {
    "stage": _stage, "move": _move, "engineer": _engineer, "region": _region, "model": _model, "period": _period,
    "urgency": _plain("urgency"), "channel": _plain("channel"), "overdue": _overdue, "since": _since, "until": _until,
}  # fmt: skip

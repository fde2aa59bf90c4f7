"""Changing a figure: one proposes, another seconds; never for a day that has begun, never back in time (SD11)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.models import User
from aftersales.charter import FIGURES
from aftersales.limits import DAY, local_day
from aftersales.problems import BadEntry, Refusal

from .figures import figures
from .models import FigureChange
from .rules import parse, plain

ACTION = "policy.edit"


@transaction.atomic
def propose(name: str, value: str, *, since: dt.date, reason: str, by: User, at: dt.datetime) -> FigureChange:
    """Propose a value (as typed) from a day on, tomorrow at the earliest."""
    demand(by, ACTION)
    figure = FIGURES[name]
    if not figure.adjustable:
        raise Refusal(_("This figure is the charter's own and changes with the charter."), figure.clause)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), figure.clause, "reason")
    _refuse_retroactive(since, at, figure.clause)
    text = plain(figure, parse(figure, value))
    return FigureChange.objects.create(
        name=name, value=text, since=since, reason=reason.strip(), proposed_by=by, proposed_at=at
    )


@transaction.atomic
def second(change: FigureChange, *, by: User, at: dt.datetime) -> FigureChange:
    """Put a proposal in force from its day on; only somebody else can."""
    demand(by, ACTION)
    change = FigureChange.objects.select_for_update().get(pk=change.pk)
    clause = FIGURES[change.name].clause
    if change.seconded_at is not None:
        raise Refusal(_("This change has already been seconded."), clause)
    if change.proposed_by_id == by.pk:
        raise Refusal(_("Somebody else must second this change (SD11)."), clause)
    _refuse_retroactive(change.since, at, clause)
    change.seconded_by, change.seconded_at = by, at
    change.save(update_fields=["seconded_by", "seconded_at"])
    figures.changed()
    return change


def _refuse_retroactive(since: dt.date, at: dt.datetime, clause: str) -> None:
    if since < local_day(at) + DAY:
        raise BadEntry(_("A change takes effect tomorrow at the earliest."), clause, "since")

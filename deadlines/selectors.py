"""Asking the clock: what I owe, what is owed in my department, the clocks of one subject."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.selectors import stands_in_for
from aftersales.charter import RULES, Department
from aftersales.limits import local_day

from .models import REMINDERS, CollectionRound, Deadline, DeadlineQuerySet

QUIET = [rule.name for rule in RULES.values() if rule.quiet]


def _seen(rows: DeadlineQuerySet, at: dt.datetime, subject: models.Model | None = None) -> list[Deadline]:
    """The rows with all that a page shows of them, as they stand at `at`; a subject that is known is not read again."""
    beside = ["excuses"] if subject else ["subject", "excuses"]
    found = list(rows.select_related("assignee").prefetch_related(*beside))
    models.prefetch_related_objects([row for row in found if row.due_at > row.raw_due_at], "pauses")
    for row in found:
        row.seen_at = at
        if subject is not None:
            row.subject = subject
    return found


def _running(at: dt.datetime) -> DeadlineQuerySet:
    """Open clocks that have begun; quiet ones only once they are due."""
    return Deadline.objects.open().filter(opened_at__lte=at).exclude(rule__in=QUIET, due_at__gt=at)


def duty_rows(user: User, at: dt.datetime) -> DeadlineQuerySet:
    """What this person owes, soonest first: his own, those of whom he stands in for, his departments' unclaimed ones."""
    people = [user.pk, *(other.pk for other in stands_in_for(user, at))]
    departments = [department.value for department in user.departments(local_day(at))]
    mine = Q(assignee__in=people) | Q(assignee=None, department__in=departments)
    return _running(at).filter(mine).order_by("due_at", "pk")


def duties(user: User, at: dt.datetime, limit: int = 200) -> list[Deadline]:
    """`duty_rows`, with all that a page shows of them."""
    return _seen(duty_rows(user, at)[:limit], at)


def owed_rows(user: User, at: dt.datetime) -> DeadlineQuerySet:
    """What others owe to whom answers for them: heads see their departments' clocks, leaders every missed one."""
    day = local_day(at)
    headed = [department.value for department in user.heads(day)]
    theirs = Q(department__in=headed) & ~Q(assignee=None) & ~Q(assignee=user)
    if Department.MANAGEMENT in user.departments(day):
        theirs |= Q(due_at__lt=at) & ~Q(rule__in=REMINDERS)
    return _running(at).filter(theirs).order_by("due_at", "pk")


def owed_to_me(user: User, at: dt.datetime, limit: int = 200) -> list[Deadline]:
    """`owed_rows`, with all that a page shows of them."""
    return _seen(owed_rows(user, at)[:limit], at)


def clocks(subject: models.Model, at: dt.datetime) -> list[Deadline]:
    """Every clock of a subject that has begun, in the order of their due times; reminders only while they are open."""
    rows = Deadline.objects.of(subject).filter(opened_at__lte=at)
    rows = rows.exclude(Q(rule__in=REMINDERS) & (Q(met_at__isnull=False) | Q(ended_at__isnull=False)))
    return _seen(rows.exclude(rule__in=QUIET, due_at__gt=at).order_by("due_at", "pk"), at, subject)


def next_clock(subject: models.Model, at: dt.datetime) -> Deadline | None:
    """The running clock of a subject that is due first; one that only watches over it does not count."""
    rows = Deadline.objects.of(subject).open().filter(opened_at__lte=at).exclude(rule__in=QUIET)
    return rows.select_related("assignee").order_by("due_at", "pk").first()


def due_of(subject: models.Model, rule: str) -> dt.datetime | None:
    """The due time of the subject's latest clock of that rule."""
    rows = Deadline.objects.of(subject).filter(rule=rule)
    return rows.order_by("-opened_at").values_list("due_at", flat=True).first()


def open_of(model: type[models.Model]) -> DeadlineQuerySet:
    """Open clocks of all subjects of a model, without reminders."""
    kind = ContentType.objects.get_for_model(model)
    return Deadline.objects.open().filter(subject_type=kind).exclude(rule__in=REMINDERS)


def oldest_unswept(now: dt.datetime) -> dt.timedelta | None:
    """The age of the oldest moment that the sweep should have looked at (for /readyz), None if there is none."""
    first = (
        Deadline.objects.filter(next_fire_at__lte=now)
        .order_by("next_fire_at")
        .values_list("next_fire_at", flat=True)
        .first()
    )
    return now - first if first else None


def rounds(days: Iterable[dt.date]) -> models.QuerySet[CollectionRound]:
    """The collection rounds of those days, newest first."""
    return (
        CollectionRound.objects.filter(day__in=list(days)).select_related("ticked_by").order_by("-begins_at")
    )


def round_clocks(rows: Iterable[CollectionRound], at: dt.datetime) -> dict[int, Deadline]:
    """Their clocks by round, one statement."""
    kind: Any = ContentType.objects.get_for_model(CollectionRound)
    found = Deadline.objects.filter(subject_type=kind, subject_id__in=[row.pk for row in rows])
    for row in found:
        row.seen_at = at
    return {row.subject_id: row for row in found}

"""Asking who is where: members, heads, roster, deputies."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from aftersales.models import SHANGHAI

from .models import Absence, DutyShift, Posting, User


def _day(at: dt.datetime | None) -> dt.date:
    return (at or timezone.now()).astimezone(SHANGHAI).date()


def posted(department: str, at: dt.datetime | None = None) -> QuerySet[Posting]:
    day = _day(at)
    return Posting.objects.filter(Q(until=None) | Q(until__gte=day), department=department, since__lte=day, user__is_active=True)


def members(department: str, at: dt.datetime | None = None) -> QuerySet[User]:
    """Active people posted to the department at that moment."""
    return User.objects.filter(pk__in=posted(department, at).values("user"), is_active=True)


def head_of(department: str, at: dt.datetime | None = None) -> User | None:
    row = posted(department, at).filter(head=True).select_related("user").order_by("-since").first()
    return row.user if row else None


def on_duty(kind: str, at: dt.datetime) -> User | None:
    """Who stands on the roster for that duty at that moment."""
    rows = DutyShift.objects.filter(kind=kind, begins_at__lte=at, ends_at__gt=at, user__is_active=True)
    row = rows.select_related("user").order_by("-begins_at").first()
    return row.user if row else None


def absences_at(at: dt.datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(begins_at__lte=at, ends_at__gt=at)


def absent_ids(users: Iterable[int], at: dt.datetime) -> set[int]:
    return set(absences_at(at).filter(user__in=list(users)).values_list("user", flat=True))


def deputy_of(user: User, at: dt.datetime) -> User | None:
    """Who stands in for an absent person; follows a chain of absences, without going round. None: he is there."""
    chain = {a.user_id: a for a in absences_at(at).select_related("deputy")}
    seen, current, found = {user.pk}, user.pk, None
    while current in chain and chain[current].deputy_id not in seen:
        found = chain[current].deputy
        current = found.pk
        seen.add(current)
    return found if found is not None and found.is_active else None


def stands_in_for(user: User, at: dt.datetime) -> list[User]:
    """The absent people whose clocks are this person's now."""
    away = [a.user for a in absences_at(at).select_related("user", "deputy")]
    return [other for other in away if (deputy := deputy_of(other, at)) is not None and deputy.pk == user.pk]

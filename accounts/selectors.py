"""Reading people: who is posted where, who heads, who stands in, who is on duty."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from aftersales.charter import Department
from aftersales.models import SHANGHAI

from .models import Absence, DutyShift, FactorReset, Grant, Posting, User


def day_of(at: dt.datetime | None) -> dt.date:
    return (at or timezone.now()).astimezone(SHANGHAI).date()


def roles(user: Any, on: dt.date | None = None) -> frozenset[str]:
    """Codes of the permission table; a visitor's is ANON."""
    if not getattr(user, "is_authenticated", False):
        return frozenset({"ANON"})
    return user.roles if on is None else user.roles_on(on)


def members(department: str, at: dt.datetime | None = None) -> QuerySet[User]:
    """The active people posted to a department on that day."""
    posted = Posting.objects.on(day_of(at)).filter(department=department)
    return User.objects.filter(is_active=True, pk__in=posted.values("user"))


def holders(kind: str, at: dt.datetime | None = None) -> QuerySet[User]:
    """The active people who hold this named grant on that day (`Grant.Kind`)."""
    held = Grant.objects.on(day_of(at)).filter(kind=kind)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def heads_of(department: str, at: dt.datetime | None = None) -> QuerySet[User]:
    """The active people who head a department on that day."""
    posted = Posting.objects.on(day_of(at)).filter(department=department, head=True)
    return User.objects.filter(is_active=True, pk__in=posted.values("user"))


def head_of(department: str, at: dt.datetime | None = None) -> User | None:
    """The one posting that carries `head` on that day."""
    posting = Posting.objects.on(day_of(at)).filter(department=department, head=True, user__is_active=True)
    row = posting.select_related("user").order_by("-since").first()
    return row.user if row else None


def on_duty(kind: str, at: dt.datetime) -> User | None:
    """Who stands on the roster at this moment."""
    shifts = DutyShift.objects.filter(kind=kind, begins_at__lte=at, ends_at__gt=at, user__is_active=True)
    shift = shifts.select_related("user").order_by("-begins_at").first()
    return shift.user if shift else None


def absences_at(at: dt.datetime | None = None) -> QuerySet[Absence]:
    """Those that count at that moment (`Absence.counts`)."""
    now = at or timezone.now()
    known = Q(entered_at=None) | Q(entered_at__lte=now)
    return Absence.objects.filter(known, begins_at__lte=now, ends_at__gt=now)


def absent_ids(people: Iterable[int], at: dt.datetime | None = None) -> set[int]:
    """Which of these people are away at that moment (one query)."""
    return set(absences_at(at).filter(user__in=list(people)).values_list("user", flat=True))


def deputies(at: dt.datetime | None = None) -> dict[int, int]:
    """Who is away at that moment → who stands in (the absence that began last counts)."""
    return dict(absences_at(at).order_by("begins_at", "pk").values_list("user", "deputy"))


def stand_in(user_id: int, away: dict[int, int]) -> int | None:
    """Follow the chain of deputies to somebody who is here; None if it ends nowhere or in a circle."""
    passed = {user_id}
    at_hand: int | None = away.get(user_id)
    while at_hand is not None and at_hand in away:
        if at_hand in passed:
            return None
        passed.add(at_hand)
        at_hand = away[at_hand]
    return at_hand


def deputy_of(user: User, at: dt.datetime | None = None) -> User | None:
    """Who stands in for `user` at that moment; None while he is here, or when nobody was named."""
    away = deputies(at)
    found = stand_in(user.pk, away) if user.pk in away else None
    return User.objects.filter(pk=found, is_active=True).first() if found else None


def represented_by(user: User, at: dt.datetime | None = None) -> list[int]:
    """Ids of the people who are away at that moment and whose deputies' chain ends at `user`.

    The chain's last link names him; whether anybody does came with him, so for most people nothing is asked.
    """
    until = user.held.deputy_until
    if until is None or until <= (at or timezone.now()):
        return []
    away = deputies(at)
    return [absent for absent in away if stand_in(absent, away) == user.pk]


def stands_in_for(user: User, at: dt.datetime | None = None) -> list[User]:
    """The people whom `user` represents at that moment."""
    theirs = represented_by(user, at)
    return list(User.objects.filter(pk__in=theirs)) if theirs else []


def signers(at: dt.datetime | None = None) -> list[User]:
    """Who may sign for finance on that day (FINS: 4.5, SD15)."""
    day = day_of(at)
    return [u for u in members(Department.FINANCE, at) if "FINS" in u.roles_on(day)]


def people(text: str = "") -> QuerySet[User]:
    """Everybody, for the list of people; `text` in name or username."""
    rows = User.objects.all()
    return rows.filter(Q(name__icontains=text) | Q(username__icontains=text)) if text else rows


def listed(text: str, department: str, at: dt.datetime) -> QuerySet[User]:
    """Everybody for the list of people, with what holds today (three queries, whatever their number)."""
    rows = people(text).prefetch_related(
        Prefetch("postings", Posting.objects.on(day_of(at)), "held_now"),
        Prefetch("grants", Grant.objects.on(day_of(at)), "granted_now"),
    )
    return rows.filter(pk__in=members(department, at).values("pk")) if department else rows


def held_by(user: User) -> list[Any]:
    """Postings and grants of a person, past ones too."""
    return [
        p for rows in (user.postings, user.grants) for p in rows.select_related("named_by", "seconded_by")
    ]


def waiting(reader: User, user: User | None = None) -> list[Any]:
    """Proposals that wait for a second person; `mine` says that the reader cannot second this one himself."""
    papers: list[Any] = []
    for model in (Posting, Grant, FactorReset):
        rows = model.proposals.select_related("user", "named_by")
        papers += rows.filter(user=user) if user else rows
    for paper in papers:
        paper.kind_name = paper._meta.model_name
        paper.mine = reader.pk in (paper.named_by_id, paper.user_id)
    return papers


def entered_for(user: User) -> QuerySet[User]:
    """For whom this person may enter an absence (A29): himself, his department as its head, everybody as a leader."""
    rows = User.objects.filter(is_active=True)
    if user.cell("absence.write") == "Y":
        return rows
    theirs = Posting.objects.on(timezone.localdate()).filter(department__in=user.heads())
    return rows.filter(Q(pk=user.pk) | Q(pk__in=theirs.values("user")))


def absences_for(user: User, at: dt.datetime) -> QuerySet[Absence]:
    """Running and coming absences of those."""
    rows = Absence.objects.filter(ends_at__gt=at, user__in=entered_for(user))
    return rows.select_related("user", "deputy")


def shifts_of_week(days: list[dt.date]) -> list[dict[str, Any]]:
    """Day by day, who is on duty; a shift over midnight stands under the day it begins."""
    begin = dt.datetime.combine(days[0], dt.time(), SHANGHAI)
    end = begin + dt.timedelta(days=len(days))
    shifts = list(DutyShift.objects.filter(begins_at__gte=begin, begins_at__lt=end).select_related("user"))
    return [{"day": day, "shifts": [s for s in shifts if day_of(s.begins_at) == day]} for day in days]

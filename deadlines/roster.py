"""Who is where, read once per sweep: postings, hotline roster and absences in three statements, then asked in memory."""

import datetime as dt
from collections import defaultdict

from django.db.models import Q

from accounts.models import Absence, DutyShift, Posting
from aftersales.charter import Department
from aftersales.limits import local_day


class Roster:
    """Answers for every moment from `since` on (aware)."""

    def __init__(self, since: dt.datetime) -> None:
        day = local_day(since)
        self.postings: dict[str, list[Posting]] = defaultdict(list)
        rows = Posting.objects.filter(Q(until=None) | Q(until__gte=day), user__is_active=True).select_related(
            "user"
        )
        for posting in rows.order_by("since", "pk"):
            self.postings[posting.department].append(posting)
        shifts = DutyShift.objects.filter(
            kind=DutyShift.Kind.HOTLINE, ends_at__gt=since, user__is_active=True
        )
        self.shifts = list(shifts.order_by("begins_at", "pk"))
        self.absences = list(
            Absence.objects.filter(ends_at__gt=since, deputy__is_active=True).order_by("begins_at", "pk")
        )

    def members(self, department: str, at: dt.datetime) -> list[int]:
        """Who is posted to the department then."""
        return [posting.user_id for posting in self.postings[department] if posting.covers(local_day(at))]

    def head(self, department: str, at: dt.datetime) -> int | None:
        """The head of the department then, or who stands in."""
        heads = [p.user_id for p in self.postings[department] if p.head and p.covers(local_day(at))]
        return self.present(heads[-1], at) if heads else None

    def on_duty(self, at: dt.datetime) -> int | None:
        """Who answers the hotline then, or who stands in."""
        shifts = [shift for shift in self.shifts if shift.begins_at <= at < shift.ends_at]
        return self.present(shifts[-1].user_id, at) if shifts else None

    def present(self, person: int, at: dt.datetime) -> int:
        """The person, or at the end of the chain of deputies who is there then."""
        seen = {person}
        while True:
            deputies = [a.deputy_id for a in self.absences if a.user_id == person and a.counts(at)]
            if not deputies or deputies[-1] in seen:
                return person
            person = deputies[-1]
            seen.add(person)

    def owner(self, assignee: int | None, department: str, at: dt.datetime) -> int | None:
        """Whose a clock is at that moment: who claimed or was named (or his deputy), who is on duty, the head."""
        if assignee is not None:
            return self.present(assignee, at)
        duty = self.on_duty(at) if department == Department.SERVICE else None
        return duty or self.head(department, at)

    def told(self, assignee: int | None, department: str, at: dt.datetime) -> list[int]:
        """Who hears of a clock: its person or who is on duty, else everybody of the department."""
        if assignee is not None:
            return [self.present(assignee, at)]
        duty = self.on_duty(at) if department == Department.SERVICE else None
        return [duty] if duty else self.members(department, at)

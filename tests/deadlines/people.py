"""People for the clock's tests, without a ticket in sight."""

import datetime as dt
import itertools

from accounts.models import Absence, DutyShift, Posting, User
from aftersales.charter import Department

LONG_AGO = dt.date(2000, 1, 1)
_count = itertools.count(1)


def person(*departments: Department, head: bool = False) -> User:
    """Somebody posted to these departments since long ago."""
    number = next(_count)
    user = User.objects.create(username=f"clock{number}", name=f"{'/'.join(departments)} {number}")
    for department in departments:
        Posting.objects.create(user=user, department=department, head=head, since=LONG_AGO)
    return user


def on_hotline(user: User, begins: dt.datetime, ends: dt.datetime) -> DutyShift:
    return DutyShift.objects.create(kind=DutyShift.Kind.HOTLINE, user=user, begins_at=begins, ends_at=ends)


def away(user: User, deputy: User, begins: dt.datetime, ends: dt.datetime) -> Absence:
    return Absence.objects.create(
        user=user, deputy=deputy, kind=Absence.Kind.LEAVE, begins_at=begins, ends_at=ends
    )

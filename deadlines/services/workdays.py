"""The working-day table: loaded, corrected, confirmed; and what a newly known year changes in running clocks (domain 3)."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.access import demand
from accounts.models import User
from accounts.selectors import members
from aftersales.charter import Department
from aftersales.limits import local_day
from aftersales.problems import BadEntry
from notices.services import tell

from .. import calendar
from ..calendar import Day, package_days
from ..models import OPEN, CalendarDay, Deadline, DeadlineEvent, Recalculation
from ..stages import first_instant
from .recording import due_of

WARN_FROM = (12, 1)
ACTION = "calendar.load"


@transaction.atomic
def load_days(days: Iterable[Day], *, source: str, by: User, at: dt.datetime) -> int:
    """Write days into the table (a day that is there is replaced) and recompute what was provisional.

    Days marked official make their year known. Returns how many running clocks were recomputed.
    """
    demand(by, ACTION)
    rows = list(days)
    if not rows:
        raise BadEntry(_("There is no day to load."), field="days")
    return _store(rows, source, by, at)


def _store(rows: list[Day], source: str, by: User | None, at: dt.datetime) -> int:
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(date=d.date, is_workday=d.is_workday, name=d.name, source=source, official=d.official)
            for d in rows
        ],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source", "official"],
    )
    calendar.calendar.changed()
    return recalculate(by=by, at=at)


@transaction.atomic
def adopt_official_years(at: dt.datetime) -> int:
    """Write into the table every year around today that the package has come to know; recompute what that settles."""
    year = local_day(at).year
    there = set(CalendarDay.objects.filter(official=True).dates("date", "year"))
    fresh = [y for y in range(year - 1, year + 2) if dt.date(y, 1, 1) not in there and package_days(y)]
    rows = [day for y in fresh for day in package_days(y)]
    return _store(rows, "holidays", None, at) if rows else 0


def recalculate(*, by: User | None, at: dt.datetime) -> int:
    """Compute open provisional clocks anew; a breach that disappears is annulled by a note that stays visible."""
    rows = (
        Deadline.objects.filter(OPEN, provisional=True)
        .select_for_update()
        .order_by("pk")
        .prefetch_related("subject")
    )
    return sum(_recalculate(row, by, at) for row in rows)


def _recalculate(row: Deadline, by: User | None, at: dt.datetime) -> bool:
    due = due_of(row.row, row.subject, row.opened_at)
    if due is None or due == (row.raw_due_at, row.provisional):
        return False
    old, paused = row.due_at, row.due_at - row.raw_due_at
    row.raw_due_at, row.provisional = due
    row.due_at = row.raw_due_at + paused
    if row.due_at != old:
        breached = DeadlineEvent.objects.filter(deadline=row, stage="breach", edition=row.edition).exists()
        annuls = breached and row.due_at > at
        Recalculation.objects.create(
            deadline=row, by=by, at=at, old_due_at=old, new_due_at=row.due_at, annuls=annuls
        )
        row.edition += breached
        row.next_fire_at = first_instant(row)
    row.save(update_fields=["raw_due_at", "due_at", "provisional", "edition", "next_fire_at"])
    return True


def warn_of_unknown_year(at: dt.datetime) -> bool:
    """From 1 December on administrators are told, once a week, that next year's working days are not known yet."""
    today = local_day(at)
    new_year = dt.date(today.year + 1, 1, 1)
    if (today.month, today.day) < WARN_FROM or calendar.current().is_official(new_year):
        return False
    week = today.isocalendar().week
    tell(
        list(members(Department.IT, at)),
        event_key=f"calendar:{new_year.year}:{week}",
        at=at,
        url="/desk/calendar/",
        title=gettext_noop("The working days of {year} are not known yet; what is due then is provisional."),
        params={"year": new_year.year},
    )
    return True

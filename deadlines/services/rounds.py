"""Collection rounds: a row for every window of every working day, ticked by customer service, empty ones too (3.1)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.models import User
from aftersales.charter import Fact
from aftersales.limits import DAY, local_day, moment_of
from aftersales.problems import BadEntry, OutOfTurn
from policy import figures

from .. import calendar
from ..models import CollectionRound
from .recording import record

CLAUSE = "3.1"
#: how far back rounds are made up after the scheduler was down
MADE_UP = 31


@transaction.atomic
def open_rounds(now: dt.datetime) -> int:
    """Open the clocks of today's windows and of days that nobody opened; returns how many are new.

    Only up to today: tomorrow may have other windows by then.
    """
    today = local_day(now)
    last = CollectionRound.objects.order_by("-day").values_list("day", flat=True).first()
    day, opened = max(last or today, today - dt.timedelta(days=MADE_UP)), 0
    while day <= today:
        opened += _open_day(day)
        day += DAY
    return opened


def _open_day(day: dt.date) -> int:
    if not calendar.current().is_workday(day):
        return 0
    there = set(CollectionRound.objects.filter(day=day).values_list("window", flat=True))
    windows = list(enumerate(sorted(figures.value("collection_windows", day)), start=1))
    for number, (begin, end) in windows:
        if number not in there:
            begins = moment_of(day, begin)
            row, _is_new = CollectionRound.objects.get_or_create(
                day=day, window=number, defaults={"begins_at": begins, "ends_at": moment_of(day, end)}
            )
            record(Fact.WINDOW_BEGAN, row, at=row.begins_at, by=None)
    return len(windows) - len(there)


@transaction.atomic
def tick_round(row: CollectionRound, *, found: int, by: User, at: dt.datetime) -> CollectionRound:
    """Customer service has looked: so many reports were found, none is an answer too."""
    demand(by, "intake.collect_checkpoint", row)
    row = CollectionRound.objects.select_for_update().get(pk=row.pk)
    if row.ticked_at is not None:
        raise OutOfTurn(_("This round has already been ticked."), CLAUSE)
    if at < row.begins_at:
        raise OutOfTurn(_("This round has not begun yet."), CLAUSE)
    if found < 0:
        raise BadEntry(_("Enter how many reports you found; 0 if there was none."), CLAUSE, "found")
    row.ticked_at, row.ticked_by, row.found = at, by, found
    row.save(update_fields=["ticked_at", "ticked_by", "found"])
    record(Fact.ROUND_TICKED, row, at=at, by=by)
    return row

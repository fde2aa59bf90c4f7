"""The money chapter of the demonstration (4.9, 4.11, 8.6, 8.8, 8.10): its stories, and what the scheduler does at night."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import replace

from aftersales.limits import DAY, local_day, moment_of
from finance.models import Receivable
from finance.selectors import open_amounts
from finance.services import deducting, months, reconciling, statements

from . import banking, closing, opening, paydays, tales
from .paying import ended
from .story import Cast, Story

NIGHT = dt.time(0, 20)


def stories(cast: Cast, begin: dt.datetime, seed: int) -> list[Story]:
    """Everything about money, with dice of its own: the tickets go on as they would without it."""
    ours = replace(cast, rng=random.Random(seed))  # a story, not a secret
    return [
        nights(ours, begin),
        opening.old_debts(ours, begin),
        paydays.wages(ours, begin),
        *tales.tales(ours),
        closing.sheets(ours, begin),
        closing.closings(ours, begin),
        closing.year_ends(ours, begin),
        *banking.lists(ours),
        banking.figures(ours),
    ]


def nights(cast: Cast, begin: dt.datetime) -> Story:
    """Months are opened on the first, drafts written on the nights on which a fortieth day is over; and of every debt of a
    ticket that is new it is decided how its customer pays."""
    day, seen, limit = local_day(begin) + DAY, 0, (deducting.days() + 1) * DAY
    due: dict[dt.date, list[Receivable]] = defaultdict(list)
    while True:
        at = yield moment_of(day, NIGHT)
        new = list(Receivable.objects.filter(pk__gt=seen).order_by("pk"))
        for row in new:
            seen = row.pk
            due[max(row.due_on + limit, day)].append(row)
        if day.day == 1:
            reconciling.open_all(at)
            statements.open_statements(at)
        if day.day == 1 or (day in due and any(open_amounts(due[day]).values())):
            deducting.draft_due(at)
        if day.day == 6:
            reconciling.tell_unsigned(at)
        if at + DAY > cast.now:
            months.prove(at)
        cast.after += [ended(cast, row, at) for row in new if row.ticket_id]
        day += DAY

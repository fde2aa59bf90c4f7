"""未入库三包配件明细 (5.6): opened on the 1st by the scheduler, submitted by the warehouse, frozen as it then stood."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import members
from aftersales.charter import Department, Fact
from aftersales.limits import day_end, following, local_day
from aftersales.problems import OutOfTurn
from deadlines import services as deadlines
from notices.services import tell

from .. import selectors
from ..models import Release, ReleaseLine, UnreturnedLine, UnreturnedList
from .lines import amount_of

CLAUSE = "5.6"
State = UnreturnedLine.State


def open_lists(now: dt.datetime) -> int:
    """A list for every month that has ended since the first issue and has none: twice is once, late catches up.

    The nightly job and the lists' own pages ask for it, so that no list waits for a job that did not run.
    """
    month, this = _first_missing(), local_day(now).replace(day=1)
    return _open(month, this) if month is not None and month < this else 0


@transaction.atomic
def _open(month: dt.date | None, this: dt.date) -> int:
    opened = 0
    while month is not None and month < this:
        ended = day_end(following(month) - dt.timedelta(days=1))
        row, new = UnreturnedList.objects.get_or_create(month=month, defaults={"opened_at": ended})
        deadlines.record(Fact.MONTH_ENDED, row, at=ended, by=None)
        month, opened = following(month), opened + new
    return opened


def _first_missing() -> dt.date | None:
    last = UnreturnedList.objects.order_by("-month").values_list("month", flat=True).first()
    if last is not None:
        return following(last)
    first = Release.objects.filter(issued_any=True).order_by("pk").values_list("made_at", flat=True).first()
    return local_day(first).replace(day=1) if first else None


def outstanding(line: ReleaseLine) -> Decimal:
    """What stands charged for the pieces that are still to come: the last ones issued, for an odd fen went with those that
    came first (domain 11)."""
    return amount_of(line, line.issued - line.old_due, line.issued) if line.old_due else Decimal(0)


def rows_of(paper: UnreturnedList) -> list[UnreturnedLine]:
    """What the list says: as submitted, or as it stands now."""
    if paper.submitted_at is not None:
        found = paper.lines.select_related(
            "line__release__ticket",
            "line__release__order",
            "line__release__engineer",
            "line__part",
            "line__holder",
        )
        return list(found)
    awaited = [
        UnreturnedLine(list=paper, line=x, quantity=x.old_due, amount=outstanding(x), state=State.AWAITED)
        for x in selectors.unreturned(paper)
    ]
    return awaited + [
        UnreturnedLine(list=paper, line=x, quantity=x.old_waived, amount=Decimal(0), state=State.WAIVED)
        for x in selectors.waived(paper)
    ]


@transaction.atomic
def submit_list(paper: UnreturnedList, *, by: Any, at: dt.datetime) -> UnreturnedList:
    """To finance (D11); what came in later shows on the release, not here."""
    paper = UnreturnedList.objects.select_for_update().get(pk=paper.pk)
    if paper.submitted_at is not None:
        raise OutOfTurn(_("This list was already submitted."), CLAUSE)
    UnreturnedLine.objects.bulk_create(rows_of(paper))
    paper.submitted_at, paper.submitted_by = at, by
    paper.save(update_fields=["submitted_at", "submitted_by"])
    deadlines.record(Fact.UNRETURNED_LISTED, paper, at=at, by=by)
    tell(
        list(members(Department.FINANCE, at)), event_key=f"unreturned:{paper}", at=at, url=paper.get_absolute_url(),
        title=gettext_noop("Warranty parts not returned in {month}"), params={"month": str(paper)},
    )  # fmt: skip
    return paper

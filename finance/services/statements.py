"""The statistics sheet 9.3 (4.9): opened on the 1st, computed, confirmed by the engineer, checked and adjusted by finance."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.access import Denied, demand
from accounts.models import Posting, User
from aftersales.charter import Department, Fact
from aftersales.limits import following, local_day, moment_of
from aftersales.models import next_number
from aftersales.money import LARGEST
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, OutOfTurn
from deadlines import services as deadlines
from notices.services import tell
from repairs.models import TicketEvent

from ..flow import StatementStage
from ..logbook import COMPLETE, completions
from ..models import ClosedMonth, Statement, StatementAdjustment, month_name
from ..rows import Row, thawed
from .statement_rows import rows_of

SERIES, CLAUSE = "TJ", "4.9"
T = StatementStage


# --- the month has ended
def open_statements(now: dt.datetime) -> int:
    """A sheet for every engineer and ended month that has none yet: twice is once, late catches up, killed goes on.

    Each month is one transaction. Its clock runs from the month's end, whenever the job comes. Answers how many are new.
    """
    month, this, opened = _first_missing(), local_day(now).replace(day=1), 0
    while month is not None and month < this:
        opened += _open_month(month)
        month = following(month)
    return opened


def _first_missing() -> dt.date | None:
    """The last month that has a sheet (somebody may have none yet), else the month of the first completion."""
    last = Statement.objects.order_by("-month").values_list("month", flat=True).first()
    if last is not None:
        return last
    first = TicketEvent.objects.filter(name=COMPLETE).order_by("at").values_list("at", flat=True).first()
    return local_day(first).replace(day=1) if first else None


@transaction.atomic
def _open_month(month: dt.date) -> int:
    ended = moment_of(following(month))
    people = list(
        User.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=engineers_of(month))
        .order_by("pk")
    )
    there = set(Statement.objects.filter(month=month).values_list("engineer", flat=True))
    missing = [person for person in people if person.pk not in there]
    for person in missing:
        row = Statement(number=next_number(SERIES, ended), engineer=person, month=month)
        row.sign(by=None, at=ended, why="open")
        row.save()
        deadlines.record(Fact.STATEMENT_OPENED, row, at=ended, by=None)
    return len(missing)


def engineers_of(month: dt.date) -> set[int]:
    """Who was posted to after-sales on any day of the month, and whoever completed a ticket in it."""
    posted = Posting.objects.filter(Q(until=None) | Q(until__gte=month), department=Department.ENGINEERS)
    posted = posted.filter(since__lt=following(month))
    return set(posted.values_list("user", flat=True)) | {done.engineer for done in completions(month)}


# --- the engineer
@transaction.atomic
def confirm(statement: Statement, *, by: Any, at: dt.datetime) -> Statement:
    """The engineer says that it is so (B12), of an empty sheet as well; from now on it stays as it is."""
    held = locked(statement)
    demand(by, "stats_sheet.submit", held)
    rows = rows_of(held, at)
    _move(held, "confirm", by=by, at=at, confirmed_at=at)
    held.rows, held.pending = [row.frozen() for row in rows], sum(row.waits for row in rows)
    held.save()
    _mark(held, rows, month_name(held.month), by=by, at=at)
    deadlines.record(Fact.STATEMENT_CONFIRMED, held, at=at, by=by)
    return held


def _mark(sheet: Statement, rows: list[Row], moved: str, *, by: Any, at: dt.datetime) -> None:
    """Write beside the rows of earlier sheets into which month they went; "" takes it back."""
    late = {row.key for row in rows if row.late_from}
    months = {dt.date.fromisoformat(f"{row.late_from}-01") for row in rows if row.late_from}
    earlier = Statement.objects.select_for_update(of=("self",)).filter(
        engineer=sheet.engineer_id, month__in=months
    )
    for origin in earlier.order_by("month"):
        for facts in origin.rows:
            if (facts["pk"], facts["round"]) in late and facts["pending"]:
                facts["moved"] = moved
        waiting = sum(thawed(facts).waits for facts in origin.rows)
        origin.pending = 0 if origin.stage == T.OPEN else waiting
        hand(origin, by=by, at=at, why="late")
        origin.save()


# --- finance
@transaction.atomic
def approve(statement: Statement, *, by: Any, at: dt.datetime) -> Statement:
    """Finance has checked it (J76): not one's own, and not who adjusted it (SD04)."""
    held = locked(statement)
    demand(by, "statement.check", held)
    not_own(held, by)
    if held.adjustments.filter(by=by).exists():
        raise Denied(_("Who adjusted this sheet does not check it (SD04)."), "8.10")
    _move(held, "approve", by=by, at=at, checked_by=by, checked_at=at)
    held.save()
    return held


@transaction.atomic
def send_back(statement: Statement, *, by: Any, at: dt.datetime, reason: str) -> Statement:
    """Back to the engineer with a reason, who is told at once; the rows are computed anew."""
    held = locked(statement)
    demand(by, "statement.check", held)
    not_own(held, by)
    rows = rows_of(held, at)
    _move(held, "send_back", by=by, at=at, returned_why=reason)
    held.pending = 0
    held.save()
    _mark(held, rows, "", by=by, at=at)
    tell(
        [held.engineer_id], at=at, event_key=f"statement:{held.number}:{held.revision}", kind="statement",
        title=gettext_noop("Statistics sheet {paper} was sent back: {reason}"), url=held.get_absolute_url(),
        params={"paper": held.number, "reason": reason},
    )  # fmt: skip
    return held


@transaction.atomic
def adjust(
    statement: Statement, *, by: Any, at: dt.datetime, column: str, amount: Decimal, reason: str
) -> Statement:
    """A separate, reasoned line (C33): ± yuan in one column; not on one's own sheet, and not by who checked it (SD04).

    It counts in the accounts of the sheet's month, or of the first open one once that is closed.
    """
    held = locked(statement)
    demand(by, "statement.adjust", held)
    not_own(held, by)
    if held.checked_by_id == by.pk:
        raise Denied(_("Who checked this sheet does not adjust it (SD04)."), "8.10")
    if held.stage == T.OPEN:
        raise OutOfTurn(
            _("The engineer has not confirmed this sheet yet; nothing is adjusted before."), CLAUSE
        )
    _amount(amount)
    StatementAdjustment.objects.create(
        statement=held,
        month=first_open(held.month),
        column=column,
        amount=amount,
        reason=reason,
        at=at,
        by=by,
    )
    held.sign(by=by, at=at, why="adjust")
    held.save()
    return held


def _amount(amount: Decimal) -> None:
    if not amount.is_finite() or not amount:
        raise BadEntry(_("An adjustment is more or less than 0.00."), "8.10", "amount")
    if amount != round(amount, 2):
        raise BadEntry(_("An amount has two decimals at most."), "8.10", "amount")
    if abs(amount) > LARGEST:
        raise BadEntry(_("This is more than an amount can be: {largest}."), "8.10", "amount", largest=LARGEST)


def first_open(month: dt.date) -> dt.date:
    """That month, or the first one after it whose books are open."""
    closed = set(
        ClosedMonth.objects.filter(month__gte=month, reopened_at=None).values_list("month", flat=True)
    )
    return following(max(closed)) if closed else month


def not_own(statement: Statement, by: Any) -> None:
    if statement.engineer_id == by.pk:
        raise Denied(_("Nobody checks or adjusts his own sheet (SD04)."), "8.10")


def locked(statement: Statement) -> Statement:
    return Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)


def _move(statement: Statement, name: str, *, by: Any, at: dt.datetime, **entries: Any) -> None:
    statement.move(name, **entries)
    statement.sign(by=by, at=at, why=name)

"""What people do to a clock by hand: pause, excuse, claim; and what a ticket's end or merger does to its clocks."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.models import User
from aftersales.charter import RULES, Department, On
from aftersales.limits import DAY, local_day
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from policy import figures

from .. import rules
from ..models import Claim, Deadline, DeadlineEvent, Ended, Excuse, Pause
from ..roster import Roster
from ..stages import first_instant
from .recording import update_stopped
from .sweeping import fire

#: a pause typed as “now” was a minute ago when it arrives
TYPING = dt.timedelta(minutes=10)


@transaction.atomic
def end(subject: Any, names: Iterable[str], *, at: dt.datetime, ended_as: str) -> None:
    """End open clocks of a subject without meeting them; a breach that came before stays."""
    rows = list(Deadline.objects.of(subject).open().filter(rule__in=list(names)).select_for_update())
    update_stopped(rows, ended_at=at, ended_as=ended_as)


@transaction.atomic
def merge(subject: Any, survivor: Any, *, at: dt.datetime) -> None:
    """Clocks of a duplicate end as merged; per clock the survivor keeps the earlier one of the two.

    A breach of a clock that the survivor does not run stays with the duplicate.
    """
    ours = list(Deadline.objects.of(subject).open().select_for_update().order_by("pk"))
    theirs = {
        row.rule: row for row in Deadline.objects.of(survivor).open().select_for_update().order_by("pk")
    }
    moved = [row for mine in ours if (row := _earlier(mine, theirs.get(mine.rule)))]
    left = [row for row in ours if row.rule not in theirs and row.is_missed(at)]
    update_stopped(left, ended_at=at, ended_as=Ended.VOID)
    update_stopped([row for row in ours if row not in left], ended_at=at, ended_as=Ended.MERGED)
    if moved:
        Deadline.objects.bulk_update(
            moved, ["opened_at", "due_at", "raw_due_at", "provisional", "rule_version", "next_fire_at"]
        )


def _earlier(mine: Deadline, theirs: Deadline | None) -> Deadline | None:
    """The survivor's clock with the earlier times of the duplicate's, or None if its own are earlier."""
    if theirs is None or theirs.row.restart or mine.due_at >= theirs.due_at:
        return None
    for name in ("opened_at", "due_at", "raw_due_at", "provisional", "rule_version"):
        setattr(theirs, name, getattr(mine, name))
    theirs.next_fire_at = first_instant(theirs)
    return theirs


@transaction.atomic
def pause(
    subject: Any,
    name: str,
    *,
    begins_at: dt.datetime,
    ends_at: dt.datetime,
    reason: str,
    evidence: str,
    by: User,
    at: dt.datetime,
) -> Deadline:
    """Stop the running clock `name` for a time: the due time moves by it, the raw one stays (only `plan`, 4.4)."""
    rule = RULES[name]
    if not rule.pausable:
        raise Refusal(_("Only the plan's clock may be paused."), rule.clause)
    if not reason.strip() or not evidence.strip():
        raise BadEntry(_("A pause needs a reason and its evidence."), rule.clause, "reason")
    if begins_at < at - TYPING:
        raise BadEntry(_("A pause cannot begin in the past."), rule.clause, "begins_at")
    begins_at = max(begins_at, at)
    if ends_at <= begins_at:
        raise BadEntry(_("A pause ends after it begins."), rule.clause, "ends_at")
    longest = int(figures.value("pause_days", local_day(at)))
    if ends_at - begins_at > longest * DAY:
        raise BadEntry(
            _("A pause lasts {days} days at most; a longer wait needs another one, with its own evidence."),
            rule.clause,
            "ends_at",
            days=longest,
        )
    row = (
        Deadline.objects.of(subject)
        .open()
        .filter(rule=name)
        .select_for_update()
        .order_by("-opened_at")
        .first()
    )
    if row is None:
        raise OutOfTurn(_("This clock is not running."), rule.clause)
    earlier, span = list(row.pauses.values_list("begins_at", "ends_at")), (begins_at, ends_at)
    Pause.objects.create(
        deadline=row,
        begins_at=begins_at,
        ends_at=ends_at,
        reason=reason.strip(),
        evidence=evidence.strip(),
        by=by,
        at=at,
    )
    if begins_at < row.due_at:
        net = rules.net_due(row.raw_due_at, earlier)
        _put_off(row, rules.net_due(row.raw_due_at, [*earlier, span]) - net, at)
    return row


def _put_off(row: Deadline, gained: dt.timedelta, at: dt.datetime) -> None:
    """Move the due time by what this pause adds; stages that came already are not said again.

    By what it adds, because a clock that took over a duplicate's times took over what its pauses bought.
    """
    if gained:
        row.due_at += gained
        row.next_fire_at = first_instant(row, min(at, row.next_fire_at or at) - dt.timedelta.resolution)
        row.save(update_fields=["due_at", "next_fire_at"])


@transaction.atomic
def excuse(row: Deadline, *, reason: str, by: User, at: dt.datetime) -> Excuse:
    """A leader's reason beside a breach, never instead of it, never his own (SD04)."""
    demand(by, "breach.excuse")
    row = Deadline.objects.select_for_update().get(pk=row.pk)
    if not row.is_missed(at):
        raise Refusal(_("Only a missed clock can be excused."), row.clause)
    if breach_owner(row) == by.pk:
        raise Refusal(_("Nobody excuses what is his own (SD04)."), row.clause)
    if not reason.strip():
        raise BadEntry(_("Please give a reason."), row.clause, "reason")
    if Excuse.objects.filter(deadline=row).exists():
        raise Refusal(_("This breach has already been excused."), row.clause)
    return Excuse.objects.create(deadline=row, reason=reason.strip(), by=by, at=at)


def breach_owner(row: Deadline) -> int | None:
    """Whose a breach is: as it was written down, else as it will be."""
    event = DeadlineEvent.objects.filter(deadline=row, stage="breach", edition=row.edition).first()
    if event is not None:
        return event.owner_id
    return Roster(row.due_at).owner(row.assignee_id, row.department, row.due_at)


@transaction.atomic
def claim(row: Deadline, *, person: User, by: User, at: dt.datetime, reason: str = "") -> Deadline:
    """Take a duty of one's department, or let its head give it to a person; a breach so far stays whose it was."""
    row = Deadline.objects.select_for_update().get(pk=row.pk)
    roster = Roster(min(row.due_at, at))
    if row.stopped_at is not None:
        raise OutOfTurn(_("This clock is no longer running."), row.clause)
    if isinstance(row.row.holder, On) and row.row.department == Department.ENGINEERS:
        raise Refusal(_("This duty goes with the ticket: re-assign the ticket."), row.clause)
    if person.pk not in roster.members(row.department, at):
        raise BadEntry(_("This person does not work in the department that owes it."), row.clause, "person")
    may_give = (
        by.pk in (roster.head(row.department, at), row.assignee_id)
        or Department.MANAGEMENT in by.departments()
    )
    if not may_give and (by.pk != person.pk or row.assignee_id is not None):
        raise Refusal(_("Only the head of the department may give this duty to somebody else."), row.clause)
    if row.next_fire_at is not None and row.next_fire_at <= at:
        fire([row], at, at, roster)
    Claim.objects.create(deadline=row, person=person, former_id=row.assignee_id, reason=reason, by=by, at=at)
    Deadline.objects.filter(pk=row.pk).update(assignee=person)
    row.assignee = person
    return row

"""`record`: a fact meets the clocks that it answers, then opens those that it starts. Twice is once."""

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import Case, F, Value, When

from aftersales.charter import RULES, Department, Fact, Rule
from aftersales.limits import DAY, At, local_day
from deadlines import calendar
from notices.doorbell import ring
from notices.services import supersede
from policy import figures

from ..announcing import still_key
from ..models import Deadline, Ended
from ..stages import first_instant

SWEEP = "deadlines.tasks.sweep"
#: facts after which clocks end without being met: every clock, or those of the person who hands the subject on
ENDS = {Fact.CANCELLED: Ended.VOID, Fact.MERGED: Ended.MERGED, Fact.REASSIGNED: Ended.HANDED_ON}
MOVABLE = [
    "opened_at", "due_at", "raw_due_at", "day_clock", "provisional", "rule_version", "edition", "assignee", "department",
    "met_at", "met_by", "ended_at", "ended_as", "next_fire_at", "failures", "dead_at",
]  # fmt: skip


@transaction.atomic(savepoint=False)
def record(fact: str, subject: Any, *, at: dt.datetime, by: Any, cycle: str | None = None) -> None:
    """Tell the clock what happened to `subject` at `at` (aware) through `by` (None: a customer).

    Meets every open clock that the fact stops (of one `cycle`, if named), ends those that it takes away, opens
    those that it starts, in at most 6 statements. The RULE names whose the new clock is.
    """
    book = _Book(Fact(fact), subject, at, by)
    book.meet(cycle)
    book.take_away()
    book.open()
    book.write()


class _Book:
    """The clocks of one subject while one fact is told to them."""

    def __init__(self, fact: Fact, subject: Any, at: dt.datetime, by: Any) -> None:
        self.fact, self.subject, self.at, self.by = fact, subject, at, by
        self.rules = [rule for rule in RULES.values() if fact in rule.facts]
        self.rows = list(Deadline.objects.of(subject).select_for_update().order_by("pk"))
        self.met: list[Deadline] = []
        self.ended: list[Deadline] = []
        self.moved: list[Deadline] = []
        self.new: list[Deadline] = []

    def meet(self, cycle: str | None) -> None:
        stopped = {rule.name for rule in self.rules if self.fact in rule.stops}
        for row in self.rows:
            if row.rule in stopped and row.stopped_at is None and cycle in (None, row.cycle):
                row.met_at, row.met_by = self.at, self.by
                self.met.append(row)

    def take_away(self) -> None:
        if self.fact in ENDS:
            for row in self.rows:
                if row.stopped_at is None and self._is_taken(row):
                    row.ended_at, row.ended_as = self.at, ENDS[self.fact]
                    self.ended.append(row)

    def _is_taken(self, row: Deadline) -> bool:
        if self.fact != Fact.REASSIGNED:
            return True
        mine = getattr(row.row.holder, "attribute", "") == "engineer"
        begins = (
            self.fact in row.row.starts
        )  # the report of an earlier round stays with who did the work (4.10)
        return mine and begins and row.cycle != self.cycle(row.row)

    def cycle(self, rule: Rule) -> str:
        return "" if rule.restart else self.subject.clock_cycle(rule.name)

    def find(self, name: str, cycle: str) -> Deadline | None:
        return next((row for row in [*self.rows, *self.new] if (row.rule, row.cycle) == (name, cycle)), None)

    def open(self) -> None:
        for rule in self.rules:
            start = self._start(rule)
            if start is not None:
                self._open(rule, start)

    def _start(self, rule: Rule) -> dt.datetime | None:
        if self.fact in rule.starts or self.fact in rule.restart:
            return self.at
        for fact, name in rule.later:
            source = self.find(name, self.cycle(RULES[name])) if fact == self.fact else None
            if source is not None:
                return source.due_at
        return None

    def _open(self, rule: Rule, start: dt.datetime) -> None:
        row = self.find(rule.name, self.cycle(rule))
        if row is not None:
            self._again(rule, row, start)
        elif self.fact not in rule.restart or self.fact in rule.starts:
            row = self._timed(
                Deadline(rule=rule.name, subject=self.subject, cycle=self.cycle(rule)), rule, start
            )
            if row is not None:
                self.new.append(row)

    def _again(self, rule: Rule, row: Deadline, start: dt.datetime) -> None:
        """A clock that is there: restarted, moved forward by an earlier start, or given its person."""
        if rule.restart:
            self._restart(rule, row, start)
        elif row.stopped_at is None:
            earlier = start < row.opened_at
            if earlier:
                self._timed(row, rule, start)
            elif row.assignee_id is None:
                row.assignee_id = holder_of(rule, self.subject)[1]
            if earlier or row.assignee_id is not None:
                self.moved.append(row)

    def _restart(self, rule: Rule, row: Deadline, start: dt.datetime) -> None:
        running = row.stopped_at is None
        if start < row.opened_at or not (running or self.fact in rule.starts) or start == row.stopped_at:
            return
        due, holder = row.due_at, row.assignee_id
        if self._timed(row, rule, start) is None:
            if running:
                self._without_new_time(rule, row)
            return
        if running and (row.due_at, row.assignee_id) == (due, holder):
            return
        row.edition += 1
        row.met_at = row.met_by = row.ended_at = row.dead_at = None
        row.ended_as, row.failures = "", 0
        self.moved.append(row)

    def _without_new_time(self, rule: Rule, row: Deadline) -> None:
        """Its time has come already: it only changes hands. There is none any more: it ends."""
        if due_of(rule, self.subject, self.at) is None:
            row.ended_at, row.ended_as, row.next_fire_at = self.at, Ended.VOID, None
        else:
            row.department, row.assignee_id = holder_of(rule, self.subject)
        self.moved.append(row)

    def _timed(self, row: Deadline, rule: Rule, start: dt.datetime) -> Deadline | None:
        """Freeze the due time with the figure in force on the day of the start, or None if there is nothing to wait for."""
        due = due_of(rule, self.subject, start)
        start = _begun(rule, row, due[0], start) if due else start
        if due is None or due[0] <= start:
            return None
        row.opened_at, (row.due_at, row.provisional) = start, due
        row.raw_due_at, row.day_clock = row.due_at, rule.limit.day_clock
        row.rule_version = figures.version(rule.figure, local_day(start)) if rule.figure else 1
        department, person = holder_of(rule, self.subject)
        row.department, row.assignee_id = department, person or (None if rule.restart else row.assignee_id)
        row.next_fire_at = first_instant(row)
        return row

    def write(self) -> None:
        fresh = {id(row) for row in self.new}
        update_stopped(self.met, met_at=self.at, met_by=self.by)
        update_stopped(self.ended, ended_at=self.at, ended_as=ENDS.get(self.fact, ""))
        moved = [row for row in self.moved if id(row) not in fresh]
        if len(moved) == 1:  # as nearly always: no CASE for each column
            moved[0].save(update_fields=MOVABLE)
        elif moved:
            Deadline.objects.bulk_update(moved, MOVABLE)
        if self.new:
            Deadline.objects.bulk_create(self.new, ignore_conflicts=True)
        if any(row.next_fire_at and row.next_fire_at <= self.at for row in self.new):
            ring(SWEEP)


def _begun(rule: Rule, row: Deadline, due: dt.datetime, start: dt.datetime) -> dt.datetime:
    """When the clock begins: at `start`, or on its last day, if that is over already and nobody has been told of it yet."""
    known = row.stopped_at is None and row.due_at == due
    return due - DAY if rule.overdue and due <= start and not known else start


def update_stopped(rows: list[Deadline], **stop: Any) -> None:
    """Stop clocks in two statements: what came unswept before stays for the sweep to write down, warnings not sent yet go."""
    at = stop.get("met_at") or stop.get("ended_at")
    if rows:
        keep = Case(When(next_fire_at__lte=at, then=F("next_fire_at")), default=Value(None))
        Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(next_fire_at=keep, **stop)
        supersede(still_keys=[still_key(row) for row in rows], by="deadline:done")


def due_of(rule: Rule, subject: models.Model, start: dt.datetime) -> tuple[dt.datetime, bool] | None:
    """(due time, provisional) of a clock that starts then, with the figure in force on that day."""
    limit = rule.limit
    if isinstance(limit, At):
        moment = limit.moment(subject)
        return (moment, False) if moment else None
    if rule.figure:
        limit = limit.given(figures.value(rule.figure, local_day(start)))
    return limit.due(start, calendar.current())


def holder_of(rule: Rule, subject: Any) -> tuple[str, int | None]:
    """(department, id of the person or None): the rule names the role, the subject the person (or another department)."""
    name = getattr(rule.holder, "attribute", "")
    person = (
        getattr(subject, f"{name}_id", None)
        if hasattr(subject, f"{name}_id")
        else getattr(subject, name, None)
    )
    if isinstance(person, Department):
        return person.value, None
    return rule.department.value, getattr(person, "pk", person)

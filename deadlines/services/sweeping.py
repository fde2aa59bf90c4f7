"""`sweep`: what the clock has to say by now, each stage exactly once with its true time, however often it runs.

One transaction per batch: rows are claimed by `next_fire_at`, their events and notices written, and the next
moment set. A killed process leaves all or nothing of a batch; two at once skip each other's rows.
"""

import datetime as dt
import logging
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from aftersales.recordset import recordset

from .. import rules
from ..announcing import announce
from ..models import Deadline, DeadlineEvent
from ..roster import Roster
from ..stages import leads, next_instant, stages_of

log = logging.getLogger(__name__)

BATCH = 500
#: a step that arrived in time may commit a little later; the sweep waits for it
LAG = dt.timedelta(seconds=60)
FAILURES_ALLOWED = 8
#: a clock that failed was put off: its due time lies before the moment at which it is looked at again
LOOK_BACK = dt.timedelta(days=31)

Recorded = list[tuple[Deadline, list[tuple[str, dt.datetime]]]]


def sweep(now: dt.datetime) -> int:
    """Write down every stage that came by `now` − 60 s, tell the people; returns how many clocks were looked at."""
    horizon = now - LAG
    first = _due(horizon).values_list("next_fire_at", flat=True).first()
    if first is None:
        return 0
    roster, swept, size = Roster(first - LOOK_BACK), 0, BATCH
    while size == BATCH:
        size = _batch(horizon, now, roster)
        swept += size
    return swept


def _due(horizon: dt.datetime) -> Any:
    return Deadline.objects.filter(next_fire_at__lte=horizon).order_by("next_fire_at")


def _claim(horizon: dt.datetime) -> list[Deadline]:
    return list(_due(horizon).select_for_update(skip_locked=True)[:BATCH])


def _batch(horizon: dt.datetime, now: dt.datetime, roster: Roster) -> int:
    try:
        with transaction.atomic():
            rows = _claim(horizon)
            fire(rows, horizon, now, roster)
    except Exception:
        log.exception("sweep: a batch failed, its clocks are taken one by one")
        return _one_by_one(horizon, now, roster)
    return len(rows)


def _one_by_one(horizon: dt.datetime, now: dt.datetime, roster: Roster) -> int:
    with transaction.atomic():
        rows = _claim(horizon)
        for row in rows:
            try:
                with transaction.atomic():
                    fire([row], horizon, now, roster)
            except Exception:
                log.exception("sweep: clock %s failed", row.pk)
                _put_off(row, now)
    return len(rows)


def _put_off(row: Deadline, now: dt.datetime) -> None:
    """Try a failing clock later and later, and lay it aside after the eighth time."""
    failures = row.failures + 1
    later = now + dt.timedelta(minutes=2**failures)
    dead = failures >= FAILURES_ALLOWED
    Deadline.objects.filter(pk=row.pk).update(
        failures=failures, next_fire_at=None if dead else later, dead_at=now if dead else None
    )


def fire(rows: list[Deadline], horizon: dt.datetime, now: dt.datetime, roster: Roster) -> None:
    """Record the stages of locked rows that came by the horizon, tell whom they concern, set the next moment."""
    given = leads()
    known = [(row, stages_of(row, given)) for row in rows]
    came = [(row, rules.passed(stages, horizon, row.stopped_at, row.day_clock)) for row, stages in known]
    fresh = _write_events(came, now, roster)
    recorded = [(row, [s for s in stages if (row.pk, s[0]) in fresh]) for row, stages in came]
    speaking = [(row, stages) for row, stages in recorded if stages]
    _read_subjects([row for row, _stages in speaking])
    announce(speaking, now, roster)
    _set_next(known, horizon)


def _read_subjects(rows: list[Deadline]) -> None:
    """With the fields that a notice names alone, where the subject's model says which (`clock_fields`)."""
    for kind in {row.subject_type_id for row in rows}:
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        own = [row for row in rows if row.subject_type_id == kind]
        papers = model._default_manager.all()
        if hasattr(model, "clock_fields"):
            papers = papers.only(*model.clock_fields)
        found = papers.in_bulk({row.subject_id for row in own})
        for row in own:
            Deadline.subject.set_cached_value(row, found.get(row.subject_id))


EVENT = {
    "deadline_id": "bigint", "stage": "text", "edition": "integer", "true_at": "timestamptz", "recorded_at": "timestamptz",
    "owner_id": "bigint",
}  # fmt: skip


def _write_events(came: Recorded, now: dt.datetime, roster: Roster) -> set[tuple[int, str]]:
    """Insert the events; returns (deadline, stage) of those that were not there yet."""
    values = [
        (row.pk, stage, row.edition, at, now, _breach_owner(row, stage, roster))
        for row, stages in came
        for stage, at in stages
    ]
    if not values:
        return set()
    table, names, (source, body) = DeadlineEvent._meta.db_table, ", ".join(EVENT), recordset(EVENT, values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} WHERE true ON CONFLICT DO NOTHING"
            " RETURNING deadline_id, stage",
            [body],
        )
        return set(cursor.fetchall())


def _breach_owner(row: Deadline, stage: str, roster: Roster) -> int | None:
    return roster.owner(row.assignee_id, row.department, row.due_at) if stage == "breach" else None


def _set_next(known: Recorded, horizon: dt.datetime) -> None:
    """One statement for the batch; a stopped clock has nothing more to say."""
    if not known:
        return
    pairs = [(row.pk, None if row.stopped_at else next_instant(stages, horizon)) for row, stages in known]
    table, (source, body) = Deadline._meta.db_table, recordset({"id": "bigint", "at": "timestamptz"}, pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET next_fire_at = v.at, failures = 0 FROM {source} WHERE {table}.id = v.id",
            [body],
        )

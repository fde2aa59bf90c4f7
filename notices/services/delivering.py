"""`deliver`: sends what waits in the outbox, each letter at least once.

Rows are leased by compare-and-set, so that any number of workers may run; a killed worker's lease runs out and
its rows are sent again under the same Message-ID. At most one letter is under way when a worker is killed, hence
duplicates ≤ crashes. What an act has overtaken meanwhile is asked once more right before sending.
"""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.models import DutyShift
from accounts.selectors import deputy_of, on_duty
from accounts.services import audit

from .. import letters, rules
from ..channels import WAYS, Unreachable, Way, address
from ..doorbell import ring
from ..models import WAITING, Notification, Status
from .telling import DELIVER

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=3)
BUDGET = 45.0  # seconds: a run ends well before its task's time limit
PEOPLE, ROWS = 50, 1000  # of one claim


def deliver(now: dt.datetime, batch: int = PEOPLE) -> int:
    """Send what is due at `now` (aware); returns the number of letters handed on. May run any number of times at once."""
    run = Run(now)
    try:
        while not run.is_over and (rows := claim(run.now, run.token, batch)):
            run.send_all(rows)
    finally:
        run.close()
    return run.sent


def due(now: dt.datetime) -> QuerySet[Notification]:
    """What may go out now: not leased by anybody, not put off, not held back by the quiet hours."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    rows = Notification.objects.filter(WAITING, free, not_before__lte=now, channel__in=list(WAYS))
    return rows.filter(even_at_night(now)) if rules.quiet(now) else rows


def even_at_night(now: dt.datetime) -> Q:
    """Urgent rows, and the people who are on duty or wish it."""
    awake = [person for kind in DutyShift.Kind if (person := on_duty(kind, now)) is not None]
    standing_in = [deputy for person in awake if (deputy := deputy_of(person, now)) is not None]
    here = [person.pk for person in (*awake, *standing_in)]
    return Q(urgent=True) | Q(recipient__in=here) | Q(recipient__notice_preference__at_night=True)


def claim(now: dt.datetime, token: str, batch: int) -> list[Notification]:
    """Lease everything that waits for the next people, so that it can go out together."""
    with transaction.atomic():
        people = set(due(now).order_by("not_before", "pk").values_list("recipient_id", flat=True)[:batch])
        rows = due(now).filter(recipient__in=people).select_related("recipient__notice_preference")
        taken = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:ROWS])
        _these(taken).update(lease=token, lease_until=now + LEASE)
    return taken


def _these(rows: Iterable[Notification]) -> QuerySet[Notification]:
    return Notification.objects.filter(pk__in=[row.pk for row in rows])


class Run:
    """One call of `deliver`: its lease, its open ways, its time."""

    def __init__(self, now: dt.datetime) -> None:
        self.began, self.start = now, time.monotonic()
        self.token, self.sent = uuid.uuid4().hex, 0
        self.ways: dict[str, Way] = {}
        self.silent: dict[str, Unreachable] = {}

    @property
    def now(self) -> dt.datetime:
        return self.began + dt.timedelta(seconds=time.monotonic() - self.start)

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self.start > BUDGET

    def close(self) -> None:
        for way in self.ways.values():
            way.close()

    def send_all(self, rows: list[Notification]) -> None:
        for group in letters.sort(rows):
            if self.is_over:
                _these(group).filter(lease=self.token).update(lease="", lease_until=None)
            elif ready := self.begin(group):
                self.send(ready)

    def begin(self, group: list[Notification]) -> list[Notification]:
        """Count the attempt and renew the lease; rows that were overtaken or taken over meanwhile fall out."""
        number = group[0].letter or group[0].pk
        mine = _these(group).filter(WAITING, lease=self.token)
        count = mine.update(attempts=F("attempts") + 1, letter=number, lease_until=self.now + LEASE)
        if count < len(group):
            left = set(mine.values_list("pk", flat=True))
            group = [row for row in group if row.pk in left]
        for row in group:
            row.attempts, row.letter = row.attempts + 1, number
        return group

    def send(self, group: list[Notification]) -> None:
        channel = group[0].channel
        if not address(group[0].recipient, channel):
            return self.give_up(group, "no address")
        try:
            if channel in self.silent:
                raise self.silent[channel]
            self.way(channel).send(letters.compose(group[0].letter or 0, group))
        except Exception as error:
            return self.failed(group, error)
        self.sent += 1
        return self.done(group)

    def way(self, channel: str) -> Way:
        if channel not in self.ways:
            self.ways[channel] = WAYS[channel]()
        return self.ways[channel]

    def done(self, group: list[Notification]) -> None:
        _these(group).update(status=Status.SENT, sent_at=self.now, lease="", lease_until=None, error="")

    def failed(self, group: list[Notification], error: Exception) -> None:
        """Later and later, and after the eighth time laid aside for a person to look at (H08)."""
        if isinstance(error, Unreachable):
            self.silent[group[0].channel] = error
        attempts = max(row.attempts for row in group)
        log.warning(
            "notices: letter %s failed (%s of %s): %s",
            group[0].letter,
            attempts,
            rules.ATTEMPTS,
            type(error).__name__,
        )
        again = rules.next_try(attempts, self.now)
        if again is None:
            return self.give_up(group, name_of(error))
        return self._free(group, not_before=again, error=name_of(error))

    def give_up(self, group: list[Notification], why: str) -> None:
        self._free(group, status=Status.DEAD, error=why)

    def _free(self, group: list[Notification], **outcome: Any) -> None:
        _these(group).filter(WAITING).update(lease="", lease_until=None, **outcome)


def name_of(error: Exception) -> str:
    """What went wrong, without the address that mail servers like to repeat."""
    if isinstance(error, Unreachable):
        return f"unreachable: {error}"[:200]
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()[:200]


def retry_dead(ids: Iterable[int], *, by: Any, at: dt.datetime) -> int:
    """Send again what was given up (H08): back to the outbox with all its attempts; returns the number of rows."""
    rows = Notification.objects.filter(pk__in=list(ids), status=Status.DEAD)
    with transaction.atomic():
        count = rows.update(status=Status.PENDING, attempts=0, not_before=at, error="")
        if count:
            audit("outbox.retry_dead", by=by, at=at, subject="outbox", count=count)
            ring(DELIVER)
    return count

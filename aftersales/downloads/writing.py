"""What the worker does: takes a row that waits, writes it, keeps the file; after a failure or a kill again, three times."""

import contextlib
import datetime as dt
import logging
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from .. import clock
from ..events import download_settled
from ..models import Download
from .keeping import keep, remove, temporary
from .writers import WRITERS, Note

log = logging.getLogger(__name__)
T = TypeVar("T")

LEASE = dt.timedelta(minutes=2)  # without a sign of life; the first rows of a long list may take a while
REST = dt.timedelta(seconds=20)  # between two attempts
TRIES = 3
BUDGET = 60.0  # seconds: no further row is begun after that, the next bell does
SIGN_OF_LIFE = 1.0  # seconds
ROWS = 200  # between two looks at the clock
State = Download.State


class Lost(Exception):
    """Somebody else has taken the row since: the lease was over."""


class Barred(Exception):
    """The person no longer has the right."""


def write_waiting() -> int:
    """Write what waits, the oldest first; the number of downloads that became ready. Any number may run at once."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < BUDGET and (row := claim(clock.now())) is not None:
        count += _attempt(row)
    return count


def claim(at: dt.datetime) -> Download | None:
    """The oldest row that nobody writes, taken by compare-and-set; none while another one is being written: the clocks
    need a worker too."""
    if Download.objects.filter(state=State.WRITING, seen_at__gt=at - LEASE).exists():
        return None
    for row in _free(at).select_related("user").order_by("pk")[:20]:
        if row.attempts >= TRIES:  # its workers died every time
            with contextlib.suppress(Lost):
                _settle(_as_read(row), row, at, state=State.FAILED, why=Download.Why.TROUBLE)
        elif _take(row, at):
            return row
    return None


def _free(at: dt.datetime) -> QuerySet[Download]:
    rested = Q(seen_at=None) | Q(seen_at__lte=at - REST)
    return Download.objects.filter(
        Q(rested, state=State.WAITING) | Q(state=State.WRITING, seen_at__lte=at - LEASE)
    )


def _as_read(row: Download) -> QuerySet[Download]:
    """This row, unless somebody has taken it or shown a sign of life since it was read."""
    return Download.objects.filter(pk=row.pk, attempts=row.attempts, state=row.state, seen_at=row.seen_at)


def _take(row: Download, at: dt.datetime) -> bool:
    took = {
        "state": State.WRITING,
        "attempts": row.attempts + 1,
        "begun_at": at,
        "seen_at": at,
        "done": 0,
        "total": 0,
    }
    if not _as_read(row).update(**took):
        return False
    for name, value in took.items():
        setattr(row, name, value)
    return True


def _mine(row: Download) -> QuerySet[Download]:
    """The row, as long as this attempt is the one that counts."""
    return Download.objects.filter(pk=row.pk, attempts=row.attempts, state=State.WRITING)


def _attempt(row: Download) -> bool:
    """One try; whether the file is ready now."""
    with translation.override(row.language):
        try:
            _write(row)
        except Lost:
            log.warning("download %s: attempt %s was overtaken", row.pk, row.attempts)
        except Barred:
            _settle(_mine(row), row, clock.now(), state=State.FAILED, why=Download.Why.RIGHTS)
        except Exception:
            log.warning("download %s: attempt %s failed", row.pk, row.attempts, exc_info=True)
            _failed(row, clock.now())
        else:
            return True
    return False


def _write(row: Download) -> None:
    writer = WRITERS[row.kind]
    if not writer.allowed(row.user):
        raise Barred
    with temporary() as path:
        with path.open("w+b") as out:
            note = writer.write(out, row.wishes, row.user, Progress(row), at=row.begun_at)
        _finish(row, path, note)


def _finish(row: Download, path: Path, note: Note) -> None:
    """File, row, notice and what is written down about it: all of it, or none."""
    size, name, at = path.stat().st_size, keep(path), clock.now()
    roles = " ".join(sorted(row.user.roles))
    try:
        with transaction.atomic():
            _settle(_mine(row), row, at, state=State.READY, path=name, size=size, roles=roles)
            note()
    except BaseException:
        remove(name)
        raise


def _failed(row: Download, at: dt.datetime) -> None:
    if row.attempts >= TRIES:
        _settle(_mine(row), row, at, state=State.FAILED, why=Download.Why.TROUBLE)
    else:
        _mine(row).update(state=State.WAITING, seen_at=at)


@transaction.atomic
def _settle(rows: QuerySet[Download], row: Download, at: dt.datetime, **outcome: Any) -> None:
    """The end of it; raises `Lost` if `rows` no longer holds the row: somebody else has taken it."""
    outcome["wishes"] = {}  # what was searched for is nobody's business any more
    if not rows.update(ready_at=at, **outcome):
        raise Lost
    for name, value in outcome.items():
        setattr(row, name, value)
    download_settled.send(Download, download=row, at=at)


@transaction.atomic
def take_away(kind: str, *, at: dt.datetime) -> None:
    """A customer was erased, and files of this kind may name him: those that lie ready, are being written or wait are
    there no more, and who asked for one reads why."""
    for row in Download.objects.select_for_update().filter(kind=kind).exclude(state=State.FAILED):
        path, mine = row.path, Download.objects.filter(pk=row.pk)
        _settle(mine, row, at, state=State.FAILED, why=Download.Why.ERASED, path="", size=0)
        transaction.on_commit(partial(remove, path))


class Progress:
    """How far a writer is. Told every second, which also keeps the lease; `Lost` ends the work of one who lost it."""

    def __init__(self, row: Download) -> None:
        self.row, self.done, self.told = row, 0, time.monotonic()

    def expect(self, total: int) -> None:
        """There will be so many rows."""
        self._tell(total=total)

    def over(self, rows: Iterable[T]) -> Iterator[T]:
        """The rows as they are, counted."""
        for self.done, row in enumerate(rows, 1):
            yield row
            if not self.done % ROWS and time.monotonic() - self.told >= SIGN_OF_LIFE:
                self._tell(done=self.done)
        self._tell(done=self.done)

    def _tell(self, **how_far: int) -> None:
        if not _mine(self.row).update(seen_at=clock.now(), **how_far):
            raise Lost
        self.told = time.monotonic()

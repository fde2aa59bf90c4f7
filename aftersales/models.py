"""Tables of the kernel: counters of the papers, keys of operations, buckets of the rate limits."""

import datetime as dt
import math
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Counter(models.Model):
    """The last number drawn in a series on a day; gapless, because it is drawn inside the act's transaction."""

    series = models.CharField(max_length=4)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("series", "day", name="counter_once")]


class OperationKey(models.Model):
    """One POST: its key, what was asked and what was answered, in one transaction with its effect."""

    scope = models.CharField(max_length=64)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=60, default="")
    location = models.TextField(default="")
    body = models.BinaryField(default=b"")
    result = models.CharField(max_length=100, default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("scope", "key", name="operation_once")]


class RateBucket(models.Model):
    """How many requests one address, phone or the whole site made in a window."""

    name = models.CharField(max_length=120)
    window = models.DateTimeField(db_index=True)
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("name", "window", name="bucket_once")]


class Upload(models.Model):
    """A file that arrives in pieces (`aftersales.files.pieces`); of the key and of its sender only digests are kept."""

    key = models.CharField(max_length=64, unique=True)
    sender = models.CharField(max_length=24, db_index=True)
    size = models.PositiveIntegerField()  # bytes announced
    received = models.PositiveIntegerField(default=0)  # bytes acknowledged: they are on the disk
    sha256 = models.CharField(max_length=64, default="")  # once it was judged and kept
    kind = models.CharField(max_length=5, default="")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)


class Download(models.Model):
    """A workbook that a worker writes for one person; it stays in his downloads for seven days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        WRITING = "writing", _("is written")
        READY = "ready", _("ready")
        FAILED = "failed", _("did not work")

    class Why(models.TextChoices):
        RIGHTS = "rights", _("You no longer have the right to this list.")
        TROUBLE = "trouble", _("It was tried three times. Narrow the list and ask again, or tell IT.")
        ERASED = (
            "erased",
            _("It was taken away because a customer was erased since. Please ask for it again."),
        )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="downloads")
    name = models.CharField(_("file"), max_length=120)
    kind = models.CharField(max_length=40)  # which writer: see `aftersales.downloads`
    wishes = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)  # rows written
    total = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=200, blank=True)  # below DATA; never from people
    size = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(
        default=0
    )  # which of them writes: the others' word counts no more
    seen_at = models.DateTimeField(null=True)  # the last sign of life of who writes it
    roles = models.CharField(max_length=120, blank=True)  # what the person was when it was written
    why = models.CharField(max_length=8, choices=Why.choices, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    begun_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]


_DRAW = """
INSERT INTO aftersales_counter (series, day, last) VALUES (%s, %s, %s)
ON CONFLICT (series, day) DO UPDATE SET last = aftersales_counter.last + excluded.last RETURNING last
"""


def next_number(series: str, at: dt.datetime) -> str:
    """Draw the next number of `series` for the Shanghai day of `at`: `BX20261123-0007`.

    Must run inside the transaction that uses it: rolled back together, so no gap, and the row's lock
    makes two drawers wait for each other.
    """
    return next_numbers(series, at, 1)[0]


def next_numbers(series: str, at: dt.datetime, count: int) -> list[str]:
    """The next `count` numbers of a series, drawn in one statement."""
    if not count:
        return []
    day = at.astimezone(SHANGHAI).date()
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [series, day, count])
        last = cursor.fetchone()[0]
    return [f"{series}{day:%Y%m%d}-{n:04d}" for n in range(last - count + 1, last + 1)]


_CLAIM = """
INSERT INTO aftersales_operationkey
(scope, "key", fingerprint, created_at, status, content_type, location, body, result)
VALUES (%s, %s, %s, %s, 0, '', '', %s, '')
ON CONFLICT (scope, "key") DO NOTHING RETURNING id
"""


def claim_key(scope: str, key: str, fingerprint: str, at: dt.datetime) -> tuple[OperationKey, bool]:
    """(the key's row, is it new), in one statement when it is; a second claimer waits for the first one's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [scope, key, fingerprint, at, b""])
        found = cursor.fetchone()
    if found is None:
        return OperationKey.objects.get(scope=scope, key=key), False
    return OperationKey(pk=found[0], scope=scope, key=key, fingerprint=fingerprint, created_at=at), True


_TAKE = """
INSERT INTO aftersales_ratebucket (name, "window", used) VALUES {rows}
ON CONFLICT (name, "window") DO UPDATE SET used = aftersales_ratebucket.used + 1 RETURNING name, used
"""


def _begin(per: dt.timedelta, at: dt.datetime) -> dt.datetime:
    seconds = int(per.total_seconds())
    return dt.datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, dt.UTC)


def window_left(per: dt.timedelta, at: dt.datetime) -> int:
    """Seconds until the buckets of the window of `at` are empty again."""
    return math.ceil((_begin(per, at) + per - at).total_seconds())


def within_rates(limits: dict[str, int], per: dt.timedelta, at: dt.datetime) -> bool:
    """Count one use of each bucket, in one statement; False once one counted more than its limit in the window of `at`."""
    return not over_rates(limits, per, at)


def over_rates(limits: dict[str, int], per: dt.timedelta, at: dt.datetime) -> set[str]:
    """Count one use of each bucket, in one statement; the names of those that counted more than their limit."""
    begin = _begin(per, at)
    names = sorted({name[:120]: limit for name, limit in limits.items()})  # one order for all: no deadlock
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE.format(rows=", ".join(["(%s, %s, 1)"] * len(names))), [x for n in names for x in (n, begin)]
        )
        used = dict(cursor.fetchall())
    return {name for name, limit in limits.items() if used[name[:120]] > limit}


def within_rate(name: str, limit: int, per: dt.timedelta, at: dt.datetime) -> bool:
    """Count one use of bucket `name`; False once more than `limit` were counted in the window of `at`."""
    return within_rates({name: limit}, per, at)

"""A process without a database connection that forks sweepers and kills them: `python -m tests.fault.nursery`.

Reads one JSON line per round from stdin ({"deadlines": 1000, "sweepers": 3, "kills": 8, "naive": false, "seed": 1}), answers
with one: how many stages were expected, lost, told twice, at a wrong time, and how many processes were killed.
"""

import datetime as dt
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402  # after setup
from django.db import connection, transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from deadlines.models import CollectionRound, Deadline, DeadlineEvent  # noqa: E402
from deadlines.services import sweep, sweeping  # noqa: E402
from notices.models import Notification  # noqa: E402
from tests.deadlines.people import person  # noqa: E402

HOUR = dt.timedelta(hours=1)
NOW = dt.datetime(2026, 3, 6, 10, tzinfo=dt.UTC)
STAGES = {"half": 6, "soon": 10, "breach": 12, "head": 16}
NAIVE = "CREATE TABLE IF NOT EXISTS naive_event (deadline_id bigint, stage varchar(10), true_at varchar(40))"


def in_child(act: Callable[[], Any]) -> int:
    """Fork: the child has a connection of its own and never returns."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return pid


def ask(act: Callable[[], Any]) -> Any:
    """What a child found out."""
    read, write = os.pipe()
    pid = in_child(lambda: os.write(write, json.dumps(act()).encode()))
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(pid, 0)
    return json.loads(text)


def plant(many: int) -> list[int]:
    """Contact clocks of three days ago, every one with all four stages passed; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(NAIVE)
    engineer = User.objects.filter(username="engineer").first() or _engineer()
    kind = ContentType.objects.get_for_model(CollectionRound)
    window = CollectionRound.objects.count()
    with transaction.atomic():
        begin = NOW - 72 * HOUR
        subject = CollectionRound.objects.create(
            day=dt.date(1990, 1, 1) + dt.timedelta(days=window),
            window=1,
            begins_at=begin,
            ends_at=begin + HOUR,
        )
        rows = [_clock(kind, subject.pk, engineer, number) for number in range(many)]
        Deadline.objects.bulk_create(rows)
    return list(Deadline.objects.of(subject).values_list("pk", flat=True))


def _engineer() -> User:
    engineer = person("engineers")
    person("engineers", head=True)
    User.objects.filter(pk=engineer.pk).update(username="engineer")
    return engineer


def _clock(kind: ContentType, subject: int, engineer: User, number: int) -> Deadline:
    opened = NOW - 72 * HOUR + dt.timedelta(seconds=number)
    return Deadline(
        rule="contact", subject_type=kind, subject_id=subject, cycle=str(number), department="engineers", assignee=engineer,
        opened_at=opened, due_at=opened + 12 * HOUR, raw_due_at=opened + 12 * HOUR, next_fire_at=opened + 6 * HOUR,
    )  # fmt: skip


def sweep_all(naive: bool) -> None:
    sweeping.BATCH = 20
    while (naive_sweep if naive else sweep)(NOW):
        pass


def naive_sweep(now: dt.datetime) -> int:
    """The control: no transaction, no unique row; half of the time it moves on before it has told."""
    rows = list(Deadline.objects.filter(next_fire_at__lte=now).order_by("next_fire_at")[:20])
    for row in rows:
        first = row.pk % 2
        if first:
            Deadline.objects.filter(pk=row.pk).update(next_fire_at=None)
        for stage, hours in STAGES.items():
            with connection.cursor() as cursor:
                moment = (row.opened_at + hours * HOUR).isoformat()
                cursor.execute("INSERT INTO naive_event VALUES (%s, %s, %s)", [row.pk, stage, moment])
        if not first:
            Deadline.objects.filter(pk=row.pk).update(next_fire_at=None)
    return len(rows)


def left() -> int:
    return Deadline.objects.filter(next_fire_at__lte=NOW).count()


def judge(ids: list[int], naive: bool, expected: dict[str, str]) -> dict[str, int]:
    """Every stage of every clock once, at its true time; one delivered notice for the engineer, one for the head."""
    rows = _naive_rows(ids) if naive else _real_rows(ids)
    seen = Counter((str(pk), stage) for pk, stage, _at in rows)
    wrong = sum(expected.get(f"{pk}:{stage}") != at for pk, stage, at in rows)
    return {
        "expected": len(expected),
        "lost": sum(seen[tuple(key.split(":"))] == 0 for key in expected),  # type: ignore[index]  # two parts
        "twice": sum(times > 1 for times in seen.values()),
        "wrong": wrong,
        "notices_off": 0 if naive else _notices_off(ids),
    }


def _real_rows(ids: list[int]) -> list[tuple[int, str, str]]:
    rows = DeadlineEvent.objects.filter(deadline__in=ids).values_list("deadline", "stage", "true_at")
    return [(pk, stage, at.isoformat()) for pk, stage, at in rows]


def _naive_rows(ids: list[int]) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadline_id, stage, true_at FROM naive_event")
        return [row for row in cursor.fetchall() if row[0] in set(ids)]


def _notices_off(ids: list[int]) -> int:
    """Clocks of which not exactly one breach went to the owner and one to the head, with two warnings superseded."""
    rows = Notification.objects.filter(channel="app", event_key__startswith="deadline:").values_list(
        "event_key", "status"
    )
    found = Counter((key.split(":")[1], key.split(":")[2], status) for key, status in rows)
    due = {"half": "superseded", "soon": "superseded", "breach": "sent", "head": "sent"}
    stray = [key for key in found if key[0] in {str(pk) for pk in ids} and due[key[1]] != key[2]]
    return len(stray) + sum(found[str(pk), stage, status] != 1 for pk in ids for stage, status in due.items())


def expectation(ids: list[int]) -> dict[str, str]:
    rows = Deadline.objects.filter(pk__in=ids).values_list("pk", "opened_at")
    return {
        f"{pk}:{stage}": (at + hours * HOUR).isoformat() for pk, at in rows for stage, hours in STAGES.items()
    }


def killing(
    act: Callable[[], Any], left: Callable[[], int], *, at_once: int, kills: int, dice: random.Random,
    pause: tuple[float, float],
) -> dict[str, int]:  # fmt: skip
    """Let children do `act`, so many at once, and kill one after another at random moments while something is `left`; then
    let two finish. Answers how many were killed and how many of the last ones failed."""
    killed, running = 0, list[int]()
    while killed < kills and ask(left):
        running = [pid for pid in running if not os.waitpid(pid, os.WNOHANG)[0]]
        running += [in_child(act) for _ in range(at_once - len(running))]
        time.sleep(dice.uniform(*pause))
        victim = running.pop(dice.randrange(len(running)))
        os.kill(victim, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]) == -signal.SIGKILL
    running += [in_child(act) for _ in range(2)]
    return {"killed": killed, "failed": sum(os.waitpid(pid, 0)[1] != 0 for pid in running)}


def serve(round_of: Callable[..., dict[str, int]]) -> None:
    """A line of JSON comes in, a round is played, a line of JSON goes out."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(round_of(**json.loads(line))) + "\n")
        sys.stdout.flush()


def round_of(deadlines: int, sweepers: int, kills: int, naive: bool, seed: int) -> dict[str, int]:
    ids = ask(lambda: plant(deadlines))
    expected = ask(lambda: expectation(ids))
    done = killing(
        lambda: sweep_all(naive),
        left,
        at_once=sweepers,
        kills=kills,
        dice=random.Random(seed),
        pause=(0.01, 0.12),
    )
    return ask(lambda: judge(ids, naive, expected)) | done | {"left": ask(left)}


if __name__ == "__main__":
    serve(round_of)

"""Another process that writes downloads, to be killed: `python -m tests.downloads.scribe honest|leaseless|twice`.

One word per line on stdin: `ask` (somebody asks for a list of 300 rows), `write` (what the task does; answers how many became
ready), `state` (what table, audit, inbox and folder say, as JSON). A lease is a second here. `leaseless` is one control: a
lease that never ends. `twice` is the other: no lease, and every attempt's word counts.
"""

import json
import os
import sys
import time
from typing import Any

import django

ROWS = 300


def say(word: Any) -> None:
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


def prepare(manner: str) -> None:
    import datetime as dt
    from functools import partial

    from accounts.services import audit
    from aftersales.downloads import writers, writing
    from aftersales.models import Download
    from aftersales.xlsx import write

    writing.LEASE = {
        "honest": dt.timedelta(seconds=1.5),
        "leaseless": dt.timedelta(days=9999),
        "twice": dt.timedelta(0),
    }[manner]
    writing.SIGN_OF_LIFE, writing.ROWS = 0.1, 1
    if manner == "twice":
        writing._mine = lambda row: Download.objects.filter(pk=row.pk)

    def slowly() -> Any:
        for number in range(ROWS):
            time.sleep(0.01)
            yield [number]

    def scribe(out: Any, wishes: Any, user: Any, progress: Any, *, at: Any) -> Any:
        progress.expect(ROWS)
        write(out, "Sheet", ["A"], progress.over(slowly()))
        return partial(audit, "list.export", by=user, at=at, subject="test", rows=ROWS)

    writers.WRITERS["test"] = writers.Writer(scribe, ())


def ask() -> int:
    from accounts.models import User
    from aftersales import clock, downloads

    user, _new = User.objects.get_or_create(username="asker", defaults={"name": "Asker"})
    return downloads.ask(user, "test", {"n": time.time()}, "list.xlsx", clock.now()).pk


def write() -> int:
    from aftersales import downloads

    return downloads.write_waiting()


def state() -> dict[str, Any]:
    from accounts.models import AuditEvent
    from aftersales.models import Download
    from notices.models import Notification

    folder = os.path.join(os.environ["DATA"], "downloads", "kept")
    row = Download.objects.order_by("-pk").first()
    return {
        "state": row.state, "done": row.done, "attempts": row.attempts,
        "files": os.listdir(folder) if os.path.isdir(folder) else [],
        "path": os.path.basename(row.path),
        "audited": AuditEvent.objects.filter(verb="list.export").count(),
        "told": Notification.objects.filter(channel="app").count(),
    }  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()
    prepare(sys.argv[1])
    say("ready")
    for line in sys.stdin:
        say({"ask": ask, "write": write, "state": state}[line.strip()]())

"""Another process that tells and delivers, to be killed: `python -m tests.notices.sender honest|naive`.

One word per line on stdin: `clear` (nobody was told anything), `tell` (40 people hear of something new), `deliver`, `state` (what the tables say, as JSON).
`naive` is the negative control: it writes a letter down as sent before it sends it.
"""

import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

PEOPLE = 40


def say(word: Any) -> None:
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


def prepare(manner: str) -> None:
    """Leases of a second, so that nobody waits three minutes for a killed worker's rows; no quiet hours."""
    from notices.services import delivering

    delivering.LEASE /= 180
    delivering.rules.quiet = lambda now: False
    if manner == "naive":
        honest: Callable[..., None] = delivering.Run.send

        def send(run: Any, group: Any) -> None:
            run.done(group)
            time.sleep(0.03)  # the moment in between, wide enough to be hit
            honest(run, group)

        delivering.Run.send = send  # type: ignore[method-assign]  # the control


def tell() -> int:
    from accounts.models import User
    from aftersales import clock
    from notices.services import tell

    for n in range(PEOPLE - User.objects.count()):
        User.objects.create(username=f"p{n}", name=f"P{n}", email=f"p{n}@example.com")
    number = next(n for n in itertools.count() if not _told(n))
    tell(User.objects.all(), at=clock.now(), event_key=f"round:{number}", title="Something happened")
    return number


def _told(number: int) -> bool:
    from notices.models import Notification

    return Notification.objects.filter(event_key=f"round:{number}").exists()


def clear() -> int:
    from notices.models import Notification

    return Notification.objects.all().delete()[0]


def deliver() -> int:
    from aftersales import clock
    from notices.services import deliver

    return deliver(clock.now())


def state() -> dict[str, Any]:
    from notices.models import Notification

    emails = Notification.objects.filter(channel="email")
    return {
        "emails": [f"<notice-{pk}@localhost>" for pk in emails.values_list("pk", flat=True)],
        "inbox": [
            list(row)
            for row in Notification.objects.filter(channel="app").values_list("event_key", "recipient")
        ],
        "left": sorted({f"{status}{lease}" for status, lease in emails.values_list("status", "lease")}),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    django.setup()
    prepare(sys.argv[1])
    say("ready")
    for line in sys.stdin:
        say({"clear": clear, "tell": tell, "deliver": deliver, "state": state}[line.strip()]())

"""Pure decisions: quiet hours, when a failed message is tried again."""

import datetime as dt

from aftersales.charter import FIGURES
from aftersales.models import SHANGHAI

QUIET_FROM, QUIET_UNTIL = FIGURES["quiet_from"].default, FIGURES["quiet_until"].default
ATTEMPTS = 8
#: minutes until the next attempt, after the first, second … failure: about fifteen hours in all
BACK_OFF = (1, 5, 15, 60, 120, 240, 480)


def quiet(now: dt.datetime) -> bool:
    """Whether pushing waits: 22:00 is inside, 07:00 outside."""
    time = now.astimezone(SHANGHAI).time()
    return time >= QUIET_FROM or time < QUIET_UNTIL


def next_try(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When a message that failed `attempts` times is sent again; None: given up."""
    return None if attempts >= ATTEMPTS else now + dt.timedelta(minutes=BACK_OFF[attempts - 1])

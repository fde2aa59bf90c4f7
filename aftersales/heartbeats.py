"""Worker and beat say every few seconds that they live, in the cache that the broker is anyway.

The embedded broker keeps what was said before a restart: `make run` names each of its runs (`PORTAL_RUN`), and a sign
counts for its own run only.
"""

import contextlib
import os
import time

from django.core.cache import cache

KEPT = 15 * 60  # seconds; an older sign is no sign
RARELY = 10.0  # seconds between two signs
_said: dict[str, float] = {}


def key_of(name: str) -> str:
    run = os.environ.get("PORTAL_RUN", "")
    return f"heartbeat:{run}:{name}" if run else f"heartbeat:{name}"


def beat(name: str) -> None:
    """Say that `name` lives; a broker that does not answer is told about by /readyz, not here."""
    now = time.time()
    if now - _said.get(name, 0.0) >= RARELY:
        _said[name] = now
        with contextlib.suppress(Exception):  # any trouble of the broker, of any client's making
            cache.set(key_of(name), now, KEPT)


def age(name: str) -> float | None:
    """Seconds since the last sign of `name`, None without any."""
    at = cache.get(key_of(name))
    return None if at is None else max(0.0, time.time() - at)

"""What the worker does for the repairs desk. A task carries no facts: it looks at what is missing."""

import secrets
from typing import Any

from celery import shared_task

from aftersales import clock, files
from notices.doorbell import ring

from .services import forgetting, helping
from .told import delivering


@shared_task
def derive(sha256: str) -> None:
    """Make the picture that people see: upright, without metadata (GPS!)."""
    files.make_derivatives(sha256)


@shared_task
def keep_house() -> None:
    """Every night: what was kept long enough is overwritten, files of forms never sent and what counted
    visitors of the help are removed."""
    now = clock.now()
    while forgetting.forget_old(now):
        pass
    forgetting.tidy_files(now)
    helping.tidy(now)


@shared_task
def tell_customers() -> int:
    """What waits for customers goes out; any number of runs do no harm."""
    return delivering.deliver(clock.now())


def ring_derive(sha256: str) -> None:
    """After the commit; a hung broker costs nothing, the picture is then made when first looked at."""
    ring(derive, sha256)


def keep_one(photo: Any) -> dict[str, str]:
    """Judge and keep it: `sha256` says where it lies, `key` under which address it is shown; nothing for no picture.

    Raises `BadEntry` at `photo`.
    """
    if not photo:
        return {}
    stored = photo if isinstance(photo, files.Kept) else files.take(photo, "image", "photo")
    ring_derive(stored.sha256)
    return {"sha256": stored.sha256, "key": secrets.token_hex(16)}

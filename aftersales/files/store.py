"""Where files lie: by SHA-256 below MEDIA_ROOT, written whole and safely or not at all."""

import contextlib
import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aftersales.problems import Refusal

from . import limits, naming

ORIGINALS, LARGE, THUMBS = "originals", "large", "thumbs"
SHA = re.compile(r"[0-9a-f]{64}")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NoRoom(Refusal):
    """The disk is full: nothing of this file was kept."""

    status = 507


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def place(kind: str, sha256: str) -> Path:
    """Where a file of this content lies, or would lie."""
    if not SHA.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return root() / kind / sha256[:2] / sha256[2:]


def no_room() -> NoRoom:
    return NoRoom(_("There is no room for files at the moment. Please send the form without them, or later."))


def demand_room(size: int) -> None:
    """Raise `NoRoom` where so many bytes more would fill the disk: the last half gigabyte is the database's."""
    root().mkdir(mode=0o750, parents=True, exist_ok=True)
    if shutil.disk_usage(root()).free < size + limits.FREE_BYTES:
        raise no_room()


@contextmanager
def temporary() -> Iterator[Path]:
    """A fresh file on the store's own disk; gone at the end unless it was moved to its place."""
    folder = root() / "arriving"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    except OSError as error:
        if error.errno in FULL:
            raise no_room() from error
        raise
    finally:
        path.unlink(missing_ok=True)


def put(path: Path, kind: str, sha256: str) -> Path:
    """Move a finished file to its place."""
    return settle(path, place(kind, sha256))


def settle(path: Path, target: Path) -> Path:
    """Move a finished file to `target` on the same disk: safely there before anybody can see it."""
    sync(path, os.O_RDWR)
    path.chmod(0o640)
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    os.replace(path, target)
    sync(target.parent, os.O_RDONLY)
    return target


def sync(path: Path, mode: int) -> None:
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(sha256: str) -> None:
    """Forget a file and everything made from it; the caller knows that nobody needs it. Twice does no harm."""
    for kind in (LARGE, THUMBS, ORIGINALS):
        place(kind, sha256).unlink(missing_ok=True)


def tidy(older_than: float = 86400) -> int:
    """Throw away what a killed process left half written (seconds); returns the number of files."""
    limit, count = time.time() - older_than, 0
    for path in (root() / "arriving").glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                path.unlink()
                count += 1
    return count


def tidy_unnamed(since: float = 8 * 86400, until: float = 86400) -> int:
    """Throw away originals of the last days (seconds ago, from `since` to `until`) that no app names (`naming.py`); returns
    the number of files."""
    now = time.time()
    young = [
        path.parent.name + path.name
        for path in (root() / ORIGINALS).glob("*/*")
        if now - since < path.stat().st_mtime < now - until
    ]
    lost = set(young) - naming.named(young)
    for sha256 in lost:
        remove(sha256)
    return len(lost)

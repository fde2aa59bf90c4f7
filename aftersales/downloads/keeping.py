"""Where written downloads lie: below DATA, whole or not at all, under names that come from nobody."""

import datetime as dt
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from ..files.store import settle
from ..models import Download

KEPT = dt.timedelta(days=7)
SETTLED = (Download.State.READY, Download.State.FAILED)
LOST = 86400  # seconds after which a file that no row names is nobody's


def _folder(name: str) -> Path:
    folder = Path(settings.DATA) / "downloads" / name
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


@contextmanager
def temporary() -> Iterator[Path]:
    """A fresh file on the same disk; gone at the end unless it was moved to its place."""
    handle, name = tempfile.mkstemp(dir=_folder("arriving"))
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def keep(path: Path) -> str:
    """Move a finished file to its place, safely on the disk before anybody can see it; answers its name below DATA."""
    target = settle(path, _folder("kept") / f"{secrets.token_hex(16)}.xlsx")
    return str(target.relative_to(settings.DATA))


def path_of(row: Download) -> Path:
    return Path(settings.DATA) / row.path


def remove(name: str) -> None:
    """Twice does no harm."""
    if name:
        (Path(settings.DATA) / name).unlink(missing_ok=True)


def fetchable(at: dt.datetime) -> QuerySet[Download]:
    """What is written and has not expired."""
    return Download.objects.filter(state=Download.State.READY, ready_at__gt=at - KEPT)


def tidy(at: dt.datetime) -> int:
    """Nightly: rows and files older than seven days go, and files that a killed worker left; the number of both."""
    old = Download.objects.filter(state__in=SETTLED, ready_at__lte=at - KEPT)
    gone = list(old.values_list("pk", "path"))
    for (
        _pk,
        path,
    ) in gone:  # the file first: a row without its file is found again tomorrow, the other way round not
        remove(path)
    Download.objects.filter(pk__in=[pk for pk, _path in gone]).delete()
    return len(gone) + _tidy_lost()


def _tidy_lost() -> int:
    limit, count = time.time() - LOST, 0
    named = set(Download.objects.exclude(path="").values_list("path", flat=True))
    for folder in ("arriving", "kept"):
        for path in _folder(folder).iterdir():
            if str(path.relative_to(settings.DATA)) not in named and path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
                count += 1
    return count

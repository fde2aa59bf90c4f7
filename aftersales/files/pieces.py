"""A file that arrives in pieces over a line that breaks: begun once, continued at any time, judged when it is whole.

What was acknowledged is never lost: a piece is on the disk (fsync) before the row counts it, and the row is counted
before the answer goes out. A piece that comes twice, or whose answer was lost, changes nothing. One lock per file makes
two senders of the same piece wait for each other; the row is moved on only from the offset that the piece began at.
"""

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Count, Sum
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry, Refusal

from . import limits, store
from .judging import CHUNK, refuse, take
from .naming import names_files
from .sealed import Kept

FOLDER = "pieces"
KEEP = dt.timedelta(hours=limits.UPLOAD_HOURS)


class OutOfStep(Refusal):
    """The piece does not begin where the file ends; `offset` says where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(_("This piece does not fit to what is already here."))
        self.offset = offset


class TooMuch(Refusal):
    """One sender, or all together, have as much under way as there is room for."""

    status = 429
    retry_after = 900


class Arrived:
    """A whole file as `take` reads an upload."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path, size

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while chunk := file.read(size):
                yield chunk


def _rows() -> Any:
    from aftersales.models import Upload  # the models import nothing of here, and are ready later

    return Upload.objects


@names_files
def arrived(digests: list[str]) -> Any:
    """Files that came in pieces and whose form is still to be sent."""
    return _rows().filter(sha256__in=digests).values_list("sha256", flat=True)


def digest_of(key: str) -> str:
    """What is kept of a key: who reads the table cannot continue a file."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def sender_of(address: str) -> str:
    return salted_hmac("files.pieces.sender", address).hexdigest()[:24]


def begin(*, size: int, address: str, at: dt.datetime, field: str = "photos") -> str:
    """The key of a new file of `size` bytes. Room is reserved for all of it; the sums may be over by who begins meanwhile."""
    if size < 1:
        raise refuse("empty", field)
    if size > limits.VIDEO_BYTES:
        raise refuse("large", field)
    sender = sender_of(address)
    _let(sender, size)
    store.demand_room(size)
    key = secrets.token_urlsafe(24)
    _rows().create(key=digest_of(key), sender=sender, size=size, made_at=at, seen_at=at)
    return key


def _let(sender: str, size: int) -> None:
    mine = _rows().filter(sender=sender).aggregate(files=Count("pk"), size=Sum("size"))
    if mine["files"] >= limits.SENDER_FILES or (mine["size"] or 0) + size > limits.SENDER_BYTES:
        raise TooMuch(
            _("Too many files came from here today. Please send the form without them, or call our hotline."),
            field="photos",
        )
    if (_rows().aggregate(size=Sum("size"))["size"] or 0) + size > limits.ALL_BYTES:
        raise store.no_room()


def find(key: str) -> Any:
    """The file of this key, or None; by its digest, so that a wrong key costs what a right one does."""
    return _rows().filter(key=digest_of(key)).first()


def place(row: Any) -> Path:
    return store.root() / FOLDER / row.key


@contextlib.contextmanager
def _locked(row: Any) -> Iterator[int]:
    """The file, opened and held by nobody else on this machine."""
    path = place(row)
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if is_new:
            store.sync(path.parent, os.O_RDONLY)
        yield handle
    except OSError as error:
        if error.errno in store.FULL:
            raise store.no_room() from error
        raise
    finally:
        os.close(handle)


def put(row: Any, *, offset: int, piece: bytes, at: dt.datetime) -> int:
    """Write one piece where the file ends and answer where it ends now. A piece that is already there is answered, not
    written. Raises `OutOfStep` where another one is due, or where it differs from what is there."""
    if not piece or offset < 0 or offset + len(piece) > row.size:
        raise BadEntry(_("This piece is larger than what was announced, or empty."))
    with _locked(row) as handle:
        ended = _rows().values_list("received", flat=True).get(pk=row.pk)
        if offset != ended:
            return _known(handle, offset, piece, ended)
        os.pwrite(handle, piece, offset)
        os.fsync(handle)
        moved = _rows().filter(pk=row.pk, received=offset).update(received=offset + len(piece), seen_at=at)
        if not moved:
            raise OutOfStep(offset)
    return offset + len(piece)


def _known(handle: int, offset: int, piece: bytes, ended: int) -> int:
    if offset + len(piece) <= ended and os.pread(handle, len(piece), offset) == piece:
        return ended
    raise OutOfStep(ended)


def finish(row: Any, *, name: str, about: str = "", kind: str = "any", field: str = "photos") -> Kept:
    """Judge the whole file and keep it; asked again it answers the same."""
    if row.sha256:
        return _as(row, name, about, kind, field)
    if row.received < row.size:
        raise OutOfStep(row.received)
    with _locked(row):
        row.refresh_from_db()
        if not row.sha256:
            stored = take(Arrived(place(row), row.size), kind, field)
            row.sha256, row.kind = stored.sha256, stored.kind
            row.save(update_fields=["sha256", "kind"])
        place(row).unlink(missing_ok=True)
    return _as(row, name, about, kind, field)


def _as(row: Any, name: str, about: str, kind: str, field: str) -> Kept:
    """What was judged as one thing is not taken for another when it is asked for again."""
    if kind not in ("any", row.kind):
        raise refuse(f"not_{kind}", field)
    return Kept(row.sha256, row.kind, row.size, name, about)


def tidy_pieces(at: dt.datetime) -> int:
    """Forget files that nobody has continued for a day, and the room that finished ones took; returns their number."""
    old = list(_rows().filter(seen_at__lt=at - KEEP))
    for row in old:
        place(row).unlink(missing_ok=True)
        row.delete()
    known = set(_rows().values_list("key", flat=True))
    for path in (store.root() / FOLDER).glob("*"):
        if path.name not in known and path.stat().st_mtime < (at - KEEP).timestamp():
            path.unlink(missing_ok=True)
    return len(old)

"""`take`: what arrives is copied under size caps, recognised, decoded at a distance, and only then kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.problems import BadEntry

from . import child, limits, magic, moving, store

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Stored:
    """A file in the store; width and height in pixels, 0 for a video."""

    sha256: str
    size: int
    kind: str
    width: int
    height: int
    path: Path


SENTENCES = {
    "empty": _("The file is empty."),
    "unknown": _("This is neither a picture (JPEG, PNG, WebP, HEIC) nor a video (MP4, MOV, WebM)."),
    "not_image": _("This is not a picture (JPEG, PNG, WebP, HEIC)."),
    "not_video": _("This is not a video (MP4, MOV, WebM)."),
    "large_image": _("A picture may have at most 10 MB."),
    "large": _("The file is too large: a picture may have at most 10 MB, a video 50 MB."),
    "large_request": _("More than 60 MB came at once. Please send fewer or smaller files."),
    "pixels": _("The picture has more than 40 million points. Please send it smaller."),
    "long": _("A video may last at most 30 seconds. Please send a shorter one."),
    "broken": _("The picture is damaged and cannot be read. Please take or send it again."),
}


def refuse(reason: str, field: str) -> BadEntry:
    return BadEntry(SENTENCES[reason], field=field)


def take(upload: Any, kind: str = "any", field: str = "photos") -> Stored:
    """Judge and keep an upload (`chunks()`, `size`); `kind`: image, video or any. The same content is kept once.

    Raises `Refusal` with one sentence for `field`: empty, neither picture nor video, too large, too long, too many
    pixels, broken; `NoRoom` when the disk is full.
    """
    _weigh(upload, field)
    with store.temporary() as path:
        sha256, size, head = _copy(upload, path, field)
        found = _recognise(head, kind, field)
        if found.kind == "image" and size > limits.IMAGE_BYTES:
            raise refuse("large_image", field)
        width, height = _decode(path, found, field)
        return Stored(sha256, size, found.kind, width, height, store.put(path, store.ORIGINALS, sha256))


def _weigh(upload: Any, field: str) -> None:
    """What the upload says of itself is enough to refuse it, never to accept it."""
    if getattr(upload, "refused", ""):
        raise refuse(upload.refused, field)
    if not upload.size:
        raise refuse("empty", field)
    if upload.size > limits.VIDEO_BYTES:
        raise refuse("large", field)
    store.demand_room(upload.size)


def _copy(upload: Any, path: Path, field: str) -> tuple[str, int, bytes]:
    """(sha256, size, first bytes) of what really came."""
    digest, size, head = hashlib.sha256(), 0, b""
    with path.open("wb") as out:
        for chunk in upload.chunks(CHUNK):
            size += len(chunk)
            if size > limits.VIDEO_BYTES:
                raise refuse("large", field)
            if len(head) < magic.HEAD:
                head += chunk[: magic.HEAD]
            digest.update(chunk)
            out.write(chunk)
    if not size:
        raise refuse("empty", field)
    return digest.hexdigest(), size, head


def _recognise(head: bytes, kind: str, field: str) -> magic.Format:
    found = magic.recognise(head)
    if found is None or kind not in ("any", found.kind):
        raise refuse("unknown" if kind == "any" else f"not_{kind}", field)
    return found


def _decode(path: Path, found: magic.Format, field: str) -> tuple[int, int]:
    if found.kind == "video":
        if (moving.seconds(path, found.name) or 0) > limits.VIDEO_SECONDS + limits.GRACE_SECONDS:
            raise refuse("long", field)
        return 0, 0
    answer = child.run("judge", found.name, path)
    if answer.problem:
        raise refuse(answer.problem, field)
    return answer.width, answer.height

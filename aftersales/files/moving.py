"""How long a video lasts, read from its container by walking over its boxes; nothing is decoded, no program is started.

A browser that records while it sends, and some phones, write no duration: then only the size decides (None).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

BOXES = 2000  # looked at, at most: a file that lies about its boxes costs no more
SHORT = 64 * 1024  # of a WebM's beginning
INFO, SCALE, DURATION = b"\x15\x49\xa9\x66", b"\x2a\xd7\xb1", b"\x44\x89"


def seconds(path: Path, format: str) -> float | None:
    """The length in seconds, or None where the file does not say it."""
    try:
        with path.open("rb") as file:
            return _matroska(file.read(SHORT)) if format == "WEBM" else _movie(file)
    except (struct.error, OverflowError):
        return None


# --- MP4 and MOV: boxes of a length and a name (ISO/IEC 14496-12)
def _movie(file: BinaryIO) -> float | None:
    end = file.seek(0, 2)
    for name, begin, stop in _boxes(file, 0, end):
        if name == b"moov":
            return next((_header(file, b) for n, b, _s in _boxes(file, begin, stop) if n == b"mvhd"), None)
    return None


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, begin and end of the content) of the boxes between two places."""
    for _ in range(BOXES):
        if at + 8 > end:
            return
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        begin = at + 8
        if size == 1:
            size, begin = struct.unpack(">Q", file.read(8))[0], at + 16
        stop = end if size == 0 else at + size
        if stop < begin or stop > end:
            return
        yield name, begin, stop
        at = stop


def _header(file: BinaryIO, at: int) -> float | None:
    """Of `mvhd`: units in a second, units in all; all bits set, or none, is no answer."""
    file.seek(at)
    version = file.read(4)[0]
    shape = ">16xIQ" if version == 1 else ">8xII"
    scale, units = struct.unpack(shape, file.read(struct.calcsize(shape)))
    unknown = 2**64 - 1 if version == 1 else 2**32 - 1
    return units / scale if scale and units not in (0, unknown) else None


# --- WebM: elements of a name, a length and a value (RFC 8794)
def _matroska(head: bytes) -> float | None:
    info = head.find(INFO)
    if info < 0:
        return None
    scale = _number(_value(head, SCALE, info)) or 1_000_000
    length = _value(head, DURATION, info)
    if len(length) not in (4, 8):
        return None
    (units,) = struct.unpack(">f" if len(length) == 4 else ">d", length)
    return units * scale / 1e9 if 0 < units < 1e15 else None


def _value(head: bytes, name: bytes, after: int) -> bytes:
    """The value of the first element of this name behind `after`: of at most eight bytes, else none."""
    at = head.find(name, after, after + 1024)
    size = head[at + len(name)] & 0x7F if 0 <= at < len(head) - len(name) else 0
    begin = at + len(name) + 1
    return head[begin : begin + size] if size <= 8 else b""


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big")

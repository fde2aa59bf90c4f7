"""Files and texts as one ZIP, written while it is read: no copy lies anywhere, however large the videos are."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

CHUNK = 256 * 1024
Entry = tuple[str, bytes | Path]


class _Sink(io.RawIOBase):
    """Takes what the ZIP writes, and gives it on."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.held.append(bytes(data))  # type: ignore[call-overload]  # a buffer
        return len(self.held[-1])

    def taken(self) -> bytes:
        found, self.held = b"".join(self.held), []
        return found


def bundle(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The ZIP of (name, content or file), in parts. What is compressed already is only stored; a file that was erased
    meanwhile is left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[arg-type]  # what cannot be sought is written forward
        for name, content in entries:
            if isinstance(content, bytes):
                archive.writestr(name, content)
            elif content.exists():
                with content.open("rb") as source, archive.open(name, "w") as target:
                    while part := source.read(CHUNK):
                        target.write(part)
                        yield sink.taken()
            yield sink.taken()
    yield sink.taken()

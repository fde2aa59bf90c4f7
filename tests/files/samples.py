"""Pictures and things that only look like pictures, made when needed."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

HERE = Path(__file__).parent


def photo(format: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """A picture whose upper left corner is red, the rest blue."""
    picture = Image.new(more.pop("mode", "RGB"), size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    picture.save(out, format, **more)
    return out.getvalue()


def photo_of_a_phone(turned: int = 6) -> bytes:
    """With place, maker and orientation, as a phone writes them."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 29.0, 4.2), 3: "E", 4: (119.0, 54.0, 36.0)})
    return photo(exif=exif, comment=b"taken at home")


def heic() -> bytes:
    """60 × 40, with a place in its metadata (a fixture: encoding takes long)."""
    return (HERE / "phone.heic").read_bytes()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that says it is `width` × `height` and really unpacks to that."""
    packer = zlib.compressobj(9)
    row = b"\0" * (width // 8 + 1)
    packed = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + b"\0" * 500
MOV = b"\0\0\0\x14ftypqt  \0\0\x02\0qt  " + b"\0" * 500
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 500
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(document.cookie)</script></html>"


def upload(content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def movie(seconds: float, *, version: int = 0, behind: bool = True, kind: bytes = b"isom") -> bytes:
    """The boxes of an MP4 or MOV that lasts so long; its header before or behind the pictures."""
    times = struct.pack(">QQIQ" if version else ">IIII", 0, 0, 600, int(seconds * 600))
    moov = _box(b"moov", _box(b"mvhd", bytes([version, 0, 0, 0]) + times + b"\0" * 80))
    data = _box(b"mdat", b"\x11" * 300)
    head = _box(b"ftyp", kind + b"\0\0\2\0" + kind)
    return head + (data + moov if behind else moov + data)


def webm(seconds: float, *, double: bool = True) -> bytes:
    """The head of a WebM that lasts so long."""
    length = struct.pack(">d" if double else ">f", seconds * 1000)
    info = b"\x2a\xd7\xb1\x83\x0f\x42\x40" + b"\x44\x89" + bytes([0x80 | len(length)]) + length
    return WEBM[:40] + b"\x15\x49\xa9\x66" + bytes([0x80 | len(info)]) + info + b"\0" * 100

"""What a file is by its first bytes; its name and what the browser says about it count for nothing."""

from typing import NamedTuple

HEAD = 64  # bytes that are looked at


class Format(NamedTuple):
    """`name` is the decoder's for pictures; videos are recognised only and stored as they are."""

    name: str
    kind: str
    suffix: str


JPEG, PNG = Format("JPEG", "image", "jpg"), Format("PNG", "image", "png")
WEBP, HEIF = Format("WEBP", "image", "webp"), Format("HEIF", "image", "heic")
MP4, MOV, WEBM = Format("MP4", "video", "mp4"), Format("MOV", "video", "mov"), Format("WEBM", "video", "webm")

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"}
MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso3",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"MSNV",
    b"M4V ",
    b"dash",
    b"3gp4",
    b"3gp5",
}


def recognise(head: bytes) -> Format | None:
    """The format of a file that begins with `head`, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:HEAD]:
        return WEBM
    return _boxed(head[8:12]) if head[4:8] == b"ftyp" else None


def _boxed(brand: bytes) -> Format | None:
    if brand in HEIC_BRANDS:
        return HEIF
    if brand == b"qt  ":
        return MOV
    return MP4 if brand in MP4_BRANDS else None

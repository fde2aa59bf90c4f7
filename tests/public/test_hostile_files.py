"""Five hundred files of somebody who means harm, by the plain form and in pieces: every one is a sentence or a harmless file;
none is an error, and none leaves the portal as anything that a browser would run."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from aftersales import files
from repairs.models import Ticket
from repairs.public import limits
from tests.files import samples

from .conftest import key, link
from .test_pieces import sent

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.3"), pytest.mark.timeout(600)]
HARMLESS = {"image/jpeg", "video/mp4", "video/webm", "application/octet-stream"}
ZIP = b"PK\x03\x04\x14\0\0\0\x08\0" + b"\0" * 16 + b"a.txt" + b"\xed\xc1\x01\x01" + b"\0" * 200
ACTIVE = {
    "svg": samples.SVG, "html": samples.HTML, "xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;&a;</x>',
    "js": b"alert(document.cookie)", "php": b"<?php system($_GET['c']); ?>", "pdf": b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>",
    "zip": ZIP, "gif": b"GIF89a" + b"\1" * 60, "gif with a script": b"GIF89a/*" + samples.HTML + b"*/=1", "exe": b"MZ" + b"\0" * 90,
    "elf": b"\x7fELF" + b"\2" * 60, "bmp": b"BM" + b"\xff" * 60, "ico": b"\0\0\1\0\1\0" + b"\0" * 40, "tiff": b"II*\0" + b"\xff" * 60,
    "psd": b"8BPS" + b"\xff" * 60, "avif": b"\0\0\0\x1cftypavif" + b"\0" * 60, "swf": b"CWS\x09" + b"\0" * 60, "nothing": b"",
    "spaces": b" " * 300, "eps": b"%!PS-Adobe-3.0\n(%pipe%id) (r) file",
}  # fmt: skip
NAMES = [
    "photo.jpg", "x.svg", "../../../etc/passwd", "..\\..\\boot.ini", "a\x00b.jpg", 'a"; filename="b.html', "<script>alert(1)</script>.jpg",
    "a\r\nSet-Cookie: x=1.jpg", "\u202egpj.exe", "长" * 3000 + ".jpg", ".htaccess", "shell.php.jpg", "CON.jpg", "", "=cmd|'/c calc'!A1.jpg",
]  # fmt: skip


def honest() -> dict[str, bytes]:
    small = (60, 40)
    pictures = {kind: samples.photo(kind, small) for kind in ("JPEG", "PNG", "WEBP")}
    films = {"MP4": samples.movie(5), "MOV": samples.movie(5, kind=b"qt  "), "WEBM": samples.webm(5)}
    return pictures | films | {"HEIC": samples.heic(), "phone": samples.photo_of_a_phone()}


def hostile() -> Iterator[tuple[str, bytes]]:
    """(name, content): what only looks like a picture, what hides behind one, what lies about itself, what is broken."""
    rng, whole = random.Random(20261126), honest()
    yield from ((name, body) for body, name in itertools.product(ACTIVE.values(), NAMES))
    for body in whole.values():
        yield from (("cut.jpg", body[: max(1, len(body) * part // 7)]) for part in (1, 4, 6))
        yield from (("head.jpg", body[:24] + other) for other in (samples.HTML, samples.SVG, ZIP))
        yield from (("behind.jpg", body + other) for other in (samples.HTML, ZIP))
        for _ in range(3):
            bent = bytearray(body)
            for at in rng.sample(range(min(len(bent), 400)), 5):
                bent[at] = rng.randrange(256)
            yield "bent.jpg", bytes(bent)
    yield from (
        ("bomb.png", samples.bomb(*size))
        for size in ((30000, 30000), (8000, 5001), (65535, 65535), (1, 40_000_001 // 8))
    )
    yield "exif.jpg", samples.photo(size=(60, 40), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 60_000)
    yield "comment.jpg", samples.photo(size=(60, 40), comment=samples.HTML * 400)
    yield from (("film.html", samples.movie(3) + samples.HTML) for _ in range(2))
    yield from ((f"{n}.svg", samples.SVG + b" " * n) for n in range(110))


def served(visitor: Any, ticket: Ticket) -> list[Any]:
    """Everything that the portal hands out of the report, to its customer and to nobody in particular."""
    rows = list(ticket.attachments.all())
    own = [visitor.get(link(ticket, "photo", row.key) + size) for row in rows for size in ("", "?size=thumb")]
    return [*own, *(files.serve(own[0].wsgi_request, row, "x", original=True) for row in rows)]


def assert_harmless(answer: Any) -> None:
    body = b"".join(answer.streaming_content)
    is_drawn_anew = answer["Content-Type"] == "image/jpeg" and answer["Content-Disposition"].startswith(
        "inline"
    )
    assert answer["Content-Type"] in HARMLESS
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"][:7]) == ("nosniff", "sandbox")
    assert is_drawn_anew or answer["Content-Disposition"].startswith("attachment")
    assert not is_drawn_anew or (
        b"<script" not in body and b"PK\x03\x04" not in body and body[:3] == b"\xff\xd8\xff"
    )


@pytest.fixture
def no_limits(monkeypatch, settings, tmp_path):
    """What is tried here are the files, not the gate."""
    settings.REPORTS_A_MINUTE, settings.MEDIA_ROOT = 10_000, tmp_path / "media"
    for name in ("PICTURES_PER_ADDRESS", "JUDGED_PER_ADDRESS", "PIECES_PER_ADDRESS"):
        monkeypatch.setattr(limits, name, 10_000)


def test_five_hundred_hostile_files_are_sentences_or_harmless(visitor, filled, no_limits, monkeypatch):
    """Nine a post and one in nine in pieces; an exception anywhere would fail the test."""
    monkeypatch.setattr("repairs.gate.PER_ADDRESS", 10_000)
    monkeypatch.setattr("repairs.gate.PER_PHONE", 10_000)
    monkeypatch.setattr("repairs.gate.OPEN_IN_ALL", 10_000)
    all_of_them, seals, refused = list(hostile()), [], 0
    assert len(all_of_them) >= 500
    for batch in _batches(all_of_them, 10):
        (name, body), *rest = batch
        if body:
            answer = sent(visitor, body, piece=20_000, name=name)
            seals += [answer.json()["seal"]] if answer.status_code == 200 else []
            assert answer.status_code in (200, 422), (name, answer.content)
        uploads = [samples.upload(content, called or "x", "text/html") for called, content in rest]
        answer = visitor.post("/report/", filled | {"operation": key(), "phone": "no", "photos": uploads})
        assert answer.status_code == 422
        refused += len(rest) - len(answer.context["kept"])
        seals += [kept.seal for kept in answer.context["kept"]]
    assert refused > 370 and len(seals) > 15
    for batch in _batches(seals, 9):
        visitor.post("/report/", filled | {"operation": key(), "kept": batch})
    handed = [answer for ticket in Ticket.objects.all() for answer in served(visitor, ticket)]
    assert len(handed) > 40
    for answer in handed:
        assert_harmless(answer)


def _batches(rows: list[Any], many: int) -> Iterator[list[Any]]:
    return (rows[at : at + many] for at in range(0, len(rows), many))


def test_a_page_served_as_one_would_be_found_out():
    """Negative control: the judge of the test above knows a page when it sees one."""
    from django.http import StreamingHttpResponse

    page = StreamingHttpResponse([samples.HTML], content_type="text/html")
    with pytest.raises((AssertionError, KeyError)):
        assert_harmless(page)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reaches_neither_the_disk_nor_a_header(visitor, filled, no_limits, tmp_path, name):
    seal = sent(visitor, samples.photo(size=(60, 40)), name=name).json()["seal"]
    visitor.post("/report/", filled | {"kept": [seal]})
    known = "".join(path.name for path in (tmp_path / "media").rglob("*"))
    assert all(letter in "0123456789abcdefoiginalspcthmurv" for letter in known)
    for answer in served(visitor, Ticket.objects.get()):
        assert "\n" not in answer["Content-Disposition"] and len(answer["Content-Disposition"]) < 200

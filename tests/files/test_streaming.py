"""200 MB arrive: thrown away while they arrive, the other fields still come, one sentence at the field, nothing kept."""

import contextlib
import io
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadhandler import StopFutureHandlers, load_handler
from django.test import RequestFactory
from django.urls import reverse

from aftersales import files
from aftersales.files import limits
from aftersales.files.uploads import Cap, RefusedUpload
from aftersales.problems import Refusal

from . import samples

MB = limits.MB
BOUNDARY = b"frontier"


class Arriving(io.RawIOBase):
    """The body of a request that is never in memory as a whole."""

    def __init__(self, parts: list[tuple[str, bytes, int]]) -> None:
        self.length = sum(len(chunk) for chunk in self._chunks(parts))
        self._source, self._rest = self._chunks(parts), b""

    @staticmethod
    def _chunks(parts: list[tuple[str, bytes, int]]) -> Iterator[bytes]:
        for name, head, size in parts:
            file = f'; filename="{name}.jpg"\r\nContent-Type: image/jpeg' if size else ""
            yield (
                b"--"
                + BOUNDARY
                + f'\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
                + head
            )
            for _n in range(size // 65536):
                yield bytes(65536)
            yield b"\r\n"
        yield b"--" + BOUNDARY + b"--\r\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._source, b"")
        out, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(out)] = out
        return len(out)


def posted(*parts: tuple[str, bytes, int]):
    body = Arriving(list(parts))
    request = RequestFactory().post("/", content_type=f"multipart/form-data; boundary={BOUNDARY.decode()}")
    request.META["CONTENT_LENGTH"] = request.environ["CONTENT_LENGTH"] = str(body.length)
    request._stream, request._read_started = io.BufferedReader(body), False
    return request


def refusals(request) -> list[str]:
    sentences = []
    for upload in request.FILES.getlist("photos"):
        with pytest.raises(Refusal) as refused:
            files.take(upload)
        assert refused.value.field == "photos"
        sentences.append(str(refused.value))
    return sentences


@pytest.fixture
def temporary(tmp_path, settings) -> Path:
    """Where Django keeps what is still arriving."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "arriving")
    (tmp_path / "arriving").mkdir()
    return tmp_path / "arriving"


def test_200_mb_are_refused_quickly_in_little_memory_and_the_other_fields_arrive(temporary, kept):
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    request = posted(
        ("symptom", "刹车异响".encode(), 0), ("photos", b"\xff\xd8\xff", 200 * MB), ("phone", b"138", 0)
    )
    assert refusals(request) == ["More than 60 MB came at once. Please send fewer or smaller files."]
    assert (request.POST["symptom"], request.POST["phone"]) == ("刹车异响", "138")
    assert time.monotonic() - start < 8
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024
    assert list(temporary.iterdir()) == []
    assert kept() == []


def test_a_video_of_51_mb_is_refused_alone_and_the_picture_beside_it_is_taken(temporary):
    request = posted(("photos", samples.MP4, 51 * MB), ("photos", samples.photo(), 65536))
    video, picture = request.FILES.getlist("photos")
    assert isinstance(video, RefusedUpload)
    with pytest.raises(Refusal, match="too large"):
        files.take(video)
    assert files.take(picture).kind == "image"
    request.close()
    del request, video, picture
    assert list(temporary.iterdir()) == []


def test_many_files_may_not_be_too_large_together():
    cap = Cap()
    cap.handle_raw_input(None, {}, 10, b"")  # a length that lies
    passed = 0
    for n in range(8):
        with contextlib.suppress(StopFutureHandlers):
            cap.new_file("photos", f"{n}.jpg", "image/jpeg", None)
        for _chunk in range(9):
            passed += cap.receive_data_chunk(bytes(MB), 0) is not None
        cap.file_complete(9 * MB)
    assert passed == 60


def test_it_is_the_first_of_the_handlers(settings):
    assert isinstance(load_handler(settings.FILE_UPLOAD_HANDLERS[0], None), Cap)


@pytest.mark.clause("4.3")
def test_the_public_form_says_it_at_the_field(client, db, temporary, kept):
    """Over the real view: an error to read instead of a broken connection."""
    with (temporary.parent / "video.mp4").open("w+b") as large:
        large.truncate(70 * MB)
        entries = {"contact": "王小明", "phone": "13812345678", "symptom": "刹车异响", "photos": large}
        response = client.post(reverse("public:report"), entries, headers={"Accept-Language": "en"})
    assert response.status_code == 422
    assert "More than 60 MB came at once" in response.content.decode()
    assert "刹车异响" in response.content.decode()
    assert kept() == []

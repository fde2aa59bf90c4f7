"""How a kept file is answered: never as anything but a picture, originals only as attachments."""

from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import RequestFactory

from aftersales import files

from . import samples

request = RequestFactory().get("/")


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def assert_safe(response):
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in response["Cache-Control"]


def test_a_picture_is_shown_as_the_jpeg_made_from_it():
    stored = files.take(samples.upload(samples.photo("PNG")))
    response = files.serve(request, stored, "BX1-1", original=False)
    assert_safe(response)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "image/jpeg",
        'inline; filename="BX1-1.jpg"',
    )
    assert body(response).startswith(b"\xff\xd8\xff")


def test_the_small_one_is_smaller():
    stored = files.take(samples.upload(samples.photo(size=(2000, 2000))))
    small = RequestFactory().get("/?size=thumb")
    assert len(body(files.serve(small, stored, "x", original=False))) < len(
        body(files.picture(stored.sha256))
    )


@pytest.mark.parametrize(
    ("content", "suffix", "kind"),
    [
        (samples.photo("WEBP"), "webp", "application/octet-stream"),
        (samples.MP4, "mp4", "video/mp4"),
        (samples.MOV, "mov", "application/octet-stream"),
    ],
)
def test_the_original_goes_out_only_as_an_attachment(content, suffix, kind):
    stored = files.take(samples.upload(content))
    response = files.serve(request, stored, "BX1-1", original=True)
    assert_safe(response)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        kind,
        f'attachment; filename="BX1-1.{suffix}"',
    )
    assert body(response) == content


def test_a_video_is_never_opened_in_the_page():
    stored = files.take(samples.upload(samples.MP4))
    assert files.serve(request, stored, "x", original=False)["Content-Disposition"].startswith("attachment")


def test_a_strange_name_cannot_break_the_header():
    stored = files.take(samples.upload(samples.photo()))
    header = files.serve(request, stored, 'a"\r\nSet-Cookie: x=1;制动', original=True)["Content-Disposition"]
    assert "\n" not in header
    assert header.startswith("attachment; filename*=utf-8''")


def test_a_forgotten_file_is_not_found():
    gone = SimpleNamespace(sha256="0" * 64, kind="image")
    for original in (True, False):
        with pytest.raises(Http404):
            files.serve(request, gone, "x", original=original)


def test_the_web_server_in_front_may_send_it(settings):
    settings.MEDIA_ACCEL = "/kept/"
    stored = files.take(samples.upload(samples.photo()))
    response = files.picture(stored.sha256)
    assert_safe(response)
    assert response["X-Accel-Redirect"] == f"/kept/large/{stored.sha256[:2]}/{stored.sha256[2:]}"
    assert response.content == b""

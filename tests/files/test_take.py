"""What is taken: judged by its content, kept by its content, once."""

import hashlib

import pytest

from aftersales import files
from aftersales.problems import Refusal

from . import samples


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_it_came_under_its_digest(format, kept):
    content = samples.photo(format)
    stored = files.take(samples.upload(content))
    sha256 = hashlib.sha256(content).hexdigest()
    assert (stored.sha256, stored.size, stored.kind, stored.width, stored.height) == (
        sha256,
        len(content),
        "image",
        640,
        480,
    )
    assert stored.path.read_bytes() == content
    assert kept() == [f"originals/{sha256[:2]}/{sha256[2:]}"]


def test_a_picture_of_an_iphone_is_taken(kept):
    stored = files.take(samples.upload(samples.heic(), "IMG_1.HEIC"))
    assert (stored.kind, stored.width, stored.height) == ("image", 60, 40)


def test_the_size_is_that_of_the_upright_picture():
    stored = files.take(samples.upload(samples.photo_of_a_phone(turned=6)))
    assert (stored.width, stored.height) == (480, 640)


@pytest.mark.parametrize("content", [samples.MP4, samples.MOV, samples.WEBM])
def test_a_video_is_recognised_and_kept_as_it_is(content):
    stored = files.take(samples.upload(content, "a.bin", "application/octet-stream"))
    assert (stored.kind, stored.width, stored.path.read_bytes()) == ("video", 0, content)


def test_a_wrong_extension_and_a_lying_type_do_not_matter(kept):
    stored = files.take(samples.upload(samples.photo("PNG"), "../../etc/passwd.exe", "text/html"))
    assert stored.kind == "image"
    assert "passwd" not in " ".join(kept())


def test_the_same_content_is_kept_once(kept):
    first, second = (files.take(samples.upload(samples.photo(), name)) for name in ("a.jpg", "b.png"))
    assert first == second
    assert len(kept()) == 1


def test_the_kind_asked_for_is_the_kind_taken():
    with pytest.raises(Refusal, match="not a picture"):
        files.take(samples.upload(samples.MP4), kind="image")
    with pytest.raises(Refusal, match="not a video"):
        files.take(samples.upload(samples.photo()), kind="video")


def test_nobody_else_on_the_machine_may_read_it():
    stored = files.take(samples.upload(samples.photo()))
    assert stored.path.stat().st_mode & 0o007 == 0


def test_forgetting_takes_everything_made_from_it_along_and_twice_does_no_harm(kept):
    stored = files.take(samples.upload(samples.photo()))
    files.make_derivatives(stored.sha256)
    assert len(kept()) == 3
    files.remove(stored.sha256)
    files.remove(stored.sha256)
    assert kept() == []


def test_a_name_that_is_no_digest_never_reaches_the_disk():
    with pytest.raises(ValueError, match="SHA-256"):
        files.remove("../../../etc/passwd")

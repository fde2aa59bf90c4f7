"""What people see: upright, small enough, without any metadata (GPS!)."""

import io

import pytest
from PIL import Image

from aftersales import files
from aftersales.files import child, store

from . import samples


def shown(content: bytes, size: str = "large") -> tuple[Image.Image, bytes]:
    stored = files.take(samples.upload(content))
    raw = files.path_of(stored.sha256, size).read_bytes()
    return Image.open(io.BytesIO(raw)), raw


def test_place_maker_and_comment_are_gone_from_what_people_see_and_stay_in_the_original():
    content = samples.photo_of_a_phone()
    assert b"PhoneMaker" in content
    for size in ("large", "thumb"):
        picture, raw = shown(content, size)
        assert dict(picture.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(picture.info)
        assert b"PhoneMaker" not in raw
        assert b"taken at home" not in raw


def test_the_metadata_of_a_heic_are_gone_too():
    assert b"PhoneMaker" in samples.heic()
    picture, raw = shown(samples.heic())
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (60, 40), {})
    assert b"PhoneMaker" not in raw


@pytest.mark.parametrize(("turned", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_the_picture_stands_upright(turned, corner):
    picture, _raw = shown(samples.photo_of_a_phone(turned))
    at = (10 + corner[0] * (picture.width - 20), 10 + corner[1] * (picture.height - 20))
    red, _green, blue = picture.getpixel(at)
    assert red > 200 > 60 > blue


def test_both_sizes_keep_the_shape_and_never_grow():
    assert shown(samples.photo(size=(4000, 1000)))[0].size == (2048, 512)
    assert shown(samples.photo(size=(4000, 1000)), "thumb")[0].size == (320, 80)
    assert shown(samples.photo(size=(100, 50)))[0].size == (100, 50)


def test_what_is_transparent_becomes_white():
    clear = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")
    assert shown(clear.getvalue())[0].getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("format", "mode"),
    [("PNG", "P"), ("PNG", "I;16"), ("PNG", "1"), ("PNG", "LA"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_every_kind_of_pixels_is_shown(format, mode):
    out = io.BytesIO()
    Image.new(mode, (80, 60)).save(out, format)
    assert shown(out.getvalue())[0].mode == "RGB"


def test_making_them_twice_is_making_them_once(monkeypatch):
    stored = files.take(samples.upload(samples.photo()))
    assert files.make_derivatives(stored.sha256)
    first = files.path_of(stored.sha256).stat()
    monkeypatch.setattr(child, "run", None)
    assert files.make_derivatives(stored.sha256)
    assert files.path_of(stored.sha256).stat().st_mtime_ns == first.st_mtime_ns


def test_a_video_and_a_forgotten_picture_have_none():
    video, gone = files.take(samples.upload(samples.MP4)), files.take(samples.upload(samples.photo()))
    files.remove(gone.sha256)
    assert [files.make_derivatives(stored.sha256) for stored in (video, gone)] == [False, False]
    assert [files.path_of(stored.sha256) for stored in (video, gone)] == [None, None]


def test_a_picture_erased_while_it_is_being_made_stays_erased(monkeypatch, kept):
    stored = files.take(samples.upload(samples.photo()))
    honest = child.run

    def erased_meanwhile(*args):
        answer = honest(*args)
        store.remove(stored.sha256)
        return answer

    monkeypatch.setattr(child, "run", erased_meanwhile)
    assert files.make_derivatives(stored.sha256) is False
    assert kept() == []

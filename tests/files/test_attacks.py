"""What only looks like a picture: one sentence at the field, nothing kept, and the portal's own memory stays small."""

import errno
import os
import resource

import pytest

from aftersales import files
from aftersales.files import child, limits, store
from aftersales.problems import Refusal

from . import samples

ZIP = b"PK\x03\x04" + b"\0" * 200


def jpeg() -> bytes:
    return samples.photo()


REFUSED = {
    "zero bytes": (lambda: b"", "empty"),
    "a text renamed": (lambda: b"just words, no picture", "neither a picture"),
    "svg": (lambda: samples.SVG, "neither a picture"),
    "html": (lambda: samples.HTML, "neither a picture"),
    "gif": (lambda: samples.photo("GIF"), "neither a picture"),
    "avif": (lambda: b"\0\0\0\x1cftypavif" + b"\0" * 200, "neither a picture"),
    "a zip": (lambda: ZIP, "neither a picture"),
    "the head of a picture only": (lambda: b"\xff\xd8\xff\xe0 <script>", "damaged"),
    "a truncated jpeg": (lambda: jpeg()[: len(jpeg()) // 2], "damaged"),
    "a truncated png": (lambda: samples.photo("PNG")[:-200], "damaged"),
    "a png with a jpeg's head": (lambda: b"\xff\xd8\xff" + samples.photo("PNG"), "damaged"),
    "a broken heic": (lambda: samples.heic()[:300], "damaged"),
    "a bomb of 900 million points": (lambda: samples.bomb(30000, 30000), "40 million"),
    "just over 40 million points": (lambda: samples.bomb(8000, 5001), "40 million"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_one_sentence_at_the_field_and_nothing_kept(name, kept):
    make, sentence = REFUSED[name]
    with pytest.raises(Refusal, match=sentence) as refused:
        files.take(samples.upload(make()), field="pictures")
    assert (refused.value.field, refused.value.status) == ("pictures", 422)
    assert kept() == []


def test_a_small_bomb_does_not_grow_the_portal(kept):
    """A PNG of some kilobytes once took 822 MB (reliability); here it is opened elsewhere, and within bounds."""
    content = samples.bomb(6320, 6320)  # allowed by its points, 40 MB unpacked
    assert len(content) < 20_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    files.take(samples.upload(content))
    for _n in range(3):
        with pytest.raises(Refusal):
            files.take(samples.upload(samples.bomb(30000, 30000)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024


@pytest.mark.parametrize(
    ("name", "value"), [("MEMORY_BYTES", 60 * limits.MB), ("CPU_SECONDS", 0), ("WALL_SECONDS", 0.01)]
)
def test_a_picture_that_eats_too_much_is_a_damaged_picture(monkeypatch, kept, name, value):
    monkeypatch.setattr(limits, name, value)
    with pytest.raises(Refusal, match="damaged"):
        files.take(samples.upload(samples.photo("PNG", (5000, 5000))))
    assert kept() == []


def test_the_largest_allowed_picture_fits_into_the_bounds():
    for format in ("JPEG", "PNG", "WEBP"):
        stored = files.take(samples.upload(samples.photo(format, (8000, 5000))))
        assert files.make_derivatives(stored.sha256)


def test_sizes_are_capped_by_kind(monkeypatch, kept):
    monkeypatch.setattr(limits, "IMAGE_BYTES", 1000)
    monkeypatch.setattr(limits, "VIDEO_BYTES", 20_000)
    with pytest.raises(Refusal, match="^A picture may have at most 10 MB"):
        files.take(samples.upload(samples.photo() + b"\0" * 1000))
    with pytest.raises(Refusal, match="a video 50 MB"):
        files.take(samples.upload(samples.MP4 + b"\0" * 20_000))
    assert kept() == []


def test_a_size_that_lies_is_found_out_while_copying(monkeypatch, kept):
    monkeypatch.setattr(limits, "VIDEO_BYTES", 2000)
    upload = samples.upload(samples.MP4 + b"\0" * 5000)
    upload.size = 10
    with pytest.raises(Refusal, match="too large"):
        files.take(upload)
    assert kept() == []


def test_a_polyglot_is_shown_without_its_second_face():
    """A true JPEG with a page behind it: what people see is drawn anew."""
    content = samples.photo() + samples.HTML + ZIP
    stored = files.take(samples.upload(content))
    for size in ("large", "thumb"):
        shown = files.path_of(stored.sha256, size).read_bytes()
        assert b"<script" not in shown
        assert b"PK\x03\x04" not in shown


def test_the_decoder_knows_nothing_of_the_portal(monkeypatch):
    """Neither its environment (secrets) nor its modules."""
    seen: dict = {}
    honest = child.subprocess.run

    def look(command, **more):
        seen.update(more["env"], command=command)
        return honest(command, **more)

    monkeypatch.setattr(child.subprocess, "run", look)
    files.take(samples.upload(samples.photo()))
    assert set(seen) == {"LC_ALL", "command"}
    assert "-I" in seen["command"]


def test_a_full_disk_is_a_sentence_and_leaves_nothing_behind(monkeypatch, kept):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store, "sync", full)
    with pytest.raises(Refusal, match="no room") as refused:
        files.take(samples.upload(samples.photo()))
    assert refused.value.status == 507
    assert kept() == []


def test_what_a_killed_process_left_half_written_is_thrown_away_after_a_day(store, kept):
    (store / "arriving").mkdir(parents=True)
    for name, age in (("old", 90000), ("new", 10)):
        path = store / "arriving" / name
        path.write_bytes(b"half")
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    files.make_derivatives(files.take(samples.upload(samples.photo())).sha256)
    assert [name for name in kept() if name.startswith("arriving")] == ["arriving/new"]
    assert files.tidy() == 0

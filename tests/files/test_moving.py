"""How long a video lasts, by its container alone; who lies about boxes costs nothing, who says nothing is judged by size."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales import files
from aftersales.files import moving
from aftersales.problems import Refusal

from . import samples


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("behind", [True, False])
def test_the_length_stands_in_the_header_wherever_the_header_stands(tmp_path, version, behind):
    path = tmp_path / "a.mp4"
    path.write_bytes(samples.movie(12.5, version=version, behind=behind))
    assert moving.seconds(path, "MP4") == 12.5


@pytest.mark.parametrize("double", [True, False])
def test_a_webm_says_it_in_its_own_units(tmp_path, double):
    path = tmp_path / "a.webm"
    path.write_bytes(samples.webm(7.5, double=double))
    assert moving.seconds(path, "WEBM") == 7.5


@pytest.mark.parametrize("content", [samples.movie(31), samples.movie(31, kind=b"qt  "), samples.webm(31)])
def test_thirty_seconds_and_what_a_thumb_adds_are_taken_no_more(content, monkeypatch):
    files.take(samples.upload(samples.movie(31.4)))
    monkeypatch.setattr(files.judging.limits, "GRACE_SECONDS", 0.5)
    with pytest.raises(Refusal, match="at most 30 seconds"):
        files.take(samples.upload(content))


@pytest.mark.parametrize("content", [samples.MP4, samples.MOV, samples.WEBM, samples.movie(0)])
def test_who_does_not_say_it_is_judged_by_his_size(content):
    """A browser that records while it sends writes no duration."""
    assert files.take(samples.upload(content)).kind == "video"


@given(st.binary(max_size=400), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_no_box_that_lies_breaks_or_holds_the_reader(tmp_path_factory, noise, at):
    whole = samples.movie(9)
    path = tmp_path_factory.mktemp("boxes") / "a.mp4"
    path.write_bytes(whole[:at] + noise + whole[at:])
    for format in ("MP4", "WEBM"):
        found = moving.seconds(path, format)
        assert found is None or found >= 0


def test_a_box_of_no_length_ends_the_walk(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(samples.MP4[:32] + struct.pack(">I4s", 4, b"free") * 1000)
    assert moving.seconds(path, "MP4") is None

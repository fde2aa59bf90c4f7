"""Every component draws in both languages, without inline script or style."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    subprocess.run(
        [sys.executable, ROOT / "tools/gallery", folder], check=True, cwd=ROOT, capture_output=True
    )
    return {page.stem: page.read_text() for page in folder.glob("*.html")}


def test_each_page_is_drawn_in_both_languages(pages):
    assert {name.split("-", 1)[1] for name in pages} == {"zh-hans", "en"} and len(pages) == 16


def test_nothing_is_inline(pages):
    for name, html in pages.items():
        assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|<style|\bon\w+=\"|hx-on", html), name


def test_no_identifier_stands_twice(pages):
    for name, html in pages.items():
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), (name, sorted(i for i in ids if ids.count(i) > 1))

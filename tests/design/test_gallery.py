"""Every component draws in both languages, without inline script or style."""

import re

import pytest


@pytest.fixture(scope="module")
def pages(gallery):
    return {page.stem: page.read_text() for page in gallery.glob("*.html")}


def test_each_page_is_drawn_in_both_languages(pages):
    assert {name.split("-", 1)[1] for name in pages} == {"zh-hans", "en"}
    assert len(pages) == 16


def test_nothing_is_inline(pages):
    for name, html in pages.items():
        assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|<style|\bon\w+=\"|hx-on", html), name


def test_no_identifier_stands_twice(pages):
    for name, html in pages.items():
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), (name, sorted(i for i in ids if ids.count(i) > 1))

"""Whatever people typed is set as text: markup of typst, of HTML, emoji, control characters, ten thousand characters."""

import io

import pytest
from pypdf import PdfReader

from aftersales.paper.texts import clean, with_breaks

from .conftest import flat, text_of

NASTY = [
    '#panic("x")', '#read("/etc/passwd")', "= Title *bold* _it_ $x^2$ @ref <label> `raw` \\ #set page(fill: red)",
    "<script>alert(1)</script><b>&amp;", "{{ 7 * 7 }}{% load x %}", '"], "title": "gone',
]  # fmt: skip


def written(ticket, text):
    words = ticket.words
    words.ticket, words.symptom = ticket, text
    words.save()
    return ticket


@pytest.mark.clause("9.1")
@pytest.mark.parametrize("text", NASTY)
def test_markup_is_printed_and_never_obeyed(story, company, desk, text):
    assert flat(text) in flat(text_of(desk(company.cs, written(story, text), "9.1").content))


def test_the_page_escapes_it_too(story, company, desk):
    page = desk(company.cs, written(story, "<script>alert(1)</script>"), "9.1", kind="/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    "text", ["刹车😀异响👨‍👩‍👧", "a\x00b\x07c\x1b[31m", "坏\ud800字", "\u202egnp.exe", "𬭎𰻞"]
)
def test_a_character_that_no_font_has_does_not_stop_the_printer(story, company, monday, text):
    from aftersales.paper import typeset
    from repairs import prints

    story.words.symptom = text
    assert typeset.pdf(prints.SHEETS["9.1"](prints.read(story, by=company.cs, at=monday))).startswith(b"%PDF")


def test_what_steers_the_page_is_left_out():
    assert clean("a\x00\x07b\r\nc\u202ed\ud800 \t\x1b") == "ab\ncd\ufffd"


def test_a_run_of_letters_may_break_and_a_vin_stays_whole():
    assert with_breaks("LFYZH6A20R0001234") == "LFYZH6A20R0001234"
    assert with_breaks("A" * 26) == "A" * 12 + "\u200b" + "A" * 12 + "\u200b" + "AA"


@pytest.mark.clause("9.1")
@pytest.mark.parametrize("text", ["上坡时异响。" * 1667, "A" * 10_000, "行\n" * 5000])
def test_ten_thousand_characters_run_over_pages_that_name_the_form(story, company, desk, text):
    pages = PdfReader(io.BytesIO(desk(company.cs, written(story, text), "9.1").content)).pages
    texts = [flat(page.extract_text()) for page in pages]
    assert len(pages) > 2
    assert all(
        "飞跃客服报修记录表" in said and f"第{n}页共{len(pages)}页" in said for n, said in enumerate(texts, 1)
    )
    counted = sum(said.count(flat(text)[0]) for said in texts)
    assert counted >= text.count(flat(text)[0])
    assert "客服确认" in texts[-1]

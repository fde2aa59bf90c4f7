"""The head of every form (charter 0): the cover's fields, blank until the company fills them, and the way back by QR."""

import io

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from pypdf import PdfReader

from aftersales.paper import drawings, heads

from .conftest import flat, text_of


@pytest.mark.clause("0")
def test_the_cover_is_blank_until_the_company_fills_it(settings):
    settings.FORM_HEADS = {}
    head = heads.head("9.1")
    assert head.status
    assert head[1:] == ("",) * 7


@pytest.mark.clause("0", "9.1")
def test_what_the_company_filled_in_is_printed_on_its_form_only(settings, story, company, desk):
    settings.FORM_HEADS = {
        "*": {"department": "售后服务部"},
        "9.1": {"controlled_no": "FY-QR-01", "version": "A/0", "unknown": "x"},
    }
    first, second = (flat(text_of(desk(company.cs, story, form).content)) for form in ("9.1", "9.2"))
    assert "售后服务部" in first
    assert "售后服务部" in second
    assert "FY-QR-01" in first
    assert "FY-QR-01" not in second


@pytest.mark.clause("0")
def test_every_page_says_which_of_how_many_it_is(story, company, desk):
    pages = PdfReader(io.BytesIO(desk(company.cs, story, "9.2").content)).pages
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        text = flat(page.extract_text())
        assert f"第{number}页共2页" in text
        assert "江苏飞跃机电科技有限公司报修单" in text
        assert story.number in text


def picture(drawing, scale=8):
    """The drawing of a QR code as pixels."""
    image = Image.new("L", (drawing["width"] * scale, drawing["height"] * scale), 255)
    pen = ImageDraw.Draw(image)
    for module in drawing["path"].split("M")[1:]:
        x, y = (int(n) * scale for n in module.split("h")[0].split())
        pen.rectangle([x, y, x + scale - 1, y + scale - 1], fill=0)
    return image


def test_the_qr_code_leads_back_to_the_record(settings, story, company, monday):
    from repairs import prints

    settings.SITE_URL = "https://service.example.com"
    drawn = prints.SHEETS["9.1"](prints.read(story, by=company.cs, at=monday))["qr"]
    (found,) = zxingcpp.read_barcodes(picture(drawn))
    assert found.text == f"https://service.example.com/tickets/{story.number}/"


HOSTILE = [
    "[[[1e999,1]]]",
    "[[[Infinity,NaN]]]",
    "[" * 60_000,
    "[[[true,1]]]",
    "[[[-1,1]]]",
    "[[[1,1001]]]",
    '{"a":1}',
    "7",
]


def test_strokes_that_are_no_strokes_are_no_drawing():
    assert [
        drawings.signature(words)
        for words in ("", "[]", "{", '[["a"]]', '"><script>', "[[]]", "[[[1, 2, 3]]]", *HOSTILE)
    ] == [None] * 7 + [None] * len(HOSTILE)

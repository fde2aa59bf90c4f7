"""A PDF that can be kept: fonts inside, no character missing, quickly made."""

import io
import time

import pytest
from pypdf import PdfReader

from aftersales.paper import typeset
from repairs import prints

LIMIT = 0.3  # seconds for a sheet
FORMS = ["9.1", "9.2", "9.5"]


@pytest.mark.clause("9.1", "9.2", "9.5")
@pytest.mark.parametrize("query", ["", "?lang=en"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_archivable_with_every_glyph(story, company, desk, form, query):
    """PDF/A-2b refuses a character that no font has, so what bears the mark lacks none."""
    answer = desk(company.cs, story, form, query)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    reader = PdfReader(io.BytesIO(answer.content))
    assert "<pdfaid:part>2</pdfaid:part>" in reader.xmp_metadata.stream.get_data().decode()
    assert reader.metadata.title.endswith(str(reader.metadata.title.split()[-1]))


@pytest.mark.parametrize("form", FORMS)
def test_the_fonts_are_inside(story, company, desk, form):
    reader = PdfReader(io.BytesIO(desk(company.cs, story, form).content))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    inside = {
        part.get_object()["/FontDescriptor"].get_object().get("/FontFile3") is not None
        for font in fonts
        for part in font["/DescendantFonts"]
    }
    assert inside == {True}
    assert {font["/BaseFont"].split("+")[-1].split("-")[0] for font in fonts} == {"NotoSansSC", "NotoSerifSC"}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_set_quickly(story, company, monday, form):
    sheet = prints.SHEETS[form](prints.read(story, by=company.cs, at=monday))
    typeset.pdf(sheet)
    took = []
    for _turn in range(3):
        began = time.perf_counter()
        typeset.pdf(sheet)
        took.append(time.perf_counter() - began)
    assert min(took) < LIMIT


@pytest.mark.parametrize("form", FORMS)
def test_a_page_costs_the_same_however_much_was_written(
    story, company, monday, client, form, django_assert_max_num_queries
):
    client.force_login(company.cs)
    client.get(f"/tickets/{story.number}/print/{form}/")
    with django_assert_max_num_queries(20):
        assert client.get(f"/tickets/{story.number}/print/{form}/").status_code == 200

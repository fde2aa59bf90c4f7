"""A file is checked as often as one likes and kept once, all of it or nothing, by page and API."""

import pytest

from catalogue.models import PartBatch, PartVersion, PriceLine, PriceList
from tests import build

from .sheets import PRICES, book

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.1")]
ROW = ["BP-1", "刹车片", "", "件", "battery", "是", "", "", "", "", "", ""]


def test_checking_keeps_nothing_and_keeping_keeps_all(people, as_user):
    client, entries = as_user(people.fin), {"reason": "开业", "operation": "k"}
    checked = client.post("/catalogue/parts/import/", entries | {"file": book(ROW), "do": "check"})
    assert checked.status_code == 200 and not PartBatch.objects.exists()
    kept = client.post("/catalogue/parts/import/", entries | {"file": book(ROW), "do": "keep"})
    again = client.post("/catalogue/parts/import/", entries | {"file": book(ROW), "do": "keep"})
    batch = PartBatch.objects.get()
    assert kept.url == again.url == batch.get_absolute_url() and batch.source == "book.xlsx"
    assert PartVersion.objects.get().group == "battery"


def test_one_bad_cell_keeps_the_whole_file_out_and_is_named(people, as_user):
    bad = ["BP-2", "", *ROW[2:]]
    client = as_user(people.fin)
    entries = {"reason": "开业", "file": book(ROW, bad), "do": "keep"}
    answer = client.post("/catalogue/parts/import/", entries, headers={"hx-request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422 and ">B3<" in page and "This is missing" in page and "<main" not in page
    assert not PartBatch.objects.exists()


def test_what_is_no_workbook_is_said_at_the_file(people, as_user):
    import io

    file = io.BytesIO(b"code,name")
    file.name = "a.xlsx"
    answer = as_user(people.fin).post(
        "/catalogue/parts/import/", {"reason": "x", "file": file, "do": "check"}
    )
    assert answer.status_code == 422 and "file" in answer.context["form"].errors


def test_a_price_list_comes_in_as_a_draft(people, as_user, monday):
    build.master_part("BP-1", at=monday)
    file = book(["BP-1", 58.5, 31], head=PRICES, title="Prices", rates=[["labour", "GS-1", "换", "小时", 60]])
    entries = {"title": "春季", "effective_on": "2099-01-01", "file": file, "do": "keep"}
    answer = as_user(people.fin).post("/catalogue/prices/import/", entries)
    paper = PriceList.objects.get()
    assert answer.url == paper.get_absolute_url() and (paper.stage, paper.rates.count()) == ("draft", 1)
    assert str(PriceLine.objects.get().cost) == "31.00"


@pytest.mark.parametrize("address", ["parts", "prices"])
def test_the_template_comes_back_without_a_fault(people, as_user, monday, address):
    import io

    from catalogue.imports import read_parts, read_prices

    build.master_part("BP-0001", at=monday)
    for language in ("en", "zh-hans"):
        answer = as_user(people.fin, language).get(f"/catalogue/{address}/import/template.xlsx")
        content = io.BytesIO(b"".join(answer.streaming_content))
        assert (read_parts if address == "parts" else read_prices)(content).faults == []


def test_the_api_names_every_fault_and_keeps_only_when_told(people, program):
    api = program(people.fin)
    said = api.send("parts/import", {"reason": "x", "file": book(["", "", *ROW[2:]]), "keep": "true"})
    assert api.status == 200 and [f["cell"] for f in said["faults"]] == ["A2", "B2"] and said["kept"] is None
    assert api.send("parts/import", {"reason": "x", "file": book(ROW)}) == {
        "rows": 1,
        "faults": [],
        "kept": None,
    }
    said = api.send("parts/import", {"reason": "x", "file": book(ROW), "keep": "true"})
    assert api.status == 201 and said["kept"] == PartBatch.objects.get().pk


def test_many_rows_are_few_statements(people, monday, django_assert_max_num_queries):
    """2,000 parts and their prices: as many statements as for two."""
    from catalogue import services
    from catalogue.imports import read_parts, read_prices
    from catalogue.models import Part

    with django_assert_max_num_queries(20):
        found = read_parts(book(*[[f"BP-{n}", f"刹车片{n % 7}", *ROW[2:]] for n in range(2000)]))
        batch = services.propose_parts(found.rows, reason="开业", by=people.fin, at=monday)
        services.approve_parts(batch, by=people.tech, at=monday)
        prices = read_prices(book(*[[f"BP-{n}", n, None] for n in range(2000)], head=PRICES, title="Prices"))
        paper = services.draft_prices(
            "开业", monday.date(), prices=prices.prices, rates=[], by=people.fin, at=monday
        )
        services.publish_prices(paper, by=people.fins, at=monday)
    assert (Part.objects.count(), PriceLine.objects.filter(since=monday.date()).count()) == (2000, 2000)

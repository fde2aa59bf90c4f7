"""A file is checked as often as one likes and kept once, all of it or nothing, by page and API."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue import services
from catalogue.imports import read_parts, read_prices
from catalogue.models import Part, PartBatch, PartVersion, PriceLine, PriceList
from tests import build

from .sheets import PRICES, book

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.1")]
ROW = ["BP-1", "刹车片", "", "件", "battery", "是", "", "", "", "", "", ""]


def test_checking_keeps_nothing_and_keeping_keeps_all(people, as_user):
    client, entries = as_user(people.fin), {"reason": "开业", "operation": "k"}
    checked = client.post("/catalogue/parts/import/", entries | {"file": book(ROW), "do": "check"})
    assert checked.status_code == 200 and not PartBatch.objects.exists()
    file = book(ROW)
    kept = client.post("/catalogue/parts/import/", entries | {"file": file, "do": "keep"})
    file.seek(0)
    again = client.post("/catalogue/parts/import/", entries | {"file": file, "do": "keep"})
    batch = PartBatch.objects.get()
    assert kept.url == again.headers["Location"] == batch.get_absolute_url() and batch.source == "book.xlsx"
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


def test_two_thousand_rows_take_as_many_statements_as_two(people, monday):
    """Read, proposed, approved, priced and published."""
    brought_in(people, monday, "W", 1)  # what a person may do is known from here on
    few, many = brought_in(people, monday, "A", 2), brought_in(people, monday, "B", 2000)
    assert few == many
    assert (Part.objects.count(), PriceLine.objects.filter(since=monday.date()).count()) == (2003, 2003)


def brought_in(people, at, prefix, count):
    """The statements of it."""
    by = {"fin": people.fin, "tech": people.tech, "fins": people.fins}
    with CaptureQueriesContext(connection) as seen:
        found = read_parts(book(*[[f"{prefix}-{n}", f"刹车片{n % 7}", *ROW[2:]] for n in range(count)]))
        batch = services.propose_parts(found.rows, reason="开业", by=by["fin"], at=at)
        services.approve_parts(batch, by=by["tech"], at=at)
        prices = read_prices(
            book(*[[f"{prefix}-{n}", n, None] for n in range(count)], head=PRICES, title="Prices")
        )
        paper = services.draft_prices("开业", at.date(), prices=prices.prices, rates=[], by=by["fin"], at=at)
        services.publish_prices(paper, by=by["fins"], at=at)
    return len(seen)

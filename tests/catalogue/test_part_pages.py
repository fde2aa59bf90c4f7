"""Pages of parts: list, search, paging by key, the part itself, proposals and their decision."""

import io

import pytest
from openpyxl import load_workbook

from accounts.models import AuditEvent
from catalogue.models import Part, PartBatch
from catalogue.views import parts as views
from tests import build

pytestmark = pytest.mark.django_db


def codes(answer):
    return [row.code for row in answer.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_six_statements_whatever_its_length(
    people, as_user, monday, count, django_assert_num_queries
):
    build.vehicle(model="FY-6")
    for _ in range(count):
        build.master_part(price="50", at=monday, fits=["FY-6"])
    client = as_user(people.eng)
    client.get("/catalogue/parts/")
    with django_assert_num_queries(6):
        assert len(codes(client.get("/catalogue/parts/"))) == count


def test_it_is_paged_by_code_both_ways(people, as_user, monday, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    for number in range(5):
        build.master_part(f"BP-{number}", at=monday)
    client = as_user(people.wh)
    first = client.get("/catalogue/parts/")
    second = client.get(f"/catalogue/parts/{first.context['on']}")
    third = client.get(f"/catalogue/parts/{second.context['on']}")
    back = client.get(f"/catalogue/parts/{third.context['back']}")
    assert [codes(p) for p in (first, second, third, back)] == [
        ["BP-0", "BP-1"], ["BP-2", "BP-3"], ["BP-4"], ["BP-2", "BP-3"],
    ]  # fmt: skip
    assert (first.context["back"], third.context["on"]) == ("", "")


def test_filters_narrow_it_and_nonsense_finds_nothing(people, as_user, monday):
    build.master_part("BP-1", valuable=True, group="motor", price="9", at=monday)
    build.master_part("BP-2", active=False, at=monday)
    build.master_part("BP-3", at=monday)
    client = as_user(people.fin)
    asked = {
        "mark=valuable": ["BP-1"], "group=motor": ["BP-1"], "short=on": ["BP-3"], "state=no": ["BP-2"], "state=all": ["BP-1", "BP-2", "BP-3"],
        "mark=x": [], "group=x": [], "model=x": [], "vin=x": [], "q=%00": ["BP-1", "BP-3"], "after=BP-1&before=": ["BP-3"],
    }  # fmt: skip
    assert {query: codes(client.get(f"/catalogue/parts/?{query}")) for query in asked} == asked


def test_an_empty_master_says_so(people, as_user):
    page = as_user(people.eng).get("/catalogue/parts/")
    assert b"No part yet" in page.content


@pytest.mark.clause("8.1")
def test_a_part_shows_its_prices_and_versions(people, as_user, monday, django_assert_max_num_queries):
    part = build.master_part("BP-1", price="50", at=monday)
    build.prices({part: "58"}, at=monday)
    client = as_user(people.eng)
    with django_assert_max_num_queries(9):
        page = client.get("/catalogue/part/BP-1/").content.decode()
    assert "¥50.00" in page and "¥58.00" in page and "in force" in page and "测试" in page


@pytest.mark.clause("5.1")
def test_a_part_is_proposed_by_one_and_approved_by_another_on_the_pages(people, as_user):
    finance, technical = as_user(people.fin), as_user(people.tech)
    facts = {
        "code": "BP-9",
        "name": "刹车片",
        "unit": "件",
        "group": "chassis",
        "active": "on",
        "valuable": "on",
    }
    assert finance.post("/catalogue/parts/new/", facts).status_code == 422  # no reason
    answer = finance.post("/catalogue/parts/new/", facts | {"reason": "新件"})
    batch = PartBatch.objects.get()
    assert answer.status_code == 302 and answer.url == batch.get_absolute_url() and not Part.objects.exists()
    page = technical.get(answer.url).content.decode()
    assert (
        "new part" in page
        and "approve/" in page
        and "approve/" not in finance.get(answer.url).content.decode()
    )
    finance.post(f"{answer.url}approve/")
    assert not Part.objects.exists()
    technical.post(f"{answer.url}approve/")
    assert (Part.objects.get().valuable, PartBatch.objects.get().decided_by) == (True, people.tech)


@pytest.mark.clause("5.1")
def test_a_change_is_shown_against_the_part_of_today_and_refused_with_a_reason(people, as_user, monday):
    build.master_part("BP-9", at=monday)
    finance, technical = as_user(people.fin), as_user(people.tech)
    facts = {"name": "刹车片", "unit": "副", "group": "whole", "active": "on", "reason": "单位"}
    url = finance.post("/catalogue/part/BP-9/edit/", facts).url
    page = technical.get(url).content.decode()
    assert "<del>件</del>" in page and "<b>副</b>" in page
    assert technical.post(f"{url}refuse/", {"reason": ""}).status_code == 422
    technical.post(f"{url}refuse/", {"reason": "不对"})
    assert Part.objects.get().unit == "件" and PartBatch.objects.order_by("-pk")[0].refusal == "不对"


@pytest.mark.parametrize("count", [1, 3])
def test_a_proposal_takes_as_many_statements_for_one_part_as_for_three(
    people, as_user, count, django_assert_num_queries, monday
):
    from catalogue import services

    rows = [{"code": f"BP-{n}", "name": "刹车片"} for n in range(count)]
    batch = services.propose_parts(rows, reason="新件", by=people.fin, at=monday)
    client = as_user(people.tech)
    client.get(batch.get_absolute_url())
    with django_assert_num_queries(7):
        client.get(batch.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_the_proposals_take_as_many_statements_for_one_as_for_three(
    people, as_user, count, django_assert_num_queries, monday
):
    from catalogue import services

    for number in range(count):
        services.propose_parts(
            [{"code": f"BP-{number}", "name": "x"}], reason="新件", by=people.fin, at=monday
        )
    client = as_user(people.tech)
    client.get("/catalogue/parts/proposals/")
    with django_assert_num_queries(4):
        page = client.get("/catalogue/parts/proposals/")
    assert len(page.context["rows"]) == count


def test_the_export_is_written_down_and_comes_back_as_an_import(people, as_user, monday):
    from catalogue.imports import read_parts

    build.vehicle(model="FY-6")
    build.master_part("BP-1", name="刹车片", fits=["FY-6"], price=("50", "31"), bulky=True, at=monday)
    answer = as_user(people.cs).get("/catalogue/parts/export.xlsx?q=刹车")
    content = io.BytesIO(b"".join(answer.streaming_content))
    head, row = list(load_workbook(content).active.iter_rows(values_only=True))
    assert "BP-1" in row and 50 in row and 31 not in row and "cost" not in head
    event = AuditEvent.objects.get(verb="list.export")
    assert (event.by, event.subject, event.data) == (people.cs, "parts", {"rows": 1, "filters": ["q"]})
    found = read_parts(content)
    assert found.faults == [] and (found.rows[0]["bulky"], found.rows[0]["fits"]) == (True, ["FY-6"])

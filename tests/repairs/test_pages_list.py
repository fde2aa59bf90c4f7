"""The ticket list: rows by right, filters in the address, paging by key, saved views, export."""

import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEvent
from repairs import rows, services
from repairs.flow import Stage
from repairs.models import SavedView, Ticket
from tests import build

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def numbers(client, **params) -> list[str]:
    response = client.get("/tickets/", params)
    assert response.status_code == 200
    return [row.number for row in response.context["rows"]]


def test_everybody_sees_the_rows_that_the_policy_gives_him(people, as_user, now):
    mine = build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    other = build.ticket(at_stage=Stage.REPORTED, at=now - HOUR, company=people)
    assert numbers(as_user(people.cs)) == [other.number, mine.number]
    assert numbers(as_user(people.eng)) == [mine.number]
    assert as_user(people.pur).get("/tickets/").status_code == 403


def test_each_filter_narrows(people, as_user, now):
    late = build.ticket(
        at_stage=Stage.ASSIGNED,
        at=now - 20 * HOUR,
        company=people,
        region="江苏泰州",
        model="FY-9",
        urgency="urgent",
    )
    new = build.ticket(at_stage=Stage.REPORTED, at=now, company=people, region="浙江杭州")
    old = services.phone_in(
        by=people.cs, at=now - 99 * 24 * HOUR, contact="李四", phone="+8613900001111", symptom="不走"
    )
    client = as_user(people.cs)
    asked = {
        "stage=assigned": [late], "stage=open": [old, new, late], "move=engineers": [late], "move=service": [old, new],
        f"engineer={people.eng.username}": [late], "overdue=1": [old, late], "region=泰州": [late], "model=FY-9": [late],
        "period=7": [new, late], "urgency=urgent": [late], "channel=phone": [old], "stage=nonsense": [], "engineer=nobody": [],
        "overdue=1&region=泰州": [late],
    }  # fmt: skip
    for query, expected in asked.items():
        found = [row.number for row in client.get(f"/tickets/?{query}").context["rows"]]
        assert found == [t.number for t in expected], query


@pytest.mark.parametrize("word", ["异响", "13812345678", "王小明", "LFYSEARCH", "苏A12345"])
def test_two_characters_in_a_row_find_it(people, as_user, now, word):
    ticket = build.ticket(
        at_stage=Stage.REPORTED, at=now, company=people, vin="LFYSEARCH00000001", plate="苏A12345"
    )
    build.ticket(
        at_stage=Stage.REPORTED,
        at=now,
        company=people,
        contact="赵六",
        phone="+8613700000000",
        symptom="没电",
    )
    assert numbers(as_user(people.cs), q=word) == [ticket.number]


def test_a_whole_number_leads_straight_to_its_ticket(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.REPORTED, at=now, company=people)
    assert as_user(people.cs).get("/tickets/", {"q": ticket.number}).url == f"/tickets/{ticket.number}/"


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "after=-1",
        "before=99999999999999999999",
        "period=9999999",
        "since=2026-13-99",
        "stage=%00",
    ],
)
def test_an_address_that_makes_no_sense_is_no_error(people, as_user, query):
    assert as_user(people.cs).get(f"/tickets/?{query}").status_code == 200


def test_paging_goes_by_key_both_ways(people, as_user, now, monkeypatch):
    monkeypatch.setattr(rows, "PAGE", 2)
    monkeypatch.setattr(rows.page, "__kwdefaults__", {"before": None, "after": None, "size": 2})
    made = [build.ticket(at_stage=Stage.REPORTED, at=now, company=people).number for _ in range(5)][::-1]
    client = as_user(people.cs)
    first = client.get("/tickets/")
    second = client.get(first.context["next"])
    third = client.get(second.context["next"])
    assert [[r.number for r in page.context["rows"]] for page in (first, second, third)] == [
        made[:2],
        made[2:4],
        made[4:],
    ]
    assert (first.context["previous"], third.context["next"]) == ("", "")
    back = client.get(second.context["previous"])
    assert [r.number for r in back.context["rows"]] == made[:2]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_five_statements_whatever_its_length(
    people, as_user, now, count, django_assert_max_num_queries
):
    for _ in range(count):
        build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    for user in (people.cs, people.eng):
        client = as_user(user)
        for query in ("", "?overdue=1", "?q=异响", "?stage=open&move=engineers&region=江"):
            with django_assert_max_num_queries(5):
                assert client.get(f"/tickets/{query}").status_code == 200


def test_htmx_gets_the_table_alone(people, as_user, now):
    build.ticket(at_stage=Stage.REPORTED, at=now, company=people)
    text = (
        as_user(people.cs)
        .get("/tickets/?stage=reported", headers={"hx-request": "true", "hx-target": "list"})
        .content.decode()
    )
    assert text.startswith('<div id="list">') and "<html" not in text


def test_a_view_is_kept_under_its_name_and_belongs_to_one_person(people, as_user):
    client = as_user(people.cs)
    client.post("/tickets/views/", {"name": "我的超期", "query": "overdue=1&stage=planned&evil=1"})
    client.post("/tickets/views/", {"name": "我的超期", "query": "overdue=1"})
    view = SavedView.objects.get()
    assert (view.user, view.name, view.query) == (people.cs, "我的超期", "overdue=1")
    assert "我的超期" in client.get("/tickets/?overdue=1").content.decode()
    other = as_user(people.eng)
    assert "我的超期" not in other.get("/tickets/").content.decode()
    assert other.post(f"/tickets/views/{view.pk}/forget/").status_code == 404
    client.post(f"/tickets/views/{view.pk}/forget/")
    assert not SavedView.objects.exists()


def test_the_export_masks_names_and_phones_and_is_written_down(people, as_user, now):
    build.ticket(
        at_stage=Stage.ASSIGNED,
        at=now,
        company=people,
        contact="王小明",
        region='=HYPERLINK("x")',
        plate="+1\x07",
    )
    build.ticket(at_stage=Stage.REPORTED, at=now, company=people)
    response = as_user(people.cs).get("/tickets/export.xlsx?stage=assigned")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    _head, row = list(sheet.iter_rows())
    values = [cell.value for cell in row]
    assert len(list(sheet.iter_rows())) == 2 and "王**" in values and "138****5678" in values
    assert "王小明" not in str(values) and "13812345678" not in str(values)
    formula = next(cell for cell in row if str(cell.value).startswith("="))
    assert formula.data_type == "s" and formula.quotePrefix
    assert "+1\ufffd" in values
    event = AuditEvent.objects.get(verb="list.export")
    assert (event.by, event.data) == (people.cs, {"rows": 1, "filters": ["stage"]})


def test_an_engineer_exports_his_own_rows_only(people, as_user, now):
    build.ticket(at_stage=Stage.REPORTED, at=now, company=people)
    response = as_user(people.eng).get("/tickets/export.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet.max_row == 1 and Ticket.objects.count() == 1

"""Closed paper tickets: taken in once, true days, all or nothing; history of the vehicle, and gone with the customer."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aftersales.problems import Stale
from deadlines.models import Deadline
from repairs import paper_tickets
from repairs.models import PaperTicket, Ticket
from sales.imports.rows import Kept
from sales.services import change_vehicle, erase
from tests import build
from tests.catalogue.sheets import book
from tests.pages.conftest import as_user  # noqa: F401  # the page's fixture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2"), pytest.mark.usefixtures("english")]
HEAD = [
    "number on the paper",
    "VIN",
    "reported_on",
    "closed_on",
    "symptom",
    "work_done",
    "parts",
    "engineer",
    "plan_type",
    "charge",
]
DAY = dt.date(2024, 5, 6)


def row(number="2024-001", vin="LFYPAPER000000001", first=DAY, last=DAY, **more):
    return [number, vin, first, last, more.get("symptom", "刹车异响"), more.get("work", "换刹车片"), more.get("parts", "BP-1 × 2"),
            more.get("who", "老王"), more.get("plan", "c"), more.get("charge", "under warranty")]  # fmt: skip


def sheet(*rows):
    return book(*rows, head=HEAD, title="Closed paper tickets")


def taken(people, at, *rows):
    found = paper_tickets.read(sheet(*rows), at)
    assert found.faults == []
    return paper_tickets.save(found, source="old.xlsx", by=people.cs, at=at)


def test_a_paper_ticket_is_history_and_neither_ticket_nor_clock(people, monday):
    assert taken(people, monday, row(), row("2024-002", last="2024/5/9", plan="", charge="")) == Kept(new=2)
    one = PaperTicket.objects.get(number="2024-001")
    assert (one.vin, one.reported_on, one.closed_on, one.symptom, one.parts) == (
        "LFYPAPER000000001",
        DAY,
        DAY,
        "刹车异响",
        "BP-1 × 2",
    )
    assert (one.engineer, one.plan_type, one.charge, one.made_by, one.source) == (
        "老王",
        "c",
        "warranty",
        people.cs,
        "old.xlsx",
    )
    assert not Ticket.objects.exists() and not Deadline.objects.exists()


def test_every_bad_cell_is_named_and_nothing_is_kept(people, as_user):  # noqa: F811
    taken(people, timezone.now(), row())
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    bad = sheet(row(), row("A"), row("A"), row("B", vin=""), row("C", first=tomorrow, last=tomorrow), row("D", last="2024-05-05"),
                row("E", last=None), row("F", symptom=""), row("G", plan="z"), row("H", charge="gift"))  # fmt: skip
    answer = as_user(people.cs).post("/tickets/paper/import/", {"file": bad, "do": "keep"})
    cells = [fault.cell for fault in answer.context["faults"]]
    assert cells == ["A2", "A4", "B5", "C6", "D6", "D7", "D8", "E9", "I10", "J11"]
    assert answer.status_code == 422 and PaperTicket.objects.count() == 1


def test_a_number_that_came_in_meanwhile_keeps_the_whole_file_out(people, monday):
    first, second = (paper_tickets.read(sheet(row(), row(n)), monday) for n in ("X", "Y"))
    paper_tickets.save(first, source="a", by=people.cs, at=monday)
    with pytest.raises(Stale):
        paper_tickets.save(second, source="b", by=people.cs, at=monday)
    assert set(PaperTicket.objects.values_list("number", flat=True)) == {"2024-001", "X"}


def test_many_rows_take_few_statements(people, monday):
    found = paper_tickets.read(sheet(*[row(f"N{n}") for n in range(2500)]), monday)
    with CaptureQueriesContext(connection) as asked:
        paper_tickets.save(found, source="a", by=people.cs, at=monday)
    assert PaperTicket.objects.count() == 2500 and len(asked) < 10


def test_it_is_found_by_vin_and_number_and_closed_to_others(people, as_user):  # noqa: F811
    taken(people, timezone.now(), row(), row("2024-002", vin="LFYOTHER000000002"))
    client = as_user(people.cs)
    for word in ("LFYPAPER", "000000001", "2024-001"):
        assert [x.number for x in client.get("/tickets/paper/", {"q": word}).context["rows"]] == [
            "2024-001"
        ], word
    assert as_user(people.sales).get("/tickets/paper/").status_code == 403
    assert as_user(people.eng).get("/tickets/paper/import/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_four_statements(people, as_user, count, django_assert_max_num_queries):  # noqa: F811
    taken(people, timezone.now(), *[row(f"N{n}") for n in range(count)])
    client = as_user(people.cs)
    with django_assert_max_num_queries(4):
        assert len(client.get("/tickets/paper/").context["rows"]) == count


def test_the_template_reads_as_it_is(people, as_user, monday):  # noqa: F811
    answer = as_user(people.cs).get("/tickets/paper/import/template.xlsx")
    found = paper_tickets.read(io.BytesIO(b"".join(answer.streaming_content)), monday + dt.timedelta(days=1))
    assert (found.faults, found.count) == ([], 1)


def test_the_words_go_with_whoever_owned_the_vehicle_then_or_now(people, monday):
    before, now = build.customer(monday), build.customer(monday)
    car = build.vehicle("LFYPAPER000000001", customer=before, at=monday)
    change_vehicle(car, by=people.cs, at=monday, customer=now)
    taken(
        people, monday, row(symptom="李四来电"), row("2024-002", vin="LFYOTHER000000002", symptom="别家的车")
    )
    erase(before, by=people.mgr, seconded_by=build.person("MGR"), at=monday, reason="要求")
    one, other = PaperTicket.objects.order_by("number")
    assert (one.symptom, one.work_done, one.parts, one.number) == (
        "",
        "",
        "",
        "2024-001",
    ) and one.erased_at == monday
    assert other.symptom == "别家的车" and other.erased_at is None

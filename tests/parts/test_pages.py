"""The pages of the store: what waits, where it lies, one code's life; the same statements for one row and for three."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import AuditEvent
from parts.models import Enquiry, GoodsReceipt, PartCode, Stocktake, Zone
from parts.services import (
    approve_count,
    ask,
    move,
    on_hand,
    pack,
    propose_count,
    propose_disposal,
    set_minimum,
)
from tests import build

from .papers import sheet

pytestmark = pytest.mark.django_db


def statements(client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        answer = client.get(path)
    assert answer.status_code == 200, answer.content[:500]
    return len(caught)


def one_of_each(people, at) -> None:
    part = build.spare(good=3, by=people.wh, at=at)
    motor = build.spare(valuable=True, good=1, by=people.wh, at=at)
    set_minimum(part, 9, by=people.wh, at=at)
    propose_count("good", [{"part": part, "counted": 1}], reason="盘点", by=people.wh, at=at)
    move(part, 2, Zone.CUSTOMER, Zone.OLD, paper="JJ", by=people.wh, at=at)
    propose_disposal(part, 1, how="scrap", reason="旧", by=people.wh, at=at)
    ask(motor, 5, by=people.wh, at=at)
    ticket = build.ticket(at_stage="in_service", at=at, company=people)
    pack(sheet(ticket, part, issued=1, at=at, by=people.eng), by=people.wh, at=at)
    sheet(ticket, part, quantity=3, issued=1, at=at, by=people.eng)


LISTS = [
    "",
    "stock/",
    "receipts/",
    "stocktakes/",
    "disposals/",
    "enquiries/",
    "shipments/",
    "consumption/",
    "unreturned/",
]


@pytest.mark.clause("5.1")
def test_every_list_asks_the_same_whether_it_shows_one_row_or_three(people, as_user, monday):
    keeper = as_user(people.wh)
    one_of_each(people, monday)
    keeper.get("/parts/unreturned/")  # opens the months that have ended since
    before = {path: statements(keeper, f"/parts/{path}") for path in LISTS}
    one_of_each(people, monday)
    one_of_each(people, monday)
    assert {path: statements(keeper, f"/parts/{path}") for path in LISTS} == before


def test_empty_lists_say_so(people, as_user):
    for path in LISTS:
        assert as_user(people.wh).get(f"/parts/{path}").status_code == 200


def test_the_stock_is_paged_by_part_and_searched(people, as_user, monday):
    for n in range(55):
        build.spare(f"S{n:03d}", good=1, by=people.wh, at=monday)
    client = as_user(people.eng)
    first = client.get("/parts/stock/")
    assert len(first.context["table"].rows) == 50
    later = client.get(f"/parts/stock/{first.context['next']}")
    assert len(later.context["table"].rows) == 5
    assert "S054" in later.content.decode()
    assert len(client.get("/parts/stock/?q=s05").context["table"].rows) == 6
    assert client.get("/parts/stock/?zone=old").context["table"].rows == []
    assert client.get("/parts/stock/?after=%00:x").status_code == 200


@pytest.mark.clause("5.1")
def test_the_scanner_opens_the_piece_or_the_part(people, as_user, monday):
    build.spare("MOTOR", valuable=True, good=1, by=people.wh, at=monday)
    client = as_user(people.wh)
    assert client.get("/parts/scan/?code=motor-1").url == "/parts/codes/MOTOR-1/"
    assert client.get("/parts/scan/?code=motor").url == "/parts/stock/MOTOR/"
    assert client.get("/parts/scan/?code=nothing").url == "/parts/stock/?q=nothing"
    assert client.get("/parts/scan/").url == "/parts/stock/"
    page = client.get("/parts/codes/motor-1/")
    assert "received" in page.content.decode()
    assert client.get("/parts/stock/MOTOR/").status_code == 200
    assert client.get("/parts/codes/none/").status_code == 404


@pytest.mark.clause("5.1")
def test_goods_are_received_on_a_form_and_faults_stand_at_their_line(people, as_user, monday):
    build.spare("MOTOR", valuable=True), build.spare("A")
    client = as_user(people.wh)
    entries = {
        "supplier": "厂",
        "part_1": "A",
        "quantity_1": "4",
        "part_2": "MOTOR",
        "quantity_2": "2",
        "codes_2": "m1",
    }
    wrong = client.post("/parts/receipts/new/", entries)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["codes_2"])
    done = client.post("/parts/receipts/new/", entries | {"codes_2": "m1\nm2"})
    receipt = GoodsReceipt.objects.get()
    assert done.url == receipt.get_absolute_url()
    assert "cost_1" not in client.get("/parts/receipts/new/").content.decode()
    assert client.get(receipt.get_absolute_url()).status_code == 200


@pytest.mark.clause("8.1")
def test_costs_are_entered_by_purchasing_or_finance_and_hidden_from_the_warehouse(people, as_user, monday):
    build.spare(good=1, by=people.wh, at=monday)
    receipt = GoodsReceipt.objects.get()
    path = reverse("parts:receipt_cost", args=[receipt.number])
    line = receipt.lines.get()
    assert as_user(people.wh).get(path).status_code == 403
    assert as_user(people.pur).post(path, {f"cost_{line.pk}": "12.34"}).status_code == 302
    assert "12.34" in as_user(people.fin).get(receipt.get_absolute_url()).content.decode()
    assert "12.34" not in as_user(people.wh).get(receipt.get_absolute_url()).content.decode()
    assert AuditEvent.objects.filter(verb="goods.cost").count() == 1


def test_a_count_sheet_is_filled_and_approved_by_another(people, as_user, monday):
    part = build.spare("A", good=3, by=people.wh, at=monday)
    keeper, finance = as_user(people.wh), as_user(people.fins)
    page = keeper.get("/parts/stocktakes/new/")
    form = {f.html_name: f.value() for f in page.context["form"]}
    entries = {name: value for name, value in form.items() if value is not None}
    keeper.post("/parts/stocktakes/new/", entries | {f"counted_{part.pk}": "5", "reason": "盘点"})
    paper = Stocktake.objects.get()
    step = reverse("parts:stocktake_step", args=[paper.number, "confirm"])
    assert keeper.post(step).status_code == 403
    assert finance.get(paper.get_absolute_url()).status_code == 200
    assert finance.post(step).url == paper.get_absolute_url()
    assert on_hand(part, "good") == 5


def test_books_that_moved_are_said_on_the_page(people, as_user, monday):
    part = build.spare("A", good=3, by=people.wh, at=monday)
    paper = propose_count("good", [{"part": part, "counted": 5}], reason="盘点", by=people.wh, at=monday)
    move(part, 1, "good", "customer", paper="CK", by=people.wh, at=monday)
    answer = as_user(people.fins).post(reverse("parts:stocktake_step", args=[paper.number, "confirm"]))
    assert answer.status_code == 409
    assert "count again" in answer.content.decode()


@pytest.mark.clause("5.2")
def test_purchasing_answers_in_place_and_technical_its_assemblies(people, as_user, monday):
    plain, whole = (ask(build.spare(assembly=flag), 1, by=people.wh, at=monday) for flag in (False, True))
    buyer, technical = as_user(people.pur), as_user(people.tech)
    assert "hx-get" in buyer.get("/parts/enquiries/").content.decode()
    step = reverse("parts:enquiry_step", args=[plain.number, "answer"])
    assert buyer.get(step, headers={"HX-Request": "true"}).status_code == 200
    assert buyer.post(step, {"can_have": "true"}).status_code == 422
    assert buyer.post(step, {"can_have": "true", "arrives_on": timezone.localdate()}).status_code == 302
    assert technical.get(plain.get_absolute_url()).status_code == 404
    other = reverse("parts:enquiry_step", args=[whole.number, "answer"])
    assert buyer.post(other, {"can_have": "false", "text": "无"}).status_code == 409
    own = reverse("parts:enquiry_step", args=[whole.number, "answer_assembly"])
    assert technical.post(own, {"can_have": "false", "text": "无"}).status_code == 302
    assert list(Enquiry.objects.order_by("pk").values_list("can_have", flat=True)) == [True, False]


@pytest.mark.clause("6.3")
def test_name_and_street_of_a_parcel_are_shown_to_whom_they_are_due_and_every_look_is_written_down(
    people, as_user, monday
):
    ticket = build.ticket(at_stage="in_service", at=monday, company=people)
    parcel = pack(sheet(ticket, build.spare(), issued=1, at=monday, by=people.eng), by=people.wh, at=monday)
    path = parcel.get_absolute_url()
    assert "王小明" not in as_user(people.fin).get(path).content.decode()
    for _ in range(2):
        assert "王小明" in as_user(people.ga).get(path).content.decode()
    assert AuditEvent.objects.filter(verb="shipment.address_seen").count() == 1
    assert as_user(people.pur).get(path).status_code == 403


# --- the opening stock
def workbook(*rows) -> io.BytesIO:
    book, out = Workbook(), io.BytesIO()
    for row in (("Part code", "Pieces", "Codes"), *rows):
        book.active.append(row)
    book.save(out)
    out.seek(0)
    out.name = "opening.xlsx"
    return out


def send(client, file, act="take"):
    return client.post("/parts/opening/", {"file": file, "act": act})


def test_the_opening_stock_is_taken_in_whole(people, as_user):
    plain, motor = build.spare("A"), build.spare("M", valuable=True)
    client = as_user(people.wh)
    assert send(client, workbook(["A", 30], ["m", 2, "m1, m2"]), "dry").status_code == 200
    assert not PartCode.objects.exists()
    assert send(client, workbook(["A", 30], ["m", 2, "m1, m2"])).status_code == 302
    assert (on_hand(plain, "good"), on_hand(motor, "good"), GoodsReceipt.objects.get().opening) == (
        30,
        2,
        True,
    )


def test_one_bad_cell_keeps_everything_out_and_every_bad_cell_is_named(people, as_user, monday):
    for code in ("A", "B", "C", "D"):
        build.spare(code)
    build.spare("MOVED", good=1, by=people.wh, at=monday)
    build.spare("M", valuable=True)
    rows = [
        ["A", "=1+1"],
        ["NONE", 1],
        [None, 3],
        ["B", -1],
        ["C", 1e9],
        ["D", "many"],
        ["M", 2, "m1"],
        ["MOVED", 1],
    ]
    answer = send(as_user(people.wh), workbook(*rows, [], ["B", 2]))
    cells = [fault.cell.split("!")[1] for fault in answer.context["run"].faults]
    assert answer.status_code == 422
    assert cells == ["B2", "A3", "A4", "B5", "B6", "B7", "C8", "A9", "A11"]
    assert GoodsReceipt.objects.count() == 1


def test_something_that_is_no_workbook_is_refused(people, as_user):
    file = io.BytesIO(b"not a workbook")
    file.name = "x.xlsx"
    assert send(as_user(people.wh), file).status_code == 422
    assert as_user(people.wh).get("/parts/opening/template/").status_code == 200
    assert as_user(people.fin).get("/parts/opening/").status_code == 403


@pytest.mark.clause("5.1")
def test_a_decided_paper_offers_no_step(people, as_user, monday):
    paper = propose_count(
        "good",
        [{"part": build.spare(good=1, by=people.wh, at=monday), "counted": 2}],
        reason="盘点",
        by=people.wh,
        at=monday,
    )
    approve_count(paper, by=people.fins, at=monday)
    assert as_user(people.fins).get(paper.get_absolute_url()).context["road"] == []


# --- the shelf
@pytest.mark.clause("5.1")
def test_the_warehouse_writes_the_shelf_and_everybody_who_issues_reads_it(people, as_user, monday):
    release = build.released(people, monday, to="signed")
    part = release.lines.get().part
    keeper, path = as_user(people.wh), f"/parts/stock/{part.code}/shelf/"
    assert keeper.post(path, {"shelf": " A-3-07 "}).status_code == 302
    for address in (
        f"/parts/stock/?q={part.code}",
        f"/parts/stock/{part.code}/",
        f"{release.get_absolute_url()}?step=issue",
    ):
        assert "A-3-07" in keeper.get(address).content.decode(), address
    assert AuditEvent.objects.get(verb="stock.shelf").subject == f"part:{part.code}"
    assert as_user(people.pur).post(path, {"shelf": "B"}).status_code == 403
    assert keeper.post(path, {"shelf": "x" * 41}).status_code == 422


def test_a_part_that_never_came_in_has_a_shelf_too(people, as_user):
    part = build.spare("NEW")
    as_user(people.wh).post("/parts/stock/NEW/shelf/", {"shelf": "C-1"})
    assert (on_hand(part, "good"), part.stocks.get().shelf) == (0, "C-1")
    move(part, 2, "opening", "good", paper="RK", by=people.wh, at=dt.datetime.now(dt.UTC))
    assert (part.stocks.get().quantity, part.stocks.get().shelf) == (2, "C-1")


@pytest.mark.clause("5.6")
def test_a_month_that_has_ended_is_there_before_any_job_ran(people, as_user, monday):
    ticket = build.ticket(at_stage="in_service", at=monday, company=people)
    sheet(ticket, build.spare(), issued=1, at=monday, by=people.eng)
    assert as_user(people.wh).get("/parts/unreturned/2026-03/").status_code == 200
    assert "2026-03" in as_user(people.wh).get("/parts/unreturned/").content.decode()

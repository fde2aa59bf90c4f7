"""The bank's list (8.6, C38, C03): read, looked through, posted all or nothing; what is unknown stays listed."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from openpyxl import Workbook, load_workbook

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.imports import bank as reading
from finance.models import BankImport, BankRow, Receipt, Receivable, Transfer
from finance.services import bank, owing, receipts
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop
from tests.finance.debts import customer, debt, fins, old_debt

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6")]


def csv(*rows, head=("arrived_at", "amount", "payer", "text", "reference")):
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in (head, *rows))


def file(text, coding="utf-8"):
    return io.BytesIO(text.encode(coding))


def line(shop, amount, payer="某某", text="", reference="", at=None):
    return (f"{timezone.localtime(at or shop.at):%Y-%m-%d %H:%M:%S}", amount, payer, text, reference)


def take(shop, *rows, by=None):
    found = file(csv(*rows))
    sheet = reading.read(found)
    assert sheet.faults == []
    return bank.take(
        "list.csv", reading.digest(found), sheet.rows, sheet.numbers, by=by or shop.who.fin, at=shop.now()
    )


def matched(batch):
    return [(row.how, row.problem) for row in batch.rows.all()]


# --- reading
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_codings_that_banks_use(shop, coding):
    sheet = reading.read(file(csv(("2026/03/02 09:30", "¥1,234.50", "泰州物流", "货款", "T1")), coding))
    assert sheet.faults == [] and sheet.rows[0]["amount"] == Decimal("1234.50")
    assert (sheet.rows[0]["payer"], timezone.localtime(sheet.rows[0]["arrived_at"]).hour) == ("泰州物流", 9)


def test_a_workbook_is_read_and_the_template_is_one(shop):
    out = io.BytesIO()
    reading.template(out)
    book = load_workbook(out)
    book.active.append([dt.datetime(2026, 3, 1, 9, 0), 12.5, "张三", "x", "T2"])  # noqa: DTZ001  # a cell has no zone
    book.active.append([dt.date(2026, 3, 1), "12.50", "张三", None, None])
    filled = io.BytesIO()
    book.save(filled)
    sheet = reading.read(filled)
    assert sheet.faults == [] and [row["amount"] for row in sheet.rows] == [Decimal("12.50")] * 2
    assert sheet.rows[1]["arrived_at"] == dt.date(2026, 3, 1)


def test_a_list_as_banks_write_it_is_read_without_its_outgoing_rows_and_other_columns(shop):
    head = ("交易日期", "借方金额", "贷方金额", "余额", "收付方名称", "摘要", "交易流水号")
    rows = [
        ("2026-03-01", "", "1,250.00", "9,250.00", "泰州物流", "货款", "L1"), ("2026-03-01", "88.00", "", "9,162.00", "电网", "电费", "L2"),
        ("2026-03-01", "", "-20.00", "9,142.00", "泰州物流", "退款", "L3"),
    ]  # fmt: skip
    sheet = reading.read(file(csv(*rows, head=head), "gb18030"))
    assert (sheet.faults, sheet.numbers) == ([], [2])
    assert sheet.rows[0] | {"arrived_at": None} == {
        "arrived_at": None, "amount": Decimal("1250.00"), "payer": "泰州物流", "text": "货款", "reference": "L1",
    }  # fmt: skip


def test_money_of_a_day_before_the_report_that_it_names_is_listed_not_posted(shop):
    early = shop.at - dt.timedelta(days=300)
    batch = take(shop, line(shop, "60.00", "会计", f"款 {shop.ticket.number}", "N1", at=early))
    assert matched(batch) == [("", "earlier")]
    facts = {
        "customer": shop.customer,
        "ticket": shop.ticket,
        "method": "bank",
        "by": shop.who.fin,
        "at": shop.at,
    }
    with pytest.raises(BadEntry, match="before .* was reported") as refused:
        receipts.record(amount=Decimal(60), arrived_at=early, **facts)
    assert refused.value.field == "arrived_at"


def test_every_bad_cell_is_named(shop):
    rows = [
        ("2026-03-01", "0.00", "a", "", ""), ("2026-03-01", "-1", "a", "", ""), ("2026-03-01", "1.005", "a", "", ""),
        ("gestern", "1", "a", "", ""), ("2026-03-01", "=1+1", "a", "", ""), ("", "", "x" * 121, "", ""),
    ]  # fmt: skip
    sheet = reading.read(file(csv(*rows)))
    assert [fault.cell for fault in sheet.faults] == ["B2", "B3", "B4", "A5", "B6", "A7", "B7", "C7"]
    assert reading.read(file("a,b\n1,2")).faults
    for broken in (b"PK\x03\x04nothing", b"\x00\x01\x02", b"\xff\xff\xff"):
        with pytest.raises(BadEntry) as refused:
            reading.read(io.BytesIO(broken))
        assert refused.value.field == "file"


# --- whose it is
def test_by_number_else_by_payer_and_amount_of_exactly_one_debt_else_unknown(shop):
    his = customer(shop.now(), "李四", organisation="泰州物流")
    order = build.order(shop.who, shop.now())
    old_debt(shop, "70.00", customer=his), old_debt(shop, "70.00"), old_debt(shop, "30.00", customer=his)
    old_debt(shop, "30.00", customer=his)
    batch = take(
        shop, line(shop, "10", text=f"货款{shop.ticket.number}"), line(shop, "10", text=f"{order.number.lower()} 配件"),
        line(shop, "10", text=his.number), line(shop, "70.00", "泰州物流"), line(shop, "70.00", "泰州物流"),
        line(shop, "71.00", "李四"), line(shop, "30.00", "李四"), line(shop, "10", text="BX20990101-0001"),
        line(shop, "10", text=f"{shop.ticket.number} {his.number}"),
    )  # fmt: skip
    assert matched(batch) == [
        ("number", ""), ("number", ""), ("number", ""), ("amount", ""), ("", "unknown"), ("", "unknown"), ("", "several"),
        ("", "nobody"), ("", "several"),
    ]  # fmt: skip
    rows = list(batch.rows.all())
    assert (rows[0].ticket, rows[1].order, rows[2].customer, rows[3].customer) == (
        shop.ticket,
        order,
        his,
        his,
    )
    assert Receipt.objects.count() == 0


def test_a_number_alone_is_the_money_of_who_owes_for_it(shop):
    """The payer of a ticket may be another than who reported; with two who owe it is the ticket's customer's again."""
    payer = customer(shop.now(), "运输公司", "+8613912340009")
    row = debt(shop)
    Receivable.objects.filter(pk=row.pk).update(customer=payer)
    batch = take(shop, line(shop, "60.00", "会计", f"款 {shop.ticket.number}", "N1"))
    assert [found.customer for found in batch.rows.all()] == [payer]
    bank.post(batch, by=shop.who.fin, at=shop.now())
    assert owing.left(row) == 0
    batch = take(shop, line(shop, "5.00", "会计", f"款 {shop.ticket.number}", "N2"))
    assert [found.customer for found in batch.rows.all()] == [shop.customer]


def test_what_is_known_by_its_reference_is_shown_as_such(shop):
    shop.receipt("5.00", reference="T-1")
    take(shop, line(shop, "6.00", text=shop.ticket.number, reference="T-2"), line(shop, "7.00", "甲"))
    rows = [
        line(shop, "5.00", reference="T-1"), line(shop, "6.00", reference="T-2"), line(shop, "8.00", reference="T-3"),
        line(shop, "8.00", text=shop.ticket.number, reference="T-3"),
    ]  # fmt: skip
    assert matched(take(shop, *rows)) == [("", "known"), ("", "known"), ("", "unknown"), ("", "twice")]
    assert matched(
        take(shop, line(shop, "9", text=shop.ticket.number, at=shop.at + dt.timedelta(days=1)))
    ) == [("", "later")]


def test_the_same_file_twice_is_refused(shop):
    rows = (line(shop, "6.00"),)
    take(shop, *rows)
    found = file(csv(*rows))
    sheet = reading.read(found)
    with pytest.raises(BadEntry, match="already taken in") as refused:
        bank.take("other.csv", reading.digest(found), sheet.rows, sheet.numbers, by=fins(), at=shop.now())
    assert (refused.value.field, BankImport.objects.count()) == ("file", 1)


def test_a_day_without_a_time_ends_with_the_day_and_today_now(shop):
    today, before = (
        timezone.localtime(shop.at).date(),
        timezone.localtime(shop.at).date() - dt.timedelta(days=1),
    )
    batch = take(shop, (today, "1", "a", "", ""), (before, "2", "a", "", ""))
    first, second = batch.rows.all()
    assert (
        first.arrived_at == shop.at
        and timezone.localtime(second.arrived_at).strftime("%d %H:%M:%S") == "01 23:59:59"
    )


# --- posting
def test_matched_rows_become_receipts_of_who_posts_and_unknown_ones_stay_listed(shop):
    owed = old_debt(shop, "70.00")
    name = shop.customer.person.name
    batch = take(shop, line(shop, "70.00", name, reference="T-1"), line(shop, "3.00", "谁"))
    clerk = fins()
    made = bank.post(batch, by=clerk, at=shop.now())
    assert [(row.amount, row.made_by, row.method, row.reference) for row in made] == [
        (Decimal("70.00"), clerk, "bank", "T-1")
    ]
    assert owing.left(owed) == 0 and BankRow.objects.get(position=3).receipt is None
    with pytest.raises(OutOfTurn, match="No matched row"):
        bank.post(batch, by=clerk, at=shop.now())
    bank.choose(BankRow.objects.get(position=3), number=shop.customer.number.lower(), by=clerk, at=shop.now())
    assert len(bank.post(batch, by=clerk, at=shop.now())) == 1 and Receipt.objects.count() == 2


def test_one_row_that_cannot_be_recorded_stops_all(shop):
    other = build.ticket(at_stage="assigned", at=shop.at, company=shop.who, phone="+8613912340001")
    batch = take(
        shop,
        line(shop, "1.00", text=shop.ticket.number),
        line(shop, "2.00", text=other.number, reference="T-9"),
    )
    shop.receipt("2.00", reference="T-9")
    before = Receipt.objects.count(), Transfer.objects.count()
    with pytest.raises(OutOfTurn, match=r"Row 3 .*T-9.*Nothing was posted"):
        bank.post(batch, by=shop.who.fin, at=shop.now())
    assert (Receipt.objects.count(), Transfer.objects.count()) == before
    bank.leave_out(batch.rows.get(position=3), by=shop.who.fin, at=shop.now())
    assert len(bank.post(batch, by=shop.who.fin, at=shop.now())) == 1
    bank.take_up(batch.rows.get(position=3), by=shop.who.fin, at=shop.now())
    with pytest.raises(OutOfTurn):
        bank.post(batch, by=shop.who.fin, at=shop.now())


def test_by_hand_only_what_is_ours_and_not_posted(shop):
    batch = take(shop, line(shop, "1.00"))
    row = batch.rows.get()
    with pytest.raises(BadEntry) as refused:
        bank.choose(row, number="BX20990101-0001", by=shop.who.fin, at=shop.now())
    assert refused.value.field == "number"
    bank.choose(row, number=shop.ticket.number, by=shop.who.fin, at=shop.now())
    bank.post(batch, by=shop.who.fin, at=shop.now())
    for act in (bank.leave_out, bank.take_up):
        with pytest.raises(OutOfTurn, match="posted"):
            act(row, by=shop.who.fin, at=shop.now())


@pytest.mark.parametrize("role", ["ENG", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"])
def test_c38_c03_nobody_but_finance(shop, role):
    batch, who = take(shop, line(shop, "1.00", text=shop.ticket.number)), build.person(role)
    row = batch.rows.get()
    for act in (
        lambda: take(shop, line(shop, "2.00"), by=who),
        lambda: bank.choose(row, number=shop.ticket.number, by=who, at=shop.now()),
        lambda: bank.leave_out(row, by=who, at=shop.now()),
        lambda: bank.post(batch, by=who, at=shop.now()),
    ):
        with pytest.raises(Denied):
            act()


def test_whoever_is_erased_stands_in_no_list(shop):
    from sales.services import erase

    batch = take(shop, line(shop, "1.00", "王小明", text=f"王小明 {shop.ticket.number}"))
    erase(shop.customer, by=shop.who.mgr, seconded_by=build.person("MGR"), at=shop.now(), reason="PIPL 47")
    assert [(row.payer, row.text) for row in batch.rows.all()] == [("", "")]


@pytest.mark.usefixtures("one_factor")
def test_on_the_pages_and_over_the_api(people, as_user):
    shop = Shop(people, timezone.now() - build.HOUR * 3)
    client = as_user(people.fin)
    assert (
        load_workbook(io.BytesIO(client.get("/finance/bank/template.xlsx").getvalue())).active.max_column == 5
    )
    bad = SimpleUploadedFile("b.csv", csv(line(shop, "1.005")).encode())
    answer = client.post("/finance/bank/", {"file": bad})
    assert answer.status_code == 422 and "B2" in answer.content.decode() and BankImport.objects.count() == 0
    good = csv(
        line(shop, "1.00", text=shop.ticket.number), line(shop, "2.00", "谁"), line(shop, "3.00", "她")
    )
    answer = client.post("/finance/bank/", {"file": SimpleUploadedFile("g.csv", good.encode("gb18030"))})
    batch = BankImport.objects.get()
    path = f"/finance/bank/{batch.pk}/"
    assert (answer.status_code, answer.url) == (302, path)
    text = client.get(path).content.decode()
    assert "1 matched row" in text and "2 rows stay listed" in text and "by number" in text
    client.post(f"{path}rows/3/", {"act": "choose", "number": shop.customer.number})
    client.post(f"{path}rows/4/", {"act": "leave"})
    client.post(f"{path}post/")
    assert [str(row.amount) for row in Receipt.objects.order_by("pk")] == [
        "2.00",
        "1.00",
    ] or Receipt.objects.count() == 2
    assert "left out" in client.get(path).content.decode()
    again = client.post("/finance/bank/", {"file": SimpleUploadedFile("g2.csv", good.encode("gb18030"))})
    assert again.status_code == 422 and "already taken in" in again.content.decode()
    api = Program(people.fins)
    sent = {
        "file": SimpleUploadedFile(
            "a.csv", csv(line(shop, "4.00", text=shop.ticket.number, reference="T")).encode()
        )
    }
    made = api.send("bank-lists", sent)
    assert (api.status, made["rows"], made["faults"]) == (201, 1, [])
    assert api.post(f"bank-lists/{made['id']}/rows/2", {"act": "leave"})["left_out"] is True
    assert api.post(f"bank-lists/{made['id']}/post")["status"] == 409
    assert api.post(f"bank-lists/{made['id']}/rows/2", {"act": "again"})["left_out"] is False
    assert len(api.post(f"bank-lists/{made['id']}/post")["receipts"]) == 1
    assert api.get(f"bank-lists/{made['id']}")["rows"][0]["receipt"].startswith("SK")


def workbook(*rows):
    book = Workbook()
    with translation.override("zh-hans"):
        head = [str(column.label) for column in reading.columns()]
    assert head[2] == "付款人"
    for row in (head, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out


def test_headings_are_read_in_chinese_too(shop):
    assert reading.read(workbook((dt.datetime(2026, 3, 1, 9), 1, "甲", "x", "T"))).faults == []  # noqa: DTZ001  # as above

"""Short lists come at once, long ones by the worker; both hold the same rows, masked, and are written down."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEvent
from aftersales.downloads import asking, path_of, write_waiting
from aftersales.models import Download
from finance import selectors
from finance.models import Receipt, Receivable, Transfer
from parts.models import Release
from tests import build
from tests.finance.conftest import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor")]
MONEY = {
    "receipts": "/finance/receipts/",
    "receivables": "/finance/receivables/",
    "ledger": "/finance/ledger/",
}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def shop(people):
    return Shop(people, timezone.now() - 9 * build.HOUR)


@pytest.fixture
def owed(shop):
    """A receipt, and a debt from an issued release."""
    part = shop.part("60.00")
    release = shop.charged("unpaid", (part, 2))
    shop.sign(release, opinion="未付款，客户自费")
    shop.issue(Release.objects.get(pk=release.pk), 2)
    shop.receipt("80.00")
    return shop


def cells(content: bytes) -> list[list[object]]:
    """Head and rows, without the totals below them."""
    sheet = load_workbook(io.BytesIO(content)).active
    last = int(re.sub(r"\D", "", sheet.auto_filter.ref.partition(":")[2]))
    return [list(row) for row in sheet.iter_rows(max_row=last, values_only=True)]


def at_once(client, path) -> list[list[object]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    assert "no-store" in answer.headers["Cache-Control"]
    return cells(b"".join(answer.streaming_content))


def by_worker(client, path, monkeypatch) -> list[list[object]]:
    monkeypatch.setattr(asking, "LONG", 0)
    answer = client.get(path)
    assert (answer.status_code, answer.url) == (302, "/desk/downloads/")
    assert write_waiting() == 1
    return cells(path_of(Download.objects.get()).read_bytes())


def test_a_long_ticket_list_is_the_short_one_written_later(people, as_user, monkeypatch):
    now = timezone.now()
    for _ in range(2):
        build.ticket(at_stage="assigned", at=now, company=people, contact="王小明")
    build.ticket(at_stage="reported", at=now, company=people)
    client, path = as_user(people.cs), "/tickets/export.xlsx?stage=assigned"
    short = at_once(client, path)
    assert len(short) == 3 and "王**" in short[1] and "王小明" not in str(short)
    assert by_worker(client, path, monkeypatch) == short
    events = AuditEvent.objects.filter(verb="list.export")
    assert [(e.by, e.subject, e.data) for e in events] == [
        (people.cs, "tickets", {"rows": 2, "filters": ["stage"]})
    ] * 2


def test_an_engineers_long_list_holds_his_own_rows(people, as_user, monkeypatch):
    now = timezone.now()
    mine = build.ticket(at_stage="assigned", at=now, company=people)
    build.ticket(at_stage="reported", at=now, company=people)
    rows = by_worker(as_user(people.eng), "/tickets/export.xlsx", monkeypatch)
    assert [row[0] for row in rows[1:]] == [mine.number]


def test_two_thousand_rows_still_come_at_once():
    assert asking.LONG == 2000


@pytest.mark.parametrize("kind", MONEY)
def test_each_list_of_finance_short_and_long(owed, as_user, monkeypatch, kind):
    client, path = as_user(owed.who.fin), f"{MONEY[kind]}export.xlsx"
    assert f'href="{path}' in client.get(MONEY[kind]).content.decode()
    short = at_once(client, path)
    assert by_worker(client, path, monkeypatch) == short
    assert len(short) > 1 and all(len(row) == len(short[0]) for row in short)
    name = owed.customer.person.name
    assert name not in str(short)
    if kind != "ledger":
        assert f"{name[:1]}**" in short[1] and owed.customer.number in short[1]
    events = AuditEvent.objects.filter(verb="list.export", subject=kind)
    assert [(e.by, e.data) for e in events] == [(owed.who.fin, {"rows": len(short) - 1, "filters": []})] * 2


def test_what_is_free_and_what_is_open_stand_beside_the_amounts(owed, as_user):
    client, debt, receipt = as_user(owed.who.fin), Receivable.objects.get(), Receipt.objects.get()
    head, row = at_once(client, "/finance/receipts/export.xlsx")
    assert (row[head.index("Amount")], row[head.index("For")]) == (80, owed.ticket.number)
    assert row[head.index("Free")] == float(selectors.free(receipt))
    head, row = at_once(client, "/finance/receivables/export.xlsx")
    assert (row[head.index("Amount")], row[head.index("Liable engineer")]) == (120, owed.who.eng.name)
    assert row[head.index("Open")] == float(selectors.open_amounts([debt])[debt.pk])


def test_an_erased_customer_is_a_number(owed, as_user):
    owed.customer.person.erased_at = timezone.now()
    owed.customer.person.save()
    for kind in ("receipts", "receivables"):
        _head, row = at_once(as_user(owed.who.fin), f"{MONEY[kind]}export.xlsx")
        assert f"{owed.customer.person.name[:1]}**" not in row and owed.customer.number in row


def test_the_ledger_is_exported_as_it_is_narrowed(owed, as_user):
    client, receipt = as_user(owed.who.mgr), Transfer.objects.get(why="receipt")

    def count(**narrowed) -> int:
        return Transfer.objects.filter(**narrowed).count()

    whole = at_once(client, "/finance/ledger/export.xlsx")
    assert len(whole) - 1 == count() > count(paper=receipt.paper) > 0
    narrowed = at_once(client, f"/finance/ledger/export.xlsx?paper={receipt.paper.lower()}")
    assert len(narrowed) - 1 == count(paper=receipt.paper)
    assert len(at_once(client, "/finance/ledger/export.xlsx?kind=bank")) == 2
    own = at_once(client, f"/finance/ledger/export.xlsx?account={receipt.source_id}")
    assert len(own) - 1 == count(source=receipt.source_id) + count(target=receipt.source_id)
    assert at_once(client, "/finance/ledger/export.xlsx?account=x&kind=nonsense&paper=%00") == whole
    assert (
        f"export.xlsx?account={receipt.source_id}"
        in client.get(f"/finance/ledger/{receipt.source_id}/").content.decode()
    )


@pytest.mark.parametrize("kind", MONEY)
def test_who_may_not_see_a_list_may_not_export_it(owed, as_user, kind):
    path = f"{MONEY[kind]}export.xlsx"
    for role in ("cs", "wh", "sales", "tech", "pur", "ga", "sys"):
        assert as_user(getattr(owed.who, role)).get(path).status_code == 403, role
    for role in ("fin", "fins", "mgr", "aud"):
        assert as_user(getattr(owed.who, role)).get(path).status_code == 200, role
    assert as_user(owed.who.eng).get(path).status_code == (200 if kind == "receivables" else 403)


def test_an_engineer_exports_what_he_is_liable_for(owed, as_user):
    assert len(at_once(as_user(owed.who.eng), "/finance/receivables/export.xlsx")) == 2
    assert len(at_once(as_user(build.person("ENG")), "/finance/receivables/export.xlsx")) == 1


@pytest.mark.parametrize("kind", MONEY)
def test_three_rows_ask_no_more_than_one(owed, as_user, kind):
    client, counts = as_user(owed.who.fin), []
    for _ in range(3):
        with CaptureQueriesContext(connection) as seen:
            at_once(client, f"{MONEY[kind]}export.xlsx")
        counts.append(len(seen))
        owed.receipt("5.00")
    assert counts[0] == counts[2] <= 9


def test_too_many_at_once_are_refused_with_a_sentence(people, as_user, monkeypatch):
    build.ticket(at_stage="reported", at=timezone.now(), company=people)
    monkeypatch.setattr(asking, "LONG", 0)
    client = as_user(people.cs)
    for number in range(6):
        answer = client.get(f"/tickets/export.xlsx?period={number + 1}", follow=True)
    assert Download.objects.count() == 5
    assert "Please wait for one of them" in answer.content.decode()

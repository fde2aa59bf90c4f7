"""Finance lives in Excel: the lists of receipts and of receivables, each total a SUM over exactly its rows."""

import io
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEvent
from aftersales.limits import local_day
from finance.models import Account, Kind
from finance.services import ledger
from tests import build
from tests.finance.conftest import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor")]


@pytest.fixture
def shop(people):
    """Today, because requests arrive now."""
    return Shop(people, timezone.now() - build.HOUR * 3)


def book(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def column(sheet, label):
    """What stands under that head."""
    place = next(cell.column for cell in sheet[1] if cell.value == label)
    return [sheet.cell(row, place).value for row in range(2, sheet.max_row + 1)]


@pytest.mark.clause("8.6")
def test_receipts_leave_with_totals_over_exactly_their_rows(shop, as_user):
    part = shop.part("60.00")
    shop.quoted((part, 9))
    paid, receipt = shop.release("paid", (part, 1)), shop.receipt("60.00")
    shop.issue(shop.sign(paid, receipt=receipt), 1)
    shop.receipt("25.50")
    sheet = book(as_user(shop.who.fin), "/finance/receipts/export.xlsx").active
    assert column(sheet, "Amount") == [Decimal("25.50"), 60, None, "=SUM(C2:C3)", Decimal("85.50")]
    assert column(sheet, "Free") == [Decimal("25.50"), 0, None, "=SUM(E2:E3)", Decimal("25.50")]
    assert sheet.auto_filter.ref == "A1:M3"
    event = AuditEvent.objects.get(verb="list.export")
    assert (event.subject, event.data["rows"]) == ("receipts", 2)


@pytest.mark.clause("8.8")
def test_receivables_leave_with_totals_and_an_engineer_takes_his_own(shop, as_user):
    shop.issue(shop.sign(shop.charged("unpaid", (shop.part("60.00"), 1)), opinion="未付款"), 1)
    sheet = book(as_user(shop.who.fin), "/finance/receivables/export.xlsx").active
    assert column(sheet, "Open") == [60, None, "=SUM(I2:I2)", 60]
    assert column(sheet, "Days since due")[0] == 0
    assert column(book(as_user(build.person("ENG")), "/finance/receivables/export.xlsx").active, "Open") == []


def test_who_may_not_read_the_receipts_takes_no_workbook_of_them(shop, as_user):
    assert as_user(shop.who.eng).get("/finance/receipts/export.xlsx").status_code == 403


@pytest.mark.clause("8.10")
def test_the_ledger_names_people_as_its_pages_do_and_never_by_their_login(shop, as_user):
    accounts, who = Account.objects, shop.who.eng
    facts = {
        "amount": Decimal("5.00"),
        "day": local_day(shop.at),
        "paper": "KK1",
        "why": "deducted",
        "by": None,
        "at": shop.at,
    }
    ledger.post(
        "probe",
        source=accounts.of_kind(Kind.OTHER),
        target=accounts.of_kind(Kind.WAGE, who.username),
        **facts,
    )
    sheet = book(as_user(shop.who.fin), "/finance/ledger/export.xlsx").active
    assert column(sheet, "To")[0] == f"kept back from the wage of {who.name}"

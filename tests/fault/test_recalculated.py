"""Every total of finance's workbooks, calculated again by LibreOffice, is the portal's own number to the fen (8.10, 8.8)."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from aftersales import xlsx
from finance import exports
from finance.models import Receipt, Receivable, Refund, Statement
from finance.services import deducting, payroll, statements
from finance.services.statements import open_statements
from finance.sheets import books, payroll_list
from parts.services.monthly import open_lists
from tests import build, workbooks
from tests.finance.conftest import Shop
from tests.finance.owing import debt, paid, wage
from tests.finance.repaired import (
    MARCH,
    another,
    close,
    done,
    labour,
    on,
    parcel,
    pay,
    sold,
    under_warranty,
    used,
)

from .office import Office, differences

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900)]
EVIL = "=cmd|'/c calc'!A1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def company(people: Any, monday: dt.datetime, settings: Any, english: None) -> Any:
    """March 2026 of two engineers: tickets, work, parcels, old parts that are missing, money, deductions, refunds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    shop = Shop(people, monday)
    for price, cost, pieces, money in (("33.33", "10.01", 3, "50.00"), ("0.07", "0.02", 7, "0.49")):
        pay(sold(shop, price, cost, pieces=pieces), money, shop.at)
    labour(done(shop), "77.70", shop.at)
    parcel(shop.ticket, "12.50", shop.at)
    for pieces in (2, 1):
        old = Shop(people, shop.now())
        used(old, under_warranty(old, pieces, price="19.99"))
        done(old)
        shop.at = old.at
    other = build.person("ENG", name=EVIL)
    for day in (9, 10, 11):
        labour(another(shop, on(3, day), engineer=other), f"{day}.0{day % 10}", on(3, day))
    deductions(people, other, shop.customer)
    open_statements(on(4, 1)), open_lists(on(4, 1))
    sheet = statements.confirm(Statement.objects.get(engineer=people.eng), by=people.eng, at=on(4, 2))
    for amount in ("-2.55", "0.10"):
        facts = {"column": "freight", "amount": Decimal(amount), "reason": "=HYPERLINK(1)"}
        statements.adjust(sheet, by=people.fin, at=on(4, 3), **facts)
    return shop


def deductions(people: Any, other: Any, customer: Any) -> None:
    """Debts over their 40th day, confirmed within the cap; some of it is paid and put on the payroll list."""
    for amount, day in (("0.99", 1), ("333.33", 2), ("1234.56", 3)):
        debt(people, amount, dt.date(2026, 1, day), customer=customer)
    crew = SimpleNamespace(eng=other, fin=people.fin)
    debt(crew, "77.77", dt.date(2026, 1, 4), customer=customer)
    deducting.draft_due(on(3, 1))
    for who in (people, crew):
        wage(who, MARCH)
    for who in (people, crew):
        payroll.confirm(who.eng, month=MARCH, by=people.fins, at=on(3, 3))
    for amount, day in (("400.05", 11), ("850.40", 12), ("13.07", 13)):
        paid(people, customer, amount, on(3, day))
    for refund in Refund.objects.all():
        payroll.repay(refund, paid_on=dt.date(2026, 3, 13), paid_how="payroll", by=people.fins, at=on(3, 14))


def written(write: Callable[..., Any], *args: Any, **facts: Any) -> bytes:
    out = io.BytesIO()
    write(out, *args, **facts)
    return out.getvalue()


def all_books(shop: Any) -> dict[str, bytes]:
    who = {"by": shop.who.fins, "at": on(4, 4)}
    found = {
        "month": books.month(MARCH, **who).read(),
        "payroll": written(payroll_list.write, MARCH),
        "receipts": written(exports.receipts, Receipt.objects.all(), **who),
        "receivables": written(exports.receivables, Receivable.objects.all(), **who),
    }
    for month in (MARCH, dt.date(2026, 4, 1)):
        close(month, shop.who.fins, on(1, 6, year=2027))
    return found | {"year": books.year(2026, **who).read()}


@pytest.mark.django_db
@pytest.mark.clause("8.10")
@pytest.mark.clause("8.8")
def test_every_total_is_the_portals_own_number(company: Any, office: Office) -> None:
    given = all_books(company)
    calculated = office.calculated(**given)
    assert {name: differences(content, calculated[name]) for name, content in given.items()} == {
        name: [] for name in given
    }
    for name, content in given.items():
        totals = workbooks.totals(load_workbook(io.BytesIO(content)))
        assert max(len(total.rows) for total in totals) > 2 and any(total.sum for total in totals), name
    typed = [cell.value for sheet in calculated["month"] for row in sheet.iter_rows() for cell in row]
    assert {EVIL, "=HYPERLINK(1)"} <= set(typed)  # what people typed is text for LibreOffice as well


ROWS = [["x", Decimal("1.10")], ["y", Decimal("2.20")], ["z", Decimal("0.07")]]


def a_list() -> bytes:
    return written(xlsx.write, "表", ["A", "B"], ROWS, [9, 9], [1])


def test_a_number_that_is_a_fen_off_is_found(office: Office) -> None:
    """Negative control, on both of our writers."""
    given = {}
    for name, content, cell in (("list", a_list(), "B7"), ("laid", laid_list(), "B6")):
        book = load_workbook(io.BytesIO(content))
        book.active[cell] = book.active[cell].value + 0.01
        given[name] = written(lambda out, book=book: book.save(out))
    calculated = office.calculated(**given)
    for name, content in given.items():
        assert differences(content, calculated[name]) == [
            f"表!{'B6' if name == 'list' else 'B5'} B: 3.37, the portal says 3.38"
        ]


def laid_list() -> bytes:
    from aftersales.laid import Laid, write_book

    leaf = Laid(
        "表", ["A", "B"], ROWS, own=lambda: [None, Decimal("3.37")], words=("Total", "Own"), money=[1]
    )
    return written(write_book, [leaf])


def test_a_value_that_a_workbook_carries_is_not_believed(office: Office) -> None:
    """Our lists write the known sum beside its formula; a wrong one is calculated away, so what is compared was calculated."""
    wrong = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_list())) as source, zipfile.ZipFile(wrong, "w") as book:
        for name in source.namelist():
            text = source.read(name)
            book.writestr(name, text.replace(b"</f><v>3.37</v>", b"</f><v>999.99</v>"))
    assert load_workbook(io.BytesIO(wrong.getvalue()), data_only=True).active["B6"].value == 999.99
    assert office.calculated(carried=wrong.getvalue())["carried"].active["B6"].value == 3.37

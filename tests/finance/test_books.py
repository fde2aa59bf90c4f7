"""Finance's workbooks (8.10): laid out to be printed, real dates and numbers, each total a SUM over exactly its rows."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from accounts.models import AuditEvent
from aftersales import laid as layout
from aftersales import xlsx
from finance import rows as sheet_rows
from finance.models import Deduction, Statement
from finance.rules import profit
from finance.services import accounts, statements, year_end
from finance.services.statement_rows import rows_of
from finance.services.statements import open_statements
from finance.sheets import books
from parts.services.monthly import open_lists
from tests import build

from .repaired import MARCH, another, close, done, labour, on, parcel, pay, sold, under_warranty, used

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.10"), pytest.mark.clause("9.3")]
FORMULA = re.compile(r"=SUM\(([A-Z]+)2:([A-Z]+)(\d+)\)")


def opened(out):
    """(with formulas, as Excel would show it before any recalculation)"""
    return load_workbook(io.BytesIO(out.read()))


def total_row(sheet):
    """The row of sums, found by its word."""
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == "Total")


def check_totals(sheet):
    """Each total sums exactly the rows between head and total, and equals the portal's own number below it."""
    last, found = total_row(sheet), {}
    assert sheet.cell(last + 1, 1).value == "The portal's own total"
    for place in range(2, sheet.max_column + 1):
        formula, own = sheet.cell(last, place).value, sheet.cell(last + 1, place).value
        assert (formula is None) == (own is None)
        if formula is None:
            continue
        column = [sheet.cell(row, place).value for row in range(2, last)]
        if column:
            letter = get_column_letter(place)
            assert FORMULA.fullmatch(formula).groups() == (letter, letter, str(last - 1))
        else:
            assert formula == 0
        assert round(sum(Decimal(str(value)) for value in column if value is not None), 2) == round(
            Decimal(str(own)), 2
        )
        found[sheet.cell(1, place).value] = Decimal(str(own))
    return found


def check_layout(sheet):
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize), sheet.freeze_panes) == (
        "landscape",
        9,
        "B2",
    )
    assert (sheet.page_setup.fitToWidth, int(sheet.page_setup.fitToHeight), sheet.print_title_rows) == (
        1,
        0,
        "$1:$1",
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


# --- the writer
def laid(*rows, **more):
    out = io.BytesIO()
    leaf = layout.Laid("表", ["A", "B", "C"], rows, **more)
    layout.write_book(out, [leaf])
    return load_workbook(io.BytesIO(out.getvalue())).active


def test_sums_stand_below_their_rows_with_the_own_total_as_a_number():
    rows = (["x", Decimal("1.10"), 2], ["=1+1", Decimal("2.20"), 3])
    sheet = laid(
        *rows, own=lambda: [None, Decimal("3.30"), 5], words=("Total", "The portal's own total"), money=[1]
    )
    check_layout(sheet)
    assert [sheet.cell(4, n).value for n in (1, 2, 3)] == ["Total", "=SUM(B2:B3)", "=SUM(C2:C3)"]
    assert [sheet.cell(5, n).value for n in (2, 3)] == [3.3, 5]
    assert (sheet["A3"].data_type, sheet["A3"].quotePrefix, sheet["B2"].number_format) == (
        "s",
        True,
        "#,##0.00",
    )


def test_a_sum_over_no_row_is_nothing():
    sheet = laid(own=lambda: [None, Decimal(0), 0], words=("Total", "Own"))
    assert [sheet.cell(2, n).value for n in (1, 2, 3)] == ["Total", 0, 0]


def test_rows_that_do_not_count_stand_below_the_totals():
    sheet = laid(
        ["x", 1, 2], own=lambda: [None, 1, 2], words=("Total", "Own"), after=[["not counted"], ["y", 7, 8]]
    )
    assert (sheet["B3"].value, sheet["A6"].value, sheet["B7"].value) == ("=SUM(B2:B2)", "not counted", 7)


def test_a_cell_that_serves_again_keeps_every_value():
    sheet = laid(*(["x", Decimal(n), None if n % 2 else Decimal(n)] for n in range(50)), money=[1, 2])
    assert [sheet.cell(n + 2, 2).value for n in range(50)] == list(range(50))
    assert [sheet.cell(n + 2, 3).value for n in range(4)] == [0, None, 2, None]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("a/b:c*?[x]\\", "a b c   x"), ("'quoted'", "quoted"), ("", "1"), ("长" * 40, "长" * 31)],
)
def test_a_sheet_has_a_name_that_excel_takes(wanted, name):
    out = io.BytesIO()
    layout.write_book(out, [layout.Laid(wanted, ["A"], []), layout.Laid(wanted, ["A"], [])])
    first, second = load_workbook(io.BytesIO(out.getvalue())).sheetnames
    assert first == name and second.endswith(" 2") and len(second) <= 31


def test_a_list_without_a_name_bears_its_number():
    out = io.BytesIO()
    xlsx.write_book(out, [xlsx.Leaf("", ["A"], []), xlsx.Leaf("[]", ["A"], [])])
    assert load_workbook(io.BytesIO(out.getvalue())).sheetnames == ["1", "2"]


# --- the month
@pytest.fixture
def march(shop):
    """Two engineers: one with two tickets, an adjustment and a ticket without report, one with nothing; a deduction."""
    debt = sold(shop, "33.33", "10.01", pieces=3)
    ticket = done(shop)
    pay(debt, "50.00", shop.at)
    labour(ticket, "77.70", shop.at)
    parcel(ticket, "12.50", shop.at)
    another(shop, on(3, 9))
    waits = another(shop, on(3, 10))
    type(waits).objects.filter(pk=waits.pk).update(report_round=0)
    shop.other = build.person("ENG", name="=cmd|'/c calc'!A1")
    open_statements(on(4, 1))
    shop.sheet = statements.confirm(
        Statement.objects.get(engineer=shop.who.eng), by=shop.who.eng, at=on(4, 2)
    )
    statements.adjust(
        shop.sheet,
        by=shop.who.fin,
        at=on(4, 3),
        column="freight",
        amount=Decimal("-2.50"),
        reason="=HYPERLINK(1)",
    )
    for number, amount in (("KK20260301-0001", "11.11"), ("KK20260301-0002", "22.22")):
        row = Deduction(
            key=number, number=number, kind="fine", engineer=shop.who.eng, month=MARCH, due_on=MARCH, paper="罚单",
            amount=Decimal(amount),
        )  # fmt: skip
        row.sign(by=None, at=shop.at)
        row.save()
    return shop


def test_the_months_workbook_has_totals_engineers_unreturned_parts_and_deductions(march):
    book = opened(books.month(MARCH, by=march.who.fin, at=on(4, 4)))
    assert book.sheetnames == [
        "Totals 2026-03", "=cmd|' c calc'!A1", march.who.eng.name, "Parts not returned", "Deductions",
    ]  # fmt: skip
    for sheet in book:
        check_layout(sheet)
        check_totals(sheet)


def test_its_totals_are_the_portals(march):
    book = opened(books.month(MARCH, by=march.who.fin, at=on(4, 4)))
    rows, lines = rows_of(march.sheet, on(4, 4)), march.sheet.adjustments.all()
    sums = sheet_rows.totals(rows, lines)
    whole = check_totals(book["Totals 2026-03"])
    own = check_totals(book[march.who.eng.name])
    for name, word in (
        ("parts", "charged parts"),
        ("labour", "labour"),
        ("freight", "freight"),
        ("parts_cost", "cost of charged parts"),
    ):
        assert whole[word] == own[word] == sums[name], name
    assert (whole["Profit of the month"], whole["Tickets"], whole["Reports to come"]) == (profit(sums), 2, 1)
    assert (own["Due"], own["Received"], own["Still open"]) == (
        Decimal("177.69"),
        Decimal("50.00"),
        Decimal("127.69"),
    )
    assert check_totals(book["Deductions"])["Amount"] == Decimal("33.33")


def test_dates_are_dates_and_what_people_typed_is_text(march):
    book = opened(books.month(MARCH, by=march.who.fin, at=on(4, 4)))
    sheet = book[march.who.eng.name]
    head = [cell.value for cell in sheet[1]]
    completed = sheet.cell(2, head.index("Completed") + 1)
    assert (completed.is_date, str(completed.value)) == (True, "2026-03-02 00:00:00")
    reason = next(c for row in sheet.iter_rows() for c in row if c.value == "=HYPERLINK(1)")
    name = next(
        c for row in book["Totals 2026-03"].iter_rows() for c in row if str(c.value).startswith("=cmd")
    )
    assert [(c.data_type, c.quotePrefix) for c in (reason, name)] == [("s", True)] * 2


def test_a_ticket_without_its_report_stands_below_the_totals(march):
    sheet = opened(books.month(MARCH, by=march.who.fin, at=on(4, 4)))[march.who.eng.name]
    last = total_row(sheet)
    below = [sheet.cell(row, 1).value for row in range(last + 2, sheet.max_row + 1)]
    assert below[1] == "Not counted: quality report to come" and below[2].startswith("BX20260310")


@pytest.mark.clause("5.6")
def test_parts_not_returned_stand_in_it(shop):
    release = under_warranty(shop, 2)
    used(shop, release)
    done(shop)
    open_statements(on(4, 1)), open_lists(on(4, 1))
    sheet = opened(books.month(MARCH, by=shop.who.fin, at=on(4, 4)))["Parts not returned"]
    assert sheet["A2"].value == release.number
    assert check_totals(sheet) == {"Pieces": 2, "Amount": Decimal("200.00")}


def test_a_month_without_anything_is_a_workbook_as_well(shop):
    book = opened(books.month(MARCH, by=shop.who.fin, at=on(4, 4)))
    assert [check_totals(sheet) and sheet.max_row for sheet in book] == [3, 3, 3]


def test_the_export_is_logged(march):
    books.month(MARCH, by=march.who.fin, at=on(4, 4))
    event = AuditEvent.objects.get(verb="finance.export")
    assert (event.by, event.subject) == (march.who.fin, "statements:2026-03")


def test_more_engineers_ask_no_more_statements(march):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    another(march, on(3, 12), engineer=march.other)
    books.month(MARCH, by=march.who.fin, at=on(4, 4))
    with CaptureQueriesContext(connection) as few:
        books.month(MARCH, by=march.who.fin, at=on(4, 4))
    for _n in range(3):
        another(march, on(3, 12), engineer=build.person("ENG"))
    open_statements(on(4, 1))
    with CaptureQueriesContext(connection) as more:
        books.month(MARCH, by=march.who.fin, at=on(4, 4))
    assert len(more) == len(few)


# --- the year
def test_the_years_workbook_holds_the_accounts_and_the_shares(shop):
    pay(sold(shop, "33.33", "10.01", pieces=3), "50.00", on(3, 20))
    pay(labour(shop.ticket, "77.77", on(3, 2)), "77.77", on(4, 20))
    parcel(None, "3.00", on(4, 2))
    for month in (MARCH, dt.date(2026, 4, 1), dt.date(2026, 12, 1)):
        close(month, shop.who.fins, on(1, 6, year=2027))
    paper = year_end.prepare(2026, by=shop.who.fin, at=on(1, 8, year=2027))
    book = opened(books.year(2026, by=shop.who.fin, at=on(1, 9, year=2027)))
    assert book.sheetnames == [
        "By engineer 2026",
        "By month 2026",
        "By model 2026",
        "By region 2026",
        f"{shop.who.eng.name} 2026",
    ]
    assert [book[name]["A1"].value for name in book.sheetnames] == [
        "Engineer",
        "Month",
        "Model",
        "Region",
        "Month",
    ]
    whole = accounts.total(accounts.by_engineer(accounts.of_year(2026)))
    own = accounts.by_engineer(accounts.of_year(2026))[shop.who.eng.pk]  # the parcel of 3.00 is nobody's
    for sheet, sums in zip(book, [whole] * 4 + [own], strict=True):
        check_layout(sheet)
        found = check_totals(sheet)
        assert (found["charged parts"], found["labour"], found["Profit"]) == (
            sums["parts"],
            sums["labour"],
            profit(sums),
        )
    assert check_totals(book["By engineer 2026"])["Share"] == paper.shares.get().share
    months = [str(book["By month 2026"].cell(n, 1).value) for n in (2, 13)]
    assert months == ["2026-01-01 00:00:00", "2026-12-01 00:00:00"]


def test_who_may_not_see_costs_gets_none(march, monkeypatch):
    monkeypatch.setattr(books, "may", lambda user, action: False)
    sheet = opened(books.month(MARCH, by=march.who.fin, at=on(4, 4)))["Totals 2026-03"]
    assert not {"cost of charged parts", "cost of warranty parts"} & {cell.value for cell in sheet[1]}

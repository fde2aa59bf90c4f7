"""The list for payroll as Excel (8.8, C36): sums over exactly their rows, the portal's own totals beside, nothing to change."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEvent
from finance.models import Deduction, Refund
from finance.services import payroll
from tests import build
from tests.finance import months

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.8")]


def path():
    return f"/finance/payroll/{months.this_month():%Y-%m}.xlsx"


def book(client):
    answer = client.get(path())
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def filled(people):
    """Two people with deductions, one of them gets a refund on the list."""
    evil = build.person("ENG", name="=HYPERLINK(1)")
    first = months.confirmed(people.eng, people, "300.00")
    for amount in ("100.00", "50.55"):
        months.draft(evil, amount)
    facts = {"month": months.this_month(), "at": timezone.now()}
    payroll.enter_wage(evil, amount=Decimal(9000), by=people.fin, **facts)
    payroll.confirm(evil, by=people.fins, **facts)
    months.paid(first, "120.00", by=people.fin)
    payroll.repay(
        Refund.objects.get(), paid_on=months.today(), paid_how="payroll", by=people.fins, at=timezone.now()
    )
    return evil


def test_each_total_is_a_sum_over_exactly_its_rows_and_equals_the_portal_s_own(people, as_user):
    filled(people)
    for sheet in book(as_user(people.fins)):
        rows = list(sheet.iter_rows(values_only=True))
        data, formulas, own = rows[1:-2], rows[-2], rows[-1]
        assert sheet.freeze_panes == "B2" and sheet.page_setup.orientation == "landscape"
        sums = [(place, text) for place, text in enumerate(formulas) if str(text).startswith("=")]
        assert sums
        for place, text in sums:
            letter = re.fullmatch(rf"=SUM\((?P<at>[A-Z])2:(?P=at){len(data) + 1}\)", text)["at"]
            assert ord(letter) - ord("A") == place
            assert Decimal(str(own[place])) == sum(Decimal(str(row[place])) for row in data)


def test_what_stands_in_it_is_what_was_confirmed(people, as_user):
    evil = filled(people)
    people_sheet, taken, back = book(as_user(people.mgr)).worksheets
    named = {row[1]: row[2:] for row in people_sheet.iter_rows(min_row=2, max_row=3, values_only=True)}
    assert named == {people.eng.username: (300, 120, 180), evil.username: (150.55, 0, 150.55)}
    assert {row[7] for row in taken.iter_rows(min_row=2, max_row=4, values_only=True)} == {300, 100, 50.55}
    assert all(
        isinstance(row[4], dt.datetime) for row in taken.iter_rows(min_row=2, max_row=4, values_only=True)
    )
    assert back["E2"].value == 120 and Deduction.objects.filter(stage="confirmed").count() == 3


def test_a_name_can_never_become_a_formula(people, as_user):
    filled(people)
    cells = [cell for sheet in book(as_user(people.fins)) for row in sheet.iter_rows() for cell in row]
    evil = [cell for cell in cells if cell.value == "=HYPERLINK(1)"]
    assert evil and all(cell.data_type == "s" and cell.quotePrefix for cell in evil)
    assert {cell.value for cell in cells if cell.data_type == "f"} <= {
        c.value for c in cells if str(c.value).startswith("=SUM(")
    }


def test_no_wage_stands_in_it(people, as_user):
    filled(people)
    values = {cell.value for sheet in book(as_user(people.fins)) for row in sheet.iter_rows() for cell in row}
    assert not values & {8000, 9000, 2490, 1600}


def test_that_somebody_took_it_is_written_down(people, as_user):
    book(as_user(people.fins))
    event = AuditEvent.objects.get(verb="payroll.export")
    assert (event.by, event.subject, event.data["rows"]) == (people.fins, f"{months.this_month():%Y-%m}", 0)


@pytest.mark.parametrize("who", ["fin", "aud", "eng", "cs", "wh"])
def test_nobody_else_takes_it(people, as_user, who):
    assert as_user(getattr(people, who)).get(path()).status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "x", "2026"])
def test_a_month_that_is_none_is_not_found(people, as_user, month):
    assert as_user(people.fins).get(f"/finance/payroll/{month}.xlsx").status_code == 404

"""Debts from before the portal (8.8, J83): template, dry run, check sums, all or nothing, once; no clock restarts."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from accounts.access import Denied
from aftersales.limits import local_day
from deadlines.models import Deadline
from finance.imports import opening
from finance.models import Account, Kind, Receivable, Reconciliation
from finance.services import accounts, owing, reconciling
from finance.services.opening import take_over
from tests import build
from tests.api.conftest import Program
from tests.finance.conftest import Shop
from tests.finance.debts import customer, old_debt

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.8")]


def filled(debts, sums):
    out, back = io.BytesIO(), io.BytesIO()
    opening.template(out)
    book = load_workbook(out)
    for sheet, rows in zip(book.worksheets, (debts, sums), strict=True):
        for row in rows:
            sheet.append(row)
    book.save(back)
    back.seek(0)
    return back


def good(shop, day):
    eng, other = shop.who.eng.username, build.person("ENG").username
    his = customer(shop.now(), "李四", "+8613912340001")
    debts = [
        ("A1", shop.customer.number, None, None, eng, 100.5, day - dt.timedelta(days=90), day - dt.timedelta(days=60), "凭证7"),
        ("A2", None, "李四", "139 1234 0001", eng, 20, day, day + dt.timedelta(days=10), None),
        ("A3", his.number, None, None, other, 7, day, day, None),
    ]  # fmt: skip
    return debts, [(eng, 120.5), (other, 7)]


def test_a_good_workbook_is_taken_in_with_true_days_and_no_clock_restarts(shop):
    day = local_day(shop.at)
    run = opening.dry_run(filled(*good(shop, day)), shop.now())
    assert run.faults == [] and Receivable.objects.count() == 0
    take_over(run.rows["debts"], source="x", by=shop.who.fin, at=shop.now())
    first = Receivable.objects.get(key="opening:A1")
    assert (first.note, first.due_on, owing.left(first), first.engineer) == (
        "凭证7", day - dt.timedelta(days=60), Decimal("100.50"), shop.who.eng,
    )  # fmt: skip
    assert Account.objects.of_kind(Kind.OPENING).balance() == Decimal("-127.50")
    clock = Deadline.objects.get(rule="receivable", subject_id=first.pk)
    assert clock.due_at < shop.at and local_day(clock.opened_at) == first.due_on


@pytest.mark.clause("8.10")
def test_what_its_parts_cost_counts_as_it_is_collected(shop):
    """Without it 40 % of the price would be paid out as profit."""
    day = local_day(shop.at)
    debts, sums = good(shop, day)
    debts[0] = (*debts[0], "x")
    faults = opening.dry_run(filled(debts, sums), shop.now()).faults
    assert [fault.cell.split("!")[1] for fault in faults] == ["J2"]
    debts[0] = (*debts[0][:9], 40.2)
    run = opening.dry_run(filled(debts, sums), shop.now())
    assert run.faults == []
    take_over(run.rows["debts"], source="x", by=shop.who.fin, at=shop.now())
    shop.receipt("50.25", ticket=None)  # half of the first
    found = accounts.by_engineer(accounts.compute(day.replace(day=1)))[shop.who.eng.pk]
    assert (found["parts"], found["parts_cost"]) == (Decimal("50.25"), Decimal("20.10"))


def test_a_key_comes_once(shop):
    book = good(shop, local_day(shop.at))
    run = opening.dry_run(filled(*book), shop.now())
    take_over(run.rows["debts"], source="x", by=shop.who.fin, at=shop.now())
    again = opening.dry_run(filled(*book), shop.now())
    assert [fault.cell.split("!")[1] for fault in again.faults] == ["A2", "A3", "A4"]
    with pytest.raises(Exception, match="taken in already"):
        take_over(run.rows["debts"], source="x", by=shop.who.fin, at=shop.now())
    assert Receivable.objects.count() == 3


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [(0, None, "A2"), (1, "GK1", "B2"), (4, "nobody", "E2"), (5, 0, "F2"), (5, -1, "F2"), (5, 1.005, "F2"), (5, "x", "F2"),
     (6, "morgen", "G2"), (6, dt.date(2999, 1, 1), "G2"), (7, dt.date(1999, 1, 1), "H2"), (7, dt.date(2029, 1, 1), "H2")],
)  # fmt: skip
def test_a_bad_cell_is_named_and_nothing_is_taken_in(shop, column, value, cell):
    debts, sums = good(shop, local_day(shop.at))
    debts[0] = (*debts[0][:column], value, *debts[0][column + 1 :])
    run = opening.dry_run(filled(debts, sums), shop.now())
    assert [fault.cell.split("!")[1] for fault in run.faults] == [cell]


def test_an_unknown_or_ambiguous_customer_is_named(shop):
    customer(shop.now(), "李四", "+8613912340001")
    debts, sums = good(shop, local_day(shop.at))  # now two have this name and phone
    run = opening.dry_run(filled(debts, sums), shop.now())
    assert [fault.cell.split("!")[1] for fault in run.faults] == ["C3"] and "2 customers" in run.faults[
        0
    ].what


def test_the_check_sum_of_each_engineer_is_compared(shop):
    debts, sums = good(shop, local_day(shop.at))
    wrong = opening.dry_run(filled(debts, [(sums[0][0], 120.49), sums[1]]), shop.now())
    assert [fault.cell.split("!")[1] for fault in wrong.faults] == ["B2"] and "120.50" in wrong.faults[0].what
    missing = opening.dry_run(filled(debts, sums[:1]), shop.now())
    assert len(missing.faults) == 1 and sums[1][0] in missing.faults[0].what


@pytest.mark.clause("4.11")
def test_no_month_before_the_portal_is_reconciled(shop):
    row = old_debt(shop, "100.00", due=700)
    shop.at += dt.timedelta(days=40)
    reconciling.open_all(shop.at)
    papers = Reconciliation.objects.filter(engineer=row.engineer)
    assert [paper.month for paper in papers] == [local_day(row.made_at).replace(day=1)]
    assert reconciling.figures(row.engineer, papers[0].month).opening == Decimal("100.00")


@pytest.mark.parametrize("role", ["ENG", "MGR", "CS", "WH", "GA", "SYS", "AUD", "SALES", "TECH", "PUR"])
def test_j83_nobody_but_finance(shop, role):
    with pytest.raises(Denied):
        take_over([], source="x", by=build.person(role), at=shop.now())


@pytest.mark.usefixtures("one_factor")
def test_on_the_page_and_over_the_api(people, as_user):
    shop = Shop(people, timezone.now() - build.HOUR * 3)
    client, path = as_user(people.fin), "/finance/receivables/opening/"
    assert (
        load_workbook(io.BytesIO(client.get(f"{path}template.xlsx").getvalue())).worksheets[0].max_column
        == 10
    )
    data = filled(*good(shop, local_day(shop.at))).read()

    def sent():
        return SimpleUploadedFile("o.xlsx", data)

    assert "3 rows could be taken in" in client.post(path, {"file": sent(), "act": "dry"}).content.decode()
    assert Receivable.objects.count() == 0
    assert client.post(path, {"file": sent(), "act": "take"}).status_code == 302
    assert Receivable.objects.count() == 3
    again = client.post(path, {"file": sent(), "act": "take"})
    assert again.status_code == 422 and "taken in already" in again.content.decode()
    api = Program(people.fin)
    found = api.send("receivables/import", {"file": sent(), "keep": "true"})
    assert (api.status, len(found["faults"]), found["taken"]) == (200, 3, 0)
    assert Program(people.eng).send("receivables/import", {"file": sent()})["status"] == 403

"""The pages and endpoints of sheets, accounts and year ends: who opens them, what they say, and that rows cost nothing."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from finance.models import Statement, YearEnd
from finance.services import statements, year_end
from finance.services.statements import open_statements
from tests import build
from tests.conftest import SHANGHAI

from .repaired import MARCH, close, done, labour, on, parcel, pay, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("9.3")]
JANUARY = on(1, 8, year=2027)


def page(client, path, status=200, **query):
    answer = client.get(path, query)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


@pytest.fixture
def sheet(shop):
    """March: parts on credit, work, a parcel; the sheet waits for its engineer."""
    pay(sold(shop, "61.61", "35.35"), "61.61", shop.at)
    ticket = done(shop)
    labour(ticket, "80.00", shop.at)
    parcel(ticket, "12.34", shop.at)
    open_statements(on(4, 1))
    return Statement.objects.get(engineer=shop.who.eng)


@pytest.fixture
def year(shop, sheet):
    for month in (MARCH, MARCH.replace(month=12)):
        close(month, shop.who.fins, on(1, 6, year=2027))
    return year_end.prepare(2026, by=shop.who.fin, at=JANUARY)


# --- sheets
LISTS = {"/finance/statements/": "fin", "/finance/accounts/": "mgr", "/finance/year-ends/": "aud"}


@pytest.mark.parametrize(("path", "who"), LISTS.items())
def test_an_empty_list_says_so(people, as_user, path, who):
    assert '<div class="empty">' in page(as_user(getattr(people, who)), path)


def test_the_list_of_sheets_asks_no_more_for_three_rows_than_for_one(shop, sheet, as_user):
    client = as_user(shop.who.fin)
    page(client, "/finance/statements/")
    with CaptureQueriesContext(connection) as one:
        assert page(client, "/finance/statements/").count("data-item") == 1
    build.person("ENG"), build.person("ENG")
    open_statements(on(4, 1))
    with CaptureQueriesContext(connection) as three:
        assert page(client, "/finance/statements/").count("data-item") == 3
    assert len(three) == len(one) <= 5


def test_the_list_is_narrowed_by_month_and_stage(shop, sheet, as_user):
    client = as_user(shop.who.fin)
    assert sheet.number in page(client, "/finance/statements/", month="2026-03", stage="open")
    assert sheet.number not in page(client, "/finance/statements/", month="2026-02")
    assert sheet.number not in page(client, "/finance/statements/", stage="checked")
    assert sheet.number in page(client, "/finance/statements/", month="nonsense", stage="\x00")


def test_an_engineer_finds_his_own_sheets_only(shop, sheet, as_user):
    other = build.person("ENG")
    open_statements(on(4, 1))
    assert sheet.number in page(as_user(shop.who.eng), "/finance/statements/")
    assert sheet.number not in page(as_user(other), "/finance/statements/")
    page(as_user(other), sheet.get_absolute_url(), 404)
    page(as_user(shop.who.wh), "/finance/statements/", 403)


def test_the_engineer_sees_the_cost_of_parts_as_a_sum_only(shop, sheet, as_user):
    """C32: the word of the column heads no table of his; finance reads it row by row."""
    his, theirs = (
        page(as_user(shop.who.eng), sheet.get_absolute_url()),
        page(as_user(shop.who.fin), sheet.get_absolute_url()),
    )
    head = '<th scope="col" class="money">cost of charged parts</th>'
    assert (head in his, head in theirs) == (False, True)
    assert "<dt>cost of charged parts</dt><dd>35.35</dd>" in his
    assert "12.34" in his and "61.61" in his and shop.ticket.number in his


def test_the_engineer_confirms_and_finance_checks_on_the_page(shop, sheet, as_user):
    url = sheet.get_absolute_url()
    assert as_user(shop.who.eng).post(f"{url}steps/confirm/").status_code == 302
    assert as_user(shop.who.fin).post(f"{url}steps/approve/").status_code == 302
    assert Statement.objects.get().stage == "checked"
    body = page(as_user(shop.who.mgr), url)
    assert "Checked by" in body and "steps/adjust" not in body


def test_finance_adjusts_on_the_page_and_a_bad_amount_stands_at_its_field(shop, sheet, as_user):
    statements.confirm(sheet, by=shop.who.eng, at=on(4, 2))
    client, url = as_user(shop.who.fin), f"{sheet.get_absolute_url()}steps/adjust/"
    bad = client.post(url, {"column": "other", "amount": "1.005", "reason": "补记"})
    assert bad.status_code == 422 and "two decimals" in bad.content.decode()
    assert client.post(url, {"column": "other", "amount": "-4.20", "reason": "补记"}).status_code == 302
    assert sheet.adjustments.get().amount == Decimal("-4.20")
    assert "−4.20" in page(client, sheet.get_absolute_url())


def test_the_page_of_a_sheet_asks_no_more_for_more_tickets(shop, sheet, as_user):
    from .repaired import another

    client, url = as_user(shop.who.fin), sheet.get_absolute_url()
    page(client, url)
    with CaptureQueriesContext(connection) as one:
        page(client, url)
    another(shop, on(3, 9)), another(shop, on(3, 10))
    with CaptureQueriesContext(connection) as three:
        page(client, url)
    assert len(three) == len(one)


# --- print
def test_the_sheet_prints_as_a_page_and_as_pdf_in_chinese_and_english(shop, sheet, as_user):
    client, url = as_user(shop.who.fin), sheet.get_absolute_url()
    body = page(client, f"{url}print/")
    assert shop.ticket.number in body and "cost of" not in body
    assert "After-sales statistics sheet" in page(client, f"{url}print/", lang="en")
    answer = client.get(f"{url}pdf/")
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages)
    assert answer["Content-Type"] == "application/pdf" and sheet.number in text.replace("\u200b", "")


def test_the_print_of_an_empty_sheet_works(shop, as_user):
    done(shop)
    open_statements(on(5, 1))
    empty = Statement.objects.get(month=MARCH.replace(month=4))
    page(as_user(shop.who.eng), f"{empty.get_absolute_url()}print/")


# --- Excel
@pytest.mark.clause("8.10")
def test_the_workbooks_come_by_their_addresses(shop, sheet, as_user):
    for path, name in (
        ("/finance/statements/2026-03.xlsx", "2026-03.xlsx"),
        ("/finance/accounts/2026.xlsx", "2026.xlsx"),
    ):
        answer = as_user(shop.who.mgr).get(path)
        assert (answer.status_code, name in answer["Content-Disposition"]) == (200, True)
        assert load_workbook(io.BytesIO(b"".join(answer.streaming_content))).sheetnames


@pytest.mark.parametrize("role", ["eng", "aud", "wh", "cs", "sys", "pur"])
def test_the_export_is_finances_and_the_leaders(people, as_user, role):
    page(as_user(getattr(people, role)), "/finance/statements/2026-03.xlsx", 403)
    page(as_user(getattr(people, role)), "/finance/accounts/2026.xlsx", 403)


@pytest.mark.parametrize("month", ["2026-13", "9999-12", "2026", "２０２６-01", "x"])
def test_a_month_that_is_none_is_not_found(people, as_user, month):
    page(as_user(people.fin), f"/finance/statements/{month}.xlsx", 404)
    page(as_user(people.fin), f"/finance/accounts/{month}x/", 404)


# --- accounts
@pytest.mark.clause("8.10")
def test_the_accounts_of_a_month_and_of_a_year_show_who_earned_what(shop, sheet, as_user):
    client = as_user(shop.who.mgr)
    for period in ("2026-03", "2026"):
        body = page(client, f"/finance/accounts/{period}/")
        assert shop.who.eng.name in body and "61.61" in body and "13.92" in body  # 61.61 − 35.35 − 12.34
    assert 'href="/finance/accounts/2026-03/"' in page(client, "/finance/accounts/")
    for nonsense in ("1999", "2026-00", "abc"):
        page(client, f"/finance/accounts/{nonsense}/", 404)


# --- the year end
@pytest.mark.clause("8.10")
def test_finance_prepares_from_the_accounts_and_a_leader_approves(shop, sheet, as_user):
    from django.utils import timezone

    year = timezone.now().astimezone(SHANGHAI).year - 1
    close(MARCH.replace(year=year, month=12), shop.who.fins, on(4, 1))
    assert "Prepare the year end" in page(as_user(shop.who.fin), f"/finance/accounts/{year}/")
    assert as_user(shop.who.fin).post(f"/finance/accounts/{year}/year-end/").status_code == 302
    paper = YearEnd.objects.get()
    assert (paper.year, paper.stage) == (year, "prepared")
    url = f"/finance/year-ends/{year}/steps/approve/"
    assert as_user(shop.who.mgr).post(url, {"secret": "wrong"}).status_code == 422
    assert as_user(shop.who.mgr).post(url, {"secret": build.PASSWORD}).status_code == 302
    assert YearEnd.objects.get().stage == "locked"


@pytest.mark.clause("8.10")
def test_a_prepared_year_waits_on_the_leaders_desk_until_he_has_decided(shop, year, as_user):
    word, client = "Year ends to approve", as_user(shop.who.mgr)
    assert word in page(client, "/desk/")
    assert word not in page(as_user(shop.who.fins), "/desk/")
    year_end.approve(year, by=shop.who.mgr, at=JANUARY)
    assert word not in page(client, "/desk/")


def test_who_may_not_decide_about_a_year_does_not_find_it_on_his_desk(shop, year):
    from finance.desk.waiting import year_ends

    assert [list(year_ends(who)) for who in (shop.who.mgr, shop.who.fin, shop.who.eng)] == [[year], [], []]


@pytest.mark.clause("8.10")
def test_each_engineer_sees_his_own_share_once_it_is_locked(shop, year, as_user):
    from accounts.models import User

    other = build.person("ENG", name="没有份的人")
    client, url = as_user(shop.who.eng), "/finance/year-ends/2026/"
    page(client, url, 404)
    year_end.approve(year, by=shop.who.mgr, at=JANUARY)
    body = page(client, url)
    assert "5.57" in body  # 13.92 × 40 %
    assert (
        "35.35" in body
    )  # the cost of parts as a sum of his own (C32): without it he could not follow his profit
    [own] = client.get("/api/v1/year-ends/2026").json()["shares"]
    assert own["amounts"]["parts_cost"] == "35.35"
    page(as_user(User.objects.get(pk=other.pk)), url, 404)
    assert "2026" in page(client, "/finance/year-ends/")
    page(as_user(shop.who.wh), url, 403)


@pytest.mark.clause("8.10")
def test_a_refusal_is_said_on_the_page_of_the_year(shop, as_user):
    answer = as_user(shop.who.fin).post("/finance/accounts/2026/year-end/", follow=True)
    assert "not over yet" in answer.content.decode()


# --- API
def test_the_sheet_over_the_api_with_its_rows_steps_and_totals(shop, sheet, as_user):
    client = as_user(shop.who.eng)
    [brief] = client.get("/api/v1/statements").json()["results"]
    whole = client.get(f"/api/v1/statements/{sheet.number}").json()
    assert (brief["month"], "rows" in brief) == ("2026-03", False)
    assert (
        whole["rows"][0]["ticket"] == shop.ticket.number and "parts_cost" not in whole["rows"][0]["amounts"]
    )
    assert (whole["totals"]["parts_cost"], whole["profit"], whole["satisfaction"]) == ("35.35", "93.92", None)
    assert [step["name"] for step in whole["steps"]] == ["confirm"]
    done_ = client.post(
        f"/api/v1/statements/{sheet.number}/steps/confirm", {}, content_type="application/json"
    )
    assert (done_.status_code, done_.json()["stage"]) == (200, "confirmed")


@pytest.mark.clause("8.10")
def test_the_accounts_over_the_api(shop, sheet, as_user):
    body = as_user(shop.who.aud).get("/api/v1/accounts/2026-03").json()
    assert (body["closed"], [(x["of"], x["profit"]) for x in body["engineers"]]) == (
        False,
        [(shop.who.eng.username, "13.92")],
    )
    assert as_user(shop.who.aud).get("/api/v1/accounts/2026-3").status_code == 404
    assert as_user(shop.who.eng).get("/api/v1/accounts/2026-03").status_code == 403


@pytest.mark.clause("8.10")
def test_the_year_end_over_the_api(shop, year, as_user):
    whole = as_user(shop.who.mgr).get("/api/v1/year-ends/2026").json()
    assert [(x["engineer"], x["share"]) for x in whole["shares"]] == [(shop.who.eng.username, "5.57")]
    refused = as_user(shop.who.fin).post("/api/v1/accounts/2026/year-end")
    assert (refused.status_code, refused.json()["clause"]) == (409, "8.10")

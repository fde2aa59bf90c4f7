"""Deductions on their pages (4.11, 8.8): list, objection and decision, the whole month confirmed as shown, refunds."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.models import Deduction, Payroll, Refund, Transfer
from finance.services import deducting, payroll
from tests import build
from tests.finance import months

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor")]


def page(client, path, status=200, **query):
    answer = client.get(path, query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def fields(text):
    return dict(re.findall(r'<input type="hidden" name="(shown|seen|operation)" value="([^"]*)"', text))


def step(row, name):
    return f"{row.get_absolute_url()}steps/{name}/"


def month_page(person):
    return f"/finance/payroll/{months.this_month():%Y-%m}/{person.username}/"


# --- the list
@pytest.mark.clause("8.8")
def test_the_list_shows_cap_what_fits_and_what_is_carried_to_who_may_see_wages(people, as_user):
    months.draft(people.eng, "900.00"), months.draft(people.eng, "900.00")
    months.wages(people.eng, "8000.00", by=people.fin)
    text = page(as_user(people.fins), "/finance/deductions/")
    assert "¥1,600.00" in text and "¥200.00" in text
    assert text.count("data-item") == 2
    own = page(as_user(people.eng), "/finance/deductions/")
    assert "¥1,600.00" in own
    assert "¥1,600.00" not in page(as_user(people.aud), "/finance/deductions/")


def test_somebody_else_finds_nothing_of_it(people, as_user):
    row = months.draft(people.eng)
    other = as_user(build.person("ENG"))
    assert row.number not in page(other, "/finance/deductions/")
    page(other, row.get_absolute_url(), 404)
    page(other, month_page(people.eng), 404)
    page(as_user(people.wh), row.get_absolute_url(), 404)


@pytest.mark.parametrize("who", ["fins", "aud"])
def test_three_rows_ask_no_more_than_one(people, as_user, who):
    client = as_user(getattr(people, who))
    months.draft(people.eng)
    months.wages(people.eng, by=people.fin)
    page(client, "/finance/deductions/")
    with CaptureQueriesContext(connection) as one:
        page(client, "/finance/deductions/")
    for engineer in (people.eng, build.person("ENG")):
        months.draft(engineer)
    with CaptureQueriesContext(connection) as three:
        assert page(client, "/finance/deductions/").count("data-item") == 3
    assert len(three) == len(one), [q["sql"][:120] for q in three]


def test_an_empty_month_says_when_one_is_drafted(people, as_user):
    assert '<div class="empty">' in page(as_user(people.fins), "/finance/deductions/", month="2020-01")


@pytest.mark.parametrize("word", ["", "x", "2026-13", "99999-1", "２０２６-01", "0000-01", "2026-1"])
def test_a_senseless_month_is_this_month(people, as_user, word):
    assert f'<b class="number">{months.this_month():%Y-%m}</b>' in page(
        as_user(people.fins), "/finance/deductions/", month=word
    )


def test_c12_finance_looks_for_overdue_debts_without_waiting_for_the_night(people, as_user):
    months.debt(people.eng)
    assert as_user(people.eng).post("/finance/deductions/propose/").status_code == 403
    client = as_user(people.fin)
    for _twice in range(2):
        assert client.post("/finance/deductions/propose/").status_code == 302
    assert Deduction.objects.count() == 1


# --- objection and decision
@pytest.mark.clause("8.8")
def test_c14_the_engineer_objects_and_c34_a_leader_decides(people, as_user):
    row = months.draft(people.eng)
    answer = as_user(people.eng).post(step(row, "object"), {"objection": "客户已付现金"})
    assert answer.status_code == 302
    assert "客户已付现金" in page(as_user(people.mgr), row.get_absolute_url())
    assert as_user(people.fins).post(step(row, "uphold"), {"decision": "x"}).status_code == 403
    assert as_user(people.mgr).post(step(row, "uphold"), {"decision": "收据在此"}).status_code == 302
    row = Deduction.objects.get(pk=row.pk)
    assert (row.stage, row.upheld, row.decision, row.decided_by) == ("dropped", True, "收据在此", people.mgr)
    assert "收据在此" in page(as_user(people.eng), row.get_absolute_url())


@pytest.mark.clause("8.8")
def test_a_rejected_objection_lets_the_draft_pass_and_is_not_raised_again(people, as_user):
    row = months.draft(people.eng)
    as_user(people.eng).post(step(row, "object"), {"objection": "不对"})
    as_user(people.mgr).post(step(row, "overrule"), {"decision": "账上没有"})
    assert Deduction.objects.get(pk=row.pk).stage == "draft"
    assert as_user(people.eng).post(step(row, "object"), {"objection": "再说"}).status_code == 409


def test_an_objection_says_why(people, as_user):
    row = months.draft(people.eng)
    answer = as_user(people.eng).post(step(row, "object"), {"objection": " "})
    assert answer.status_code == 422 and Deduction.objects.get(pk=row.pk).stage == "draft"


def test_sd07_a_leader_does_not_decide_about_his_own_wage(people, as_user):
    both = build.person("ENG", "MGR")
    row = months.draft(both)
    as_user(both).post(step(row, "object"), {"objection": "不对"})
    answer = as_user(both).post(step(row, "uphold"), {"decision": "我说了算"})
    assert answer.status_code == 403 and "SD07" in answer.content.decode()
    assert Deduction.objects.get(pk=row.pk).stage == "objected"


def test_an_engineer_s_page_offers_the_objection_and_nothing_else(people, as_user):
    row = months.draft(people.eng)
    text = page(as_user(people.eng), row.get_absolute_url())
    assert "/steps/object/" in text and "/steps/uphold/" not in text and "/steps/repay/" not in text


# --- the whole month
@pytest.mark.clause("8.8")
def test_c13_what_is_shown_is_what_is_confirmed(people, as_user):
    months.draft(people.eng, "900.00"), months.draft(people.eng, "900.00")
    months.wages(people.eng, "8000.00", by=people.fin)
    client, path = as_user(people.fins), month_page(people.eng)
    text = page(client, path)
    assert "¥8,000.00" in text and "¥2,490.00" in text and "¥1,600.00" in text and "¥700.00" in text
    entries = fields(text) | {"secret": build.PASSWORD}
    for wrong in ("", "wrong"):
        assert client.post(f"{path}confirm/", entries | {"secret": wrong, "operation": ""}).status_code == 422
    assert Payroll.objects.count() == 0
    for _twice in range(2):
        assert client.post(f"{path}confirm/", entries).status_code == 302
    row = Payroll.objects.get()
    assert (str(row.total), str(row.cap), row.confirmed_by) == ("1600.00", "1600.00", people.fins)
    assert sorted(str(r.confirmed) for r in Deduction.objects.filter(stage="confirmed")) == [
        "700.00",
        "900.00",
    ]
    carried = Deduction.objects.get(stage="draft")
    assert (str(carried.amount), carried.carried, carried.month > row.month) == ("200.00", True, True)
    assert "¥1,600.00" in page(client, path)


@pytest.mark.clause("8.8")
def test_money_that_arrives_meanwhile_is_shown_before_anything_is_confirmed(people, as_user):
    row = months.draft(people.eng, "900.00")
    months.wages(people.eng, by=people.fin)
    client, path = as_user(people.fins), month_page(people.eng)
    before = fields(page(client, path)) | {"secret": build.PASSWORD}
    months.paid(row, "100.00", by=people.fin)
    answer = client.post(f"{path}confirm/", before)
    text = answer.content.decode()
    assert answer.status_code == 409 and "¥800.00" in text and Payroll.objects.count() == 0
    assert client.post(f"{path}confirm/", fields(text) | {"secret": build.PASSWORD}).status_code == 302
    assert str(Payroll.objects.get().total) == "800.00"


def test_a_wage_that_changes_meanwhile_is_noticed(people, as_user):
    months.draft(people.eng, "1800.00")
    months.wages(people.eng, "8000.00", by=people.fin)
    client, path = as_user(people.fins), month_page(people.eng)
    before = fields(page(client, path)) | {"secret": build.PASSWORD}
    months.wages(people.eng, "7000.00", by=people.fin)
    assert client.post(f"{path}confirm/", before).status_code == 409
    assert Payroll.objects.count() == 0


def test_without_a_wage_the_page_says_so_and_leads_to_the_entry(people, as_user):
    months.draft(people.eng)
    text = page(as_user(people.fins), month_page(people.eng))
    assert "not entered yet" in text and f"/finance/wages/?month={months.this_month():%Y-%m}" in text
    assert "confirm/" not in text
    assert (
        as_user(people.fins)
        .post(f"{month_page(people.eng)}confirm/", {"shown": "x", "secret": build.PASSWORD})
        .status_code
        == 422
    )


def test_sd07_who_recorded_a_payment_of_the_debt_does_not_confirm_it(people, as_user):
    row = months.draft(people.eng, "900.00")
    months.wages(people.eng, by=people.fin)
    months.paid(row, "100.00", by=people.fins)
    text = page(as_user(people.fins), month_page(people.eng))
    assert "SD07" in text and "confirm/" not in text
    answer = as_user(people.fins).post(
        f"{month_page(people.eng)}confirm/", {"shown": "x", "secret": build.PASSWORD}
    )
    assert answer.status_code == 403 and Payroll.objects.count() == 0
    assert "confirm/" in page(as_user(build.person("FINS")), month_page(people.eng))


def test_an_objected_draft_is_not_confirmed_with_the_others(people, as_user):
    kept, objected = months.draft(people.eng, "100.00"), months.draft(people.eng, "200.00")
    deducting.object_to(objected, by=people.eng, at=timezone.now(), objection="不对")
    months.wages(people.eng, by=people.fin)
    client, path = as_user(people.fins), month_page(people.eng)
    text = page(client, path)
    assert objected.number in text
    client.post(f"{path}confirm/", fields(text) | {"secret": build.PASSWORD})
    assert Deduction.objects.get(pk=kept.pk).stage == "confirmed"
    assert Deduction.objects.get(pk=objected.pk).stage == "objected"


@pytest.mark.parametrize("who", ["fin", "mgr", "aud", "eng", "cs"])
def test_nobody_else_confirms(people, as_user, who):
    months.draft(people.eng)
    months.wages(people.eng, by=people.fin)
    client = as_user(getattr(people, who))
    assert (
        client.post(f"{month_page(people.eng)}confirm/", {"shown": "x", "secret": build.PASSWORD}).status_code
        == 403
    )


def test_the_month_s_page_asks_the_same_for_three_drafts(people, as_user):
    client = as_user(build.person("MGR"))
    months.draft(people.eng)
    months.wages(people.eng, by=people.fin)
    page(client, month_page(people.eng))
    with CaptureQueriesContext(connection) as one:
        page(client, month_page(people.eng))
    months.draft(people.eng), months.draft(people.eng)
    with CaptureQueriesContext(connection) as three:
        assert page(client, month_page(people.eng)).count("data-item") == 3
    assert len(three) == len(one), [q["sql"][:120] for q in three]


# --- refunds
@pytest.mark.clause("8.8")
def test_c15_what_comes_back_is_repaid_within_its_clock(people, as_user):
    row = months.confirmed(people.eng, people)
    months.paid(row, "120.00", by=people.fin)
    client = as_user(people.fins)
    assert "¥120.00" in page(client, "/finance/deductions/")
    text = page(client, step(row, "repay"))
    refund = Refund.objects.get()
    entries = fields(text) | {"refund": refund.pk, "paid_on": f"{months.today()}", "paid_how": "payroll"}
    assert client.post(step(row, "repay"), entries | {"operation": ""}).status_code == 422
    assert client.post(step(row, "repay"), entries | {"secret": build.PASSWORD}).status_code == 302
    refund.refresh_from_db()
    assert (refund.paid_on, refund.paid_how, refund.paid_by) == (months.today(), "payroll", people.fins)
    assert "/steps/repay/" not in page(client, row.get_absolute_url())


@pytest.mark.parametrize("day", ["1999-01-01", "2099-01-01", "", "x"])
def test_a_refund_is_not_repaid_on_a_senseless_day(people, as_user, day):
    row = months.confirmed(people.eng, people)
    months.paid(row, "120.00", by=people.fin)
    entries = {
        "refund": Refund.objects.get().pk,
        "paid_on": day,
        "paid_how": "bank",
        "secret": build.PASSWORD,
    }
    assert as_user(people.fins).post(step(row, "repay"), entries).status_code == 422
    assert Refund.objects.get().settled_at is None


def test_sd07_the_recorder_of_the_payment_does_not_repay(people, as_user):
    row = months.confirmed(people.eng, people)
    both = build.person("FINS")
    months.paid(row, "120.00", by=both)
    entries = {
        "refund": Refund.objects.get().pk,
        "paid_on": f"{months.today()}",
        "paid_how": "bank",
        "secret": build.PASSWORD,
    }
    assert as_user(both).post(step(row, "repay"), entries).status_code == 403


def test_a_deduction_s_page_is_read_whole_by_everybody_who_may(people, as_user):
    row = months.confirmed(people.eng, people)
    months.paid(row, "120.00", by=people.fin)
    for who in ("fin", "fins", "mgr", "aud", "eng"):
        text = page(as_user(getattr(people, who)), row.get_absolute_url())
        assert row.number in text and "¥120.00" in text and row.receivable.note in text


def test_confirming_books_what_the_page_says(people):
    row = months.confirmed(people.eng, people)
    assert str(Transfer.objects.get(key=row.key).amount) == "300.00"
    assert payroll.waiting(people.eng, months.this_month()) == []

"""Day 40 and the month on a phone and at finance's desk (4.11, 8.8): objection, decision, confirmation, refund, both sign."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from finance.models import Deduction, Payroll, Reconciliation, Refund
from tests import build
from tests.finance import months

from .conftest import PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


@pytest.mark.clause("8.8")
@pytest.mark.clause("4.11")
def test_objection_decision_confirmation_refund_and_signatures(
    comes: Any, people: Any, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # five people prove who they are
    row = months.draft(people.eng, "2000.00")
    eng = comes(people.eng, PHONE)
    eng.page.goto("/finance/deductions/")
    eng.look("deductions")
    eng.page.get_by_role("link", name=row.number).click()
    eng.sees("A draft: nothing is deducted yet", "¥2,000.00")
    eng.take("object", objection="客户说下周付")
    eng.sees("An objection is open")
    eng.look("objected")

    mgr = comes(people.mgr)
    mgr.sees(row.number)  # it waits for his hand
    mgr.page.goto(row.get_absolute_url())
    mgr.sees("客户说下周付")
    mgr.take("overrule", decision="已逾期 40 天")
    assert Deduction.objects.get(pk=row.pk).stage == "draft"

    fin = comes(people.fin)
    fin.page.goto("/finance/wages/")
    fin.page.locator(f"[name=wage_{people.eng.pk}]").fill("8000")
    fin.page.get_by_role("button", name="Save the wages").click()
    said(fin, "1 wage saved.")
    fin.page.locator("[name=amount]").fill("2490")
    fin.page.get_by_role("button", name="Save the minimum wage").click()
    said(fin, "Saved.")
    fin.look("wages")

    fins = comes(people.fins)
    fins.sees(str(people.eng))
    fins.page.goto("/finance/deductions/")
    fins.sees("¥1,600.00", "¥400.00")
    fins.look("deductions")
    fins.page.get_by_role("link", name=str(people.eng)).first.click()
    fins.sees("What will be taken, in this order")
    fins.look("payroll")
    fins.page.locator("[name=secret]").fill(build.PASSWORD)
    fins.page.get_by_role("button", name=re.compile("Confirm")).click()
    said(fins, "Confirmed: ¥1,600.00")
    fins.sees("Confirmed: this month takes no more")
    assert Payroll.objects.get().total == Decimal(1600)
    with fins.page.expect_download() as got:
        fins.page.goto("/finance/deductions/")
        fins.page.get_by_role("link", name="List for payroll (Excel)").click()
    assert got.value.suggested_filename.endswith(".xlsx")

    months.paid(row, "500.00", by=people.fin)
    fins.page.goto(Deduction.objects.get(pk=row.pk).get_absolute_url())
    fins.take("repay", paid_how="bank", secret=build.PASSWORD)
    assert Refund.objects.get().amount == Decimal(500)
    fins.look("repaid")

    paper = months.reconciliation(people.eng)
    for earlier in people.eng.reconciliations.filter(month__lt=paper.month):
        months.locked(earlier, by=people.fins)
    eng.page.goto("/desk/")
    eng.sees(paper.number)
    eng.look("home")
    eng.page.goto(f"{paper.get_absolute_url()}?step=sign_engineer")
    expect(eng.form("sign_engineer")).to_contain_text("¥2,000.00")
    eng.look("sign")
    eng.send(eng.form("sign_engineer"))
    eng.done()
    fin.page.goto(paper.get_absolute_url())
    fin.sees("The engineer has signed, finance has not")
    fin.take("sign_finance", secret=build.PASSWORD)
    fin.sees("Both have signed: the month is locked")
    fin.look("locked")
    assert Reconciliation.objects.get(pk=paper.pk).stage == "locked"
    fits(
        eng.page,
        paper.get_absolute_url(),
        row.get_absolute_url(),
        "/finance/deductions/",
        "/finance/reconciliations/",
    )


def said(someone: Any, words: str) -> None:
    expect(someone.page.locator("#messages .success")).to_contain_text(words)


def fits(page: Any, *paths: str) -> None:
    """Nothing on a phone's page is wider than the phone."""
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

"""A lead from the engineer's phone to his wage (4.2): registered with consent, taken, followed up, sold, confirmed, paid."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from finance.models import Account, Fee, Kind
from finance.services import months, payroll
from sales.models import Lead, Sale
from tests import build

from . import money
from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def registers(eng, ticket):
    """On the phone, from the ticket: the customer is known, his consent is asked for."""
    eng.visit(ticket.number)
    eng.page.locator(f"a[href='/sales/leads/new/?for={ticket.number}']").first.click()
    eng.look("lead-new")
    form = eng.page.locator("form.panel")
    eng.fill(form, quantity="2", wanted="now", words="厂里扩建，要两台", consent_how="visit")
    form.locator(".form-foot button.primary").click()
    expect(form.locator("[name=words]")).to_have_value(
        "厂里扩建，要两台"
    )  # without consent: nothing saved, nothing lost
    assert not Lead.objects.exists()
    eng.look("lead-no-consent")
    eng.fill(form, consent="on")
    form.locator(".form-foot button.primary").click()
    expect(eng.page.locator("#messages .success")).to_be_visible()
    eng.look("lead-registered")
    return Lead.objects.get()


def sells(seller, lead):
    """On the desk: takes it from home, calls, writes the sale down."""
    seller.page.goto("/sales/")
    seller.look("sales-home")
    seller.page.get_by_role("link", name=lead.number).first.click()
    seller.take("take")
    seller.take(
        "follow", how="phone", said="周五来看样车", next_step="准备报价", next_on=f"{timezone.localdate()}"
    )
    seller.look("lead-followed")
    seller.page.locator(f"a[href$='?lead={lead.number}']").first.click()
    form = seller.page.locator("form.panel")
    seller.fill(form, price="62800", commission="1234.50")
    seller.look("sale-new")
    form.locator(".form-foot button.primary").click()
    expect(seller.page.locator("#messages .success")).to_be_visible()
    seller.look("sale-recorded")
    return Sale.objects.get()


def even():
    """No account of the fee holds anything, and the nightly proof finds nothing."""
    rows = Account.objects.filter(kind__in=[Kind.FEE, Kind.SELLER, Kind.WAGE])
    return {row.balance() for row in rows} == {Decimal(0)} and months.prove(timezone.now()) == []


@pytest.mark.clause("4.2")
def test_a_lead_from_the_engineers_phone_to_his_wage(comes, people):
    now = timezone.now()
    ticket = build.ticket(at_stage="completed", at=now - dt.timedelta(hours=3), company=people)
    eng = comes(people.eng, PHONE, "zh-hans")
    lead = registers(eng, ticket)
    seller = comes(people.sales, language="zh-hans")
    sale = sells(seller, lead)
    assert (sale.lead, str(sale.fee)) == (lead, "61.73")

    head = comes(people.sales_head, PHONE, "zh-hans")
    head.page.goto(sale.get_absolute_url())
    head.take("confirm")
    head.look("sale-confirmed")
    fin = comes(people.fin, language="zh-hans")
    fee = Fee.objects.get()
    fin.page.goto("/desk/")
    fin.page.get_by_role("link", name=re.compile(fee.number)).first.click()
    fin.take("pay")
    fin.look("fee-ordered")

    month = timezone.localdate().replace(day=1)
    payroll.enter_minimum(since=month, amount=Decimal(2490), by=people.fin, at=now)
    payroll.enter_wage(people.sales, month=month, amount=Decimal(7000), by=people.fin, at=now)
    money.confirms(comes(people.fins, language="zh-hans"), f"{month:%Y-%m}", people.sales, "61.73")
    eng.page.goto("/finance/fees/")
    eng.look("fees-own")
    eng.page.get_by_role("link", name=fee.number).click()
    eng.sees("¥61.73")
    eng.look("fee-paid")
    assert "1,234.50" not in eng.page.locator("main").inner_text()
    seller.page.goto(fee.get_absolute_url())
    seller.sees("¥1,234.50")
    assert even()

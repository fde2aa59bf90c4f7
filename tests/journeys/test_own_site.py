"""The company's own site: a visitor who wants a new vehicle, the link and code of the report for a poster (2.2, 4.2)."""

import pytest
from playwright.sync_api import expect

from repairs.models import Ticket
from sales.models import Lead

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.clause("4.2")
def test_a_visitor_asks_for_a_new_vehicle_on_his_phone(comes, people):
    visitor = comes(None, PHONE, "zh-hans")
    visitor.page.goto("/")
    visitor.page.locator("a[href='/buy/']").first.click()
    form = visitor.page.locator("form[action='/buy/']")
    visitor.fill(form, contact="周伯通", phone="137 0000 2222", quantity="2", words="园区送货")
    form.locator(".form-foot button.primary").click()
    expect(form.locator("[name=words]")).to_have_value("园区送货")
    visitor.look("buy-no-consent")
    assert not Lead.objects.exists()
    visitor.fill(form, consent="on")
    form.locator(".form-foot button.primary").click()
    visitor.page.wait_for_url("**/buy/thanks/")
    visitor.look("buy-thanks")
    lead = Lead.objects.get()
    seller = comes(people.sales, PHONE, "zh-hans")
    seller.page.goto("/sales/leads/?stage=open")
    seller.look("leads-list")
    seller.page.get_by_role("link", name=lead.number).click()
    seller.take("take")
    assert Lead.objects.get().seller == people.sales


@pytest.mark.clause("2.2")
def test_customer_service_makes_a_poster_and_its_reports_are_counted(comes, people):
    cs = comes(people.cs, language="zh-hans")
    cs.page.goto("/share/")
    cs.page.locator("#source").fill("poster-a5")
    cs.page.locator("form.lookup button").click()
    cs.look("share")
    link = cs.page.locator("#link").input_value()
    visitor = comes(None, PHONE, "zh-hans")
    visitor.page.goto(link[link.index("/report/") :])
    expect(visitor.page.locator("[name=source]")).to_have_value("poster-a5")
    visitor.page.request.post(
        "/api/v1/reports",
        data={"contact": "王", "phone": "13812345678", "symptom": "响", "source": "poster-a5"},
    )
    assert Ticket.objects.get().origin == "poster-a5"
    cs.page.goto("/share/poster/?source=poster-a5")
    cs.look("poster")
    cs.page.goto("/share/")
    cs.sees("poster-a5")

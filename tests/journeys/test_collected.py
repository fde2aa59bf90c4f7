"""The customer's page on collected files, as in production, two processes of gunicorn, a real browser."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from aftersales import clock
from repairs import links
from repairs.models import Ticket
from tests import build
from tests.fault.test_flood import ROOT, served

from .conftest import PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def portal(portal_environment, tmp_path):
    environment = portal_environment | {"EMBEDDED": "1", "STATIC_ROOT": str(tmp_path / "static")}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    with served(environment) as port:
        yield f"http://localhost:{port}"


@pytest.mark.clause("2.2")
def test_what_the_customer_sends_from_his_page_arrives(portal, browser):
    """A module that were known under two names would hold the form twice, and nothing would leave."""
    ticket = build.report(clock.now())
    context = browser.new_context(**PHONE, base_url=portal, locale="zh-CN")
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(links.private_url(ticket))
    page.locator("#talk textarea").fill("请快一点")
    page.locator("#talk button.primary").click()
    expect(page.locator("#talk .said.mine")).to_contain_text("请快一点")
    page.goto("/report/")
    page.locator("[name=symptom]").fill("刹车异响")
    for _screen in range(3):
        page.locator("[data-screen]:not([hidden]) button.primary").click()
    page.locator("[name=contact]").fill("王小明")
    page.locator("[name=phone]").fill("13812345678")
    page.locator("[data-screen]:not([hidden]) button.primary").click()
    page.wait_for_url("**/received/")
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    context.close()
    assert troubles == [] and Ticket.objects.count() == 2
    assert not [name for name in asked if name.endswith(".js") and name.count(".") < 2]

"""The page of downloads in a browser: the bar moves by itself, the file appears, nothing runs off; without scripts too."""

import os
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from aftersales.downloads import ask, write_waiting
from aftersales.models import Download
from tests import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_factor")]
SHOTS = os.environ.get("SHOTS", "")  # a folder: what was tested is photographed there, to be looked at


@pytest.fixture
def user(client: Any) -> Any:
    user = build.person("CS")
    client.force_login(user, backend="accounts.backend.GrantsBackend")
    return user


def opened(browser: Any, live_server: Any, client: Any, **how: Any) -> Any:
    context = browser.new_context(base_url=live_server.url, **how)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/desk/downloads/")
    return page


@pytest.mark.parametrize("width", [390, 1440])
def test_the_bar_moves_and_the_file_appears_without_a_reload(
    browser, live_server, client, user, scribe, width
):
    old = ask(user, "test", {"n": 1}, "tickets-20261123-0900.xlsx", timezone.now())
    write_waiting()
    failed = ask(user, "test", {"n": 2}, "tickets-20261123-1000.xlsx", timezone.now())
    Download.objects.filter(pk=failed.pk).update(state="failed", why="trouble", ready_at=timezone.now())
    row = ask(user, "test", {"n": 3}, "receivables-20261123-1100.xlsx", timezone.now())
    page = opened(browser, live_server, client, viewport={"width": width, "height": 900})
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    Download.objects.filter(pk=row.pk).update(state="writing", done=1500, total=6000)
    expect(page.locator("progress")).to_have_attribute("value", "1500")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/downloads-{width}.png", full_page=True)
    Download.objects.filter(pk=row.pk).update(state="waiting", done=0, total=0)
    assert write_waiting() == 1
    expect(page.locator(f"a[href='/desk/downloads/{row.pk}/']")).to_be_visible()
    expect(page.locator("progress")).to_have_count(0)
    with page.expect_download() as fetched:
        page.locator(f"a[href='/desk/downloads/{old.pk}/']").click()
    assert fetched.value.suggested_filename == "tickets-20261123-0900.xlsx"
    assert troubles == []
    page.context.close()


def test_without_scripts_the_page_loads_itself_again(browser, live_server, client, user, scribe):
    row = ask(user, "test", {}, "tickets.xlsx", timezone.now())
    page = opened(browser, live_server, client, java_script_enabled=False)
    assert write_waiting() == 1
    expect(page.locator(f"a[href='/desk/downloads/{row.pk}/']")).to_be_visible(timeout=20_000)
    page.context.close()

"""P21: the first view of the public pages on a telephone with a slow line, in a browser that has seen nothing of the portal."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browsers import SLOW, launching

from .people import Company
from .report import Table
from .submits import served

TELEPHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "locale": "zh-CN",
    "is_mobile": True,
    "has_touch": True,
}
ADDRESSES, ROUNDS, LIMIT = ("/", "/help/", "/report/"), 5, 2000
#: milliseconds until something can be read; until every script of the page has run and the form takes a tap
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
USABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    with served("aftersales.wsgi:application") as port, _browser() as browser:
        for address in ADDRESSES:
            _view(browser, port, address)  # the server's own first time is nobody's line
            views = [_view(browser, port, address) for _ in range(ROUNDS)]
            painted, usable = (median(times) for times in zip(*views, strict=True))
            table.add("P21", f"{address} on 1.6 Mbit/s, 300 ms, first paint", painted, LIMIT, "ms")
            table.add("P21", f"{address} on 1.6 Mbit/s, 300 ms, usable", usable, LIMIT, "ms")


def _view(browser: Browser, port: int, address: str) -> tuple[float, float]:
    """(painted, usable) in milliseconds from the tap on the link."""
    context = browser.new_context(**TELEPHONE)
    try:
        page = context.new_page()
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        page.goto(f"http://localhost:{port}{address}")
        return page.evaluate(PAINTED), page.evaluate(USABLE)
    finally:
        context.close()


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launching())
        yield browser
        browser.close()

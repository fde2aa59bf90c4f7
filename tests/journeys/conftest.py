"""People with a browser each: the customer and the engineer on a phone, customer service at a desk."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as portal
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from accounts.services import enrol_totp
from repairs.models import Ticket
from tests import build
from tests.api.conftest import program  # noqa: F401  # the journeys over the API use it too

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
SHOTS = os.environ.get("SHOTS", "")  # a folder: every station is photographed there, to be looked at
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
#: what htmx says of a request that did not come through; the browser itself broke it off where a page was left meanwhile
CUT = ("htmx:afterRequest, [object", "htmx:sendError, [object", "htmx:sendAbort, [object")
REFUSED = ("status of 409", "status of 422")  # what a browser says of a refused step; the page says it better
#: an English word; numbers of papers, logins and addresses are none
LATIN = re.compile(r"(?<![\w@./-])[A-Za-z]?[a-z]{2,}(?![\w@/-])", re.ASCII)
NAMES = {"English", "Excel", "http", "https"}  # what is called so in Chinese too


class Someone:
    """A person at the pages; `troubles` are console errors, broken scripts, breaches of the content policy, pages wider than
    the screen, and English words before somebody who reads Chinese."""

    def __init__(self, page: Page, user: User | None = None, language: str = "en") -> None:
        self.page, self.user, self.language = page, user, language
        self.troubles: list[str] = []
        self.cut: list[str] = []
        self.broken_off = 0
        self.shots = 0
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("console", self._heard)

    def _failed(self, request: Any) -> None:
        self.broken_off += request.failure == "net::ERR_ABORTED"

    def _heard(self, message: Any) -> None:
        if message.type != "error" or any(words in message.text for words in REFUSED):
            return
        is_cut = any(words in message.text for words in CUT)
        (self.cut if is_cut else self.troubles).append(message.text)

    def unexplained(self) -> list[str]:
        """His troubles; two lines of the console belong to each request that the browser broke off, and to no other."""
        return self.troubles + self.cut[2 * self.broken_off :]

    def speak(self, language: str) -> None:
        """From the next page on the portal speaks this language to him."""
        User.objects.filter(pk=self.user.pk).update(language=language)
        cookie = {"name": portal.LANGUAGE_COOKIE_NAME, "value": language, "url": urljoin(self.page.url, "/")}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        self.language = language

    def words(self, text: str, context: str = "", **entries: Any) -> str:
        """The portal's own words, in the language in which he reads them."""
        with translation.override(self.language):
            found = translation.pgettext(context, text) if context else translation.gettext(text)
        return found.format(**entries) if entries else found

    def look(self, name: str) -> None:
        if self.language != "en":
            strange = {*LATIN.findall(self.page.locator("body").inner_text())} - NAMES
            self.troubles += [f"{name}: {', '.join(sorted(strange))}"] if strange else []
        if (wide := self.page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            self.troubles.append(f"{name}: {wide} pixels wider than the screen")
        if SHOTS:
            self.shots += 1
            who = self.user.username if self.user else "customer"
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{who}-{self.shots:02}.png", full_page=True)

    def sign_in(self) -> None:
        """Through the sign-in page, on the way to one's own desk."""
        self.page.goto("/desk/")
        self.page.locator("input[name=login]").fill(self.user.username)
        self.page.locator("input[name=password]").fill(build.PASSWORD)
        self.page.locator("main form button.primary").click()
        if self.user.has_second_factor:
            self.page.locator("input[name=code]").fill(
                format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
            )
            self.page.locator("main form button.primary").click()
        self.page.wait_for_url("**/desk/")

    def sees(self, *words: str, within: str = "main") -> None:
        for text in words:
            expect(self.page.locator(within).get_by_text(self.words(text)).first).to_be_visible()

    def sees_not(self, text: str, within: str = "main") -> None:
        expect(self.page.locator(within).get_by_text(self.words(text))).to_have_count(0)

    def said(self, text: str, **entries: Any) -> None:
        """The page tells him so, above everything."""
        expect(self.page.locator("#messages .success")).to_contain_text(self.words(text, **entries))

    # --- a ticket's page
    def visit(self, number: str) -> None:
        self.page.goto(f"/tickets/{number}/")

    def stage_is(self, label: str) -> None:
        expect(self.page.locator(".stages [aria-current=step] .stage-label")).to_have_text(label)

    def duty(self, number: str, label: str) -> Locator:
        """The duty on the own desk that speaks of this ticket."""
        return self.page.locator(".duty", has_text=number).filter(has_text=label)

    def open_step(self, name: str) -> Locator:
        """Tap the step's button; its form opens in place."""
        button = self.page.locator(
            f"a[data-step][href$='/steps/{name}/'], a[data-act][href$='/steps/{name}/']"
        ).first
        expect(button).to_be_attached()  # the page it stands on may still be on its way
        if not button.is_visible():
            self.page.locator("[data-rail]").click()
        button.click()
        return self.form(name)

    def form(self, name: str) -> Locator:
        form = self.page.locator(f"#step-panel form[action$='/steps/{name}/']")
        expect(form).to_be_visible()
        return form

    def fill(self, form: Locator, **entries: Any) -> None:
        """Type, choose and tap, whatever each field asks for."""
        for name, value in entries.items():
            tap = f":has(input[name={name}][value='{value}'])"
            card = form.locator(f"label.card-choice{tap}, .stars label{tap}")
            field = form.locator(f"[name={name}]").first
            expect(field).to_be_attached()  # `count` does not wait for a page that is still to come
            if card.count():
                card.click()
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "checkbox":
                field.check()
            else:
                field.fill(value)

    def send(self, form: Locator) -> None:
        form.locator(".form-foot button.primary").click()

    def take(self, name: str, **entries: Any) -> None:
        """Open a step, fill it, send it, and read that it is done."""
        form = self.open_step(name)
        self.fill(form, **entries)
        self.look(f"form-{name}")
        self.send(form)
        self.done()

    def done(self) -> None:
        """The form is gone, and the page says what was done."""
        expect(self.page.locator("#step-panel")).to_have_count(0)
        expect(self.page.locator("#messages .success")).to_contain_text(
            self.words("Done: {step}.").split("{")[0]
        )


@pytest.fixture
def comes(browser: Any, live_server: Any, people: Any) -> Iterator[Callable[..., Someone]]:
    """`comes(people.eng, PHONE)` opens a browser of one's own; at the end nobody's browser may have complained."""
    met: list[Someone] = []
    contexts: list[Any] = []

    def arrive(user: User | None = None, size: dict[str, Any] = DESK, language: str = "en") -> Someone:
        locale = "en-US" if language == "en" else "zh-CN"
        context = browser.new_context(
            **size, locale=locale, timezone_id="Asia/Shanghai", base_url=live_server.url
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        met.append(Someone(context.new_page(), user, language))
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=language)
            if user.needs_second_factor and not user.has_second_factor:
                enrol_totp(user, SECRET)
            met[-1].user = User.objects.get(pk=user.pk)
            met[-1].sign_in()
        return met[-1]

    yield arrive
    troubles = [trouble for one in met for trouble in one.unexplained()]
    for context in contexts:
        context.close()
    assert troubles == []


def reports(customer: Someone, symptom: str = "刹车异响，上坡更响") -> str:
    """The customer reports on the public site, screen by screen; answers the number on his receipt."""
    page = customer.page
    page.goto("/")
    page.get_by_role("link", name="Report a fault").first.click()
    expect(page.locator("form.walking")).to_be_visible()  # one group of questions at a time
    page.get_by_label("What is wrong?").fill(symptom)
    page.get_by_text("only slowly or a short way").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.locator("[name=model]").fill("FY-6")
    page.locator("[name=region]").fill("江苏泰州")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your name").fill("王小明")
    page.locator("[name=phone]").fill("138 1234 5678")
    customer.look("report")
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url("**/received/")
    customer.look("received")
    number = page.locator(".receipt .number").inner_text()
    page.get_by_role("link", name="Open my report").click()
    return number


def now(number: str) -> Ticket:
    return Ticket.objects.get(number=number)

"""The customer follows his report by the link on his phone, in Chinese: from who calls him to the stars of the survey."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from aftersales import clock
from parts.services import returning, shipping
from repairs import links, services
from repairs.models import CallbackSurvey, ConsentSignature, CustomerNotice, Ticket
from tests import build

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = dt.timedelta(minutes=1)


def clean(someone, name):
    """Photographed, as wide as the screen, and nothing that axe minds."""
    someone.look(name)
    found = [
        (v["id"], [n["target"] for n in v["nodes"]]) for v in Axe().run(someone.page).response["violations"]
    ]
    assert not found, (name, found)


@pytest.mark.clause("3.1")
@pytest.mark.clause("4.1")
@pytest.mark.clause("4.3")
@pytest.mark.clause("4.4a")
@pytest.mark.clause("9.5")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_by_the_link_from_who_calls_to_the_survey(comes, people, scheme):
    people.eng.mobile = "13911112222"
    people.eng.save()
    at = clock.now() - 40 * MINUTE
    sheet = build.released(people, at, to="issued", plan="a")
    parcel = shipping.pack(sheet, by=people.wh, at=at + 4 * MINUTE)
    ticket = Ticket.objects.get(pk=sheet.ticket_id)
    customer = comes(size=PHONE | {"color_scheme": scheme}, language="zh-hans")
    page = customer.page
    page.goto(links.private_url(ticket))
    customer.sees("Who calls you")
    expect(page.locator(".engineer")).to_contain_text("13911112222")
    clean(customer, f"who-calls-{scheme}")

    page.locator("#talk textarea").fill("请问什么时候寄？")
    page.locator("#talk .button.primary").click()
    customer.said("Your message has reached us.")

    staff = comes(people.eng)
    staff.visit(ticket.number)
    staff.sees("请问什么时候寄？")
    staff.page.get_by_role("link", name="Answer", exact=True).click()
    form = staff.form("message")
    staff.fill(form, text="今天下午寄出")
    staff.send(form)
    staff.done()
    staff.sees_not("waits for an answer")

    entries = {**build.plan_entries("a", at), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=at + 10 * MINUTE, **entries)
    quote = build.quotation(Ticket.objects.get(pk=ticket.pk), at + 11 * MINUTE, "sent")
    page.reload()
    customer.sees("今天下午寄出", "先断电", "装反会抱死")
    clean(customer, f"consent-{scheme}")
    consent = page.locator("form[action$='/consent/']")
    consent.locator("input[type=checkbox]").check()
    consent.locator(".button.primary").click()
    customer.sees("Sign with your finger, or type your name.")
    consent.locator("input[type=checkbox]").check()
    canvas = consent.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    customer.look(f"signed-{scheme}")
    consent.locator(".button.primary").click()
    customer.said("Thank you. Your consent is written down.")
    assert ConsentSignature.objects.get().strokes.startswith("[[[")

    page.locator("form[action$='/quotation/'] .button.primary").first.click()
    customer.said("Thank you. You have accepted the quotation.")
    quote.refresh_from_db()
    assert quote.stage == "accepted"

    moment = clock.now()
    shipping.send(parcel, by=people.ga, at=moment, carrier="顺丰", waybill="SF123", terms="collect")
    page.reload()
    customer.sees("SF123", "顺丰")
    clean(customer, f"parcel-{scheme}")
    page.get_by_role("button", name=customer.words("It has arrived")).click()
    customer.said("Thank you. It is written down that your parcel has arrived.")

    fresh = Ticket.objects.get(pk=ticket.pk)
    said = {line.pk: {"used": line.quantity, "old_left": line.quantity} for line in sheet.lines.all()}
    returning.declare(sheet, by=people.eng, at=clock.now(), said=said)
    services.complete(fresh, by=people.eng, at=clock.now(), work_done="已换件", customer_word="电话确认已好")
    page.reload()
    page.get_by_role("link", name=customer.words("Answer the survey")).click()
    form = page.locator("main form.own-form")
    customer.fill(form, resolved="true", attitude="5", quality="4", overall="satisfied", suggestion="很快")
    clean(customer, f"stars-{scheme}")
    form.locator(".button.primary").click()
    customer.said("Thank you for your answers.")
    survey = CallbackSurvey.objects.get()
    assert (survey.attitude, survey.quality, survey.by_customer) == (5, 4, True)

    page.get_by_role("link", name=customer.words("See what you keep about me")).click()
    clean(customer, f"my-data-{scheme}")
    page.locator("[name=phone]").fill("138 1234 5678")
    page.locator("main form .button.primary").click()
    customer.sees("今天下午寄出", "SF123", "很快")
    clean(customer, f"my-data-shown-{scheme}")

    cs = comes(people.cs, language="zh-hans")
    cs.page.goto("/tickets/to-tell/")
    clean(cs, f"to-tell-{scheme}")
    cs.visit(ticket.number)
    clean(cs, f"ticket-{scheme}")
    assert {row.event for row in CustomerNotice.objects.filter(status="waiting")} <= {
        "completed",
        "answer",
        "parcel",
    }


def test_without_scripts_he_types_his_name(browser, live_server, people):
    at = clock.now() - 30 * MINUTE
    ticket = build.ticket("contacted", at=at, company=people)
    entries = {**build.plan_entries("a", at), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=at + 9 * MINUTE, **entries)
    context = browser.new_context(**PHONE, base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(links.private_url(ticket))
    consent = page.locator("form[action$='/consent/']")
    consent.locator("input[type=checkbox]").check()
    consent.locator("[name=signer]").fill("王大明")
    consent.locator(".button.primary").click()
    assert ConsentSignature.objects.get().person.name == "王大明"
    context.close()

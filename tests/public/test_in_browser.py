"""The public site on a phone, in a real browser: screens, drafts, pictures, the whole way, and axe."""

import io
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from repairs.models import HelpCount, Ticket
from tests import build

from .conftest import link

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "locale": "en-US"}


@pytest.fixture
def phone(browser, live_server):
    """A page of iPhone size that fails the test on any error in the console."""
    context = browser.new_context(**PHONE, base_url=live_server.url)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.troubles = troubles
    yield page
    context.close()


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(out, "JPEG", quality=95)
    return {"name": "IMG_1.JPG", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill_the_first_screen(page) -> None:
    page.goto("/report/")
    page.get_by_label("What is wrong?").fill("刹车异响")
    page.get_by_text("only slowly or a short way").click()
    page.get_by_role("button", name="Continue").click()


@pytest.mark.clause("2.2")
def test_screen_by_screen_to_the_receipt_with_a_photo(phone):
    fill_the_first_screen(phone)
    phone.set_input_files("input[type=file]", [photo()])
    phone.wait_for_selector(".photo-list li")
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("VIN (frame number)").fill("LFY123")
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("Your name").fill("王小明")
    phone.get_by_label("Phone").fill("13812345678")
    phone.get_by_role("button", name="Send the report").click()
    phone.wait_for_url("**/received/")
    ticket = Ticket.objects.get()
    assert phone.locator(".receipt .number").inner_text() == ticket.number
    kept = ticket.attachments.get()
    assert (ticket.words.symptom, ticket.drivable, ticket.vin) == (
        "刹车异响",
        "limited",
        "LFY123",
    ) and kept.size < 3_000_000
    phone.wait_for_timeout(300)  # Chromium writes its local storage down a little later
    phone.goto("/report/")
    assert phone.get_by_label("What is wrong?").input_value() == ""
    assert not phone.troubles


@pytest.mark.clause("2.2")
def test_an_empty_answer_is_said_at_once_and_the_way_back_loses_nothing(phone):
    phone.goto("/report/")
    phone.get_by_role("button", name="Continue").click()
    assert "Please fill this in" in phone.locator('[data-field="symptom"]').inner_text()
    fill_the_first_screen(phone)
    assert phone.locator("#pictures").is_visible() and not phone.locator("#fault").is_visible()
    phone.go_back()
    assert (
        phone.locator("#fault").is_visible()
        and phone.get_by_label("What is wrong?").input_value() == "刹车异响"
    )
    phone.wait_for_timeout(600)
    phone.reload()
    assert phone.get_by_label("What is wrong?").input_value() == "刹车异响"
    assert phone.get_by_text("What you had typed here was put back.").is_visible() and not phone.troubles


@pytest.mark.clause("4.3")
def test_after_an_error_the_photo_is_still_there_and_the_screen_is_the_wrong_one(phone):
    fill_the_first_screen(phone)
    phone.set_input_files("input[type=file]", [photo()])
    phone.wait_for_selector(".photo-list li")
    for _ in range(2):
        phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("Your name").fill("王小明")
    phone.get_by_label("Phone").fill("138 letters")
    phone.get_by_role("button", name="Send the report").click()
    phone.wait_for_selector(".error-summary")
    assert phone.locator("#you").is_visible()
    assert "not a phone number" in phone.locator('[data-field="phone"]').inner_text()
    phone.get_by_label("Phone").fill("13812345678")
    phone.get_by_role("button", name="Send the report").click()
    phone.wait_for_url("**/received/")
    assert Ticket.objects.get().attachments.count() == 1


@pytest.mark.clause("3.1")
def test_without_scripts_the_report_goes_through_as_one_page(browser, live_server):
    context = browser.new_context(**PHONE, base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/report/")
    assert not page.get_by_role("button", name="Continue").is_visible()
    page.get_by_label("What is wrong?").fill("不走了")
    page.get_by_label("Your name").fill("李四")
    page.get_by_label("Phone").fill("13812345678")
    page.get_by_role("button", name="Send the report").click()
    assert page.url.endswith("/received/") and Ticket.objects.get().number in page.content()
    context.close()


def article(**more):
    """A published article with a warning and a picture."""
    from aftersales import clock
    from repairs.services import articles, illustrating

    people, at = build.Company(), clock.now()
    facts = {"title": "冬天续航变短", "symptom": "跑不远", "group": "range", "stop": True}
    row = articles.begin(**facts, by=people.tech, at=at)
    upload = SimpleUploadedFile("a.jpg", photo()["buffer"], "image/jpeg")
    shown = illustrating.show(row.article, upload, by=people.tech, at=at)
    steps = [{"text": "收车后马上充电"}, {"text": "量胎压", "picture": shown.key, "caption": "胎压表"}]
    row = articles.edit(row, **facts, steps=steps, fits=[], by=people.tech, at=at)
    return articles.publish(row, by=people.cs, at=at)


@pytest.mark.clause("2.2")
def test_without_scripts_from_the_search_over_the_article_to_the_filled_in_report(browser, live_server):
    written = article()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    context = browser.new_context(
        **PHONE, base_url=live_server.url, java_script_enabled=False, user_agent=agent
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("What is wrong? A few words are enough, pinyin too").fill("xuhang")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="冬天续航变短").click()
    box = page.locator(".steps img").evaluate(
        "i => [i.getAttribute('width'), i.getAttribute('height'), i.offsetHeight > 100]"
    )
    assert box[2] is True and int(box[0]) > int(box[1]) > 0, "the picture's place is kept before it arrives"
    page.get_by_role("button", name="Not solved: report it").click()
    assert page.get_by_label("What is wrong?").input_value() == "跑不远"
    page.get_by_label("Your name").fill("李四")
    page.get_by_label("Phone").fill("13812345678")
    page.get_by_role("button", name="Send the report").click()
    assert page.url.endswith("/received/") and Ticket.objects.get().words.tried == written
    told = HelpCount.objects.values_list("views", "solved", "unsolved", "reports")
    assert list(told) == [(1, 0, 1, 1)]
    context.close()


@pytest.mark.clause("2.2")
def test_a_report_begun_from_an_article_is_found_again_after_a_refusal(phone):
    key, said = article().article.key, "收车后充电也没有用"
    phone.goto(f"/report/?article={key}")
    phone.get_by_label("What is wrong?").fill(said)
    for _ in range(3):
        phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("Your name").fill("王小明")
    phone.get_by_label("Phone").fill("138 letters")
    phone.get_by_role("button", name="Send the report").click()
    phone.wait_for_selector(".error-summary")
    assert phone.url.endswith(f"/report/?article={key}")
    phone.goto(phone.url)
    assert phone.get_by_label("What is wrong?").input_value() == said
    phone.goto("/report/")
    assert phone.get_by_label("What is wrong?").input_value() == said
    assert phone.locator('[name="tried"]').input_value() == key
    phone.get_by_role("button", name="Start anew").click()
    assert [
        phone.get_by_label("What is wrong?").input_value(),
        phone.locator('[name="tried"]').input_value(),
    ] == ["", ""]
    phone.reload()
    assert phone.get_by_label("What is wrong?").input_value() == ""


@pytest.mark.clause("3.1")
def test_on_a_phone_the_two_ways_are_side_by_side_and_a_message_has_its_whole_width(phone):
    from aftersales import clock
    from repairs import services

    people = build.Company()
    other, ticket = (build.ticket("recorded", at=clock.now(), company=people) for _n in range(2))
    services.merge(ticket, by=people.cs, at=clock.now(), into=other)
    phone.goto("/")
    ways = [box.bounding_box() for box in phone.locator(".straight .button").all()]
    assert [way["height"] for way in ways] == [48, 48] and ways[0]["y"] == ways[1]["y"]
    phone.goto(link(ticket))
    said, button = phone.locator(".banner b").bounding_box(), phone.locator(".banner .button").bounding_box()
    assert said["width"] > 250 and button["width"] > 300 and button["y"] > said["y"] + said["height"]


@pytest.mark.clause("4.4a")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_signature_by_finger_is_asked_for_where_one_can_be_drawn(browser, live_server, scripts):
    from aftersales import clock
    from repairs import services

    people, at = build.Company(), clock.now()
    ticket = build.ticket("contacted", at=at - build.HOUR, company=people)
    entries = {**build.plan_entries("a", at), "self_install_ok": False, "consent_how": ""}
    services.plan(ticket, by=people.eng, at=at, **entries)
    context = browser.new_context(**PHONE, base_url=live_server.url, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(link(ticket))
    assert page.get_by_text("Sign with your finger").is_visible() is scripts
    assert page.get_by_text("one of the two").is_visible() is scripts
    context.close()


@pytest.mark.clause("3.1")
def test_every_public_page_passes_axe_in_light_and_dark(browser, live_server):
    from aftersales import clock

    done = build.ticket("completed", at=clock.now())
    written = article()
    addresses = [
        "/",
        "/help/",
        "/help/?q=xuhang",
        "/help/thanks/",
        f"/help/{written.article.key}/",
        "/privacy/",
        "/report/",
        "/track/",
        link(done),
        link(done, "received"),
        link(done, "survey"),
        link(done, "rights"),
    ]
    for scheme in ("light", "dark"):
        context = browser.new_context(**PHONE, base_url=live_server.url, color_scheme=scheme)
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            found = [
                (v["id"], [n["target"] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]
            ]
            assert not found, (address, scheme, found)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        context.close()


def test_the_first_view_weighs_at_most_60_kilobytes(visitor):
    """P15, compressed, without pictures: the page with everything that its head asks for."""
    import gzip
    import re

    from django.contrib.staticfiles import finders

    weight = len(gzip.compress(visitor.get("/report/").content))
    page = visitor.get("/report/").content.decode()
    names = set(re.findall(r"/static/((?:css|js)/[\w.-]+\.(?:css|js))", page)) | {"js/bind.js"}
    for name in names:
        plain = re.sub(r"(\.[0-9a-f]{12})(?=\.(?:css|js)$)", "", name)
        weight += len(gzip.compress(Path(finders.find(plain)).read_bytes()))
    assert weight <= 60_000, weight

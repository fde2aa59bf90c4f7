"""What the small modules of static/js do, in a real browser under the strict policy."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image


@pytest.fixture
def open_page(page, site):
    """Open a gallery page; nothing may complain in the console."""
    said = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    def go(name):
        page.goto(f"{site}/{name}-zh-hans.html")
        page.wait_for_load_state("networkidle")
        assert said == []
        return page

    return go


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("name", ["home", "ticket", "list", "parts", "report", "start", "sent", "trouble"])
def test_a_page_fits_the_glass_and_pleases_axe(open_page, width, name):
    page = open_page(name)
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


def test_the_light_is_chosen_and_kept(open_page):
    page = open_page("home")
    before = page.evaluate("document.documentElement.dataset.theme")
    page.click("[data-theme-toggle]")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") != before


def test_a_list_is_walked_by_keyboard(open_page):
    page = open_page("home")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("[data-item].here h3").inner_text().startswith("回访客户")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()


def test_what_was_typed_survives_a_reload_and_goes_when_it_has_arrived(open_page):
    page = open_page("ticket")
    page.fill("#id_cause", "充电口烧蚀")
    page.check("#id_told")
    page.wait_for_timeout(500)
    page.reload()
    assert page.input_value("#id_cause") == "充电口烧蚀"
    assert page.is_checked("#id_told")
    assert page.locator("[data-draft-note]").is_visible()
    page.click("[data-draft-drop]")
    page.reload()
    assert page.input_value("#id_cause") == ""


def test_a_signature_is_strokes_and_can_be_wiped(open_page):
    page = open_page("report")
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 50, steps=4)
    page.mouse.up()
    strokes = json.loads(page.input_value("[data-signature] input[type=hidden]"))
    assert len(strokes) == 1
    assert len(strokes[0]) >= 3
    assert all(0 <= v <= 1000 for point in strokes[0] for v in point)
    page.click("[data-signature-clear]")
    assert page.input_value("[data-signature] input[type=hidden]") == ""


def test_a_large_photo_is_made_small_before_it_travels(open_page, tmp_path):
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(tmp_path / "big.png")
    page = open_page("report")
    page.set_input_files("[data-photos] input[type=file]", tmp_path / "big.png")
    page.wait_for_selector(".photo-list img")
    shown = "(async () => { const f = document.querySelector('[data-photos] input[type=file]').files[0];"
    shown += " const b = await createImageBitmap(f); return [f.type, f.name, b.width, b.height]; })()"
    assert page.evaluate(shown) == ["image/jpeg", "big.jpg", 2048, 1365]
    page.click(".photo-list button")
    assert page.evaluate("document.querySelector('[data-photos] input[type=file]').files.length") == 0


def test_a_second_click_sends_nothing(open_page):
    page = open_page("report")
    sent = []
    page.route("**/*", lambda route: sent.append(1) if route.request.method == "POST" else route.continue_())
    page.locator("form[data-once] .primary").evaluate("button => { button.click(); button.click(); }")
    page.wait_for_timeout(200)
    assert len(sent) == 1


def test_the_rail_unfolds_on_a_phone(open_page):
    page = open_page("ticket")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.locator(".rail-body").is_visible()
    page.click("[data-rail]")
    assert page.locator(".rail-body").is_visible()
    assert page.get_attribute("[data-rail]", "aria-expanded") == "true"

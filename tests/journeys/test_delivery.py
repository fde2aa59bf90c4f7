"""A vehicle is sold: labels printed, imported, handed over on the phone, signed, corrected; everybody reads Chinese (2.1, 2.2)."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sales.models import Delivery, Vehicle
from tests import build
from tests.catalogue.sheets import book
from tests.sales.sheets import VEHICLE

from .conftest import DESK, PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("2.1")]
CHINESE, VIN = "zh-hans", "LFYJOURNEY0000001"
PHONE_NUMBER = "139 0000 1234"


def sheet(*rows):
    file = book(*rows, head=VEHICLE, title="车辆")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "车辆.xlsx", "mimeType": kind, "buffer": file.read()}


def row(vin, model, seller):
    return [vin, model, "", dt.date(2026, 1, 5), "", "", "", "", seller]


def test_from_the_import_to_the_signed_record(comes, people):
    build.vehicle("LFYOLD00000000001")
    type(people.sales).objects.filter(pk=people.sales.pk).update(name="孙晓梅")
    cs = comes(people.cs, DESK, CHINESE)
    _import(cs, people.sales.username)
    _labels(cs)

    seller = comes(people.sales, PHONE, CHINESE)
    seller.page.goto("/deliveries/new/?vin=" + VIN)
    seller.look("delivery-form")
    _hand_over(seller)
    seller.page.wait_for_url(re.compile(r"/deliveries/JD\d{8}-\d{4}/$"))
    seller.look("delivery")
    paper = Delivery.objects.get()
    assert (paper.vehicle.vin, paper.vehicle.delivered_on, len(paper.explained)) == (
        VIN,
        timezone.localdate(),
        9,
    )
    assert paper.signature.strokes.count("[") > 5 and paper.customer.person.phone == "+8613900001234"

    seller.page.locator("a[href$='/print/']").click()
    expect(seller.page.locator(".paper-title h1")).to_have_text("车辆交付记录")
    expect(seller.page.locator(".paper-ink")).to_be_visible()
    seller.look("delivery-print")
    _corrected(seller, paper)
    cs.page.goto(f"/vehicles/{VIN}/")
    expect(cs.page.locator(".life")).to_contain_text(f"{paper.number}-2")
    cs.look("vehicle-life")
    for path in (
        "/deliveries/",
        "/vehicles/",
        "/customers/",
        "/customers/twice/",
        "/tickets/paper/",
        "/catalogue/terms/",
    ):
        cs.page.goto(path)
        cs.look(f"desk{path.replace('/', '-')}")
    for path in ("/deliveries/", "/vehicles/", f"/vehicles/{VIN}/", "/vehicles/labels/"):
        seller.page.goto(path)
        seller.look(f"phone{path.replace('/', '-')}")


def _import(cs, seller):
    """Bad rows are named and nothing is kept; then the good ones come in."""
    cs.page.goto("/vehicles/import/")
    cs.page.locator("input[type=file]").set_input_files(
        sheet(row(VIN, "FY-6", seller), row("LFYBAD00000000001", "FY-0", seller))
    )
    cs.page.locator("button[value=keep]").click()
    expect(cs.page.locator("#import-result")).to_contain_text("B3")
    cs.look("import-bad")
    assert not Vehicle.objects.filter(vin=VIN).exists()
    cs.page.locator("input[type=file]").set_input_files(sheet(row(VIN, "FY-6", seller)))
    cs.page.locator("button[value=check]").click()
    expect(cs.page.locator("#import-result .tone-success, #import-result .banner").first).to_be_visible()
    cs.page.locator("button[value=keep]").click()
    cs.page.wait_for_url("**/vehicles/")
    assert Vehicle.objects.filter(vin=VIN).exists()


def _labels(cs):
    cs.page.goto(f"/vehicles/labels/?vin={VIN}")
    expect(cs.page.locator("[name=vins]")).to_have_value(VIN)
    cs.look("labels")


def _hand_over(seller):
    """First without a point's reason: what is wrong stands at its field, the signature is not lost."""
    page = seller.page
    form = page.locator("form.panel")
    form.locator("[name=name]").fill("周建军")
    form.locator("[name=phone]").fill(PHONE_NUMBER)
    for box in form.locator("[name=explained]").all()[:9]:
        page.locator(f"label[for={box.get_attribute('id')}]").click()
    form.locator("[name=signer]").fill("周建军")
    _sign(seller)
    form.locator(".form-foot button.primary").click()
    expect(page.locator("[data-field=reason] .errorlist, [data-field=reason] .error").first).to_be_visible()
    seller.look("delivery-refused")
    page.locator("[name=reason]").fill("资料随后快递")
    page.locator("form.panel .form-foot button.primary").click()


def _sign(seller):
    canvas = seller.page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    mouse = seller.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 30)
    mouse.down()
    for n in range(8):
        mouse.move(box["x"] + 40 + 25 * n, box["y"] + 30 + 9 * (n % 4))
    mouse.up()


def _corrected(seller, paper):
    seller.page.goto(f"{paper.get_absolute_url()}correct/")
    form = seller.page.locator("form.panel")
    form.locator("[name=correction]").fill("里程漏填")
    form.locator("[name=reading]").fill("18")
    seller.look("delivery-correct")
    form.locator(".form-foot button.primary").click()
    seller.page.wait_for_url(re.compile(r"-2/$"))
    seller.look("delivery-corrected")
    assert Delivery.objects.get(current=True).reading == 18

"""A trip of two is back: its claim is written on a phone, checked at a desk, decided by a leader, paid by another (8.2–8.5)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dispatch.models import Trip
from finance.models import Claim
from tests import build
from tests.finance.travelling import receipt, road

from .conftest import PHONE

__all__ = ["road"]
pytestmark = pytest.mark.django_db(transaction=True)


def photo(shade=None):
    return {"name": "票据.png", "mimeType": "image/png", "buffer": receipt(shade).read()}


def writes(eng, trip):
    """On the phone: two nights with their photos, a taxi without receipt; everything else is there already."""
    page = eng.page
    page.goto("/finance/claims/")
    page.get_by_role("link", name=trip.number).click()
    page.locator("[name='amount_2026-03-02']").fill("140")
    page.locator("[name='photo_2026-03-02']").set_input_files(photo(3))
    page.locator("[name='amount_2026-03-03']").fill("320")
    page.locator("[name='photo_2026-03-03']").set_input_files(photo(3))
    page.locator("[name=kind_1]").select_option("no_receipt")
    page.locator("[name=amount_1]").fill("15")
    eng.look("new-claim")
    page.get_by_role("button", name=eng.words("Submit to finance")).click()
    eng.sees("Say what it was for and why there is no receipt.")
    eng.look("new-claim-wrong")
    for night in ("2026-03-02", "2026-03-03"):
        page.locator(f"[name='photo_{night}']").set_input_files(photo(3))
    page.locator("[name=note_1]").fill("摩的从车站到厂里，司机没有票")
    page.get_by_role("button", name=eng.words("Save as a draft")).click()
    expect(page.locator("#messages .success")).to_be_visible()
    eng.look("draft")


@pytest.mark.clause("8.2")
@pytest.mark.clause("8.3")
@pytest.mark.clause("8.5")
def test_a_claim_from_the_phone_to_the_money(comes, road):
    ticket = road.ticket()
    trip = road.trip(tickets=[ticket], people=[ticket.engineer, build.person("ENG", name="赵刚")], km=137)
    eng = comes(ticket.engineer, PHONE, "zh-hans")
    writes(eng, trip)
    form = eng.open_step("add")
    eng.look("form-kinds")
    eng.fill(form, kind="transport", day="2026-03-02", amount="86.50", note="高铁二等座")
    form.locator("[name=photo]").set_input_files(photo())
    eng.look("form-add")
    eng.send(form)
    eng.done()
    eng.take("submit")
    paper = Claim.objects.get()
    eng.look("submitted")

    fin = comes(road.who.fin, language="zh-hans")
    fin.look("home")
    fin.page.goto("/finance/claims/")
    fin.look("list")
    fin.page.goto(paper.get_absolute_url())
    fin.look("with-finance")
    lines = {line.kind: line for line in paper.lines.all()}
    fin.take("check", **{f"strike_{lines['transport'].pk}": "车票日期与出差不符"})
    fin.look("checked")
    leader = comes(road.leader, PHONE, "zh-hans")
    leader.page.goto(paper.get_absolute_url())
    asked = [line.pk for line in paper.lines.all() if line.above]
    assert len(asked) == 2
    leader.take("decide", **{f"yes_{pk}": "true" for pk in asked})
    payer = comes(road.payer, language="zh-hans")
    payer.page.goto(paper.get_absolute_url())
    payer.take("pay", secret=build.PASSWORD)
    payer.look("paid")
    payer.page.goto(reverse("finance:claim_print", args=[paper.number]))
    payer.look("print")
    assert (str(Claim.objects.get().amount), Trip.objects.get().stage) == ("835.00", "settled")

"""Plan c in real browsers: a visit on site, signed by the customer on the engineer's phone."""

import datetime as dt
import json

import pytest
from playwright.sync_api import expect

from repairs.models import Plan, Signature
from repairs.rules import SHANGHAI

from .conftest import PHONE, Someone, now, reports

pytestmark = pytest.mark.django_db(transaction=True)


def to_the_engineer(cs: Someone, number: str, people) -> None:
    cs.visit(number)
    cs.take("accept")
    cs.take("hand_over", engineer=people.eng.username)


def draws(eng: Someone, form) -> None:
    """The customer signs with his finger."""
    box = form.locator("canvas")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    mouse = eng.page.mouse
    mouse.move(place["x"] + 20, place["y"] + 20)
    mouse.down()
    for step in range(1, 8):
        mouse.move(place["x"] + 20 + step * 25, place["y"] + 20 + step % 3 * 18)
    mouse.up()


def plans_a_visit(eng: Someone) -> str:
    """Plan c with an appointment tomorrow; answers how the page shows its hour."""
    tomorrow = dt.datetime.now(SHANGHAI).replace(microsecond=0) + dt.timedelta(days=1)
    eng.take(
        "plan",
        plan_type="c",
        explanation="上门更换轴承",
        told_how="phone",
        appointment_at=f"{tomorrow:%Y-%m-%dT%H:%M}",
    )
    assert (
        f"{Plan.objects.get().appointment_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
        == f"{tomorrow:%Y-%m-%dT%H:%M}"
    )
    return f"{tomorrow:%H:%M}"


@pytest.mark.clause("4.4c")
@pytest.mark.clause("4.7")
def test_plan_c_from_the_public_form_to_closed(comes, people):
    customer, cs = comes(size=PHONE), comes(people.cs)
    number = reports(customer, "电机异响")
    to_the_engineer(cs, number, people)

    eng = comes(people.eng, PHONE)
    eng.visit(number)
    eng.take("attempt", result="no_answer", way="phone", note="无人接听")
    eng.stage_is("Handed over")
    eng.take("contact", confirmed_symptom="轴承响", damage_type="not_human")
    hour = plans_a_visit(eng)
    customer.page.reload()
    customer.sees("上门更换轴承", hour)
    customer.look("appointment")
    eng.take("begin")

    form = eng.open_step("complete")
    eng.fill(form, work_done="已更换轴承")
    eng.send(form)  # without a signature
    expect(form.locator("[name=signer]")).to_have_attribute("aria-invalid", "true")
    expect(eng.page.locator("#step-panel")).to_contain_text("4.7")
    expect(form.locator("[name=work_done]")).to_have_value("已更换轴承")
    eng.fill(form, signer="王小明")
    draws(eng, form)
    eng.look("signed")
    eng.send(form)
    eng.stage_is("Completed")
    eng.look("completed")
    signature = Signature.objects.get()
    assert (signature.person.name, signature.witness) == ("王小明", people.eng)
    assert len(json.loads(signature.strokes)[0]) > 5

    cs.visit(number)
    cs.take("call_back", resolved="true", way="phone", overall="satisfied")
    cs.take("write_off")
    cs.stage_is("Called back")
    cs.look("closed")
    assert now(number).stage == "closed"
    customer.page.reload()
    customer.sees(number, "上门更换轴承", within="body")
    customer.look("end")


@pytest.mark.clause("4.7")
def test_a_typed_name_is_a_signature_too(comes, people):
    from tests import build

    ticket = build.ticket(
        at_stage="in_service", plan="c", at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=9), company=people
    )
    eng = comes(people.eng, PHONE)
    eng.visit(ticket.number)
    eng.take("complete", work_done="已更换", signer="王小明")
    assert (Signature.objects.get().strokes, now(ticket.number).stage) == ("", "completed")

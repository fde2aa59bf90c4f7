"""A callback that finds the fault unsolved: the ticket goes a second round to its end, in real browsers."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests import build

from .conftest import PHONE, now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.clause("3.3")
@pytest.mark.clause("4.8")
def test_unsolved_goes_a_second_round_to_closed(comes, people):
    ticket = build.ticket(
        at_stage="completed", at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=9), company=people
    )
    cs, eng = comes(people.cs), comes(people.eng, PHONE)
    cs.visit(ticket.number)
    form = cs.open_step("call_back")
    cs.fill(form, resolved="false", way="phone")
    cs.send(form)
    cs.sees("3.3", within="#step-panel .errorlist")
    cs.fill(form, reason="上坡还响")
    cs.send(form)
    cs.stage_is("Handed over")
    cs.sees("round 2")
    cs.look("sent-back")

    eng.page.goto("/desk/inbox/")
    eng.page.get_by_role("link", name=f"Ticket {ticket.number} was handed to you").first.click()
    eng.sees("上坡还响")
    eng.take("contact")
    eng.take("plan", plan_type="b", explanation="再次指导", told_how="phone")
    eng.take("begin")
    eng.take("complete", work_done="复位", customer_word="已好")

    cs.visit(ticket.number)
    cs.take("call_back", resolved="true", way="phone")
    cs.take("write_off")
    cs.stage_is("Called back")
    expect(cs.page.locator("details.earlier")).to_have_count(1)
    fresh = now(ticket.number)
    assert (fresh.stage, fresh.round, fresh.surveys.count()) == ("closed", 2, 2)
    cs.look("second-round")

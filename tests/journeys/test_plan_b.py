"""Plan b in real browsers: reported on a phone, guided by phone, called back at a desk, each as the person concerned."""

import pytest
from playwright.sync_api import expect

from repairs.models import CallbackSurvey, WriteOff

from .conftest import PHONE, now, reports

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.clause("4.4b")
@pytest.mark.clause("9.5")
def test_plan_b_from_the_public_form_to_closed(comes, people):
    customer = comes(size=PHONE)
    number = reports(customer)
    customer.sees(number, "刹车异响，上坡更响", within="body")

    cs = comes(people.cs)
    collect = cs.duty(number, "Accept")
    expect(collect).to_be_visible()
    cs.look("desk")
    collect.get_by_role("link", name="Accept and record").click()
    form = cs.form("accept")
    cs.fill(form, vin="LFY0001", urgency="urgent", remark="客户着急")
    cs.look("accept")
    cs.send(form)
    cs.sees("Next: Hand over", within="#messages")
    cs.stage_is("Recorded")
    cs.take("hand_over", engineer=people.eng.username)
    cs.stage_is("Handed over")
    cs.sees(people.eng.name)
    cs.look("handed")

    eng = comes(people.eng, PHONE)
    expect(eng.duty(number, "Reach the customer")).to_be_visible()
    eng.look("desk")
    eng.page.goto("/desk/inbox/")
    eng.page.get_by_role("link", name=f"Ticket {number} was handed to you").click()
    eng.page.wait_for_url(f"**/tickets/{number}/")
    eng.look("ticket")
    eng.take("contact", confirmed_symptom="刹车片间隙过大", damage_type="not_human", cause_guess="磨损")
    eng.take("plan", plan_type="b", explanation="电话指导调整间隙", told_how="phone")
    customer.page.reload()
    customer.sees("电话指导调整间隙", people.eng.name)
    customer.look("planned")
    eng.take("begin")
    eng.take("complete", work_done="指导客户调整间隙", customer_word="电话里试车正常")
    eng.look("completed")
    assert now(number).stage == "completed"

    customer.page.reload()
    customer.page.get_by_role("link", name="Answer the survey").click()
    customer.fill(customer.page.locator("main form"), resolved="true", attitude="5", overall="very_satisfied")
    customer.look("survey")
    customer.page.get_by_role("button", name="Send my answers").click()
    customer.page.wait_for_load_state()

    cs.page.goto("/desk/")
    expect(cs.duty(number, "Call the customer back")).to_be_visible()
    cs.duty(number, "Call the customer back").get_by_role("link", name="Callback survey").click()
    form = cs.form("call_back")
    cs.fill(form, resolved="true", way="phone", overall="satisfied", quality="5")
    cs.look("callback")
    cs.send(form)
    cs.stage_is("Called back")
    cs.take("write_off")
    cs.look("closed")
    ticket = now(number)
    assert (ticket.stage, ticket.round, WriteOff.objects.get().confirmed_by) == ("closed", 1, people.cs)
    assert sorted(CallbackSurvey.objects.values_list("by_customer", "overall")) == [
        (False, "satisfied"),
        (True, "very_satisfied"),
    ]
    expect(cs.page.locator("a[data-step]")).to_have_count(1)  # to reopen it is all that is left

    customer.page.goto(customer.page.url.split("survey/")[0])
    customer.sees(number, within="body")
    expect(customer.page.get_by_role("link", name="Answer the survey")).to_have_count(0)
    customer.look("end")

"""A double click, two people on the same step, a page older than the paper: once, one sentence, nothing lost."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from repairs.models import Note, TicketEvent
from tests import build

from .conftest import now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recorded(people):
    assert people.eng, "whoever shall be chosen is there before the form opens"
    return build.ticket(
        at_stage="recorded", at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=9), company=people
    ).number


def events(number: str, name: str) -> int:
    return TicketEvent.objects.filter(ticket__number=number, name=name).count()


def test_a_double_click_takes_a_step_once(comes, people, recorded):
    cs = comes(people.cs)
    cs.visit(recorded)
    form = cs.open_step("note")
    cs.fill(form, text="只记一次")
    form.locator("button.primary").dblclick()
    expect(cs.page.get_by_role("listitem").filter(has_text="只记一次")).to_have_count(
        1
    )  # “Done” the second answer may cover
    cs.page.wait_for_load_state("networkidle")
    assert Note.objects.count() == 1


def test_what_has_arrived_is_not_typed_again_into_the_next_form(comes, people, recorded):
    cs = comes(people.cs)
    cs.visit(recorded)
    cs.take("note", text="只写一次")
    form = cs.open_step("note")
    expect(form.locator("[name=text]")).to_have_value("")
    expect(form.locator("[data-draft-note]")).to_be_hidden()


def test_a_double_click_without_scripts_takes_a_step_once(browser, live_server, people, recorded):
    """The browser sends the form twice; the key of the operation answers the second one."""
    import threading

    from django.test import Client

    from repairs import steps

    client = Client()
    client.force_login(people.cs)
    body = {
        "engineer": people.eng.username,
        "seen": steps.seen(now(recorded)),
        "operation": "6f1c2b5e-7a55-4a25-9a4f-0d4f3a2b1c00",
    }
    answers = []

    def post() -> None:
        from django.db import connection

        answers.append(client.post(f"/tickets/{recorded}/steps/hand_over/", body).status_code)
        connection.close()

    both = [threading.Thread(target=post) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert answers == [302, 302]
    assert (now(recorded).turn, events(recorded, "hand_over")) == (1, 1)


@pytest.mark.clause("3.2")
def test_two_people_on_the_same_step_one_wins_the_other_reads_one_sentence(comes, people, recorded):
    other = build.person("CS", name="李客服")
    anna, bert = comes(people.cs), comes(other)
    for one in (anna, bert):
        one.visit(recorded)
        one.fill(one.open_step("hand_over"), engineer=people.eng.username, remark=f"by {one.user.username}")
    anna.send(anna.form("hand_over"))
    anna.stage_is("Handed over")
    bert.send(bert.form("hand_over"))
    said = bert.page.locator("#step-panel [role=alert]")
    expect(said).to_have_count(1)
    expect(said).to_contain_text(people.cs.name)
    bert.look("loser")
    expect(bert.form("hand_over").locator("[name=remark]")).to_have_value(f"by {other.username}")
    assert (now(recorded).turn, events(recorded, "hand_over")) == (1, 1)


def test_a_stale_page_says_so_keeps_the_entries_and_can_be_sent_again(comes, people, recorded):
    other = build.person("CS", name="李客服")
    anna, bert = comes(people.cs), comes(other)
    for one, plate in [(anna, "苏A1"), (bert, "苏B2")]:
        one.visit(recorded)
        one.fill(one.open_step("edit_record"), plate=plate)
    anna.send(anna.form("edit_record"))
    anna.done()
    bert.send(bert.form("edit_record"))
    expect(bert.page.locator("#step-panel [role=alert]")).to_contain_text("moved on")
    bert.look("stale")
    assert now(recorded).plate == "苏A1"
    expect(bert.form("edit_record").locator("[name=plate]")).to_have_value("苏B2")
    bert.send(bert.form("edit_record"))
    bert.done()
    assert (now(recorded).plate, events(recorded, "edit_record")) == ("苏B2", 2)

"""Without a channel customer service copies the ready text and says that it told him: once, and it stands in the log."""

import pytest

from accounts.services import enrol_totp
from aftersales.problems import OutOfTurn
from repairs import services
from repairs.flow import Stage
from repairs.models import CustomerNotice
from repairs.told.by_hand import told_by_hand, untold
from tests import build

pytestmark = pytest.mark.django_db
HOUR, MINUTE = build.HOUR, build.MINUTE


@pytest.fixture
def now():
    from aftersales import clock

    return clock.now()


@pytest.fixture
def ticket(now, people):
    people.eng.mobile = "13911112222"
    people.eng.save()
    return build.ticket(Stage.ASSIGNED, at=now - HOUR, company=people)


def test_who_reported_on_the_website_is_not_told_what_he_has_just_read(now, people):
    assert not build.report(now).customer_notices.exists()
    called = services.phone_in(by=people.cs, at=now, contact="王", phone="+8613812345678", symptom="异响")
    assert called.customer_notices.get(event="received").channel == "hand", "by phone he gets number and link"


@pytest.mark.clause("4.3")
def test_the_ticket_page_holds_the_text_to_copy_with_link_and_number(ticket, people, as_user):
    page = as_user(people.cs).get(ticket.get_absolute_url()).content.decode()
    assert "Tell the customer" in page and "13911112222" in page and 'data-copy="【飞跃售后】' in page
    assert "/t/" in page.split("to-tell-text")[1][:400]
    other = as_user(people.eng).get(ticket.get_absolute_url()).content.decode()
    assert "Tell the customer" not in other and "to-tell-text" not in other, (
        "the private link is customer service's to send"
    )


def test_told_once_by_whom_and_when(ticket, people, as_user, now):
    row = ticket.customer_notices.get(status="waiting")
    client = as_user(people.cs)
    address = f"/tickets/{ticket.number}/told/{row.pk}/"
    said = client.post(address, {"back": "/tickets/to-tell/"}, follow=True)
    assert said.redirect_chain[-1][0] == "/tickets/to-tell/" and "told by WeChat" in said.content.decode()
    again = client.post(address, follow=True).content.decode()
    assert "told already" in again
    event = ticket.events.get(name="customer_told")
    assert (event.by, event.actor, event.data) == (
        people.cs, "staff", {"event": "engineer", "channel": "hand", "result": "told"},
    )  # fmt: skip
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "Customer told · engineer named · told by WeChat" in page and "to-tell-text" not in page
    with pytest.raises(OutOfTurn, match=r"4\.3"):
        told_by_hand(row, by=people.cs, at=now)


def test_nobody_is_sent_back_to_a_foreign_site(ticket, people, as_user):
    row = ticket.customer_notices.get(status="waiting")
    answer = as_user(people.cs).post(
        f"/tickets/{ticket.number}/told/{row.pk}/", {"back": "https://evil.example/"}
    )
    assert answer["Location"] == ticket.get_absolute_url()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_all_costs_the_same_with_one_and_with_three(
    now, people, as_user, count, django_assert_max_num_queries
):
    found = [build.ticket(Stage.ASSIGNED, at=now - HOUR, company=people) for _n in range(count)]
    client = as_user(people.cs)
    client.get("/tickets/to-tell/")
    with django_assert_max_num_queries(5):
        page = client.get("/tickets/to-tell/").content.decode()
    assert all(ticket.number in page for ticket in found) and page.count("to-tell-text") == count


def test_what_one_customer_is_to_be_told_stands_together(ticket, people, as_user, now):
    row = ticket.customer_notices.get(status="waiting")
    other = build.ticket(Stage.ASSIGNED, at=now - HOUR, company=people)
    row.pk, row.event, row.event_key = None, "answer", "answer:1"
    row.save()
    page = as_user(people.cs).get("/tickets/to-tell/").content.decode().split("<main")[1]
    assert page.count("to-tell-text") == 3 and page.count("to-tell-of") == 2
    assert page.count(f">{ticket.number}</a>") == page.count(f">{other.number}</a>") == 1


def test_what_is_not_true_any_more_disappears(ticket, people, now):
    assert untold(now).count() == 1
    services.contact(ticket, by=people.eng, at=now, confirmed_symptom="x", damage_type="not_human")
    assert untold(now).count() == 0
    assert CustomerNotice.objects.get(event="engineer").status == "dropped"


def test_who_wants_no_messages_is_not_on_the_page(ticket, people, as_user, now):
    services.prefer_telling(ticket, at=now, no_notices=True)
    assert untold(now).count() == 0
    assert "Every customer knows" in as_user(people.cs).get("/tickets/to-tell/").content.decode()
    assert "Tell the customer" not in as_user(people.cs).get(ticket.get_absolute_url()).content.decode()


def test_the_reminder_waits_for_the_eve(monday, people):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    entries = {**build.plan_entries("c", monday), "appointment_at": monday + 72 * HOUR}
    services.plan(ticket, by=people.eng, at=monday + HOUR, **entries)
    assert list(untold(monday + HOUR).values_list("event", flat=True)) == ["appointment"]
    eve = monday + 48 * HOUR + 7 * HOUR
    assert "day_before" not in untold(eve - MINUTE).values_list("event", flat=True)
    assert "day_before" in untold(eve).values_list("event", flat=True)
    visit = monday + 72 * HOUR
    assert {"day_before", "appointment"} <= set(untold(visit - MINUTE).values_list("event", flat=True))
    assert not {"day_before", "appointment"} & set(untold(visit).values_list("event", flat=True)), (
        "it is past"
    )


def test_the_customers_words_stand_on_top_until_somebody_answers(ticket, people, as_user, now):
    services.message(ticket, at=now, text="请问几点来？")
    page = as_user(people.eng).get(ticket.get_absolute_url()).content.decode()
    assert "waits for an answer" in page and "请问几点来？" in page and "?step=message#step" in page
    services.message(ticket, at=now + MINUTE, text="下午两点", by=people.eng)
    assert "waits for an answer" not in as_user(people.eng).get(ticket.get_absolute_url()).content.decode()


def test_a_leader_sees_neither_the_page_nor_the_text(ticket, people, as_user):
    enrol_totp(people.mgr, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = as_user(type(people.mgr).objects.get(pk=people.mgr.pk))
    assert client.get("/tickets/to-tell/").status_code == 403
    assert "to-tell-text" not in client.get(ticket.get_absolute_url()).content.decode()

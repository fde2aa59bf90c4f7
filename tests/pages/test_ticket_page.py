"""The ticket as the paper: sections, rail, timeline, and who sees what."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from repairs import services
from repairs.flow import Stage
from tests import build

HOUR = dt.timedelta(hours=1)
PHONE, STREET = "138 1234 5678", "人民中路118号"


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def page(client, ticket, **params) -> str:
    response = client.get(f"/tickets/{ticket.number}/", params)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.clause("9.2")
def test_the_paper_fills_section_by_section(people, as_user, now):
    ticket = build.ticket(
        at_stage=Stage.COMPLETED, plan="c", at=now - 9 * HOUR, company=people, symptom="刹车异响"
    )
    text = page(as_user(people.cs), ticket)
    for words in ("刹车异响", "后轮刹车片磨损", "调整刹车间隙", "已调整", "王小明"):
        assert words in text


def test_customer_service_and_the_engineer_see_the_phone_and_one_row_a_day_says_so(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people, street=STREET)
    for user in (people.cs, people.eng):
        client = as_user(user)
        assert PHONE in page(client, ticket) and STREET in page(client, ticket)
    rows = AuditEvent.objects.filter(verb="ticket.person_seen", subject=f"ticket:{ticket.number}")
    assert sorted(rows.values_list("by__username", flat=True)) == sorted(
        [people.cs.username, people.eng.username]
    )


def test_auditors_never_see_the_phone(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people, street=STREET)
    client = as_user(people.aud)
    text = page(client, ticket)
    assert PHONE not in text and "13812345678" not in text and STREET not in text and "138****5678" in text
    assert client.post(f"/tickets/{ticket.number}/phone/").status_code == 403


def test_a_salesperson_reveals_the_phone_of_what_he_relayed_and_the_look_is_kept(people, as_user, now):
    ticket = services.relay(
        by=people.sales, at=now, reported_at=now, contact="李四", phone="+8613812345678", symptom="不走"
    )
    client = as_user(people.sales)
    assert PHONE not in page(client, ticket)
    shown = client.post(f"/tickets/{ticket.number}/phone/", headers={"hx-request": "true"})
    assert PHONE in shown.content.decode()
    assert AuditEvent.objects.filter(verb="ticket.phone_revealed", by=people.sales).count() == 1


def test_what_one_may_not_see_is_not_found(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    stranger = as_user(build.person("ENG"))
    for address in ("", "steps/note/"):
        assert stranger.get(f"/tickets/{ticket.number}/{address}").status_code == 404
    assert stranger.post(f"/tickets/{ticket.number}/phone/").status_code == 404


@pytest.mark.clause("4.7")
def test_a_step_ahead_says_why_it_must_wait(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - HOUR, company=people)
    road = as_user(people.eng).get(f"/tickets/{ticket.number}/").context["road"]
    assert [(offer.name, offer.allowed) for offer in road] == [
        ("plan", True),
        ("begin", False),
        ("complete", False),
    ]
    assert all("(4." in offer.why_not for offer in road[1:])


@pytest.mark.clause("4.5")
def test_a_guard_that_refuses_stands_beside_its_step(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.PLANNED, plan="b", needs_parts=True, at=now - HOUR, company=people)
    road = as_user(people.eng).get(f"/tickets/{ticket.number}/").context["road"]
    assert "signed by finance before the service begins" in next(
        offer.why_not for offer in road if offer.name == "begin"
    )


def test_the_engineer_does_not_read_the_survey(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CLOSED, at=now - 9 * HOUR, company=people)
    assert "Callback" not in str(as_user(people.eng).get(f"/tickets/{ticket.number}/").context["present"])
    assert "HF2" in page(as_user(people.cs), ticket)


def test_a_correction_shows_what_it_changed(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.CONTACTED, at=now - 9 * HOUR, company=people, odometer=6420)
    services.edit_sheet(
        ticket, by=people.eng, at=now, confirmed_symptom="后轮刹车片磨损", odometer=6501, damage_type="human"
    )
    entry = as_user(people.eng).get(f"/tickets/{ticket.number}/").context["entries"][0]
    assert entry.name == "edit_sheet"
    assert [(before, after) for _label, before, after in entry.changes] == [
        ("6420", "6501"),
        ("not human damage", "human damage"),
    ]


def test_a_vehicle_that_was_here_lately_is_announced(people, as_user, now):
    vin = build.vehicle().vin
    first = build.ticket(at_stage=Stage.REPORTED, at=now - 40 * 24 * HOUR, company=people, vin=vin)
    second = build.ticket(at_stage=Stage.REPORTED, at=now - HOUR, company=people, vin=vin)
    client = as_user(people.cs)
    assert f"/tickets/{first.number}/" in page(client, second)
    assert client.get(f"/tickets/{first.number}/").context["lately"] is None


@pytest.mark.parametrize("vin", ["12", "LFY12"])
def test_a_few_signs_of_a_vin_are_no_vehicle(people, as_user, now, vin):
    build.ticket(at_stage=Stage.REPORTED, at=now - 2 * HOUR, company=people, vin=vin)
    second = build.ticket(at_stage=Stage.REPORTED, at=now - HOUR, company=people, vin=vin)
    assert as_user(people.cs).get(f"/tickets/{second.number}/").context["lately"] is None


@pytest.mark.clause("3.1")
def test_a_report_that_was_joined_is_not_announced(people, as_user, now):
    """Neither to the one with which it was joined nor to a later one, which hears of the one that goes on."""
    vin = build.vehicle().vin
    joined, goes_on, later = (
        build.ticket(at_stage=Stage.RECORDED, at=now - n * HOUR, company=people, vin=vin) for n in (5, 4, 3)
    )
    services.merge(joined, by=people.cs, at=now, into=goes_on)
    client = as_user(people.cs)
    told = [client.get(f"/tickets/{t.number}/").context["lately"] for t in (goes_on, later)]
    assert told[0] is None and told[1]["number"] == goes_on.number
    services.merge(later, by=people.cs, at=now, into=goes_on)
    assert client.get(f"/tickets/{goes_on.number}/").context["lately"] is None


def test_words_of_the_customer_are_text(people, as_user, now):
    ticket = build.ticket(
        at_stage=Stage.REPORTED, at=now, company=people, symptom="<script>alert(1)</script> 🚜"
    )
    text = page(as_user(people.cs), ticket)
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text and "🚜" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_fourteen_statements_whatever_is_on_it(
    people, as_user, now, count, django_assert_max_num_queries
):
    ticket = build.ticket(
        at_stage=Stage.COMPLETED, plan="c", at=now - 9 * HOUR, company=people, vin=build.vehicle().vin
    )
    for n in range(count):
        services.note(ticket, by=people.cs, at=now - HOUR, text=f"note {n}")
        services.message(ticket, at=now - HOUR, text=f"message {n}")
        services.attempt(ticket, by=people.cs, at=now - HOUR, result="no_answer", purpose="callback")
    client = as_user(people.cs)
    with django_assert_max_num_queries(15):  # the first look of the day writes its row
        client.get(f"/tickets/{ticket.number}/")
    with django_assert_max_num_queries(14):
        client.get(f"/tickets/{ticket.number}/")

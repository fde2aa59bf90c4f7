"""My deadlines: what I owe, by when, and the step that discharges it."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.services import enrol_totp, propose_posting
from aftersales.charter import Department, Fact
from deadlines.services import open_rounds, record
from policy import services as policy
from repairs.flow import Stage
from repairs.services import articles
from tests import build

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.mark.clause("4.3")
def test_the_duty_names_its_clause_and_opens_the_step_that_discharges_it(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    page = as_user(people.eng).get("/desk/").content.decode()
    assert f"/tickets/{ticket.number}/?step=contact" in page
    assert "Reach the customer" in page and ">4.3<" in page and ticket.number in page


def test_duties_stand_in_three_groups_with_the_overdue_ones_first(people, as_user, now):
    build.ticket(at_stage=Stage.ASSIGNED, at=now - 13 * HOUR, company=people)
    build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    groups = as_user(people.eng).get("/desk/").context["groups"]
    assert groups[0]["tone"] == "danger"
    due = [duty.due_at for group in groups for duty in group["duties"]]
    assert due == sorted(due) and len(due) == 4


def test_nothing_to_do_is_said_in_words(people, as_user):
    assert "You owe nothing" in as_user(people.eng).get("/desk/").content.decode()


def test_the_poll_answers_nothing_while_nothing_changed_and_the_list_once_it_did(people, as_user, now):
    build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    client = as_user(people.eng)
    mark = client.get("/desk/").context["mark"]
    headers = {"hx-request": "true", "hx-target": "duties"}
    assert client.get("/desk/", {"seen": mark}, headers=headers).status_code == 204
    build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    changed = client.get("/desk/", {"seen": mark}, headers=headers)
    assert changed.status_code == 200 and changed.content.lstrip().startswith(b'<div id="duties"')


def test_a_head_sees_what_his_engineers_owe(people, as_user, now):
    ticket = build.ticket(at_stage=Stage.ASSIGNED, at=now - HOUR, company=people)
    page = as_user(people.eng_head).get("/desk/?tab=owed").content.decode()
    assert ticket.number in page and people.eng.name in page
    assert ticket.get_absolute_url() in page
    assert as_user(people.eng_head).get(ticket.get_absolute_url()).status_code == 200, (
        "he answers for its clocks"
    )


def test_a_leader_is_told_what_waits_for_his_second(people, as_user, now):
    for person in (people.mgr, people.sys):
        enrol_totp(person, "JBSWY3DPEHPK3PXP")
    assert as_user(people.mgr).get("/desk/").context["waiting"] == []
    propose_posting(
        people.eng,
        department=Department.TECHNICAL,
        since=timezone.localdate(now),
        by=people.sys,
        at=now,
        reason="Vacancy",
    )
    (waiting,) = as_user(people.mgr).get("/desk/").context["waiting"]
    assert people.eng.name in waiting["text"] and waiting["url"] == "/accounts/people/"
    assert as_user(people.sys).get("/desk/").context["waiting"] == [], "who named it does not second it"


@pytest.mark.clause("2.2")
def test_whoever_publishes_is_told_of_a_whole_draft_that_another_one_wrote(people, as_user, now):
    facts = {"symptom": "充不进电", "steps": [{"text": "检查充电器指示灯"}]}
    row = articles.begin(title="不充电", **facts, by=people.tech, at=now)
    articles.begin(title="还没写完", by=people.tech, at=now)
    (waiting,) = as_user(people.cs).get("/desk/").context["waiting"]
    assert (waiting["text"], waiting["url"]) == ("不充电", f"/quality/articles/{row.article.key}/")
    for other in (people.tech, people.eng):
        assert as_user(other).get("/desk/").context["waiting"] == []
    articles.publish(row, by=people.cs, at=now)
    assert as_user(people.cs).get("/desk/").context["waiting"] == []


def test_a_leader_is_told_of_a_figure_that_another_one_proposed(people, as_user, now):
    other = build.person("MGR")
    for person in (people.mgr, other):
        enrol_totp(person, "JBSWY3DPEHPK3PXP")
    tomorrow = timezone.localdate(now) + dt.timedelta(days=1)
    policy.propose("reopen_days", "20", since=tomorrow, reason="试行", by=other, at=now)
    (waiting,) = as_user(people.mgr).get("/desk/").context["waiting"]
    assert "reopened within" in waiting["text"]
    assert as_user(other).get("/desk/").context["waiting"] == []


@pytest.fixture
def window(now):
    """A window for collecting reports that nobody has ticked, whatever the hour of the test."""
    monday_noon = now.replace(hour=7, minute=30) - dt.timedelta(days=now.weekday())
    open_rounds(monday_noon if monday_noon < now else monday_noon - dt.timedelta(days=7))


@pytest.mark.clause("3.1")
def test_customer_service_finds_the_window_to_tick(people, as_user, window):
    assert "/desk/rounds/" in as_user(people.cs).get("/desk/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_home_takes_seven_statements_whatever_its_length(
    people, as_user, now, window, count, django_assert_max_num_queries
):
    for _ in range(count):
        build.ticket(at_stage=Stage.RECORDED, at=now - HOUR, company=people)
    client = as_user(people.cs)
    client.get("/desk/")
    with django_assert_max_num_queries(7):
        page = client.get("/desk/").content.decode()
    assert "/desk/rounds/" in page and page.count("?step=") >= count


@pytest.fixture
def checks(people, now):
    """Sixty reports of consumption that nobody confirmed for months."""
    from parts.models import ConsumptionReport

    ticket = build.ticket(at_stage=Stage.COMPLETED, at=now - 2400 * HOUR, company=people)
    for number in range(60):
        at = now - (2400 - number) * HOUR
        report = ConsumptionReport.objects.create(ticket=ticket, round=number + 1, opened_at=at, sent_at=at)
        record(Fact.CONSUMPTION_SENT, report, at=at, by=people.wh)
    return ConsumptionReport.objects.order_by("pk")


@pytest.mark.clause("5.5")
def test_what_is_months_late_does_not_hide_what_is_due_today(people, as_user, now, checks):
    ticket = build.ticket(at_stage=Stage.COMPLETED, at=now - HOUR, company=people)
    today = type(checks[0]).objects.create(ticket=ticket, round=1, opened_at=now, sent_at=now)
    record(Fact.CONSUMPTION_SENT, today, at=now, by=people.wh)
    enrol_totp(people.wh, "JBSWY3DPEHPK3PXP")
    answer = as_user(people.wh).get("/desk/")
    page, duties = answer.content.decode(), [d for g in answer.context["groups"] for d in g["duties"]]
    assert len(duties) == 51 and duties[-1].title == str(today)
    assert f'href="{today.get_absolute_url()}"' in page and "Confirm the quantities" in page
    assert "/parts/consumption/?stage=open" in page and "(61)" in page, "the rest stands on its own list"
    assert as_user(people.wh).get("/parts/consumption/?stage=open").status_code == 200


@pytest.mark.parametrize(("count", "ends"), [(6, False), (7, True)])
def test_a_long_pile_says_that_more_stand_on_its_list(people, as_user, now, count, ends):
    enrol_totp(people.mgr, "JBSWY3DPEHPK3PXP")
    for number in range(count):
        propose_posting(
            build.person("ENG"), department=Department.SERVICE, since=timezone.localdate(now), by=people.sys,
            at=now + number * dt.timedelta(minutes=1), reason="Vacancy",
        )  # fmt: skip
    (waiting,) = as_user(people.mgr).get("/desk/").context["waiting"]
    assert (waiting["text"].count(" / ") == 6, waiting["text"].endswith("and more")) == (ends, ends)

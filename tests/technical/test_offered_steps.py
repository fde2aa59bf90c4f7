"""A step is offered where it can be taken; else the reason stands beside it before anything is typed (7.1)."""

import datetime as dt

import pytest
from django.utils import timezone

from technical.models import Review
from technical.services import judging, reviewing
from tests import build
from tests.api.conftest import Program
from tests.finance import cases

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.1"), pytest.mark.usefixtures("one_factor")]


@pytest.fixture(autouse=True)
def _in_english(english):
    """Reasons are matched by their English words."""


@pytest.fixture
def now():
    return timezone.now()


def why(user, report):
    """Step → why not, of what this person is offered, the vote of the panel aside; blank where he can take it."""
    steps = Program(user).get(f"quality-reports/{report.number}")["steps"]
    return {step["name"]: step["why_not"] or "" for step in steps if step["name"] != "vote"}


def convened(report, who, now, **facts):
    meets = {"meets_at": now + dt.timedelta(hours=2)} | facts
    return reviewing.convene(report, members=[who.eng, who.pur], by=who.mgr, at=now, **meets)


def test_who_has_appealed_is_told_so_beside_both_answers(who, now):
    report = cases.judged(who, who.wh, who.ga)
    assert why(who.wh, report) == {"accept": "", "appeal": ""}
    judging.appeal(report, reason="不是我", by=who.wh, at=now)
    assert why(who.wh, report) == dict.fromkeys(("accept", "appeal"), "You have appealed already. (7.1)")
    assert why(who.ga, report) == {"accept": "", "appeal": ""}


def test_who_has_accepted_is_told_so_beside_both_answers(who, now):
    report = cases.judged(who, who.wh, who.ga)
    judging.accept(report, by=who.wh, at=now)
    assert why(who.wh, report) == dict.fromkeys(
        ("accept", "appeal"), "You have accepted this judgement. (7.1)"
    )


def test_another_holder_still_joins_after_the_panel_is_named(who, now):
    report = cases.judged(who, who.wh, who.ga)
    judging.appeal(report, reason="不是我", by=who.wh, at=now)
    convened(report, who, now)
    assert why(who.ga, report) == {"accept": "", "appeal": ""}
    judging.accept(report, by=who.ga, at=now)
    assert why(who.ga, report) == {}, "nobody can join any more"


def test_the_decision_says_what_it_waits_for_before_the_minutes_are_typed(who, now, as_user):
    report = cases.judged(who, who.wh, who.ga)
    judging.appeal(report, reason="不是我", by=who.wh, at=now)
    convened(report, who, now)
    assert "may still appeal" in why(who.mgr, report)["decide"]
    judging.accept(report, by=who.ga, at=now)
    reviewing.vote(report, vote="uphold", by=who.eng, at=now)
    assert "Once the review has met" in why(who.mgr, report)["decide"]
    page = as_user(who.mgr).get(f"{report.get_absolute_url()}?step=decide").content.decode()
    assert "Once the review has met" in page and 'name="minutes"' not in page
    Review.objects.update(meets_at=now - dt.timedelta(minutes=1))
    offered = why(who.mgr, report)
    assert "Name another panel" in offered["decide"] and offered["convene"] == ""


def test_once_everybody_has_voted_it_is_decided(who, now):
    report = cases.judged(who, who.wh)
    judging.appeal(report, reason="不是我", by=who.wh, at=now)
    convened(report, who, now)
    for person in (who.eng, who.pur):
        reviewing.vote(report, vote="uphold", by=person, at=now)
    assert why(who.mgr, report) == {"decide": ""}


# --- whom a form names
def test_who_answers_is_named_with_his_department_and_auditors_are_not_offered(who, now, as_user):
    report = cases.judged(who, who.wh)
    judging.appeal(report, reason="不是我", by=who.wh, at=now)
    convened(report, who, now)
    for person in (who.eng, who.pur):
        reviewing.vote(report, vote="overturn", by=person, at=now)
    seller, admin = build.person("SALES"), build.person("SYS")
    page = as_user(who.mgr).get(f"{report.get_absolute_url()}?step=decide").content.decode()
    offered = [
        row.split("<")[0]
        for row in page.split('id="id_who_2"')[1].split("</select>")[0].split('value="person:')[1:]
    ]
    assert any(row.startswith(seller.username) and row.endswith(f">{seller} · Sales") for row in offered)
    assert not any(row.startswith((who.aud.username, admin.username)) for row in offered)
    places = [row.split(" · ")[1] for row in offered]
    assert places == sorted(places)


@pytest.mark.clause("7.2")
def test_who_carries_out_is_named_with_his_department(who, now, as_user):
    report, person = cases.judged(who, who.wh), who.pur
    page = as_user(who.tech).get(f"/quality/reports/{report.number}/notice/").content.decode()
    assert f'value="{person.username}">{person} · ' in page
    assert f'value="{who.aud.username}"' not in page


# --- the part of 9.6
@pytest.mark.clause("9.6")
def test_the_part_is_looked_up_and_an_unknown_code_gets_a_sentence_of_ours(who, now, as_user):
    cases.standard()
    ticket = build.ticket("completed", at=now, company=who)
    client, url = as_user(who.eng), f"/quality/tickets/{ticket.number}/report/"
    assert 'hx-get="/quotations/parts/"' in client.get(url).content.decode()
    answer = client.post(url, {"part": "没有这个", "what": "x"})
    assert answer.status_code == 422
    assert "No part has this code; type a part of its name and choose." in answer.content.decode()
    part = build.spare(by=who.wh, at=now)
    assert client.post(url, {"part": part.name, "failure_mode": "worn", "what": "x"}).status_code == 302
    assert ticket.quality_reports.get().part == part


# --- the address that programs and people hold on to
@pytest.mark.clause("9.6")
def test_the_address_of_the_department_leads_to_its_pages(who, as_user):
    client = as_user(who.tech)
    for old, new in (
        ("", "reports/"),
        ("reports/?q=a%26b", "reports/?q=a%26b"),
        ("reports/ZL1/", "reports/ZL1/"),
    ):
        answer = client.get(f"/technical/{old}")
        assert (answer.status_code, answer.url) == (301, f"/quality/{new}")
    assert client.post("/technical/reports/").status_code == 405


# --- nothing found
@pytest.mark.clause("4.10")
@pytest.mark.parametrize("address", ["/quality/reports/", "/quality/articles/", "/sales/leads/"])
def test_where_a_filter_fits_nothing_the_list_says_so_and_clears_it(who, as_user, address):
    client = as_user(who.cs)
    plain, narrowed = (client.get(address, asked).content.decode() for asked in ({}, {"q": "没有的"}))
    assert "fits</h2>" in narrowed and f'href="{address}">Clear</a>' in narrowed
    assert "fits</h2>" not in plain

"""Rectification notice (7.2): issued in three working days, carried out with evidence, verified by another, effect checked."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from notices.models import Notification
from technical.models import Notice
from technical.notice_steps import STEPS
from technical.services import measures, notices, writing
from tests import build
from tests.files import samples
from tests.technical import quality

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.2")]
WEEK = dt.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _sentences_in_english(english):
    """What the services refuse is compared in English here."""


@pytest.fixture
def analysed(ticket, who, later):
    return quality.analysed(ticket, later(), who.tech)


@pytest.fixture
def head(who):
    return who.pur_head


def issued(report, who, at, head, **facts):
    given = {
        "department": "purchasing", "problem": "材料硬度不足", "measures": "更换供应商的材料", "due_on": at.date() + 2 * WEEK,
        "by": who.tech, "at": at,
    }  # fmt: skip
    return notices.issue(report, **given | facts)


def clocks(paper, rule):
    return list(Deadline.objects.of(paper).filter(rule=rule).order_by("pk"))


def in_place(report, who, at, head, **facts):
    paper = issued(report, who, at, head, **facts)
    return measures.carry_out(
        paper, done="换了供应商，见检验报告", by=paper.person, at=at + dt.timedelta(days=1)
    )


# --- issued
def test_it_meets_the_three_working_days_and_starts_a_clock_of_the_person(analysed, who, later, head):
    paper = issued(analysed, who, later(hours=3), head)
    assert clocks(analysed, "rectification")[0].met_at == later(hours=3)
    [duty] = clocks(paper, "measures")
    assert (duty.assignee, duty.due_at, duty.met_at) == (head, paper.due_at, None)
    assert (paper.person, paper.effect_weeks, paper.number[:2]) == (head, 8, "ZG")


def test_the_person_and_the_head_are_told(analysed, who, later, head):
    person = build.person("PUR")
    paper = issued(analysed, who, later(), head, person=person)
    told = Notification.objects.filter(event_key=f"notice:{paper.number}:1:issue")
    assert set(told.values_list("recipient_id", flat=True)) == {person.pk, head.pk}


def test_without_a_technical_cause_there_is_no_notice(ticket, who, later, head):
    report = quality.submitted(ticket, later())
    with pytest.raises(OutOfTurn, match="analysis"):
        issued(report, who, later(), head)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"due_on": dt.date(2026, 3, 1)}, "due_on"), ({"department": "warehouse"}, "person"), ({"effect_weeks": 0}, "effect_weeks"),
     ({"department": "finance", "role": "FIN"}, "department"), ({"role": "WH"}, "person")],
)  # fmt: skip
def test_what_is_wrong_is_refused_at_its_field(analysed, who, later, head, facts, field):
    role = facts.pop("role", "")
    facts |= {"person": build.person(role)} if role else {}
    with pytest.raises(BadEntry) as refusal:
        issued(analysed, who, later(), head, **facts)
    assert refusal.value.field == field and not Notice.objects.exists()


def test_only_technical_issues_it(analysed, who, later, head):
    for person in (who.eng, who.mgr, head):
        with pytest.raises(Denied):
            issued(analysed, who, later(), head, by=person)


# --- carried out
def test_the_department_shows_what_it_did_with_pictures(analysed, who, later, head, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = issued(analysed, who, later(), head)
    photo = samples.upload(samples.photo())
    done = measures.carry_out(
        paper, done="已更换", prevention="进货检验", photos=[photo], by=head, at=later(days=2)
    )
    assert (done.stage, done.pictures.get().turn, done.carried_out_by) == ("in_place", 1, head)
    assert clocks(paper, "measures")[0].met_at == later(days=2)
    assert measures.pictured([done.pictures.get().sha256])


def test_another_department_does_not_carry_it_out(analysed, who, later, head):
    paper = issued(analysed, who, later(), head)
    for person in (who.wh, who.eng, who.mgr):
        with pytest.raises(Denied):
            STEPS.take(paper, "carry_out", by=person, at=later(), done="x")


# --- verified by another (SD09)
def test_verified_the_effect_is_checked_after_the_weeks(analysed, who, later, head):
    paper = in_place(analysed, who, later(), head, effect_weeks=4)
    done = measures.verify(paper, verdict="抽检三件合格", by=who.tech, at=later(days=3))
    assert (done.stage, done.effect_on) == ("verified", later(days=3).date() + 4 * WEEK)
    assert clocks(paper, "effect_check")[0].due_at == done.effect_at


def test_who_carried_it_out_verifies_nothing_of_it_also_with_both_roles(analysed, who, later):
    both = build.person("PUR", "TECH")
    paper = issued(analysed, who, later(), None, person=both)
    paper = measures.carry_out(paper, done="已更换", by=both, at=later(days=1))
    for act, facts in ((measures.verify, {}), (measures.reject, {"due_on": later(days=9).date()})):
        with pytest.raises(Denied, match="SD09"):
            act(paper, verdict="好", by=both, at=later(days=2), **facts)
    assert {step.name for step, why in STEPS.offered(paper, both) if why is None} == set()
    verified = measures.verify(paper, verdict="好", by=who.tech, at=later(days=2))
    with pytest.raises(Denied, match="SD09"):
        measures.close(verified, effect="好", by=both, at=later(days=90))


def test_rejected_it_runs_again_with_a_new_day_and_another_may_then_act(analysed, who, later, head):
    both = build.person("PUR", "TECH")
    paper = in_place(analysed, who, later(), head)
    again = measures.reject(
        paper, verdict="缺检验报告", due_on=later(days=10).date(), by=both, at=later(days=2)
    )
    assert (again.stage, again.turn) == ("rejected", 2)
    assert [row.met_at is None for row in clocks(paper, "measures")] == [False, True]
    done = measures.carry_out(again, done="补报告", by=both, at=later(days=3))
    assert (done.verified_by, done.verdict, done.stage) == (None, "", "in_place")
    assert measures.verify(done, verdict="好", by=who.tech, at=later(days=4)).stage == "verified"


# --- effect
def test_the_effect_counts_the_same_fault_reported_after_the_measures(analysed, who, later, head):
    paper = in_place(analysed, who, later(), head, effect_weeks=1)
    paper = measures.verify(paper, verdict="好", by=who.tech, at=later(days=2))
    before = build.ticket("completed", at=later(hours=2), company=who, model=analysed.model)
    quality.submitted(before, later(days=3))  # reported before the measures were in place
    after = build.ticket("completed", at=later(days=4), company=who, model=analysed.model)
    quality.submitted(after, later(days=5))
    other = build.ticket("completed", at=later(days=4), company=who, model="另一车型")
    quality.submitted(other, later(days=5))
    with pytest.raises(OutOfTurn, match="from 2026-03-11"):
        measures.close(paper, effect="好", by=who.tech, at=later(days=5))
    done = measures.close(paper, effect="再发一次，原因不同", by=who.tech, at=later(days=9))
    assert (done.stage, done.came_back) == ("closed", 1)
    assert clocks(paper, "effect_check")[0].met_at == later(days=9)


def test_the_fault_comes_back_and_the_notice_reopens_with_a_new_day(analysed, who, later, head):
    paper = in_place(analysed, who, later(), head)
    paper = measures.verify(paper, verdict="好", by=who.tech, at=later(days=2))
    again = measures.reopen(paper, effect="又坏", due_on=later(days=20).date(), by=who.tech, at=later(days=8))
    assert (again.stage, again.turn, again.came_back) == ("rejected", 2, 0)
    assert clocks(paper, "effect_check")[0].met_at == later(days=8)
    assert clocks(paper, "measures")[-1].due_at == again.due_at


def test_withdrawn_nobody_waits_for_it(analysed, who, later, head):
    paper = issued(analysed, who, later(), head)
    done = notices.withdraw(paper, reason="重复", by=who.tech, at=later(hours=2))
    assert (done.stage, clocks(paper, "measures")[0].met_at) == ("withdrawn", later(hours=2))
    with pytest.raises(OutOfTurn):
        measures.carry_out(done, done="x", by=head, at=later(hours=3))


# --- pages
@pytest.fixture
def recent(who):
    """A notice of the present: pages read the database's clock."""
    quality.standard()
    at = timezone.now() - dt.timedelta(hours=30)

    def make(**facts):
        ticket = build.ticket("completed", at=at, company=who)
        report = quality.analysed(ticket, at + dt.timedelta(hours=2), who.tech)
        return issued(report, who, at + dt.timedelta(hours=3), who.pur_head, **facts)

    return make


def test_it_is_written_from_the_report_and_carried_out_on_its_page(recent, who, as_user, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    report = recent().report
    tech, pur = as_user(who.tech), as_user(who.pur_head)
    assert f"{report.get_absolute_url()}notice/" in tech.get(report.get_absolute_url()).content.decode()
    sent = {
        "department": "purchasing",
        "problem": "p",
        "measures": "m",
        "due_on": "2099-01-01",
        "effect_weeks": "8",
    }
    answer = tech.post(f"{report.get_absolute_url()}notice/", sent)
    paper = Notice.objects.first()
    assert (answer.status_code, answer.url) == (302, paper.get_absolute_url())
    assert (
        tech.post(f"{report.get_absolute_url()}notice/", sent | {"due_on": "2020-01-01"}).status_code == 422
    )
    url = f"{paper.get_absolute_url()}steps/carry_out/"
    assert 'type="file"' in pur.get(url).content.decode()
    photo = samples.upload(samples.photo())
    assert pur.post(url, {"done": "已做", "photos": [photo]}).status_code == 302
    text = pur.get(paper.get_absolute_url()).content.decode()
    picture = f"{paper.get_absolute_url()}pictures/{paper.pictures.get().key}/"
    assert picture in text and pur.get(picture).status_code == 200
    assert as_user(who.wh).get(picture).status_code == 404


def test_a_report_without_technical_cause_says_why_there_is_no_notice(ticket, who, later, as_user):
    report = quality.submitted(ticket, later())
    answer = as_user(who.tech).get(f"{report.get_absolute_url()}notice/")
    assert answer.status_code == 409 and "analysis" in answer.content.decode()


def test_a_department_sees_its_own_notices_only(recent, who, as_user):
    own, other = recent(), recent(department="warehouse", person=build.person("WH"))
    text = as_user(build.person("PUR")).get("/quality/notices/").content.decode()
    assert own.number in text and other.number not in text
    everything = as_user(who.mgr).get("/quality/notices/").content.decode()
    assert own.number in everything and other.number in everything
    assert as_user(who.wh).get(own.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_and_three(recent, who, as_user, count, django_assert_max_num_queries):
    for _ in range(count):
        recent()
    client = as_user(who.tech)
    client.get("/quality/notices/")
    with django_assert_max_num_queries(5):
        assert client.get("/quality/notices/", {"stage": "issued"}).status_code == 200


def test_it_is_printed_on_a4(recent, who, as_user):
    paper = recent()
    client = as_user(who.tech)
    text = client.get(f"{paper.get_absolute_url()}print/?lang=en").content.decode()
    assert "Technical rectification notice" in text and paper.number in text
    assert client.get(f"{paper.get_absolute_url()}pdf/").content.startswith(b"%PDF")


def test_over_the_api(recent, who, program):
    paper = recent()
    api = program(who.tech)
    [row] = api.get("rectifications")["results"]
    assert (row["number"], row["department"], row["stage"]) == (paper.number, "purchasing", "issued")
    made = api.post(f"quality-reports/{paper.report.number}/rectification",
                    {"department": "purchasing", "problem": "p", "measures": "m", "due_on": "2099-01-01"})  # fmt: skip
    assert api.status == 201 and made["number"].startswith("ZG")
    own = program(who.pur_head)
    assert own.post(f"rectifications/{paper.number}/steps/carry_out", {"done": "已做"})["stage"] == "in_place"
    assert api.post(f"rectifications/{paper.number}/steps/verify", {"verdict": "好"})["stage"] == "verified"
    assert api.get(f"rectifications/{paper.number}")["came_back"] is None


def test_a_draft_is_no_sign_that_the_fault_came_back(analysed, who, later, head):
    paper = in_place(analysed, who, later(), head)
    after = build.ticket("completed", at=later(days=4), company=who, model=analysed.model)
    writing.open_report(after, by=after.engineer, at=later(days=5))
    paper = measures.verify(paper, verdict="好", by=who.tech, at=later(days=6))
    again = measures.reopen(paper, effect="?", due_on=later(days=20).date(), by=who.tech, at=later(days=8))
    assert again.came_back == 0

"""Report → judged → accepted, appealed, reviewed (4.10, 7.1); SD08 with double roles."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from notices.models import Notification
from technical.models import Report, Share
from technical.services import judging, reviewing, writing
from tests import build
from tests.technical import quality

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.10"), pytest.mark.clause("7.1")]


@pytest.fixture(autouse=True)
def in_english():
    """Refusals are matched by their English words."""
    with translation.override("en"):
        yield


def clock(subject, rule):
    return Deadline.objects.of(subject).get(rule=rule)


# --- 4.10: three days, with evidence
def test_the_duty_runs_three_days_from_the_completion_and_is_met_by_the_submission(ticket, later):
    duty = clock(ticket, "quality_report")
    assert duty.assignee_id == ticket.engineer_id
    assert (duty.due_at - ticket.completed_at) >= dt.timedelta(days=3)
    quality.submitted(ticket, later(days=1))
    duty.refresh_from_db()
    assert duty.met_at == later(days=1)


@pytest.mark.parametrize(("plan", "needs"), [("a", True), ("b", False), ("c", True)])
def test_plans_a_and_c_need_a_picture_or_an_exhibit_and_b_does_not(who, later, plan, needs):
    quality.standard()
    ticket = build.ticket("completed", at=later(), company=who, plan="b")
    report = writing.open_report(ticket, by=who.eng, at=later(hours=2))
    Report.objects.update(plan_type=plan)
    report = writing.write(
        report,
        by=who.eng,
        at=later(hours=2),
        failure_mode="worn",
        what="磨损",
        causes="材料",
        part_name="刹车片",
    )
    if needs:
        with pytest.raises(OutOfTurn, match=r"exhibit"):
            writing.submit(report, by=who.eng, at=later(hours=2))
        writing.put_exhibit(report, piece="旧件", place="A-3", by=who.eng, at=later(hours=2))
    assert writing.submit(report, by=who.eng, at=later(hours=2)).stage == "submitted"


@pytest.mark.clause("9.6")
def test_without_failure_mode_what_and_cause_it_is_not_submitted(ticket, who, later):
    report = writing.open_report(ticket, by=who.eng, at=later())
    with pytest.raises(OutOfTurn, match="what failed"):
        writing.submit(report, by=who.eng, at=later())


def test_it_goes_to_technical_and_to_finance(ticket, who, later):
    people = {who.tech.pk, who.fin.pk}
    report = quality.submitted(ticket, later())
    told = Notification.objects.filter(event_key=f"quality:{report.number}:1:submit")
    assert set(told.values_list("recipient_id", flat=True)) == people


def test_only_the_responsible_engineer_writes_it(ticket, who, later):
    with pytest.raises(Denied):
        writing.open_report(ticket, by=build.person("ENG"), at=later())


def test_it_is_one_for_a_round_however_often_it_is_opened(ticket, who, later):
    first = writing.open_report(ticket, by=who.eng, at=later())
    assert writing.open_report(ticket, by=who.eng, at=later()).pk == first.pk


def test_it_counts_the_same_fault_of_the_last_3_and_12_months(who, later, ticket):
    other = build.ticket("completed", at=later(days=-200), company=who, model=ticket.model)
    quality.submitted(other, later(days=-199))
    near = build.ticket("completed", at=later(days=-20), company=who, model=ticket.model)
    quality.submitted(near, later(days=-19))
    report = quality.submitted(ticket, later())
    assert (report.similar_3, report.similar_12) == (1, 2)


# --- 7.1: shares, clauses, separation
@pytest.mark.parametrize(
    "percents",
    [
        ["50"],
        ["60", "50"],
        ["0", "100"],
        ["-10", "110"],
        ["33.33", "33.33", "33.33"],
        ["99.995", "0.005"],
        ["NaN"],
    ],
)
def test_shares_that_do_not_sum_to_100_are_refused(ticket, who, later, percents):
    people = [build.person("WH") for _ in percents]
    shares = [s for person in people for s in quality.whole(person)]
    for share, percent in zip(shares, percents, strict=True):
        share["percent"] = Decimal(percent)
    report = quality.analysed(ticket, later(), who.tech)
    with pytest.raises(BadEntry) as refusal:
        judging.judge(report, shares=shares, by=who.tech, at=later())
    assert refusal.value.field == "shares"
    assert not Share.objects.exists()


def test_a_clause_that_is_not_in_force_is_refused(ticket, who, later):
    report = quality.analysed(ticket, later(), who.tech)
    shares = quality.whole(who.wh)
    clause = shares[0]["clause"]
    clause.standard.effective_on = later(days=30).date()
    clause.standard.save()
    with pytest.raises(BadEntry, match="in force"):
        judging.judge(report, shares=shares, by=who.tech, at=later())


def test_nobody_judges_what_he_answers_for_himself(ticket, who, later):
    report = quality.analysed(ticket, later(), who.tech)
    with pytest.raises(Denied, match="SD08"):
        judging.judge(report, shares=quality.whole(who.tech), by=who.tech, at=later())
    head = build.person("TECH", head=True)
    mine = [quality.whole(head)[0] | {"party": "department", "department": "technical", "person": None}]
    with pytest.raises(Denied, match="SD08"):
        judging.judge(report, shares=mine, by=head, at=later())


def test_who_wrote_the_report_does_not_judge_by_it(who, later):
    quality.standard()
    both = build.person("ENG", "TECH")
    who._people["eng"] = both
    report = quality.submitted(build.ticket("completed", at=later(), company=who), later(hours=2))
    with pytest.raises(Denied, match="SD08"):
        judging.analyse(report, confirmed_cause="x", is_technical=True, by=both, at=later(hours=2))


def test_the_held_are_told_and_may_appeal_until_the_end_of_the_third_working_day(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    assert (
        report.appeal_until.isoformat() == "2026-03-06T00:00:00+08:00"
        or report.appeal_until == dt.datetime(2026, 3, 5, 16, tzinfo=dt.UTC)
    )
    assert Notification.objects.filter(
        recipient=who.wh, event_key=f"quality:{report.number}:1:judge"
    ).exists()


# --- accepted, or final by time
def test_accepted_by_everybody_it_is_final_at_once(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    assert judging.accept(report, by=who.wh, at=later()).stage == "final"


def test_one_of_two_acceptances_is_not_enough(ticket, who, later):
    shares = quality.whole(who.wh) + quality.whole(who.eng, "7.1")
    for share in shares:
        share["percent"] = Decimal(50)
    report = quality.judged(ticket, later(), who.tech, shares)
    assert judging.accept(report, by=who.wh, at=later()).stage == "judged"
    assert judging.accept(report, by=who.eng, at=later()).stage == "final"


def test_nobody_appeals_it_is_final_once_the_time_is_over_and_twice_is_once(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    assert judging.finalise(report.appeal_until) == 0
    after = report.appeal_until + dt.timedelta(seconds=1)
    assert (judging.finalise(after), judging.finalise(after)) == (1, 0)
    assert Report.objects.get().stage == "final"


def test_nobody_of_ours_is_held_then_it_is_final_at_once(ticket, who, later):
    shares = [
        {
            "party": "supplier",
            "supplier": "泰州配件厂",
            "percent": Decimal(100),
            "clause": quality.clause("5.2"),
        }
    ]
    assert quality.judged(ticket, later(), who.tech, shares).stage == "final"


# --- appeal
def test_only_who_is_held_responsible_appeals_and_in_time(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    with pytest.raises(Denied):
        judging.appeal(report, reason="不是我", by=who.eng, at=later())
    with pytest.raises(OutOfTurn, match="time for an appeal"):
        judging.appeal(report, reason="不是我", by=who.wh, at=report.appeal_until)  # 24:00 is over
    last = report.appeal_until - dt.timedelta(seconds=1)
    assert judging.appeal(report, reason="不是我", by=who.wh, at=last).stage == "appealed"


def test_the_review_needs_two_departments_and_excludes_judge_and_held(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    for members in ([build.person("ENG"), build.person("ENG")], [who.tech, who.eng], [who.wh, who.eng], []):
        with pytest.raises(BadEntry) as refusal:
            reviewing.convene(report, members=members, meets_at=later(), by=who.mgr, at=later())
        assert refusal.value.field == "members"
    with pytest.raises(Denied):
        reviewing.convene(
            report, members=[who.eng, who.pur], meets_at=later(), by=build.person("MGR"), at=later()
        )
    assert reviewing.convene(report, members=[who.eng, who.pur], meets_at=later(), by=who.mgr, at=later()).pk


def test_a_leader_who_is_held_or_judged_convenes_nothing(ticket, who, later):
    both = build.person("MGR", "TECH", grants=("leader_approve",))
    report = quality.judged(ticket, later(), both, quality.whole(who.wh))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    with pytest.raises(Denied, match="SD08"):
        reviewing.convene(report, members=[who.eng, who.pur], meets_at=later(), by=both, at=later())


def test_the_leader_stands_beside_the_panel(ticket, who, later):
    """Who votes and then decides where votes are level would have two of three voices."""
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    other = build.person("MGR", grants=("leader_approve",))
    with pytest.raises(BadEntry, match="do not sit in it") as refusal:
        reviewing.convene(report, members=[who.mgr, who.pur], meets_at=later(), by=who.mgr, at=later())
    assert refusal.value.field == "members"
    reviewing.convene(report, members=[other, who.pur], meets_at=later(), by=who.mgr, at=later())
    reviewing.vote(report, vote="uphold", by=other, at=later())
    reviewing.vote(report, vote="overturn", by=who.pur, at=later())
    with pytest.raises(Denied, match="another leader"):
        reviewing.decide(report, decision="uphold", minutes="纪要", by=other, at=later())
    assert (
        reviewing.decide(report, decision="uphold", minutes="纪要", by=who.mgr, at=later()).stage == "final"
    )


def test_the_decision_follows_the_majority_and_waits_for_every_vote(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    members = [who.eng, who.pur, who.ga]
    reviewing.convene(report, members=members, meets_at=later(), by=who.mgr, at=later())
    reviewing.vote(report, vote="overturn", by=who.eng, at=later())
    with pytest.raises(OutOfTurn, match="voted"):
        reviewing.decide(report, decision="overturn", minutes="纪要", by=who.mgr, at=later())
    reviewing.vote(report, vote="overturn", by=who.pur, at=later())
    reviewing.vote(report, vote="uphold", by=who.ga, at=later())
    with pytest.raises(BadEntry, match="majority"):
        reviewing.decide(report, decision="uphold", minutes="纪要", by=who.mgr, at=later())
    done = reviewing.decide(
        report, decision="overturn", minutes="纪要", shares=quality.whole(who.cs), by=who.mgr, at=later()
    )
    assert (done.stage, [row.person for row in done.in_force]) == ("final", [who.cs])


def test_who_was_not_named_does_not_vote(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    reviewing.convene(report, members=[who.eng, who.pur], meets_at=later(), by=who.mgr, at=later())
    with pytest.raises(Denied, match="named"):
        reviewing.vote(report, vote="uphold", by=who.ga, at=later())


def test_upheld_it_stands_as_it_was(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    done = quality.reviewed(report, later(), leader=who.mgr, members=[who.eng, who.pur], decision="uphold")
    assert (done.stage, [row.person for row in done.in_force]) == ("final", [who.wh])


# --- technical's three working days (7.2)
def test_technicals_clock_runs_from_the_submission_and_ends_with_not_technical(ticket, who, later):
    report = quality.submitted(ticket, later())
    duty = clock(report, "rectification")
    assert duty.due_at == dt.datetime(2026, 3, 5, 16, tzinfo=dt.UTC)
    judging.analyse(report, confirmed_cause="使用", is_technical=False, by=who.tech, at=later(hours=5))
    duty.refresh_from_db()
    assert duty.met_at == later(hours=5)


def test_sent_back_and_submitted_again_has_a_clock_of_its_own(ticket, who, later):
    report = quality.submitted(ticket, later())
    report = writing.send_back(report, reason="照片不清", by=who.tech, at=later(hours=3))
    assert writing.submit(report, by=who.eng, at=later(hours=30)).stage == "submitted"
    assert Deadline.objects.of(report).filter(rule="rectification").count() == 2

"""Quality where something goes wrong: who left, who is late, who errs and says otherwise (4.5a, 7.1, 7.2, SD08, SD09)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Denied
from accounts.models import Posting
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from repairs.models import Attachment
from repairs.services import articles
from technical.models import Dispute, Picture, Report
from technical.services import disputes, judging, measures, notices, reviewing, writing
from technical.steps import STEPS
from tests import build
from tests.files import samples
from tests.public.conftest import link
from tests.technical import quality

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("7.1"),
    pytest.mark.usefixtures("one_factor", "english"),
]


def appealed(ticket, who, at, ruling=""):
    report = quality.judged(ticket, at, who.tech, quality.whole(who.wh), ruling)
    return judging.appeal(report, reason="不是我", by=who.wh, at=at)


def half(*people):
    return [quality.whole(person)[0] | {"percent": Decimal(50)} for person in people]


# --- the panel
@pytest.mark.clause("7.1")
def test_a_second_holder_joins_the_appeal_within_his_own_three_days(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, half(who.wh, who.ga))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    panel = [who.eng, who.pur]
    reviewing.convene(report, members=panel, meets_at=later(), by=who.mgr, at=later())
    for person in panel:
        reviewing.vote(report, vote="uphold", by=person, at=later())
    verdict = {"decision": "uphold", "minutes": "会议纪要", "by": who.mgr}
    with pytest.raises(OutOfTurn, match="may still appeal"):
        reviewing.decide(report, at=later(), **verdict)
    held = judging.appeal(report, reason="也不是我", by=who.ga, at=later(hours=30))
    assert {row.person for row in held.appeals.all()} == {who.wh, who.ga}
    assert not _appeal_clocks(held)
    assert reviewing.decide(report, at=later(hours=31), **verdict).stage == "final"


def _appeal_clocks(report):
    return [row for share in report.ours for row in Deadline.objects.of(share).open() if row.rule == "appeal"]


def test_who_says_nothing_beside_an_appeal_lets_it_stand_by_time(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, half(who.wh, who.ga))
    report = judging.appeal(report, reason="不是我", by=who.wh, at=later())
    assert len(_appeal_clocks(report)) == 1
    judging.finalise(report.appeal_until)
    assert len(_appeal_clocks(report)) == 1, "his time is not over"
    after = report.appeal_until + dt.timedelta(seconds=1)
    assert judging.finalise(after) == 0 and not _appeal_clocks(report)
    done = quality.reviewed(report, after, leader=who.mgr, members=[who.eng, who.pur], decision="uphold")
    assert done.stage == "final"


def test_a_panel_of_two_people_of_one_department_is_none_whatever_audit_post_one_holds(ticket, who, later):
    report = appealed(ticket, who, later())
    panel = [build.person("SALES", "AUD"), build.person("SALES")]
    with pytest.raises(BadEntry, match="two departments"):
        reviewing.convene(report, members=panel, meets_at=later(), by=who.mgr, at=later())
    both = build.person("SALES", "PUR")
    reviewing.convene(report, members=[both, panel[1]], meets_at=later(), by=who.mgr, at=later())
    seats = dict(Report.objects.get().review.members.values_list("person", "department"))
    assert seats == {both.pk: "purchasing", panel[1].pk: "sales"}, "who can sits for another department"


@pytest.mark.clause("4.5a")
def test_what_the_customer_was_told_since_the_judgement_counts_also_where_the_review_upholds_it(
    ticket, who, later
):
    report = appealed(ticket, who, later(), "human")
    told = disputes.raise_(ticket, kind="damage", words="不是人为", at=later())
    disputes.answer(told, outcome="upheld", answer="您说得对", by=build.person("TECH"), at=later())
    done = quality.reviewed(report, later(), leader=who.mgr, members=[who.eng, who.pur], decision="uphold")
    assert (done.stage, done.ruling) == ("final", "not_human")


def test_who_wrote_the_report_does_not_send_it_back_to_himself(who, later):
    quality.standard()
    both = build.person("ENG", "TECH")
    who._people["eng"] = both
    report = quality.submitted(build.ticket("completed", at=later(), company=who), later())
    with pytest.raises(Denied, match="SD08"):
        writing.send_back(report, reason="不清楚", by=both, at=later())


def test_where_a_member_left_before_he_voted_another_panel_is_named(ticket, who, later):
    report = appealed(ticket, who, later())
    reviewing.convene(report, members=[who.eng, who.pur], meets_at=later(), by=who.mgr, at=later())
    reviewing.vote(report, vote="uphold", by=who.eng, at=later())
    with pytest.raises(OutOfTurn, match="begun to vote"):
        reviewing.convene(report, members=[who.eng, who.ga], meets_at=later(), by=who.mgr, at=later())
    who.pur.is_active = False
    who.pur.save()
    assert STEPS.rows["convene"].fits(Report.objects.get())
    done = quality.reviewed(report, later(), leader=who.mgr, members=[who.eng, who.ga], decision="uphold")
    assert done.stage == "final"


def test_an_overturned_ruling_does_not_charge_the_customer_all_the_same(ticket, who, later):
    report = appealed(ticket, who, later(), "human")
    done = quality.reviewed(report, later(), leader=who.mgr, members=[who.eng, who.pur], decision="overturn",
                            shares=quality.whole(who.ga))  # fmt: skip
    assert (done.stage, done.ruling) == ("final", "")


def test_the_form_of_the_panel_asks_the_same_for_few_and_many(ticket, who, later, as_user):
    report, counts = appealed(ticket, who, later()), []
    client = as_user(who.mgr)
    client.get(report.get_absolute_url())
    for role in ("GA", "PUR"):
        with CaptureQueriesContext(connection) as asked:
            text = client.get(f"{report.get_absolute_url()}?step=convene").content.decode()
        counts.append(len(asked))
        newest = [build.person(role) for _ in range(5)][-1]
    assert counts[0] == counts[1] and newest.name not in text
    assert newest.name in client.get(f"{report.get_absolute_url()}?step=convene").content.decode()
    assert f'value="{who.wh.username}"' not in text and f'value="{who.tech.username}"' not in text


# --- the time for an appeal
def test_the_second_who_answers_is_not_later_than_the_first(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, half(who.wh, who.eng))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    with pytest.raises(OutOfTurn, match="time for an appeal"):
        judging.appeal(report, reason="也不是我", by=who.eng, at=report.appeal_until + dt.timedelta(days=1))


def test_a_department_without_a_head_keeps_its_time(ticket, who, later):
    shares = [
        {
            "party": "department",
            "department": "purchasing",
            "percent": Decimal(100),
            "clause": quality.clause(),
        }
    ]
    report = quality.judged(ticket, later(), who.tech, shares)
    assert report.stage == "judged"
    head = build.person("PUR", head=True)
    assert judging.appeal(report, reason="不是我们", by=head, at=later()).stage == "appealed"


def test_a_later_head_appeals_for_his_department_and_accepts_nothing_for_who_was_told(
    ticket, who, later, as_user
):
    """Who headed it at the judgement answers; the time that he was given is his (8.9)."""
    told, share = build.person("PUR", head=True), quality.whole(None)[0]
    shares = [share | {"party": "department", "department": "purchasing"}]
    report = quality.judged(ticket, later(), who.tech, shares)
    told.postings.update(department="warehouse", head=False)
    head = build.person("PUR", head=True)
    with pytest.raises(OutOfTurn, match="you may appeal"):
        judging.accept(report, by=head, at=later(hours=1))
    judging.can_appeal(report, head, later(hours=1))
    told = type(told).objects.get(pk=told.pk)
    assert as_user(told).get(report.get_absolute_url()).status_code == 200
    assert judging.accept(report, by=told, at=later(hours=1)).stage == "final"
    assert Report.objects.get().in_force[0].told == told


def test_one_that_fails_keeps_no_other_judgement_from_its_turn(ticket, who, later, monkeypatch):
    other = build.ticket("completed", at=later(days=-1), company=who)
    good, bad = (quality.judged(paper, later(), who.tech, quality.whole(who.wh)) for paper in (other, ticket))
    usual = judging.became_final

    def fails(report, **facts):
        if report.pk == bad.pk:
            raise RuntimeError
        usual(report, **facts)

    monkeypatch.setattr(judging, "became_final", fails)
    assert judging.finalise(good.appeal_until + dt.timedelta(seconds=1)) == 1
    stages = [Report.objects.get(pk=paper.pk).stage for paper in (good, bad)]
    assert stages == ["final", "judged"]


# --- technical says otherwise
@pytest.mark.clause("7.2")
def test_technical_after_all_is_due_when_it_would_have_been(ticket, who, later):
    report = quality.analysed(ticket, later(), who.tech, technical=False)
    judging.analyse(report, confirmed_cause="材料", is_technical=True, by=who.tech, at=later(days=9))
    first, again = Deadline.objects.of(report).filter(rule="rectification").order_by("pk")
    assert (first.met_at, again.met_at, again.due_at) == (later(), None, first.due_at)
    facts = {"department": "purchasing", "problem": "x", "measures": "y", "due_on": later(days=30).date()}
    notices.issue(report, **facts, person=who.pur, by=who.tech, at=later(days=9))
    again.refresh_from_db()
    assert again.met_at == later(days=9)


@pytest.mark.clause("4.5a")
def test_what_the_customer_was_told_since_the_judgement_counts(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.wh), "human")
    Dispute.objects.create(
        ticket=ticket, kind="damage", words="x", at=later(), outcome="upheld", answer="材料", answered_at=later(hours=2),
        answered_by=who.tech,
    )  # fmt: skip
    assert judging.accept(report, by=who.wh, at=later(hours=3)).ruling == "not_human"


@pytest.mark.clause("7.2")
def test_who_carried_out_an_earlier_turn_does_not_verify_the_next(ticket, who, later):
    report, (first, second) = (
        quality.analysed(ticket, later(), who.tech),
        (build.person("TECH"), build.person("TECH")),
    )
    day = later(days=30).date()
    facts = {"department": "technical", "problem": "x", "measures": "y", "due_on": day, "person": first}
    paper = notices.issue(report, **facts, by=who.tech, at=later())
    measures.carry_out(paper, done="一", by=first, at=later())
    measures.reject(paper, verdict="不够", due_on=day, by=who.tech, at=later())
    measures.carry_out(paper, done="二", by=second, at=later())
    with pytest.raises(Denied, match="SD09"):
        measures.verify(paper, verdict="好", by=first, at=later())
    assert measures.verify(paper, verdict="好", by=who.tech, at=later()).stage == "verified"


# --- what is shown to whom
@pytest.mark.clause("4.10")
def test_who_may_not_open_a_picture_reads_what_it_shows(ticket, who, later, as_user, program):
    report = quality.judged(ticket, later(), who.tech, quality.whole(who.pur))
    row = Attachment.objects.create(
        ticket=ticket, key="k" * 32, kind="image", sha256="0" * 64, size=1, at=later()
    )
    Picture.objects.create(report=report, attachment=row, caption="断口")
    for person, opens in ((who.tech, True), (who.eng, True), (who.pur, False)):
        text = as_user(person).get(report.get_absolute_url()).content.decode()
        assert "断口" in text and (row.get_absolute_url() in text) is opens, person
        assert bool(program(person).get(f"quality-reports/{report.number}")["pictures"]) is opens


@pytest.mark.clause("4.5a")
def test_without_a_charge_nobody_floods_technical_with_disputes(ticket, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    answer = client.post(link(ticket, "dispute"), {"kind": "charge", "words": "太贵"})
    assert answer.status_code == 409 and not Dispute.objects.exists()


@pytest.mark.clause("2.2")
def test_a_help_article_names_no_vehicle_and_no_phone(ticket, who, later, as_user):
    shares = [{"party": "customer", "percent": Decimal(100), "clause": quality.clause("9.1")}]
    report = quality.judged(ticket, later(), who.tech, shares)
    Report.objects.update(model="", vin="LFY00000000000007")
    assert "LFY0" not in as_user(who.tech).get(f"/quality/reports/{report.number}/article/").content.decode()
    with pytest.raises(BadEntry) as refusal:
        articles.draft(title="t", symptom="s", steps="请打 138-0013-8000", by=who.tech, at=later())
    assert refusal.value.field == "steps"


# --- who answers
def test_sd08_the_panel_does_not_hold_one_of_its_own_responsible(ticket, who, later):
    report = appealed(ticket, who, later())
    facts = {"leader": who.mgr, "members": [who.eng, who.pur_head], "decision": "overturn"}
    of_his_department = _of("purchasing")
    with pytest.raises(BadEntry, match="SD08"):
        quality.reviewed(report, later(), shares=quality.whole(who.eng), **facts)
    said = {"decision": "overturn", "minutes": "会议纪要", "by": who.mgr, "at": later()}
    with pytest.raises(BadEntry, match="SD08") as refusal:
        reviewing.decide(report, shares=of_his_department, **said)
    assert refusal.value.field == "shares"
    assert reviewing.decide(report, shares=quality.whole(who.ga), **said).stage == "final"


@pytest.mark.parametrize("role", ["SYS", "AUD"])
def test_who_could_not_appeal_is_not_held_responsible(ticket, who, later, role):
    report = quality.analysed(ticket, later(), who.tech)
    for shares in (quality.whole(build.person(role)), _of({"SYS": "it", "AUD": "audit"}[role])):
        with pytest.raises(BadEntry, match="charter") as refusal:
            judging.judge(report, shares=shares, by=who.tech, at=later())
        assert refusal.value.field == "shares"


def _of(department):
    share = {"party": "department", "department": department, "percent": Decimal(100)}
    return [share | {"clause": quality.clause()}]


@pytest.mark.clause("7.2")
def test_a_notice_that_is_withdrawn_has_met_nothing(ticket, who, later):
    report = quality.analysed(ticket, later(), who.tech)
    facts = {"department": "purchasing", "problem": "x", "measures": "y", "due_on": later(days=30).date(),
             "person": who.pur, "by": who.tech}  # fmt: skip
    first = notices.issue(report, **facts, at=later(hours=2))
    second = notices.issue(report, **facts, at=later(hours=3))
    notices.withdraw(second, reason="写错", by=who.tech, at=later(hours=4))
    rows = Deadline.objects.of(report).filter(rule="rectification").order_by("pk")
    assert rows.count() == 1
    notices.withdraw(first, reason="写错", by=who.tech, at=later(hours=5))
    met, again = rows
    assert (met.met_at, again.met_at, again.due_at) == (later(hours=2), None, met.due_at)
    notices.issue(report, **facts, at=later(hours=6))
    again.refresh_from_db()
    assert again.met_at == later(hours=6)


# --- who must move next is named
def duty(paper, rule):
    return Deadline.objects.of(paper).filter(rule=rule).order_by("pk").last()


def test_once_everybody_has_voted_a_leader_is_asked_to_decide(ticket, who, later):
    report = appealed(ticket, who, later())
    reviewing.convene(report, members=[who.eng, who.pur], meets_at=later(hours=5), by=who.mgr, at=later())
    reviewing.vote(report, vote="uphold", by=who.eng, at=later())
    assert duty(report, "decision") is None
    reviewing.vote(report, vote="uphold", by=who.pur, at=later(hours=2))
    assert (duty(report, "decision").department, duty(report, "decision").met_at) == ("management", None)
    reviewing.decide(report, decision="uphold", minutes="纪要", by=who.mgr, at=later(hours=3))
    assert duty(report, "decision").met_at == later(hours=3)


@pytest.mark.clause("4.10")
def test_a_report_that_came_back_is_its_engineers_until_it_is_there_again(ticket, who, later):
    report = quality.submitted(ticket, later())
    writing.send_back(report, reason="照片不清", by=who.tech, at=later(hours=2))
    clock = duty(report, "rewrite")
    assert (clock.assignee, clock.met_at) == (ticket.engineer, None)
    writing.submit(Report.objects.get(), by=ticket.engineer, at=later(hours=3))
    clock.refresh_from_db()
    assert clock.met_at == later(hours=3)


@pytest.mark.clause("7.2")
@pytest.mark.parametrize("verdict", ["verify", "reject"])
def test_measures_in_place_wait_for_technical(ticket, who, later, verdict):
    report = quality.analysed(ticket, later(), who.tech)
    paper = notices.issue(report, department="purchasing", problem="x", measures="y", due_on=later(days=9).date(),
                          person=who.pur, by=who.tech, at=later())  # fmt: skip
    measures.carry_out(paper, done="已做", by=who.pur, at=later(hours=2))
    clock = duty(paper, "verification")
    assert (clock.department, clock.met_at) == ("technical", None)
    more = {"due_on": later(days=12).date()} if verdict == "reject" else {}
    getattr(measures, verdict)(paper, verdict="见记录", by=who.tech, at=later(hours=4), **more)
    clock.refresh_from_db()
    assert clock.met_at == later(hours=4)


def test_who_has_not_voted_when_the_review_is_over_does_not_hold_it_up(ticket, who, later):
    report = appealed(ticket, who, later())
    reviewing.convene(report, members=[who.eng, who.pur], meets_at=later(hours=5), by=who.mgr, at=later())
    reviewing.vote(report, vote="uphold", by=who.eng, at=later(hours=5))
    again = {"members": [who.eng, who.ga], "by": who.mgr}
    with pytest.raises(OutOfTurn, match="begun to vote"):
        reviewing.convene(report, meets_at=later(hours=9), at=later(hours=5), **again)
    assert reviewing.convene(report, meets_at=later(hours=9), at=later(hours=6), **again).members.count() == 2
    seat = Report.objects.get().review.members.first()
    assert duty(seat, "panel_vote").met_at is None


@pytest.mark.parametrize("voted", [False, True])
def test_who_comes_to_head_the_department_that_is_held_leaves_the_panel(ticket, who, later, voted):
    """SD08: named as somebody's man, he is the one who answers by now, before he voted or after."""
    report = quality.judged(
        ticket,
        later(),
        who.tech,
        [quality.whole(None)[0] | {"party": "department", "department": "warehouse"}],
    )
    head = build.person("WH", head=True)
    judging.appeal(report, reason="不是我们", by=head, at=later())
    seated = [who.eng, who.pur]
    reviewing.convene(report, members=seated, meets_at=later(days=8), by=who.mgr, at=later())
    if voted:
        for person in seated:
            reviewing.vote(report, vote="overturn", by=person, at=later(hours=1))
    head.postings.update(head=False)
    Posting.objects.create(user=who.pur, department="warehouse", head=True, since=later().date())
    pur = type(who.pur).objects.get(pk=who.pur.pk)
    with pytest.raises(Denied, match="by now"):
        reviewing.vote(report, vote="overturn", by=pur, at=later(days=7))
    with pytest.raises(OutOfTurn, match="another panel"):
        reviewing.decide(report, decision="overturn", minutes="纪要", by=who.mgr, at=later(days=7))
    with pytest.raises(BadEntry, match="SD08"):
        reviewing.convene(
            report, members=seated, meets_at=later(days=9), by=who.mgr, at=later(days=7, hours=1)
        )
    reviewing.convene(
        report, members=[who.eng, who.ga], meets_at=later(days=9), by=who.mgr, at=later(days=7, hours=1)
    )
    for person in (who.eng, who.ga):
        reviewing.vote(report, vote="uphold", by=person, at=later(days=8))
    assert reviewing.decide(report, decision="uphold", minutes="纪要", by=who.mgr, at=later(days=8)).pk


def test_who_is_held_too_accepts_while_another_appeals(ticket, who, later):
    report = quality.judged(ticket, later(), who.tech, half(who.wh, who.eng))
    judging.appeal(report, reason="不是我", by=who.wh, at=later())
    with pytest.raises(OutOfTurn, match="appealed already"):
        judging.accept(report, by=who.wh, at=later(hours=2))
    done = judging.accept(report, by=who.eng, at=later(hours=2))
    assert (done.stage, [bool(row.accepted_at) for row in done.ours]) == ("appealed", [False, True])
    assert Deadline.objects.of(done.ours[1]).get(rule="appeal").met_at == later(hours=2)


# --- the report itself
@pytest.mark.clause("4.10")
def test_a_new_photo_goes_to_the_ticket_and_is_evidence(ticket, who, later, as_user):
    report = quality.draft(ticket, later())
    had, client = ticket.attachments.count(), as_user(ticket.engineer)
    here = f"{report.get_absolute_url()}steps/show/"
    assert client.post(here, {"caption": "裂纹"}).status_code == 422
    answer = client.post(here, {"photo": samples.upload(samples.photo(), "a.jpg"), "caption": "裂纹"})
    assert answer.status_code in (200, 302) and ticket.attachments.count() == had + 1
    assert report.pictures.get().caption == "裂纹"


@pytest.mark.clause("9.6")
def test_guidance_by_phone_has_the_short_form_and_needs_no_part(who, later, as_user):
    quality.standard()
    briefly, whole = (build.ticket("completed", at=later(), company=who, plan=plan) for plan in "bc")
    pages = [
        as_user(who.eng).get(f"/quality/tickets/{x.number}/report/").content.decode()
        for x in (briefly, whole)
    ]
    assert ['name="measured"' in page for page in pages] == [False, True]
    assert all('name="causes"' in page for page in pages)
    for paper, refused in ((briefly, False), (whole, True)):
        report = quality.draft(paper, later(), part_name="", part_no="")
        stuck = report.why_not("submit")
        assert (stuck is not None and stuck.clause == "9.6") is refused

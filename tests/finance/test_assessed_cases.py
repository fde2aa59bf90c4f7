"""What follows from a final judgement (8.9): drafted by the standard, guarded by C25 and SD08, until finance is done with it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.desk import waiting
from finance.models import Assessment, Waiver
from finance.services import asking, assessing, quality_cost
from parts.services import returning
from technical.models import Clause, Report
from technical.services import judging, writing
from tests import build
from tests.api.conftest import Program
from tests.finance import cases
from tests.finance.repaired import done, parcel, sold, under_warranty, used
from tests.technical import quality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.9")]


def hand(person):
    return {"by": person, "at": timezone.now()}


def issued(paper, people):
    return assessing.issue(assessing.approve(paper, **hand(people.mgr)), **hand(people.fins))


def stage(report):
    return Report.objects.get(pk=report.pk).stage


# --- drafted by the standard
def test_every_share_whose_clause_asks_money_becomes_a_draft(people):
    head = build.person("PUR", head=True)
    cases.standard()
    report = cases.final(
        people, people.wh, cases.of_department("purchasing"), cases.by_clause(people.eng, "9.1")
    )
    assessing.from_report(report, **hand(people.fin))
    found = [(x.person, str(x.amount), x.clause, x.case_id) for x in Assessment.objects.order_by("pk")]
    assert found == [(people.wh, "66.66", "3.1", report.pk), (head, "66.66", "3.1", report.pk)]
    assert "200.00 元 × 系数 1 × 责任比例 33.33 %" in Assessment.objects.first().basis


def test_equal_shares_by_one_clause_ask_no_fen_more_than_the_clause(people):
    """The odd fen is the first one's."""
    cases.standard()
    Clause.objects.filter(number="3.1").update(amount=Decimal("100.01"))
    report = cases.final(people, people.wh, people.ga)
    papers = assessing.from_report(report, **hand(people.fin))
    assert [(paper.person, str(paper.amount)) for paper in papers] == [
        (people.wh, "50.01"),
        (people.ga, "50.00"),
    ]


def test_a_percent_of_the_loss_is_of_what_the_case_cost(shop, people):
    cases.standard()
    used(shop, under_warranty(shop, 2, cost="40.00"))
    ticket = done(shop, plan="c")
    parcel(ticket, "18.00", shop.now())
    report = cases.final(people, cases.by_clause(people.eng, "7.1"), ticket=ticket, at=shop.now())
    at = shop.now()
    assert quality_cost.of(report, at) == {"warranty_cost": Decimal("80.00"), "freight": Decimal("18.00")}
    (paper,) = assessing.from_report(report, by=people.fin, at=at)
    assert (str(paper.amount), str(paper.loss)) == ("19.60", "98.00")


def test_the_cost_of_another_round_is_none_of_this_case(shop, people):
    cases.standard()
    used(shop, under_warranty(shop, 1))
    report = cases.judged(people, people.wh, ticket=done(shop, plan="c"), at=shop.now())
    report.round = 2
    assert quality_cost.of(report, shop.now()) == {}


@pytest.mark.clause("4.10")
def test_what_the_customer_buys_is_no_loss_and_its_old_part_no_evidence(shop, people):
    release = sold(shop).release
    line = release.lines.get()
    counts = {"used": 1, "unused": 0, "old_taken": 0}
    returning.declare(release, by=people.eng, at=shop.now(), said={line.pk: counts})
    ticket = done(shop, plan="c")
    report = Report.objects.get(ticket=ticket)
    assert quality_cost.of(report, shop.now()) == {}
    back = writing.send_back(report, reason="补实物", by=people.tech, at=shop.now())
    with pytest.raises(BadEntry, match="need not come back") as refusal:
        writing.put_exhibit(back, piece="旧件", line=line, by=report.engineer, at=shop.now())
    assert refusal.value.field == "line"


def test_of_a_department_with_a_head_only_the_head_is_assessed(people):
    """He was told of the judgement and could appeal; its people were not."""
    cases.standard()
    head = build.person("PUR", head=True)
    report = cases.final(people, cases.of_department("purchasing"))
    facts = {"amount": Decimal(5), "basis": "x", "report": report}
    with pytest.raises(BadEntry, match="does not hold") as refusal:
        assessing.draft(person=people.pur, **facts, **hand(people.fin))
    assert refusal.value.field == "person"
    assert assessing.draft(person=head, **facts, **hand(people.fin)).person == head


def follows(head, department="purchasing"):
    """Another one heads the department now; he has been told of nothing."""
    head.postings.filter(department=department).update(head=False)
    build.person("PUR", head=True)
    return type(head).objects.get(pk=head.pk)


@pytest.mark.clause("7.1")
def test_who_headed_the_department_at_the_judgement_answers_whoever_follows_him(people):
    cases.standard()
    head = build.person("PUR", head=True)
    report = cases.final(people, cases.of_department("purchasing"))
    follows(head)
    (paper,) = assessing.from_report(report, **hand(people.fin))
    assert paper.person == head


@pytest.mark.clause("7.1")
def test_who_heads_it_since_the_judgement_of_which_nobody_was_told_is_not_drafted(people):
    cases.standard()
    report = cases.final(people, cases.of_department("purchasing"))
    head = build.person("PUR", head=True)
    with pytest.raises(OutOfTurn, match="by hand"):
        assessing.from_report(report, **hand(people.fin))
    its_people = {head, people.pur}
    assert {row.person for row in asking.answerable(report, timezone.now())} == its_people


@pytest.mark.clause("7.1")
def test_a_head_who_came_and_appealed_for_his_department_answers_for_it(people):
    cases.standard()
    report = cases.judged(people, cases.of_department("purchasing"))
    head = build.person("PUR", head=True)
    judging.appeal(report, reason="不是我们", **hand(head))
    panel = [build.person("SALES"), people.eng]
    report = quality.reviewed(report, timezone.now(), leader=_leader(), members=panel, decision="uphold")
    (paper,) = assessing.from_report(report, **hand(people.fin))
    assert paper.person == head


def test_what_waits_to_be_assessed_is_a_list_of_its_own(people, as_user):
    """Only cases that hold somebody of ours; three ask no more statements than one."""
    cases.standard()
    of_customer = {"party": "customer", "clause": quality.clause("9.1"), "note": ""}
    numbers, client, asked = [cases.final(people, people.wh).number], as_user(people.fin), []
    other = cases.final(people, of_customer).number
    for more in (2, 0):
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/finance/assessments/cases/").content.decode()
        asked.append(len(queries))
        assert all(number in page for number in numbers) and other not in page
        numbers += [cases.final(people, people.wh).number for _ in range(more)]
    assert asked[0] == asked[1]
    (_paper,) = assessing.from_report(Report.objects.get(number=numbers[0]), **hand(people.fin))
    assert numbers[0] not in client.get("/finance/assessments/cases/").content.decode()
    assert as_user(people.wh).get("/finance/assessments/cases/").status_code == 403


def test_home_asks_a_leader_only_for_what_he_may_approve(people, as_user):
    """SD08: who decided the review, or answers for the case, is not asked."""
    judge = build.person("MGR", grants=("leader_approve",))
    report = cases.judged(people, people.wh)
    judging.appeal(report, reason="不是我", **hand(people.wh))
    at = timezone.now()
    report = quality.reviewed(report, at, leader=judge, members=[people.eng, people.pur], decision="uphold")
    (paper,) = assessing.from_report(report, **hand(people.fin))
    shown = [paper.number in as_user(who).get("/desk/").content.decode() for who in (judge, people.mgr)]
    assert shown == [False, True]


def test_written_once_it_is_not_written_again(people):
    report = cases.final(people, people.wh)
    assessing.from_report(report, **hand(people.fin))
    with pytest.raises(OutOfTurn, match="written already"):
        assessing.from_report(report, **hand(people.fin))
    with pytest.raises(BadEntry, match="assessed already"):
        assessing.draft(person=people.wh, amount=Decimal(5), basis="x", report=report, **hand(people.fin))


def test_a_department_without_a_head_is_named_by_hand(people):
    cases.standard()
    report = cases.final(people, cases.of_department("warehouse"), at=timezone.now())
    with pytest.raises(OutOfTurn, match="no head"):
        assessing.from_report(report, **hand(people.fin))
    paper = assessing.draft(person=people.wh, amount=Decimal(5), basis="x", report=report, **hand(people.fin))
    assert (paper.clause, paper.share.department) == ("3.1", "warehouse")


def test_by_hand_it_goes_by_the_clause_of_the_judgement_and_no_other(people, as_user):
    report = cases.final(people, people.wh)
    facts = {"person": people.wh.username, "amount": "5.00", "basis": "x", "report": report.number}
    sent = as_user(people.fin).post("/finance/assessments/new/", facts | {"clause": "1.1"})
    assert sent.status_code == 302
    assert Assessment.objects.get().clause == "3.1", "a clause that asks more is not for finance to choose"


def test_whom_the_judgement_does_not_hold_is_not_assessed(people):
    with pytest.raises(BadEntry, match="does not hold") as refusal:
        assessing.draft(
            person=people.eng,
            amount=Decimal(5),
            basis="x",
            report=cases.final(people, people.wh),
            **hand(people.fin),
        )
    assert refusal.value.field == "person"


# --- C25
@pytest.mark.parametrize("appealed", [False, True])
def test_nothing_is_written_before_the_judgement_is_final(people, appealed):
    report = cases.judged(people, people.wh)
    if appealed:
        report = judging.appeal(report, reason="不是我", **hand(people.wh))
    for act, entries in ((assessing.from_report, {}), (assessing.waive, {"reason": "x"})):
        with pytest.raises(OutOfTurn, match="final and not under appeal"):
            act(report, **entries, **hand(people.fin))
    with pytest.raises(OutOfTurn, match="final"):
        assessing.draft(person=people.wh, amount=Decimal(5), basis="x", report=report, **hand(people.fin))


def test_what_was_typed_before_without_a_case_is_dropped_not_issued(people):
    paper = Assessment(
        person=people.eng, amount=Decimal(9), basis="x", report="ZL20260101-0001", number="KH20260101-0001"
    )
    paper.sign(**hand(people.fin))
    paper.save()
    paper = assessing.approve(paper, **hand(people.mgr))
    with pytest.raises(OutOfTurn, match="rests on a judgement"):
        assessing.issue(paper, **hand(people.fins))
    assert assessing.drop(paper, **hand(build.person("MGR"))).stage == "dropped"


# --- SD08 with two roles
def test_who_judged_the_case_has_no_hand_in_its_assessment(people):
    both = build.person("TECH", "MGR", "FINS")
    people._people["tech"] = both
    report = cases.final(people, people.wh)
    for act, entries in ((assessing.from_report, {}), (assessing.waive, {"reason": "x"})):
        with pytest.raises(Denied, match="SD08"):
            act(report, **entries, **hand(both))
    (paper,) = assessing.from_report(report, **hand(people.fin))
    with pytest.raises(Denied, match="SD08"):
        assessing.approve(paper, **hand(both))
    paper = assessing.approve(paper, **hand(people.mgr))
    with pytest.raises(Denied, match="SD08"):
        assessing.issue(paper, **hand(both))


def test_the_leader_who_decided_the_review_does_not_approve(people):
    leader = build.person("MGR", grants=("leader_approve",))
    report = cases.judged(people, people.wh)
    judging.appeal(report, reason="不是我", **hand(people.wh))
    at = timezone.now()
    report = quality.reviewed(report, at, leader=leader, members=[people.eng, people.pur], decision="uphold")
    (paper,) = assessing.from_report(report, **hand(people.fin))
    with pytest.raises(Denied, match="SD08"):
        assessing.approve(paper, **hand(leader))
    assert assessing.approve(paper, **hand(people.mgr)).stage == "approved"


def test_one_of_two_who_answer_does_not_approve_the_others(people):
    report = cases.final(people, people.wh, people.mgr)
    of_wh = assessing.from_report(report, **hand(people.fin))[0]
    with pytest.raises(Denied, match="SD08"):
        assessing.approve(of_wh, **hand(people.mgr))


# --- done with it
def test_once_everything_is_issued_or_dropped_the_case_is_assessed(people):
    report = cases.final(people, people.wh, people.eng)
    first, second = assessing.from_report(report, **hand(people.fin))
    issued(first, people)
    assert stage(report) == "final"
    assessing.drop(second, **hand(people.mgr))
    assert stage(report) == "assessed"


def test_one_by_hand_does_not_end_a_case_that_asks_more(people):
    report = cases.final(people, people.wh, people.eng)
    issued(
        assessing.draft(person=people.wh, amount=Decimal(5), basis="x", report=report, **hand(people.fin)),
        people,
    )
    assert stage(report) == "final"
    (other,) = assessing.from_report(report, **hand(people.fin))
    issued(other, people)
    assert (other.person, stage(report)) == (people.eng, "assessed")


def test_finance_waives_with_a_reason_once_no_draft_is_open(people):
    report = cases.final(people, people.wh)
    (paper,) = assessing.from_report(report, **hand(people.fin))
    with pytest.raises(OutOfTurn, match="still open"):
        assessing.waive(report, reason="首次发生", **hand(people.fin))
    other = cases.final(people, people.wh)
    with pytest.raises(BadEntry) as refusal:
        assessing.waive(other, reason=" ", **hand(people.fin))
    assert refusal.value.field == "reason"
    assessing.waive(other, reason="首次发生", **hand(people.fin))
    assert (stage(other), Waiver.objects.get().reason, paper.stage) == ("assessed", "首次发生", "draft")
    with pytest.raises(OutOfTurn):
        assessing.waive(other, reason="首次发生", **hand(people.fin))


def test_nobody_but_finance_writes_or_waives(people):
    report = cases.final(people, people.wh)
    for who in (people.mgr, people.tech, people.aud, people.eng):
        with pytest.raises(Denied):
            assessing.from_report(report, **hand(who))
        with pytest.raises(Denied):
            assessing.waive(report, reason="x", **hand(who))


# --- pages and API
def test_finance_reads_what_it_cost_and_writes_what_follows(people, as_user):
    report = cases.final(people, people.wh)
    client, here = as_user(people.fin), f"/finance/assessments/cases/{report.number}/"
    text = client.get(here).content.decode()
    assert "¥200.00" in text and "Write these drafts" in text
    assert client.post(f"{here}write/").status_code == 302
    paper = Assessment.objects.get()
    assert paper.number in client.get(here).content.decode()
    shown = as_user(people.wh).get(paper.get_absolute_url()).content.decode()
    for word in (report.number, "3.1 装配未按扭矩要求", "Nobody appealed.", paper.basis):
        assert word in shown
    printed = as_user(people.wh).get(f"{paper.get_absolute_url()}print/?lang=en").content.decode()
    assert report.number in printed and "装配未按扭矩要求" in printed


def test_finance_waives_on_a_page(people, as_user):
    report = cases.final(people, people.wh)
    client, here = as_user(people.fin), f"/finance/assessments/cases/{report.number}/waive/"
    assert client.get(here).status_code == 200
    assert client.post(here, {"reason": ""}).status_code == 422
    assert client.post(here, {"reason": "首次发生"}).status_code == 302
    assert stage(report) == "assessed"


def test_programs_read_the_cost_and_write_the_drafts(people):
    report = cases.final(people, people.wh)
    here = f"assessments/cases/{report.number}"
    assert Program(people.fin).get(here)["asks"][0]["amount"] == "200.00"
    for who in (people.eng, people.wh):
        api = Program(who)
        api.get(here)
        assert api.status in (403, 404)
    api = Program(people.fin)
    made = api.post(f"{here}/write", {})
    assert (api.status, made["numbers"]) == (201, [Assessment.objects.get().number])
    api.post(f"{here}/waive", {"reason": "x"})
    assert api.status == 409


def test_three_shares_ask_no_more_than_one(people, as_user):
    client, asked = as_user(people.fin), []
    for count in (1, 1, 3):
        report = cases.final(people, *[build.person("WH") for _ in range(count)])
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/finance/assessments/cases/{report.number}/").status_code == 200
        asked.append(len(found))
    assert asked[1] == asked[2]


def test_the_form_offers_final_cases_alone(people, as_user):
    waits, open_ = cases.final(people, people.wh), cases.judged(people, people.wh)
    text = as_user(people.fin).get("/finance/assessments/new/").content.decode()
    assert waits.number in text and open_.number not in text


def test_the_time_of_an_appeal_is_not_shortened(people):
    report = cases.judged(people, people.wh)
    assert judging.finalise(report.appeal_until - dt.timedelta(seconds=1)) == 0


# --- whose hands (SD08)
@pytest.mark.parametrize("accepted", [True, False])
def test_who_answered_as_its_head_has_no_hand_in_what_is_assessed_of_the_department(people, accepted):
    cases.standard()
    before = build.person("PUR", "MGR", grants=("leader_approve",))
    before.postings.filter(department="purchasing").update(head=True)
    before = type(before).objects.get(pk=before.pk)
    report = cases.judged(people, cases.of_department("purchasing"), people.wh)
    if accepted:
        judging.accept(report, **hand(before))
    judging.finalise(report.appeal_until + dt.timedelta(seconds=1))
    before = follows(before)
    papers = assessing.from_report(Report.objects.get(pk=report.pk), **hand(people.fin))
    assert [paper.person for paper in papers] == [before, people.wh]
    for paper in papers:
        with pytest.raises(Denied, match="SD08"):
            assessing.approve(paper, **hand(before))


def test_who_was_held_responsible_before_the_review_has_no_hand_in_the_assessment_of_another(people):
    cases.standard()
    before, at = build.person("FINS", head=True), timezone.now()
    report = judging.appeal(cases.judged(people, before), reason="不是我", by=before, at=at)
    panel = [build.person("SALES"), build.person("PUR")]
    report = quality.reviewed(
        report, at, leader=_leader(), members=panel, decision="overturn", shares=quality.whole(people.wh)
    )
    with pytest.raises(Denied, match="SD08"):
        assessing.from_report(report, **hand(before))
    (paper,) = assessing.from_report(report, **hand(people.fin))
    assert paper not in waiting.assessments(before, "draft") and paper in waiting.assessments(
        people.mgr, "draft"
    )
    assessing.approve(paper, **hand(people.mgr))
    with pytest.raises(Denied, match="SD08"):
        assessing.issue(paper, **hand(before))


def _leader():
    return build.person("MGR", grants=("leader_approve",))


def test_an_assessment_falls_neither_by_who_wrote_nor_by_who_approved_it(people):
    both, leader = build.person("FINS", "MGR", grants=("leader_approve",)), _leader()
    (paper,) = assessing.from_report(cases.final(people, people.wh), **hand(both))
    assessing.approve(paper, **hand(leader))
    for person in (both, leader):
        with pytest.raises(Denied, match="SD08"):
            assessing.drop(paper, **hand(person))
    assert assessing.drop(paper, **hand(_leader())).stage == "dropped"


def test_hands_are_compared_with_the_paper_as_it_stands_not_as_it_was_read(people):
    both = build.person("FINS", "MGR", grants=("leader_approve",))
    (paper,) = assessing.from_report(cases.final(people, people.wh), **hand(people.fin))
    as_it_was = Assessment.objects.get(pk=paper.pk)
    assessing.approve(paper, **hand(both))
    with pytest.raises(Denied, match="SD08"):
        assessing.issue(as_it_was, **hand(both))


# --- by hand: whom, how much, or nothing
def options(text):
    return [
        row.split("<")[0] for row in text.split('name="person"')[1].split("</select>")[0].split("<option")[1:]
    ]


def test_by_hand_the_case_is_named_first_then_whom_its_judgement_holds_responsible(people, as_user):
    head = build.person("PUR", head=True)
    cases.standard()
    report = cases.final(
        people, people.wh, cases.of_department("purchasing"), cases.by_clause(people.eng, "9.1")
    )
    client = as_user(people.fin)
    assert 'name="person"' not in client.get("/finance/assessments/new/").content.decode()
    text = client.get("/finance/assessments/new/", {"report": report.number}).content.decode()
    named = options(text)
    assert [row.split('"')[1] for row in named[1:]] == [
        people.wh.username,
        head.username,
        people.eng.username,
    ]
    for words in ("33.33 %", "3.1", "66.66"):
        assert words in named[1] and words in named[2]
    assert "9.1" in named[3] and "0.00" in named[3]


def test_by_hand_what_the_standard_asks_of_the_only_one_stands_there(people, as_user):
    report = cases.final(people, people.wh)
    text = as_user(people.fin).get("/finance/assessments/new/", {"report": report.number}).content.decode()
    assert (
        'value="200.00"' in text
        and "200.00 元 × 系数 1 × 责任比例 100 %" in text
        and "selected" in options(text)[1]
    )
    assessing.from_report(report, **hand(people.fin))
    text = as_user(people.fin).get("/finance/assessments/new/", {"report": report.number}).content.decode()
    assert len(options(text)) == 1, "it is assessed already"


def test_by_hand_while_a_department_has_no_head_any_of_its_people(people, as_user):
    cases.standard()
    first, second = people.pur, build.person("PUR")
    report = cases.final(people, cases.of_department("purchasing"))
    text = as_user(people.fin).get("/finance/assessments/new/", {"report": report.number}).content.decode()
    assert {row.split('"')[1] for row in options(text)[1:]} == {first.username, second.username}


def test_by_hand_a_refusal_keeps_the_narrowed_list(people, as_user):
    report = cases.final(people, people.wh)
    sent = {"report": report.number, "person": people.wh.username, "amount": "999", "basis": "x"}
    answer = as_user(people.fin).post("/finance/assessments/new/", sent)
    assert answer.status_code == 422 and len(options(answer.content.decode())) == 2
    sent["amount"] = "150"
    assert as_user(people.fin).post("/finance/assessments/new/", sent).status_code == 302
    assert Assessment.objects.get().person == people.wh


def test_a_case_that_asks_nothing_leads_to_saying_so_and_names_who_may(people, as_user):
    cases.standard()
    signer = people.fins
    report = cases.final(people, cases.by_clause(people.fin, "9.1"))
    waive = f"/finance/assessments/cases/{report.number}/waive/"
    text = as_user(signer).get(f"/finance/assessments/cases/{report.number}/").content.decode()
    assert "ask 0.00 yuan" in text and text.count(f'href="{waive}"') == 1
    text = as_user(people.fin).get(f"/finance/assessments/cases/{report.number}/").content.decode()
    assert "ask 0.00 yuan" in text and str(signer) in text and waive not in text
    text = as_user(people.tech).get(report.get_absolute_url()).content.decode()
    assert "says with a reason that nothing is assessed" in text
    assert waive not in as_user(people.fin).get(report.get_absolute_url()).content.decode()


def test_where_a_clause_asks_money_nothing_of_that_stands_there(people, as_user):
    report = cases.final(people, people.wh)
    text = as_user(people.fin).get(f"/finance/assessments/cases/{report.number}/").content.decode()
    assert "ask 0.00 yuan" not in text and f"/finance/assessments/cases/{report.number}/waive/" in text


@pytest.mark.usefixtures("english")
def test_who_is_held_responsible_reads_why_he_writes_no_assessment_of_the_case(people, as_user):
    report = cases.final(people, people.wh, people.fin)
    text = as_user(people.fin).get(f"/finance/assessments/cases/{report.number}/").content.decode()
    assert "has no hand in its assessment" in text and "/write/" not in text and "/new/?report" not in text


@pytest.mark.usefixtures("english")
def test_the_page_of_an_assessment_opens_with_its_steps(people, as_user):
    (paper,) = assessing.from_report(cases.final(people, people.wh), **hand(people.fin))
    assert "Approve" in as_user(people.mgr).get(paper.get_absolute_url()).content.decode()


def test_how_it_was_computed_stands_in_the_companys_language_whoever_wrote_it(people):
    report = cases.final(people, people.wh)
    with translation.override("en"):
        (paper,) = assessing.from_report(report, **hand(people.fin))
    assert paper.basis.startswith("第 3.1 条") and "Clause" not in paper.basis

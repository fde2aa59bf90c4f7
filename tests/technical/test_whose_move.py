"""Quality: whose three days run, by which standard a review judges, who wrote, what a campaign finds (4.5a, 7.1, 7.2, 9.7)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.access import Denied
from accounts.models import Absence
from aftersales.problems import BadEntry, OutOfTurn
from deadlines.models import Deadline
from repairs import services as repairs
from sales import services as sales
from technical import selectors
from technical.models import Clause, Notice, Report
from technical.services import (
    campaigns,
    disputes,
    judging,
    measures,
    notices,
    reviewing,
    standards,
    suppliers,
    writing,
)
from tests import build
from tests.technical import quality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor", "english")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def car_ticket(people, at, **facts):
    return build.ticket("completed", at=at, company=people, vin=build.vehicle(at=at).vin, **facts)


@pytest.fixture
def repeated(people, monday):
    """The last of three reports of one failure: a notice needs no analysis."""
    quality.standard()
    for _each in range(3):
        found = quality.submitted(car_ticket(people, monday), monday + HOUR)
    return found


def asked(people, report, at):
    day = (at + 30 * DAY).date()
    return notices.issue(
        report, department="purchasing", problem="x", measures="y", due_on=day, person=people.pur, by=people.tech, at=at
    )  # fmt: skip


def runs(report):
    return Deadline.objects.of(report).filter(rule="rectification").open().exists()


def analysed(people, report, at):
    return judging.analyse(fresh(report), confirmed_cause="材料", is_technical=True, by=people.tech, at=at)


# --- whose three days
@pytest.mark.clause("7.2")
def test_a_notice_withdrawn_before_the_analysis_has_met_nothing(people, monday, repeated):
    first = Deadline.objects.of(repeated).get(rule="rectification")
    notices.withdraw(
        asked(people, repeated, monday + 2 * HOUR), reason="写错", by=people.tech, at=monday + 3 * HOUR
    )
    assert not runs(repeated), "nobody has said yet that a notice is due"
    analysed(people, repeated, monday + 4 * HOUR)
    again = Deadline.objects.of(repeated).filter(rule="rectification").open().get()
    assert (again.opened_at, again.due_at) == (first.opened_at, first.due_at), "nobody gains a day"


@pytest.mark.clause("7.2")
def test_a_report_that_came_again_waits_for_no_second_notice(people, monday, repeated):
    asked(people, repeated, monday + 2 * HOUR)
    writing.send_back(fresh(repeated), reason="照片不清", by=people.tech, at=monday + 3 * HOUR)
    writing.submit(fresh(repeated), by=repeated.engineer, at=monday + 4 * HOUR)
    analysed(people, repeated, monday + 5 * HOUR)
    assert not runs(repeated)


@pytest.mark.clause("7.2")
def test_an_analysis_that_is_mended_starts_no_second_clock(people, monday, repeated):
    analysed(people, repeated, monday + 2 * HOUR)
    analysed(people, repeated, monday + 3 * HOUR)
    assert Deadline.objects.of(repeated).filter(rule="rectification").count() == 1 and runs(repeated)


@pytest.mark.clause("7.2")
@pytest.mark.usefixtures("repeated")
def test_no_notice_rests_on_a_draft(people, monday):
    paper = quality.draft(car_ticket(people, monday), monday + HOUR)
    with pytest.raises(OutOfTurn, match="not submitted"):
        asked(people, paper, monday + 2 * HOUR)


# --- by which standard, by whom
@pytest.mark.clause("9.7")
def test_a_review_judges_by_the_standard_that_was_in_force_at_the_judgement(people, monday):
    quality.standard()
    report = quality.judged(car_ticket(people, monday), monday + HOUR, people.tech, quality.whole(people.wh))
    judging.appeal(report, reason="比例不对", by=people.wh, at=monday + 2 * HOUR)
    newer = [
        {"number": "3.1", "category": "assembly", "criterion": "装配", "party": "班组", "severity": "serious", "method": "amount",
         "amount": Decimal("2000.00"), "cap": Decimal("5000.00")},
    ]  # fmt: skip
    draft = standards.draft_standard(
        "B/0", "新标准", (monday + DAY).date(), by=build.person("TECH"), at=monday + 3 * HOUR, clauses=newer
    )
    leader = build.person("MGR", grants=("leader_approve",))
    standards.publish(draft, by=leader, at=monday + 4 * HOUR)
    at, panel = monday + 2 * DAY, [people.eng, people.pur]
    reviewing.convene(report, members=panel, meets_at=at, by=leader, at=at)
    for person in panel:
        reviewing.vote(report, vote="overturn", by=person, at=at)

    def by(version):
        clause = Clause.objects.get(standard__version=version, number="3.1")
        verdict = {"decision": "overturn", "minutes": "会议纪要", "by": leader, "at": at}
        share = {"party": "person", "percent": Decimal(50), "clause": clause, "note": ""}
        return reviewing.decide(
            report, shares=[share | {"person": one} for one in (people.wh, people.ga)], **verdict
        )

    with pytest.raises(BadEntry, match="in force"):
        by("B/0")
    assert by("A/0").stage == "final"


@pytest.mark.clause("7.1")
def test_who_wrote_in_the_engineers_place_does_not_judge_by_it(people, monday):
    quality.standard()
    ticket, both = car_ticket(people, monday), build.person("ENG", "TECH")
    Absence.objects.create(user=people.eng, deputy=both, begins_at=monday, ends_at=timezone.now() + 9 * DAY)
    report = quality.draft(ticket, monday + HOUR)
    writing.submit(report, by=both, at=monday + 2 * HOUR)
    with pytest.raises(Denied, match="SD08"):
        judging.analyse(fresh(report), confirmed_cause="x", is_technical=False, by=both, at=monday + 3 * HOUR)
    judging.analyse(
        fresh(report), confirmed_cause="x", is_technical=False, by=people.tech, at=monday + 3 * HOUR
    )


# --- campaigns
@pytest.mark.clause("7.2")
def test_what_a_campaign_looked_for_and_found_is_no_fault_that_came_back(people, monday):
    quality.standard()
    report = quality.analysed(car_ticket(people, monday), monday + HOUR, people.tech)
    notice = asked(people, report, monday + 2 * HOUR)
    measures.carry_out(notice, done="已换供应商", by=people.pur, at=monday + DAY)
    measures.verify(notice, verdict="好", by=people.tech, at=monday + 2 * DAY)
    customer = sales.open_customer(sales.write_down(name="王五", phone="+8613511110000"), at=monday)
    cars = [build.vehicle(at=monday, customer=customer)]
    begun = campaigns.start(
        notice, title="复检", symptom="更换", vehicles=cars, by=people.tech, at=monday + 3 * DAY
    )
    at = monday + 3 * DAY + HOUR
    called = _completed(begun.vehicles.get().ticket, people, at)
    writing.submit(quality.draft(called, at + HOUR), by=called.engineer, at=at + HOUR)
    assert selectors.came_back(Notice.objects.get()) == 0
    other = build.ticket("completed", at=at, company=people, vin=build.vehicle(at=at).vin)
    writing.submit(quality.draft(other, at + 2 * HOUR), by=other.engineer, at=at + 2 * HOUR)
    assert selectors.came_back(Notice.objects.get()) == 1


def _completed(ticket, people, at):
    for minute, step in enumerate(build.road(ticket, people, "b")[:6], 1):
        step(at + minute * dt.timedelta(minutes=1))
    return fresh(ticket)


@pytest.mark.clause("7.2")
def test_whom_nobody_can_call_is_listed_and_gets_no_ticket(people, monday):
    quality.standard()
    notice = asked(
        people, quality.analysed(car_ticket(people, monday), monday + HOUR, people.tech), monday + HOUR
    )
    silent, heard = (
        build.vehicle(
            at=monday, customer=sales.open_customer(sales.write_down(name="王五", phone=phone), at=monday)
        )
        for phone in ("", "+8613511110000")
    )
    drawn = campaigns.preview(notice, [silent, heard])
    assert (drawn.called, drawn.left_out) == ([heard], [{"vin": silent.vin, "why": "unreachable"}])


# --- a dispute whose report is merged, a claim on a supplier
@pytest.mark.clause("4.5a")
@pytest.mark.parametrize("same", [True, False])
def test_a_dispute_goes_along_with_its_report_to_the_same_customer_only(people, monday, same):
    gone = build.ticket("contacted", at=monday, company=people, phone="+8613511110000")
    phone = "+8613511110000" if same else "+8613522220000"
    kept = build.ticket("contacted", at=monday, company=people, phone=phone)
    assert (gone.customer == kept.customer) is same
    row = disputes.raise_(gone, kind="damage", words="不是人为", at=monday + HOUR)
    repairs.merge(gone, by=people.cs, at=monday + 2 * HOUR, into=kept, reason="重复")
    row = fresh(row)
    clock = Deadline.objects.of(row).filter(rule="dispute").open()
    assert (row.ticket, row.outcome, clock.exists()) == ((kept, "", True) if same else (gone, "void", False))


@pytest.mark.clause("7.1")
def test_a_claim_does_not_go_out_before_its_judgement(people, monday):
    quality.standard()
    share = [
        {"party": "supplier", "supplier": "甲厂", "percent": Decimal(100), "clause": quality.clause("5.2")}
    ]
    report = quality.judged(car_ticket(people, monday), monday + HOUR, people.tech, share)
    (held,) = Report.objects.get(pk=report.pk).in_force
    facts = {"by": people.tech, "at": monday + 2 * HOUR}
    paper = suppliers.claim(held, loss=Decimal(100), amount=Decimal(50), basis="x", **facts)
    with pytest.raises(BadEntry, match="became final later") as refused:
        suppliers.send(paper, sent_on=(monday - DAY).date(), **facts)
    assert refused.value.field == "sent_on"
    assert suppliers.send(paper, sent_on=monday.date(), **facts).stage == "sent"

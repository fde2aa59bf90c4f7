"""Assessments 考核文件 (8.9): written by finance, approved by a leader, issued by finance, then deducted within the cap."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance.models import Assessment, Deduction, Transfer
from finance.services import assessing, payroll, reconciling
from tests import build
from tests.finance import cases, months
from tests.finance.test_deduction_pages import fields, month_page, page, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.9")]
LIST = "/finance/assessments/"


def hand(person):
    return {"by": person, "at": timezone.now()}


def drafted(people, person=None, amount="80.00", by=None):
    person = person or people.eng
    facts = {"basis": "9.7 第3条：80 元", "report": case(people, person)}
    return assessing.draft(person=person, amount=Decimal(amount), **facts, **hand(by or people.fin))


def case(people, person):
    """A final judgement that holds him responsible."""
    return cases.final(people, person)


def issued(people, person=None, amount="80.00"):
    paper = assessing.approve(drafted(people, person, amount), **hand(people.mgr))
    return assessing.issue(paper, **hand(people.fins))


# --- services
def test_issued_it_is_a_draft_of_its_month_due_on_the_day_of_issue(people):
    paper = issued(people)
    row = Deduction.objects.get()
    assert (row.kind, row.paper, row.engineer, str(row.amount)) == (
        "assessment",
        paper.number,
        people.eng,
        "80.00",
    )
    assert (row.month, row.due_on, row.receivable) == (months.this_month(), months.today(), None)


def test_a_month_already_confirmed_takes_no_more(people):
    months.confirmed(people.eng, people)
    issued(people)
    assert Deduction.objects.get(kind="assessment").month > months.this_month()


def test_it_counts_in_the_cap_and_stands_outside_the_reconciliation(people):
    months.draft(people.eng, "1590.00")
    months.wages(people.eng, "8000.00", by=people.fin)
    issued(people, amount="80.00")
    payroll.confirm(people.eng, month=months.this_month(), **hand(people.fins))
    taken = {row.kind: str(row.confirmed) for row in Deduction.objects.filter(stage="confirmed")}
    assert taken == {"debt": "1590.00", "assessment": "10.00"}
    carried = Deduction.objects.get(stage="draft")
    assert (str(carried.amount), carried.carried, carried.kind) == ("70.00", True, "assessment")
    assert str(Transfer.objects.get(why="deducted", amount=Decimal(10)).source.kind) == "other"
    assert str(reconciling.figures(people.eng, months.this_month()).deducted) == "1590.00"


def test_anybody_may_be_assessed_and_sees_his_own(people, as_user):
    paper = issued(people, people.wh)
    row = Deduction.objects.get()
    for who, status in (("wh", 200), ("aud", 200), ("cs", 404), ("eng", 404)):
        page(as_user(getattr(people, who)), paper.get_absolute_url(), status)
        page(as_user(getattr(people, who)), row.get_absolute_url(), status)


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "NaN", "1e20"])
def test_an_amount_that_is_none_is_refused(people, amount):
    with pytest.raises(BadEntry):
        drafted(people, amount=amount)


def test_finance_may_ask_less_than_the_standard_never_more(people):
    assert str(drafted(people, amount="200.00").amount) == "200.00"
    with pytest.raises(BadEntry, match=r"200\.00") as refusal, translation.override("en"):
        drafted(people, people.wh, amount="200.01")
    assert refusal.value.field == "amount"


def test_sd08_who_is_concerned_neither_approves_nor_issues(people):
    leader, signer = build.person("MGR"), build.person("FINS")
    with pytest.raises(Denied, match="SD08"):
        assessing.approve(drafted(people, leader), **hand(leader))
    with pytest.raises(Denied, match="SD08"):
        assessing.drop(drafted(people, leader), **hand(leader))
    paper = assessing.approve(drafted(people, signer), **hand(people.mgr))
    with pytest.raises(Denied, match="SD08"):
        assessing.issue(paper, **hand(signer))
    assert not Deduction.objects.exists()


def test_sd08_one_person_with_both_roles_does_not_carry_it_through_alone(people):
    both = build.person("FINS", "MGR")
    with pytest.raises(Denied, match="SD08"):
        assessing.approve(drafted(people, by=both), **hand(both))
    paper = assessing.approve(drafted(people), **hand(both))
    with pytest.raises(Denied, match="SD08"):
        assessing.issue(paper, **hand(both))


def test_it_is_approved_before_it_is_issued_and_each_once(people):
    paper = drafted(people)
    with pytest.raises(OutOfTurn):
        assessing.issue(paper, **hand(people.fins))
    issued_paper = assessing.issue(assessing.approve(paper, **hand(people.mgr)), **hand(people.fins))
    with pytest.raises(OutOfTurn):
        assessing.issue(issued_paper, **hand(people.fins))
    assert Deduction.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "act"), [("fin", "issue"), ("fins", "approve"), ("eng", "approve"), ("aud", "issue")]
)
def test_nobody_else_takes_these_steps(people, who, act):
    with pytest.raises(Denied):
        getattr(assessing, act)(drafted(people), **hand(getattr(people, who)))


# --- pages
def test_finance_writes_a_leader_approves_finance_issues(people, as_user):
    client = as_user(people.fin)
    typed = {
        "person": people.eng.username,
        "amount": "80",
        "basis": "第3条",
        "report": case(people, people.eng).number,
    }
    assert client.post(f"{LIST}new/", typed | {"amount": "0"}).status_code == 422
    assert client.post(f"{LIST}new/", typed).status_code == 302
    paper = Assessment.objects.get()
    assert "/steps/approve/" not in page(client, paper.get_absolute_url())
    assert as_user(people.mgr).post(step(paper, "approve")).status_code == 302
    client = as_user(people.fins)
    text = page(client, step(paper, "issue"))
    assert client.post(step(paper, "issue"), fields(text) | {"operation": ""}).status_code == 422
    for _twice in range(2):
        assert client.post(step(paper, "issue"), fields(text) | {"secret": build.PASSWORD}).status_code == 302
    row = Deduction.objects.get()
    assert row.number in page(as_user(people.eng), paper.get_absolute_url())
    assert paper.number in page(as_user(people.eng), month_page(people.eng))
    assert f'href="{paper.get_absolute_url()}"' in page(as_user(people.eng), row.get_absolute_url())


@pytest.mark.parametrize("who", ["mgr", "aud", "eng", "cs"])
def test_nobody_else_writes_one(people, as_user, who):
    assert as_user(getattr(people, who)).get(f"{LIST}new/").status_code == 403


def test_three_rows_ask_no_more_than_one(people, as_user):
    client = as_user(people.aud)
    drafted(people)
    page(client, LIST)
    with CaptureQueriesContext(connection) as one:
        assert page(client, LIST).count("data-item") == 1
    drafted(people, build.person("CS")), drafted(people, build.person("WH"), by=build.person("FIN"))
    with CaptureQueriesContext(connection) as three:
        assert page(client, LIST).count("data-item") == 3
    assert len(three) == len(one), [q["sql"][:120] for q in three]


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_it_is_printed_on_a4(people, as_user, language):
    paper = issued(people)
    client = as_user(people.eng)
    text = client.get(f"{paper.get_absolute_url()}print/{language}").content.decode()
    assert paper.number in text and "捌拾元整" in text and str(people.mgr) in text
    assert client.get(f"{paper.get_absolute_url()}pdf/{language}").content.startswith(b"%PDF")

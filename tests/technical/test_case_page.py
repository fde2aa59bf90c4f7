"""The report's page as one desk (7.1, 8.9, 9.6): what the case cost, what was assessed, the ways to what follows; home's lines."""

import pytest
from django.utils import timezone

from finance.services import assessing
from technical.services import standards
from tests import build
from tests.finance import cases
from tests.technical.test_standards import drafted

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "one_factor"),
    pytest.mark.clause("8.9"),
]


def hand(person):
    return {"by": person, "at": timezone.now()}


def test_the_cost_is_for_who_may_see_money_of_others(who, as_user):
    report = cases.final(who, who.wh)
    for role, sees in (
        ("fin", True),
        ("mgr", True),
        ("tech", True),
        ("aud", True),
        ("cs", False),
        ("eng", False),
        ("wh", False),
    ):
        text = as_user(getattr(who, role)).get(report.get_absolute_url())
        assert text.status_code == 200
        assert ("What the case cost" in text.content.decode()) is sees, role


def test_finance_finds_both_ways_while_the_case_is_final(who, as_user):
    report = cases.final(who, who.wh)
    write, waive = (f"/finance/assessments/cases/{report.number}/{end}" for end in ("", "waive/"))
    text = as_user(who.fin).get(report.get_absolute_url()).content.decode()
    assert f'href="{write}"' in text and f'href="{waive}"' in text
    assert f'href="{write}"' not in as_user(who.tech).get(report.get_absolute_url()).content.decode()
    assessing.waive(report, reason="首次发生", **hand(who.fin))
    text = as_user(who.fin).get(report.get_absolute_url()).content.decode()
    assert f'href="{write}"' not in text and "首次发生" in text
    assert "首次发生" not in as_user(who.wh).get(report.get_absolute_url()).content.decode()


def test_who_is_assessed_finds_his_own_paper_there_and_not_the_others(who, as_user):
    report = cases.final(who, who.wh, who.eng)
    first, second = assessing.from_report(report, **hand(who.fin))
    text = as_user(who.wh).get(report.get_absolute_url()).content.decode()
    assert first.number in text and second.number not in text
    text = as_user(who.fin).get(report.get_absolute_url()).content.decode()
    assert first.number in text and second.number in text


# --- home
def test_finance_is_told_of_final_cases_until_they_are_drafted(who, as_user, django_assert_max_num_queries):
    report = cases.final(who, who.wh)
    client = as_user(who.fin)
    client.get("/desk/")
    with django_assert_max_num_queries(7):
        assert f"/finance/assessments/cases/{report.number}/" in client.get("/desk/").content.decode()
    assessing.from_report(report, **hand(who.fin))
    assert f"/finance/assessments/cases/{report.number}/" not in client.get("/desk/").content.decode()


@pytest.mark.clause("9.7")
def test_a_leader_is_told_of_drafts_of_the_standard(who, as_user):
    paper = drafted(who, "C/9")
    client = as_user(who.mgr)
    assert "C/9" in client.get("/desk/").content.decode()
    assert "C/9" not in as_user(who.tech).get("/desk/").content.decode()
    standards.publish(paper, **hand(build.person("MGR")))
    assert "C/9" not in client.get("/desk/").content.decode()


@pytest.mark.parametrize("role", ["pur", "tech", "fin"])
def test_home_stays_within_its_statements(who, as_user, role, django_assert_max_num_queries):
    client = as_user(getattr(who, role))
    client.get("/desk/")
    with django_assert_max_num_queries(7):
        client.get("/desk/")

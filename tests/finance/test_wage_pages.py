"""Wages (C30, C31): entered in one table, seen by finance, leaders and himself; a planted wage is found nowhere else."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.addresses import addresses
from accounts.models import AuditEvent
from finance.models import MinimumWage, Wage
from finance.services import payroll
from tests import build
from tests.access.examples import EXAMPLES
from tests.access.world import World
from tests.finance import months
from tests.finance.test_deduction_pages import month_page, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_factor"), pytest.mark.clause("8.8")]
PATH = "/finance/wages/"
CANARY = ("8765.43", "8,765.43", "1753.08", "1,753.08")  # the wage, and its fifth that is the cap


def entered(month=None):
    return {row.person: str(row.amount) for row in Wage.objects.filter(month=month or months.this_month())}


def enter_path():
    return f"{PATH}{months.this_month():%Y-%m}/"


def test_c30_all_wages_of_a_month_are_entered_in_one_table(people, as_user):
    one, two = people.eng, build.person("ENG")
    client = as_user(people.fin)
    assert page(client, PATH).count("data-item") == 2
    typed = {f"wage_{one.pk}": "8,000.50", f"wage_{two.pk}": ""}
    assert client.post(enter_path(), typed).status_code == 302
    assert entered() == {one: "8000.50"}
    assert "8000.50" in page(client, PATH)
    assert client.post(enter_path(), {f"wage_{one.pk}": "7000"}).status_code == 302
    assert entered() == {one: "7000.00"}
    assert AuditEvent.objects.filter(verb="wage.entered").count() == 2


@pytest.mark.parametrize("wrong", ["-1", "1.005", "x", "1e9", "=1+1", "１２", "NaN", "99999999999", "1.2.3"])
def test_one_wrong_wage_keeps_all_from_being_saved_and_nothing_typed_is_lost(people, as_user, wrong):
    one, two = people.eng, build.person("ENG")
    answer = as_user(people.fin).post(enter_path(), {f"wage_{one.pk}": wrong, f"wage_{two.pk}": "6000"})
    text = answer.content.decode()
    assert answer.status_code == 422 and entered() == {}
    assert 'aria-invalid="true"' in text and 'value="6000"' in text


def test_a_confirmed_month_keeps_its_wage(people, as_user):
    months.confirmed(people.eng, people)
    text = page(as_user(people.fin), PATH)
    assert f'wage_{people.eng.pk}" name' not in text and "¥8,000.00" in text
    as_user(people.fin).post(enter_path(), {f"wage_{people.eng.pk}": "1.00"})
    assert entered() == {people.eng: "8000.00"}


def test_the_minimum_wage_holds_from_a_month_on(people, as_user):
    client = as_user(people.fin)
    assert client.post(f"{PATH}minimum/", {"since": "2026-01", "amount": "2490"}).status_code == 302
    assert str(MinimumWage.objects.get().amount) == "2490.00"
    for since, amount in (("2026-13", "1"), ("x", "1"), ("2026-01", "0"), ("2026-01", "1.005"), ("", "")):
        assert client.post(f"{PATH}minimum/", {"since": since, "amount": amount}).status_code == 422
    assert MinimumWage.objects.count() == 1
    assert payroll.minimum_of(months.this_month()) is not None


@pytest.mark.parametrize(("who", "status"), [("mgr", 403), ("aud", 403), ("eng", 403), ("cs", 403)])
def test_nobody_else_enters(people, as_user, who, status):
    client = as_user(getattr(people, who))
    assert client.post(enter_path(), {}).status_code == status
    assert client.post(f"{PATH}minimum/", {"since": "2026-01", "amount": "1"}).status_code == status


def test_c31_a_leader_reads_them_and_an_engineer_his_own(people, as_user):
    months.wages(people.eng, "8765.43", by=people.fin)
    months.wages(build.person("ENG"), "7654.32", by=people.fin)
    read = page(as_user(people.mgr), PATH)
    assert "8,765.43" in read and "7,654.32" in read and '<input id="wage_' not in read
    own = page(as_user(people.eng), PATH)
    assert "8,765.43" in own and "7,654.32" not in own
    for who in ("aud", "cs", "wh", "sys", "sales"):
        page(as_user(getattr(people, who)), PATH, 403)


def test_three_rows_ask_no_more_than_one(people, as_user):
    client = as_user(people.fin)
    months.wages(people.eng, by=people.fin)
    page(client, PATH)
    with CaptureQueriesContext(connection) as one:
        page(client, PATH)
    for person in (build.person("ENG"), build.person("ENG")):
        months.wages(person, by=people.fin)
    with CaptureQueriesContext(connection) as three:
        assert page(client, PATH).count("data-item") == 3
    assert len(three) == len(one), [q["sql"][:120] for q in three]


@pytest.mark.parametrize("role", ["AUD", "CS", "WH", "GA", "TECH", "PUR", "SALES", "SYS", "ENG"])
def test_a_planted_wage_is_found_by_nobody_else_on_no_page(as_user, role):
    """Every address of the portal, as somebody who may see no wage (an engineer: not a colleague's)."""
    world = World()
    assert world.reconciliation
    months.wages(world.somebody, "8765.43", by=build.person("FIN"))
    client, found = as_user(build.person(role)), []
    for address in addresses():
        if not address.name or (address.arguments and address.name not in EXAMPLES):
            continue
        path = reverse(address.name, kwargs=EXAMPLES.get(address.name, lambda w: {})(world))
        with transaction.atomic():
            answer = client.get(path)
            transaction.set_rollback(True)
        text = b"".join(answer) if answer.streaming else answer.content
        found += [(address.name, word) for word in CANARY if word.encode() in text]
    assert found == []


def test_the_canary_sings_where_the_table_allows(people, as_user):
    row = months.draft(people.eng)
    months.wages(people.eng, "8765.43", by=people.fin)
    for who in ("fin", "fins", "mgr", "eng"):
        text = page(as_user(getattr(people, who)), month_page(people.eng))
        assert "8,765.43" in text and "1,753.08" in text
    assert row.number in page(as_user(people.aud), month_page(people.eng))

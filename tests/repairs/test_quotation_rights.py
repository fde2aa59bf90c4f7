"""Every step of a quotation and of an order × every role × own or not, against the policy's cells (B07, B22, B25, J32–J35)."""

import pytest

from accounts.access import Denied
from accounts.grants import ROLES, cell
from repairs import order_steps, quote_steps
from repairs.flow import Stage
from repairs.models import CrewMember, PartsOrder, Quotation
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
STAFF = [r for r in ROLES if r not in ("ANON", "CUST")]
TABLES = [quote_steps.STEPS, order_steps.STEPS]


@pytest.fixture
def papers(monday, people):
    """A paper at the first stage at which the step is offered."""
    ticket, made = build.ticket(Stage.CONTACTED, at=monday, company=people), {}

    def at(table, step):
        stage = step.stages[0]
        if (table.model, stage) not in made:
            row = (
                build.order(people, monday)
                if table.model is PartsOrder
                else build.quotation(ticket, monday + build.HOUR, stage)
            )
            made[table.model, stage] = row
        return made[table.model, stage]

    return at


def is_denied(table, paper, step, user) -> bool:
    return isinstance(table.refusal(paper, step, user), Denied)


def test_a_stranger_may_take_exactly_what_the_policy_gives_to_any_object(papers):
    for role in STAFF:
        stranger = build.person(role)
        for table in TABLES:
            for step in table.rows.values():
                expected = cell(step.action, stranger.roles) == "Y"  # quote.approve is C for a head only
                assert is_denied(table, papers(table, step), step, stranger) is not expected, (
                    role,
                    step.name,
                )


def test_the_engineer_may_take_what_is_his(papers, people):
    for table in TABLES:
        for step in table.rows.values():
            expected = cell(step.action, ["ENG"]) == "O"
            assert is_denied(table, papers(table, step), step, people.eng) is not expected, step.name


def test_only_the_head_of_after_sales_approves(papers, people):
    step = quote_steps.STEPS.rows["approve"]
    paper = papers(quote_steps.STEPS, step)
    for head in (people.cs_head, people.fin_head, people.mgr):
        assert is_denied(quote_steps.STEPS, paper, step, head)
    assert not is_denied(quote_steps.STEPS, paper, step, people.eng_head)


def test_the_crew_reads_and_writes_nothing(papers, monday, people):
    mate = build.person("ENG")
    for step in quote_steps.STEPS.rows.values():
        paper = papers(quote_steps.STEPS, step)
        CrewMember.objects.get_or_create(
            ticket=paper.ticket, user=mate, until=None, defaults={"since": monday}
        )
        assert is_denied(quote_steps.STEPS, paper, step, mate), step.name
    assert Quotation.objects.visible_to(mate).exists()


def test_a_salesperson_who_is_an_engineer_too_writes_no_quotation_for_what_he_sold(monday, people):
    seller = build.person("SALES", "ENG")
    vehicle = build.vehicle(at=monday, seller=seller)
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people, vin=vehicle.vin)
    quote = build.quotation(ticket, monday + build.HOUR)
    for name in ("add_part", "send"):
        assert is_denied(quote_steps.STEPS, quote, quote_steps.STEPS.rows[name], seller)
    assert seller.has_perm("quote.view", quote)


def test_who_sees_which_quotations(monday, people):
    ticket = build.ticket(Stage.CONTACTED, at=monday, company=people)
    build.quotation(ticket, monday + build.HOUR)
    build.quotation(build.order(people, monday), monday + build.HOUR)
    sees = {role: Quotation.objects.visible_to(build.person(role)).count() for role in STAFF}
    assert sees["CS"] == sees["FIN"] == sees["MGR"] == sees["AUD"] == 2
    assert sees["ENG"] == sees["SALES"] == sees["WH"] == sees["GA"] == sees["PUR"] == 0
    assert Quotation.objects.visible_to(people.eng).count() == 2

"""Every step × every role × own or not, against the policy's cells."""

import pytest

from accounts.access import Denied
from accounts.grants import ROLES, cell
from repairs.flow import Stage
from repairs.models import CrewMember
from repairs.steps import STEPS, refusal
from tests import build

STAFF = [r for r in ROLES if r not in ("ANON", "CUST")]
HEAD_ONLY = {("ticket.reassign", "CS"), ("ticket.crew", "CS")}
STAGE_FOR = {name: (step.stages[0] if step.stages else Stage.REPORTED) for name, step in STEPS.items()}


@pytest.fixture
def papers(monday, people):
    """A ticket at each stage that a step is offered at, made when first asked for."""
    made: dict = {}

    def at(stage):
        if stage not in made:
            made[stage] = build.ticket(stage, at=monday, company=people)
        return made[stage]

    return at


def is_denied(ticket, step, user) -> bool:
    return isinstance(refusal(ticket, step, user), Denied)


def test_a_stranger_may_take_exactly_the_steps_that_the_policy_gives_to_any_object(papers):
    for role in STAFF:
        stranger = build.person(role)
        for name, step in STEPS.items():
            expected = (
                cell(step.action, stranger.roles) in ("Y", "C") and (step.action, role) not in HEAD_ONLY
            )
            assert is_denied(papers(STAGE_FOR[name]), step, stranger) is not expected, (role, name)


def test_the_responsible_engineer_may_take_the_steps_that_are_his(papers, people):
    for name, step in STEPS.items():
        ticket = papers(STAGE_FOR[name])
        if ticket.engineer_id is None:
            continue
        expected = cell(step.action, ["ENG"]) in ("Y", "O", "C")
        assert is_denied(ticket, step, people.eng) is not expected, name


def test_the_crew_reads_and_notes_and_takes_no_step(papers, monday):
    mate = build.person("ENG")
    for name, step in STEPS.items():
        ticket = papers(STAGE_FOR[name])
        CrewMember.objects.get_or_create(ticket=ticket, user=mate, until=None, defaults={"since": monday})
        allowed = step.action in ("ticket.note", "evidence.upload")
        assert is_denied(ticket, step, mate) is not allowed, name


@pytest.mark.clause("3.2")
def test_only_the_head_of_customer_service_or_a_leader_re_assigns(papers):
    ticket, step = papers(Stage.ASSIGNED), STEPS["reassign"]
    assert is_denied(ticket, step, build.person("CS"))
    assert not is_denied(ticket, step, build.person("CS", head=True))
    assert not is_denied(ticket, step, build.person("MGR"))


def test_who_was_engineer_before_a_re_assignment_takes_no_more_steps(papers, people, monday):
    from repairs import services

    ticket = papers(Stage.ASSIGNED)
    services.reassign(ticket, by=build.person("MGR"), at=monday, engineer=build.person("ENG"), reason="病假")
    ticket.refresh_from_db()
    assert is_denied(ticket, STEPS["contact"], people.eng)

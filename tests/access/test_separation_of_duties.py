"""Each rule of separation, tried with ONE person who holds both roles (SD16: the union of rights minus every rule)."""

import datetime as dt

import pytest

from accounts import services
from accounts.access import Denied
from accounts.models import Grant, Posting
from aftersales.problems import Refusal
from deadlines import services as clocks
from deadlines.models import Deadline
from repairs import steps
from tests import build

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class OfOne(build.Company):
    """A company in which one person is customer service and engineer."""

    def __init__(self):
        super().__init__()
        self._people["eng"] = self._people["cs"] = build.person("CS", "ENG")


@pytest.mark.clause("3.3")
@pytest.mark.parametrize("step", ["call_back", "close_unreached"])
def test_sd10_the_engineer_who_also_is_customer_service_neither_calls_back_nor_closes(step, monday):
    company = OfOne()
    ticket = build.ticket(at_stage="completed", at=monday, company=company)
    entries = {"resolved": True, "overall": "satisfied"} if step == "call_back" else {}
    with pytest.raises(Refusal):
        steps.take(ticket, step, by=company.cs, at=monday + HOUR, **entries)
    ticket.refresh_from_db()
    assert ticket.stage == "completed"


@pytest.mark.clause("3.3")
def test_sd10_a_colleague_of_customer_service_does(monday):
    ticket = build.ticket(at_stage="completed", at=monday, company=OfOne())
    steps.take(
        ticket, "call_back", by=build.person("CS"), at=monday + HOUR, resolved=True, overall="satisfied"
    )
    ticket.refresh_from_db()
    assert ticket.stage == "closed"


@pytest.mark.clause("4.3")
def test_sd04_a_leader_who_also_is_the_engineer_does_not_excuse_his_own_breach(people, monday):
    people._people["eng"] = build.person("ENG", "MGR")
    ticket = build.ticket(at_stage="assigned", at=monday, company=people)
    breach, late = Deadline.objects.get(rule="contact", subject_id=ticket.pk), monday + 2 * DAY
    with pytest.raises(Refusal, match="SD04"):
        clocks.excuse(breach, reason="路上没信号", by=people.eng, at=late)
    clocks.excuse(breach, reason="路上没信号", by=people.mgr, at=late)


def test_sd11_administrator_and_leader_in_one_person_still_need_a_second(monday):
    both = build.person("SYS", "MGR")
    posting = services.propose_posting(
        build.person("ENG"), "technical", since=monday.date(), by=both, at=monday
    )
    with pytest.raises(Refusal, match="SD11"):
        services.second(posting, by=both, at=monday)
    assert not Posting.objects.filter(pk=posting.pk).exists()


def test_sd11_two_who_help_each_other_to_rights_are_two_people_for_each(monday):
    """A names B, a leader seconds; never the leader for himself."""
    admin, leader = build.person("SYS"), build.person("MGR")
    posting = services.propose_posting(leader, "finance", since=monday.date(), by=admin, at=monday)
    with pytest.raises(Refusal, match="SD11"):
        services.second(posting, by=leader, at=monday)
    services.second(posting, by=build.person("MGR"), at=monday)


@pytest.mark.clause("4.5b")
def test_sd15_administrator_and_head_of_finance_in_one_person_gives_no_signature_alone(people, monday):
    both = build.person("FIN", "MGR", head=True)
    until = monday.date() + dt.timedelta(days=30)
    grant = services.propose_grant(
        people.fin, "finance_sign", since=monday.date(), until=until, by=both, at=monday
    )
    with pytest.raises(Refusal, match="SD11"):
        services.second(grant, by=both, at=monday)
    assert not Grant.objects.filter(pk=grant.pk).exists()


@pytest.mark.clause("4.5b")
def test_sd15_an_administrator_neither_names_nor_seconds_a_signer(people, monday):
    head, admin = build.person("FIN", head=True), build.person("SYS")
    until = monday.date() + dt.timedelta(days=30)
    entries = {"since": monday.date(), "until": until, "at": monday}
    with pytest.raises(Denied):
        services.propose_grant(people.fin, "finance_sign", by=admin, **entries)
    grant = services.propose_grant(people.fin, "finance_sign", by=head, **entries)
    with pytest.raises(Denied):
        services.second(grant, by=admin, at=monday)

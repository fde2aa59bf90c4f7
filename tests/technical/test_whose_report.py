"""Whose quality report it is once the ticket goes to another engineer (4.10): his who did the round."""

import pytest

from accounts.access import Denied
from deadlines.models import Deadline
from repairs import services
from repairs.models import Ticket
from technical.desk import duties
from technical.models import Report
from technical.services import writing
from tests import build

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("4.10"),
    pytest.mark.usefixtures("one_factor", "english"),
]
FACTS = {"failure_mode": "worn", "what": "磨损", "causes": "材料偏软"}


def sent_back(ticket, who, at, engineer=None):
    services.call_back(ticket, by=who.cs, at=at, resolved=False, reason="还有异响", engineer=engineer)
    return Ticket.objects.get(pk=ticket.pk)


def duty(ticket):
    return Deadline.objects.of(ticket).get(rule="quality_report", cycle="1")


def test_who_did_the_round_writes_its_report_after_the_ticket_went_to_another(ticket, who, later):
    sent_back(ticket, who, later(), build.person("ENG"))
    report = writing.begin(ticket, by=who.eng, at=later(hours=2), **FACTS)
    assert (report.engineer, report.round) == (who.eng, 1)
    writing.put_exhibit(report, piece="旧件", place="A-3", by=who.eng, at=later(hours=2))
    assert writing.submit(report, by=who.eng, at=later(hours=2)).stage == "submitted"
    assert duty(ticket).met_at == later(hours=2)


def test_his_duty_leads_him_to_the_form_and_nobody_else(ticket, who, later, as_user):
    gone = sent_back(ticket, who, later(), build.person("ENG"))
    url, _word = duties.way("quality_report", gone, who.eng)
    page = as_user(who.eng).get(url)
    assert page.status_code == 200 and f'href="{gone.get_absolute_url()}"' not in page.content.decode()
    assert as_user(who.eng).post(url, FACTS).status_code == 302
    assert as_user(who.eng).get(Report.objects.get().get_absolute_url()).status_code == 200
    assert as_user(build.person("ENG")).get(url).status_code == 404


def test_who_has_the_ticket_now_does_not_write_over_the_others_draft(ticket, who, later):
    report = writing.begin(ticket, by=who.eng, at=later(), **FACTS)
    other = build.person("ENG")
    sent_back(ticket, who, later(hours=2), other)
    with pytest.raises(Denied):
        writing.write(report, by=other, at=later(hours=3), what="别的")


def test_handing_on_a_later_round_ends_no_duty_of_an_earlier_one(ticket, who, later):
    gone = sent_back(ticket, who, later())
    head, other = build.person("CS", head=True), build.person("ENG")
    services.reassign(gone, by=head, at=later(hours=2), engineer=other, reason="病假")
    assert (duty(ticket).ended_at, duty(ticket).assignee) == (None, who.eng)

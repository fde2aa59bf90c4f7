"""Closed as not reached: only when nobody reached the customer in this round (3.3)."""

import pytest

from aftersales.problems import Refusal
from repairs import services, steps
from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

HOUR = build.HOUR


def tried(ticket, people, monday) -> Ticket:
    """Three attempts over two half-days."""
    for hours in (1, 2, 3):
        services.attempt(
            ticket, by=people.cs, at=monday + hours * HOUR, result="no_answer", purpose="callback"
        )
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert fresh.callback_tries_done
    return fresh


@pytest.mark.clause("3.3")
def test_a_customer_who_answered_the_survey_himself_was_reached(monday, people):
    ticket = tried(build.ticket(Stage.COMPLETED, at=monday, company=people), people, monday)
    services.survey_by_customer(ticket, at=monday + 4 * HOUR, resolved=False)
    with pytest.raises(Refusal, match="3.3"):
        steps.take(Ticket.objects.get(pk=ticket.pk), "close_unreached", by=people.cs, at=monday + 5 * HOUR)


@pytest.mark.clause("3.3")
def test_an_attempt_that_reached_him_takes_the_way_out_back(monday, people):
    ticket = tried(build.ticket(Stage.COMPLETED, at=monday, company=people), people, monday)
    services.attempt(ticket, by=people.cs, at=monday + 4 * HOUR, result="reached", purpose="callback")
    assert not Ticket.objects.get(pk=ticket.pk).callback_tries_done

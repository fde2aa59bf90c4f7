"""From the ticket to the money that was taken on site (4.11): for its engineer, once the service runs."""

import pytest
from django.utils import timezone

from tests import build

pytestmark = pytest.mark.django_db
WAY = "/finance/site-money/new/?for="


def driven(people, stage):
    """A ticket of a known customer, driven to that stage."""
    at = timezone.now() - build.HOUR * 3
    return build.ticket(stage, at=at, company=people, vin=build.vehicle(at=at).vin)


@pytest.mark.clause("4.11")
@pytest.mark.parametrize(
    ("stage", "shown"), [("planned", False), ("in_service", True), ("completed", True), ("closed", True)]
)
def test_the_engineer_goes_from_his_ticket_to_the_declaration(people, as_user, stage, shown):
    ticket = driven(people, stage)
    found = as_user(people.eng).get(ticket.get_absolute_url()).content.decode()
    assert (f"{WAY}{ticket.number}" in found) is shown
    if shown:
        assert as_user(people.eng).get(f"{WAY}{ticket.number}").status_code == 200


@pytest.mark.clause("4.11")
def test_nobody_else_is_shown_the_way(people, as_user):
    ticket = driven(people, "in_service")
    for who in (people.cs, people.fin, people.mgr):
        assert WAY not in as_user(who).get(ticket.get_absolute_url()).content.decode()

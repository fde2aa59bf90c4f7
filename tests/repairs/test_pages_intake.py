"""Phone intake while the customer talks, and the relay by sales."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from repairs.flow import Stage
from repairs.models import Ticket
from tests import build

CALL = {"phone": "138 1234 5678", "contact": "王小明", "symptom": "刹车异响", "urgency": "normal"}


@pytest.mark.clause("3.1")
def test_a_call_is_recorded_at_once_and_leads_to_the_hand_over(people, as_user):
    client, key, engineer = as_user(people.cs), str(uuid.uuid4()), people.eng
    answers = [client.post("/tickets/new/", CALL | {"operation": key}) for _ in range(2)]
    ticket = Ticket.objects.get()
    assert ticket.stage == Stage.RECORDED and ticket.intake.number.startswith("KF")
    assert [a["Location"] for a in answers] == [f"/tickets/{ticket.number}/?step=hand_over"] * 2
    page = client.get(answers[0]["Location"]).content.decode()
    assert 'name="engineer"' in page and engineer.name in page


def test_the_number_brings_customer_vehicles_and_tickets(people, as_user):
    ticket = build.ticket(
        at_stage=Stage.RECORDED, at=timezone.now(), company=people, organisation="泰州环卫处"
    )
    build.vehicle("LFYKNOWN00000001", customer=ticket.customer)
    page = as_user(people.cs).get("/tickets/known/", {"phone": "138-1234-5678"}).content.decode()
    for words in (ticket.number, "王小明", "泰州环卫处", "LFYKNOWN00000001", "data-fill"):
        assert words in page
    assert (
        "Nothing is known"
        in as_user(people.cs).get("/tickets/known/", {"phone": "13900000000"}).content.decode()
    )


@pytest.mark.parametrize(
    "entries", [{"phone": "138abc"}, {"symptom": ""}, {"symptom": "长" * 10_000}, {"contact": ""}]
)
def test_a_bad_entry_is_said_at_its_field_and_the_rest_stays(people, as_user, entries):
    answer = as_user(people.cs).post("/tickets/new/", CALL | entries)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == set(entries)
    assert "normal" in answer.content.decode() and not Ticket.objects.exists()


@pytest.mark.clause("2.3")
def test_sales_relays_with_the_moment_at_which_the_customer_told(people, as_user):
    told = timezone.localtime() - dt.timedelta(hours=3)
    client = as_user(people.sales)
    answer = client.post("/tickets/relay/", CALL | {"reported_at": told.strftime("%Y-%m-%dT%H:%M")})
    ticket = Ticket.objects.get()
    assert answer.url == f"/tickets/{ticket.number}/" and ticket.relayed_by == people.sales
    assert ticket.reported_at == told.replace(second=0, microsecond=0)
    assert client.get(answer.url).status_code == 200


@pytest.mark.clause("2.3")
def test_a_relay_from_the_future_is_refused_at_its_field(people, as_user):
    told = timezone.localtime() + dt.timedelta(hours=3)
    answer = as_user(people.sales).post(
        "/tickets/relay/", CALL | {"reported_at": told.strftime("%Y-%m-%dT%H:%M")}
    )
    assert answer.status_code == 422 and "reported_at" in answer.context["form"].errors


def test_only_customer_service_takes_calls_and_only_sales_relays(people, as_user):
    assert [as_user(people.eng).get(f"/tickets/{p}/").status_code for p in ("new", "relay")] == [403, 403]
    assert as_user(people.sales).get("/tickets/new/").status_code == 403

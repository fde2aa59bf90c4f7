"""Phone intake, relay by sales, duties, vehicles and customers over the API."""

import datetime as dt

import pytest

from deadlines.models import Deadline
from repairs.models import Channel, Ticket
from tests import build

pytestmark = pytest.mark.django_db
CALL = {"contact": "王小明", "phone": "13812345678", "symptom": "不能启动"}


@pytest.mark.clause("3.1")
def test_a_call_is_recorded_at_once(program, people):
    api = program(people.cs)
    answer = api.post("tickets/phone-intake", CALL | {"location": "江苏泰州", "urgency": "stopped"}, key="k")
    again = api.post("tickets/phone-intake", CALL | {"location": "江苏泰州", "urgency": "stopped"}, key="k")
    ticket = Ticket.objects.get()
    assert answer == again == {"number": ticket.number, "stage": "recorded"}
    assert (ticket.channel, ticket.region, ticket.urgency, ticket.accepted_by) == (
        Channel.PHONE,
        "江苏泰州",
        "stopped",
        people.cs,
    )


@pytest.mark.clause("2.3")
def test_sales_relays_and_the_clock_counts_from_when_the_customer_told(program, people):
    told = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=13)
    api = program(people.sales)
    api.post("referrals", CALL | {"reported_at": told.isoformat()})
    ticket, clock = Ticket.objects.get(), Deadline.objects.get(rule="relay")
    assert (api.status, ticket.channel, ticket.relayed_by) == (201, Channel.SALES, people.sales)
    assert (clock.opened_at, clock.due_at, clock.missed_at) == (
        told,
        told + dt.timedelta(hours=12),
        clock.due_at,
    )


@pytest.mark.clause("2.3")
def test_a_relay_from_the_future_is_refused(program, people):
    api = program(people.sales)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    answer = api.post("referrals", CALL | {"reported_at": later.isoformat()})
    assert (api.status, set(answer["errors"]), Ticket.objects.count()) == (422, {"reported_at"}, 0)


def test_an_engineer_takes_no_calls_and_relays_nothing(program, people):
    api = program(people.eng)
    for path in ("tickets/phone-intake", "referrals"):
        api.post(path, CALL)
        assert api.status == 403


@pytest.mark.clause("4.3")
def test_duties_say_what_i_owe_soonest_first(program, people, monday):
    ticket = build.ticket(at_stage="assigned", at=monday, company=people)
    duties = program(people.eng).get("duties")["results"]
    assert [(d["rule"], d["clause"], d["subject"], d["missed"]) for d in duties if d["rule"] in ("contact", "plan")] == [
        ("contact", "4.3", ticket.number, True), ("plan", "4.4", ticket.number, True),
    ]  # fmt: skip
    assert program(build.person("ENG")).get("duties")["results"] == []


def test_vehicles_are_found_and_told_with_their_warranty(program, people):
    car = build.vehicle("LFY0000000001")
    api = program(people.cs)
    assert [v["vin"] for v in api.get("vehicles", q="0001")["results"]] == [car.vin]
    seen = api.get(f"vehicles/{car.vin}")
    assert (seen["delivered_on"], seen["warranty"]["km"]) == ("2025-12-01", 20_000)


def test_customers_are_told_with_a_masked_phone(program, people, monday):
    ticket = build.ticket(at_stage="recorded", at=monday, company=people)
    api = program(people.cs)
    number = ticket.customer.number
    assert [c["number"] for c in api.get("customers", q="王小")["results"]] == [number]
    seen = api.get(f"customers/{number}")
    assert (seen["name"], seen["phone"], seen["vehicles"]) == ("王小明", "138****5678", [])

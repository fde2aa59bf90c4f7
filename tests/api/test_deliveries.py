"""Hand-overs over the API: the page's form, its refusals, its rights; once for one key."""

import pytest
from django.utils import timezone

from sales.briefing import CHECKLISTS
from sales.models import Delivery, Vehicle
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.1")]


def body(**more):
    return {
        "delivered_on": str(timezone.localdate()), "name": "钱多多", "phone": "13911112222", "signer": "钱多多",
        "explained": list(CHECKLISTS[-1].points), "consent": True,
    } | more  # fmt: skip


def test_a_program_delivers_and_reads_it_back(program, people):
    car = build.vehicle(delivered_on=None, seller=people.sales)
    api = program(people.sales)
    said = api.post("deliveries", body(vin=car.vin, explained=["load"]))
    assert (api.status, said["field"], said["clause"]) == (422, "reason", "2.1")
    made = api.post("deliveries", body(vin=car.vin))
    assert api.status == 201 and made["left_open"] == [] and made["customer"].startswith("GK")
    assert "钱多多" not in str(made)
    assert [x["number"] for x in api.get(f"deliveries?vin={car.vin}")["results"]] == [made["number"]]
    other = program(build.person("SALES"))
    assert other.get("deliveries")["results"] == []
    other.get(f"deliveries/{made['number']}")
    assert other.status == 404


def test_a_vehicle_is_registered(program, people):
    build.vehicle()
    api = program(people.sales)
    api.post("vehicles", {"vin": "LFYAPI0000000001", "model": "FY-6"})
    assert api.status == 201 and Vehicle.objects.get(vin="LFYAPI0000000001").seller == people.sales
    api.post("vehicles", {"vin": "LFYAPI0000000001", "model": "FY-6"})
    assert api.status == 422 and not Delivery.objects.exists()

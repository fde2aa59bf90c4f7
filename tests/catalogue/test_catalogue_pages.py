"""Models and warranty terms: everybody reads, the technical department writes."""

import datetime as dt

import pytest

from catalogue.models import TermBatch, VehicleModel, WarrantyTerm
from catalogue.services import approve_terms
from tests import build

TERM = {"part_group": "battery", "since": "2026-01-01", "months": "24", "km": "50000", "reason": "新电池"}


@pytest.mark.clause("4.5a")
def test_the_technical_department_adds_a_model_and_its_terms(people, as_user):
    client = as_user(people.tech)
    client.post("/catalogue/new/", {"code": "FY-X9", "name": "飞跃 X9"})
    model = VehicleModel.objects.get(code="FY-X9")
    assert client.post(f"/catalogue/{model.pk}/terms/new/", TERM).url == "/catalogue/terms/"
    batch = TermBatch.objects.get()
    client.post(f"/catalogue/terms/{batch.pk}/decide/", {"do": "approve"})
    assert not WarrantyTerm.objects.exists()
    approve_terms(batch, by=people.mgr, at=batch.proposed_at)
    term = WarrantyTerm.objects.get()
    assert (term.part_group, term.since, term.months, term.km) == ("battery", dt.date(2026, 1, 1), 24, 50000)
    assert term.history.get().history_user == people.mgr
    again = client.post(f"/catalogue/{model.pk}/terms/new/", TERM)
    assert again.status_code == 422 and "since" in again.context["form"].errors


def test_others_read_only(people, as_user):
    build.vehicle()
    client = as_user(people.sales)
    page = client.get("/catalogue/")
    assert page.status_code == 200 and b"/catalogue/new/" not in page.content
    assert client.post("/catalogue/new/", {"code": "X", "name": "Y"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_five_statements_whatever_its_length(
    people, as_user, count, django_assert_max_num_queries
):
    for number in range(count):
        build.vehicle(model=f"FY-{number}")
    client = as_user(people.sales)
    with django_assert_max_num_queries(5):
        client.get("/catalogue/")

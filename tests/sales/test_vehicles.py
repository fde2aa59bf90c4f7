"""Vehicles: list, one life, registering and changing."""

import datetime as dt

import pytest
from django.utils import timezone

from aftersales.problems import BadEntry, Stale
from repairs.flow import Stage
from sales import services
from sales.models import Customer, Vehicle
from sales.selectors import state_of
from tests import build

from . import leads


def test_a_vehicle_shows_its_whole_life_and_a_label(people, as_user):
    row = build.vehicle("LFYLIFE0000000001")
    ticket = build.ticket(at_stage=Stage.REPORTED, at=timezone.now(), company=people, vin=row.vin)
    page = as_user(people.cs).get(f"/vehicles/{row.vin}/").content.decode()
    assert ticket.number in page and "<svg" in page and "2025-12-01" in page and "20,000" in page
    label = as_user(people.cs).get(f"/vehicles/{row.vin}/?label=1").content.decode()
    assert row.vin in label and "0523-89798888" in label


def test_tickets_of_others_do_not_show_on_the_vehicle(people, as_user):
    row = build.vehicle()
    ticket = build.ticket(
        at_stage=Stage.REPORTED,
        at=timezone.now(),
        company=people,
        vin=row.vin,
        contact="赵六",
        phone="+8613700000000",
    )
    page = as_user(people.eng).get(f"/vehicles/{row.vin}/").content.decode()
    assert ticket.number not in page and "赵六" not in page


@pytest.mark.clause("2.1")
def test_sales_registers_and_changes_its_own_vehicle_only(people, as_user):
    build.vehicle("LFYOTHER000000001")
    client = as_user(people.sales)
    client.post("/vehicles/new/", {"vin": "lfy new 0001", "model": "FY-6", "delivered_on": "2026-01-05"})
    row = Vehicle.objects.get(vin="LFYNEW0001")
    assert (row.seller, row.delivered_on) == (people.sales, dt.date(2026, 1, 5))
    client.post(f"/vehicles/{row.vin}/edit/", {"model": "FY-6", "plate": "苏A1", "seen": state_of(row)})
    assert Vehicle.objects.get(pk=row.pk).plate == "苏A1"
    assert client.get("/vehicles/LFYOTHER000000001/edit/").status_code == 403


def test_a_vin_is_registered_once(people, as_user):
    row = build.vehicle()
    answer = as_user(people.cs).post("/vehicles/new/", {"vin": row.vin, "model": "FY-6"})
    assert answer.status_code == 422 and "vin" in answer.context["form"].errors


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_six_statements_whatever_its_length(
    people, as_user, count, django_assert_max_num_queries
):
    for _ in range(count):
        build.vehicle()
    client = as_user(people.cs)
    with django_assert_max_num_queries(6):
        assert len(client.get("/vehicles/").context["rows"]) == count


@pytest.mark.parametrize("word", ["LFYFIND", "00042", "苏B777"])
def test_a_vehicle_is_found_by_the_ends_of_its_vin_or_its_plate(people, as_user, word):
    row = build.vehicle("LFYFIND0000000042", plate="苏B777")
    build.vehicle("LXX00000000000001")
    assert [v.pk for v in as_user(people.cs).get("/vehicles/", {"vin": word}).context["rows"]] == [row.pk]


@pytest.mark.clause("4.5a")
def test_a_vehicle_is_not_delivered_in_days_to_come(people, as_user, monday):
    car, late = build.vehicle(at=monday), monday.date() + dt.timedelta(days=1)
    acts = [
        lambda: services.register_vehicle(
            vin="LFYLATE1", model=car.model, by=people.cs, at=monday, delivered_on=late
        ),
        lambda: services.change_vehicle(car, by=people.cs, at=monday, delivered_on=late),
    ]
    for act in acts:
        with pytest.raises(BadEntry) as refused:
            act()
        assert refused.value.field == "delivered_on"
    services.change_vehicle(car, by=people.cs, at=monday, delivered_on=monday.date())
    sent = {"vin": "LFYLATE1", "model": car.model.code, "delivered_on": "2099-01-01"}
    answer = as_user(people.cs).post("/vehicles/new/", sent)
    assert answer.status_code == 422 and "delivered_on" in answer.context["form"].errors
    assert not Vehicle.objects.filter(vin="LFYLATE1").exists()


@pytest.mark.usefixtures("english")
@pytest.mark.clause("2.1")
def test_a_form_that_is_older_than_the_vehicle_gives_it_to_nobody(people, as_user, monday):
    former, owner = leads.customer(monday), leads.customer(monday)
    car, client = build.vehicle(at=monday, customer=former), as_user(people.cs)
    here = f"/vehicles/{car.vin}/edit/"
    shown = client.get(here).context["form"]
    sent = {"model": "FY-6", "plate": "苏M12345", "delivered_on": "2025-12-01", "customer": former.number}
    sent |= {"seen": shown["seen"].value()}
    assert f'name="seen" value="{sent["seen"]}"' in client.get(here).content.decode()
    services.change_vehicle(car, by=people.cs, at=monday, customer=owner)
    answer = client.post(here, sent)
    form = answer.context["form"]
    assert answer.status_code == 422 and form["plate"].value() == "苏M12345"
    assert "Somebody else has changed this meanwhile" in answer.content.decode()
    assert form.errors["customer"] == [f"Now it says: {owner.number}"] and "model" not in form.errors
    assert client.post(here, {k: v for k, v in sent.items() if k != "seen"}).status_code == 422
    assert (Vehicle.objects.get().customer, Vehicle.objects.get().plate) == (owner, "")
    again = sent | {"customer": owner.number, "seen": form["seen"].value()}
    assert client.post(here, again).status_code == 302
    assert (Vehicle.objects.get().customer, Vehicle.objects.get().plate) == (owner, "苏M12345")


@pytest.mark.usefixtures("english")
def test_a_form_that_is_older_than_the_customer_overwrites_nothing(people, as_user, monday):
    row, client = leads.customer(monday), as_user(people.cs)
    here = f"{row.get_absolute_url()}edit/"
    sent = {"name": "李建国", "phone": row.person.phone, "kind": "private", "region": "江苏"}
    sent |= {"seen": client.get(here).context["form"]["seen"].value()}
    services.change_customer(row, by=people.cs, at=monday, name="李卫国", kind="dealer")
    answer = client.post(here, sent)
    form = answer.context["form"]
    assert answer.status_code == 422 and form["region"].value() == "江苏"
    assert (form.errors["name"], form.errors["kind"]) == (["Now it says: 李卫国"], ["Now it says: Dealer"])
    assert "phone" not in form.errors
    assert client.post(here, sent | {"name": "李卫国", "seen": form["seen"].value()}).status_code == 302
    row = Customer.objects.get()
    assert (row.person.name, row.kind, row.region) == ("李卫国", "private", "江苏")


def test_who_changes_a_vehicle_is_told_under_its_lock_that_it_is_another_by_now(people, monday):
    car = build.vehicle(at=monday)
    seen = state_of(car)
    services.change_vehicle(car, by=people.cs, at=monday, seen=seen, plate="苏A1")
    with pytest.raises(Stale):
        services.change_vehicle(car, by=people.cs, at=monday, seen=seen, plate="苏A2")
    assert (Vehicle.objects.get().plate, "苏A1" in seen) == ("苏A1", False)

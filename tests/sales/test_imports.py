"""Customers and vehicles from Excel: every bad cell named, all or nothing, history kept, few statements."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from aftersales.problems import BadEntry, Stale
from catalogue.models import VehicleModel
from sales import imports, merging
from sales.imports.rows import Kept
from sales.models import Customer, Person, Vehicle
from sales.services import erase, open_customer, write_down
from tests import build

from .sheets import customers, vehicles

pytestmark = pytest.mark.django_db
VIN = "LFYIMPORT00000001"


@pytest.fixture
def fy6(english):
    return VehicleModel.objects.create(code="FY-6", name="飞跃 FY-6")


def read(file, at):
    return imports.read_vehicles(file, at)


def faults(found):
    return [fault.cell for fault in found.faults]


def row(vin=VIN, model="FY-6", plate="", built="", delivered="", motor="", customer="", phone="", seller=""):
    return [vin, model, plate, built, delivered, motor, customer, phone, seller]


def test_a_new_vehicle_comes_in_with_its_owner_seller_and_history(people, monday, fy6):
    owner = open_customer(write_down(name="李四", phone="+8613800001111"), at=monday)
    file = vehicles(row(vin="lfy import 00000001", plate="苏A1", built=dt.date(2025, 1, 2), delivered="2025年3月4日",
                        phone="138 0000 1111", seller=people.sales.username))  # fmt: skip
    found = read(file, monday)
    assert found.faults == [] and imports.save_vehicles(found, by=people.cs, at=monday) == Kept(new=1)
    car = Vehicle.objects.get(vin=VIN)
    assert (car.model, car.plate, car.built_on, car.delivered_on) == (
        fy6,
        "苏A1",
        dt.date(2025, 1, 2),
        dt.date(2025, 3, 4),
    )
    assert (car.customer, car.seller) == (owner, people.sales)
    kept = car.history.get()
    assert (kept.history_user, kept.history_date, kept.history_type, kept.plate) == (
        people.cs,
        monday,
        "+",
        "苏A1",
    )


def test_a_known_vehicle_changes_and_a_blank_cell_leaves_what_is_known(people, monday, fy6):
    car = build.vehicle(VIN, at=monday, plate="苏B2", motor_no="M1")
    found = read(vehicles(row(model="", motor="M2")), monday)
    assert imports.save_vehicles(found, by=people.cs, at=monday) == Kept(changed=1)
    fresh = Vehicle.objects.get(pk=car.pk)
    assert (fresh.plate, fresh.motor_no, fresh.delivered_on) == ("苏B2", "M2", car.delivered_on)
    assert [h.motor_no for h in fresh.history.order_by("history_id")] == ["M1", "M2"]
    again = imports.save_vehicles(read(vehicles(row(model="", motor="M2")), monday), by=people.cs, at=monday)
    assert again == Kept(unchanged=1) and fresh.history.count() == 2


def test_every_bad_cell_is_named(people, monday, fy6):
    sold = build.delivery(people.sales, monday)
    twin = [open_customer(write_down(name=n, phone="+8613800002222"), at=monday) for n in "甲乙"]
    merging.merge(*[open_customer(write_down(name=n), at=monday) for n in "丙丁"], by=people.cs, at=monday)
    gone = Customer.objects.exclude(pk__in=[c.pk for c in twin]).order_by("-pk").first()
    found = read(vehicles(
        row(), row(), row("LFYB", model="FY-9"), row("LFYC", model=""), row("L"),
        row("LFYD", delivered="2026-03-03"), row("LFYE", built="2026-03-01", delivered="2026-02-01"),
        row("LFYF", customer="GK0"), row("LFYG", phone="13800002222"), row("LFYH", phone="13800003333"),
        row("LFYI", customer=gone.number), row("LFYJ", seller="nobody"), row(sold.vehicle.vin, delivered="2026-01-01"),
        row("LFYK", phone="12"),
    ), monday)  # fmt: skip
    assert faults(found) == [
        "A3",
        "B4",
        "B5",
        "A6",
        "E7",
        "E8",
        "G9",
        "H10",
        "H11",
        "G12",
        "I13",
        "E14",
        "H15",
    ]
    assert sold.number in str(found.faults[11].why)


def test_who_comes_second_to_a_vin_reads_why_and_nothing_is_kept(people, monday, fy6):
    found = read(vehicles(row(), row("LFYOTHER1")), monday)
    with pytest.raises(Stale):
        # `known` is asked for anew when it is kept; the second one meets the unique VIN
        imports.vehicles._register([{"vin": VIN, "model_id": fy6.pk}], people.cs, monday)
        imports.rows.together(lambda: Kept(imports.vehicles._register(found.rows, people.cs, monday)))
    assert list(Vehicle.objects.values_list("vin", flat=True)) == [VIN]


@pytest.mark.parametrize("gone", ["merged", "erased"])
def test_an_owner_who_is_gone_since_the_check_keeps_the_whole_file_out(people, monday, fy6, gone):
    owner, other = (open_customer(write_down(name="李四"), at=monday) for _each in range(2))
    found = read(vehicles(row(customer=owner.number), row("LFYOTHER1")), monday)
    if gone == "merged":
        merging.merge(other, owner, by=people.cs, at=monday)
    else:
        erase(owner, by=people.mgr, seconded_by=build.person("MGR"), at=monday, reason="x")
    with pytest.raises(Stale, match="nothing was kept"):
        imports.save_vehicles(found, by=people.cs, at=monday)
    assert not Vehicle.objects.exists()


def test_many_vehicles_take_few_statements(people, monday, fy6):
    many = [row(f"LFYMANY{n:08d}", plate=f"P{n}") for n in range(2500)]
    found = read(vehicles(*many), monday)
    with CaptureQueriesContext(
        connection,
    ) as first:
        imports.save_vehicles(found, by=people.cs, at=monday)
    assert Vehicle.objects.count() == Vehicle.history.count() == 2500
    again = read(vehicles(*[row(f"LFYMANY{n:08d}", plate=f"Q{n}") for n in range(2500)]), monday)
    with CaptureQueriesContext(connection) as second:
        imports.save_vehicles(again, by=people.cs, at=monday)
    assert Vehicle.objects.filter(plate__startswith="Q").count() == 2500 and Vehicle.history.count() == 5000
    assert len(first) < 30 and len(second) < 30


def new(name="李四", phone="13800001111", **more):
    return ["", name, phone, "", more.get("organisation", ""), more.get("street", ""), more.get("region", ""),
            more.get("kind", ""), more.get("seller", "")]  # fmt: skip


def test_customers_are_known_by_number_or_phone_and_the_words_stay_in_one_table(people, monday, english):
    one = open_customer(write_down(name="张三", phone="+8613800001111", street="旧街"), at=monday)
    two = open_customer(write_down(name="王五"), at=monday)
    rows = [new("张三丰", region="江苏", kind="公司单位" if False else "company"),
            [two.number, "王五", "139 0000 2222", "", "", "", "", "", people.sales.username],
            new("赵六", "13700003333", organisation="赵六物流")]  # fmt: skip
    found = imports.read_customers(customers(*rows), monday)
    assert found.faults == [] and imports.save_customers(found, by=people.cs, at=monday) == Kept(1, 2)
    one, two = Customer.objects.get(pk=one.pk), Customer.objects.get(pk=two.pk)
    assert (one.person.name, one.person.street, one.region, one.kind) == ("张三丰", "旧街", "江苏", "company")
    assert (two.person.phone, two.seller) == ("+8613900002222", people.sales)
    fresh = Customer.objects.latest("pk")
    assert (fresh.number, fresh.person.organisation, fresh.person.customer) == (
        "GK20260302-0003",
        "赵六物流",
        fresh,
    )
    assert Person.objects.found_by("赵六物", by_phone=False).get() == fresh.person
    assert fresh.history.get().history_user == people.cs and one.history.count() == 2
    event = AuditEvent.objects.get(verb="customers.imported")
    assert event.data == {"new": 1, "persons": [one.person_id, two.person_id]}


def second(customer, **words):
    """Somebody else of this customer, as a report of his leaves one."""
    person = write_down(**words)
    person.customer = customer
    person.save()
    return person


def test_a_row_changes_the_person_whose_phone_it_gives_and_no_number_is_lost(people, monday, english):
    firm = open_customer(
        write_down(name="张三", phone="+8613800001111", alt_phone="+8613800002222"), at=monday
    )
    driver = second(firm, name="司机", phone="+8613800003333")
    found = imports.read_customers(customers(new("小王", "13800003333", region="江苏")), monday)
    assert imports.save_customers(found, by=people.cs, at=monday) == Kept(changed=1)
    main, other = (Person.objects.get(pk=p.pk) for p in (firm.person, driver))
    assert (main.name, main.phone, other.name, other.phone) == (
        "张三",
        "+8613800001111",
        "小王",
        "+8613800003333",
    )
    assert Customer.objects.get().region == "江苏"
    found = imports.read_customers(customers(new("张三丰", "13800002222")), monday)
    imports.save_customers(found, by=people.cs, at=monday)
    main.refresh_from_db()
    assert (main.name, main.phone, main.alt_phone) == ("张三丰", "+8613800001111", "+8613800002222")


def test_the_main_contact_is_meant_where_several_have_his_phone(people, monday, english):
    firm = open_customer(write_down(name="张三", phone="+8613800001111"), at=monday)
    again = second(firm, name="张先生", phone="+8613800001111")
    found = imports.read_customers(customers(new("张三丰")), monday)
    imports.save_customers(found, by=people.cs, at=monday)
    assert [Person.objects.get(pk=p.pk).name for p in (firm.person, again)] == ["张三丰", "张先生"]


def test_a_file_that_was_kept_meanwhile_is_not_kept_twice(people, monday, english):
    rows = [new("甲", "13800001111"), new("乙", "13800002222")]
    first, other = (imports.read_customers(customers(*rows), monday) for _each in range(2))
    imports.save_customers(first, by=people.cs, at=monday)
    with pytest.raises(Stale):
        imports.save_customers(other, by=people.cs, at=monday)
    assert Customer.objects.count() == Person.objects.count() == 2


def test_bad_cells_of_customers(people, monday, english):
    twin = [open_customer(write_down(name=n, phone="+8613800002222"), at=monday) for n in "甲乙"]
    gone = open_customer(write_down(name="删", phone="+8613800004444"), at=monday)
    erase(gone, by=people.mgr, seconded_by=build.person("MGR"), at=monday, reason="x")
    rows = [new(name=""), new(phone=""), new("乙", "13800002222"), new("丙", "12"), [gone.number, "x", "", *[""] * 6],
            new("丁", "13800005555", kind="皇帝"), new("戊", "13800005555"), new("己", "13800006666", seller="nobody"),
            [twin[0].number, "甲", "13800007777", *[""] * 6], [twin[0].number, "甲", "", *[""] * 6]]  # fmt: skip
    found = imports.read_customers(customers(*rows), monday)
    assert faults(found) == ["B2", "C3", "C4", "C5", "C5", "A6", "H7", "C8", "I9", "A11", "C11"]
    assert "13800002222" not in "".join(map(str, found.faults))


def test_the_page_keeps_nothing_of_a_bad_file_and_all_of_a_good_one(people, as_user, fy6):
    client = as_user(people.cs)
    bad = client.post("/vehicles/import/", {"file": vehicles(row(), row("LFYB", model="x")), "do": "keep"})
    assert bad.status_code == 422 and ">B3<" in bad.content.decode() and not Vehicle.objects.exists()
    checked = client.post("/vehicles/import/", {"file": vehicles(row()), "do": "check"})
    assert checked.status_code == 200 and not Vehicle.objects.exists()
    file, key = vehicles(row()), {"operation": "k", "do": "keep"}
    assert client.post("/vehicles/import/", key | {"file": file}).url == "/vehicles/"
    assert "1 new, 0 changed, 0 unchanged" in client.get("/vehicles/").content.decode()
    file.seek(0)
    assert client.post("/vehicles/import/", key | {"file": file}).headers["Location"] == "/vehicles/"
    assert Vehicle.objects.get().vin == VIN
    assert as_user(people.sales).get("/vehicles/import/").status_code == 403


@pytest.mark.parametrize("kind", ["vehicles", "customers"])
def test_the_template_can_be_read_as_it_is_but_for_its_example(people, as_user, monday, fy6, kind):
    import io

    build.person("SALES")
    answer = as_user(people.cs).get(f"/{kind}/import/template.xlsx")
    content = io.BytesIO(b"".join(answer.streaming_content))
    found = {"vehicles": imports.read_vehicles, "customers": imports.read_customers}[kind](
        content, monday + dt.timedelta(30)
    )
    assert {fault.cell for fault in found.faults} <= {"J2", "K2", "I2", "C2"} and found.count == 1


def test_exported_vehicles_come_back_and_customers_go_out_masked(people, as_user):
    import io

    from openpyxl import load_workbook

    owner = open_customer(write_down(name="诸葛亮", phone="+8613800001111"), at=timezone.now())
    build.vehicle(VIN, customer=owner)
    client = as_user(people.cs)
    content = io.BytesIO(b"".join(client.get("/vehicles/export.xlsx").streaming_content))
    assert imports.read_vehicles(content, timezone.now()).faults == []
    content = io.BytesIO(b"".join(client.get("/customers/export.xlsx").streaming_content))
    text = str([c.value for r in load_workbook(content).active.rows for c in r])
    assert "诸**" in text and "138****1111" in text and "诸葛亮" not in text and "13800001111" not in text
    assert AuditEvent.objects.filter(verb="list.export").count() == 2


def test_no_workbook_is_said_at_the_file(monday):
    import io

    with pytest.raises(BadEntry) as caught:
        imports.read_vehicles(io.BytesIO(b"VIN"), monday)
    assert caught.value.field == "file"


def test_what_is_wrong_with_a_file_is_said_at_its_field(people, as_user):
    client = as_user(people.cs)
    alone = client.post(
        "/customers/import/", {"do": "check"}, headers={"hx-request": "true"}
    ).content.decode()
    said = alone.split('<div id="said-file" class="field-said" hx-swap-oob="true">')[1]
    assert 'class="error-summary"' in alone and "required" in said
    whole = client.post("/customers/import/", {"do": "check"}).content.decode()
    assert "hx-swap-oob" not in whole and 'class="field wrong"' in whole
    assert '<a href="/customers/">Customers</a> / ' in whole

"""Filters of vehicles and customers, labels to print, and who was perhaps entered twice."""

import datetime as dt
import io
import json

import pytest
import typst
import zxingcpp
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from aftersales.paper import labels, typeset
from aftersales.problems import BadEntry
from catalogue.models import WarrantyTerm
from catalogue.rules import add_months
from sales import duplicates, filters, merging
from sales.labels import label_of
from sales.models import CustomersApart, Vehicle
from sales.services import open_customer, write_down
from tests import build

pytestmark = pytest.mark.django_db


def found(**wanted):
    return set(filters.vehicles(Vehicle.objects.all(), wanted, dt.date(2026, 3, 31)))


def test_the_warranty_filter_says_what_the_vehicle_page_says():
    cars = [build.vehicle(delivered_on=dt.date(2025, 3, 28) + dt.timedelta(days=n)) for n in range(6)]
    other = build.vehicle(model="FY-7", delivered_on=dt.date(2025, 3, 1))
    WarrantyTerm.objects.create(model=other.model, part_group="whole", since=dt.date(2025, 2, 1), months=13)
    never = build.vehicle(delivered_on=None)
    lasting = {
        c
        for c in [*cars, other]
        if add_months(c.delivered_on, 13 if c == other else 12) >= dt.date(2026, 3, 31)
    }
    assert found(state="in") == lasting and found(state="out") == {*cars, other} - lasting
    assert found(state="undelivered") == {never} and found(state="?") == set()


@pytest.mark.parametrize(
    "day", [dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2024, 2, 29), dt.date(2026, 3, 31)]
)
@pytest.mark.parametrize("months", [1, 6, 12, 13])
def test_the_earliest_delivery_still_under_warranty(day, months):
    first = filters.first_delivery(day, months)
    assert add_months(first, months) >= day > add_months(first - dt.timedelta(days=1), months)


def test_a_model_without_a_term_has_the_companys_figure():
    car = build.vehicle(delivered_on=dt.date(2025, 12, 1))
    WarrantyTerm.objects.all().delete()
    assert found(state="in") == {car}


def test_days_customer_and_model_narrow_the_list(people, as_user):
    owner = build.customer(timezone.now())
    mine = build.vehicle(delivered_on=dt.date(2026, 1, 5), customer=owner)
    build.vehicle(delivered_on=dt.date(2026, 2, 5), model="FY-8")
    client = as_user(people.cs)
    for query in (
        {"customer": owner.number},
        {"until": "2026-01-31"},
        {"model": "FY-6"},
        {"since": "2026-01-05", "model": "FY-6"},
    ):
        assert [v.pk for v in client.get("/vehicles/", query).context["rows"]] == [mine.pk], query
    assert client.get("/vehicles/", {"since": "soon", "vin": "\x00"}).context["rows"] == []


def test_customers_by_kind_and_region(people, as_user):
    one = open_customer(write_down(name="甲"), kind="dealer", region="江苏泰州", at=timezone.now())
    open_customer(write_down(name="乙"), region="浙江", at=timezone.now())
    client = as_user(people.cs)
    for query in ({"kind": "dealer"}, {"region": "泰州"}, {"name": "甲"}):
        assert [c.pk for c in client.get("/customers/", query).context["rows"]] == [one.pk]


# --- labels
def codes(vehicles, stock, start):
    """What a phone reads from each printed page."""
    sheet = labels.plain(
        [label_of(v) for v in vehicles], labels.STOCKS[stock], start=start, at=timezone.now()
    )
    pages = typst.compile(
        labels.LABELS, root=typeset.HERE, font_paths=typeset.fonts(), ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)}, format="png", ppi=150.0,
    )  # fmt: skip
    pages = pages if isinstance(pages, list) else [pages]
    return [[c.text for c in zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))] for page in pages]


@pytest.mark.clause("2.2")
@pytest.mark.parametrize(
    ("stock", "start", "pages"), [("3x8", 0, [24, 6]), ("2x7", 3, [11, 14, 5]), ("2x4", 7, [1, 8, 8, 8, 5])]
)
def test_every_label_is_read_by_a_phone(settings, stock, start, pages):
    settings.SITE_URL = "https://service.example.com"
    cars = [build.vehicle() for _ in range(29)] + [build.vehicle("LFY" + "W" * 37)]
    read = codes(cars, stock, start)
    assert [len(page) for page in read] == pages
    assert {text for page in read for text in page} == {
        f"https://service.example.com/report/?vin={c.vin}&model={c.model.code}" for c in cars
    }


def test_labels_of_pasted_vins_come_in_their_order_as_pdf(people, as_user):
    cars = [build.vehicle() for _ in range(3)]
    wanted = f" {cars[2].vin.lower()}，{cars[0].vin}\n{cars[2].vin}"
    answer = as_user(people.cs).post("/vehicles/labels/", {"vins": wanted, "stock": "2x7", "start": 1})
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert answer["Content-Type"] == "application/pdf"
    assert (
        text.index(cars[2].vin) < text.index(cars[0].vin)
        and cars[1].vin not in text
        and "0523-89798888" in text
    )


def test_a_wrong_vin_or_place_is_said_at_its_field_and_nothing_typed_is_lost(people, as_user):
    car = build.vehicle()
    page = as_user(people.cs).post(
        "/vehicles/labels/", {"vins": f"{car.vin} LFYNOBODY", "stock": "2x4", "start": 9}
    )
    form = page.context["form"]
    assert (
        page.status_code == 422
        and "LFYNOBODY" in str(form.errors["vins"])
        and car.vin not in str(form.errors["vins"])
    )
    assert "8" in str(form.errors["start"]) and car.vin in page.content.decode()


def test_the_filters_of_the_list_fill_the_form(people, as_user):
    car, other = build.vehicle(), build.vehicle(model="FY-9")
    text = as_user(people.cs).get("/vehicles/labels/", {"model": "FY-6"}).context["form"]["vins"].value()
    assert car.vin in text and other.vin not in text
    assert as_user(people.cs).get("/vehicles/labels/").context["form"]["vins"].value() is None


# --- a customer is looked for while one types
def offered(client, word):
    return client.get("/customers/options/", {"customer": word}).content.decode()


def test_a_form_offers_customers_by_name_company_phone_and_number_to_whom_may_open_them(people, as_user):
    own = someone("甲师傅", "+8613800001111", "东湖风景区", seller=people.sales)
    other = someone("乙师傅", "+8613900002222", "东湖管理处")
    for word in ("东湖", "甲师", "13800001111", own.number):
        assert own.number in offered(as_user(people.cs), word)
    assert "13800001111" in offered(as_user(people.cs), "13800001111"), (
        "a browser offers what holds the typed word"
    )
    mine = offered(as_user(people.sales), "东湖")
    assert own.number in mine and other.number not in mine
    assert other.number not in offered(as_user(people.sales), "13900002222")
    assert (
        offered(as_user(people.eng), "东湖").strip() == "" and offered(as_user(people.cs), "甲").strip() == ""
    )
    assert as_user(people.ga).get("/customers/options/").status_code == 403
    merging.merge(own, other, by=people.cs, at=timezone.now())
    assert other.number not in offered(as_user(people.cs), "东湖")


@pytest.mark.parametrize("address", ["/deliveries/new/", "/sales/leads/new/", "/sales/sold/new/"])
def test_forms_of_the_sales_desk_look_for_the_customer(people, as_user, address):
    page = as_user(people.sales).get(address).content.decode()
    assert 'hx-get="/customers/options/"' in page


# --- perhaps entered twice
def someone(name="甲", phone="+8613800001111", organisation="", seller=None, **words):
    person = write_down(name=name, phone=phone, organisation=organisation, **words)
    return open_customer(person, seller=seller, at=timezone.now())


def test_who_shares_a_phone_or_a_name_and_company_is_shown_once(people, as_user):
    one, two = someone("甲"), someone("乙")
    three, four = someone("丙", "+8613800002222", "物流"), someone("丙", "+8613800003333", "物流")
    someone("丙", "+8613800004444", "别家")
    someone("丁", "")
    someone("丁", "")
    both = [someone("戊", "+8613800005555", "同一家") for _ in range(2)]
    found = duplicates.groups()
    assert [[c.pk for c in g.customers] for g in found if g.by_phone] == [
        [one.pk, two.pk],
        [c.pk for c in both],
    ]
    assert [[c.pk for c in g.customers] for g in found if not g.by_phone] == [[three.pk, four.pk]]
    page = as_user(people.cs).get("/customers/twice/").content.decode()
    assert "138****1111" in page and "13800001111" not in page and "138 0000 1111" not in page
    merging.merge(one, two, by=people.cs, at=timezone.now())
    assert one not in [c for g in duplicates.groups() for c in g.customers]


def test_the_customers_page_names_who_is_perhaps_the_same(people, as_user):
    one, two = someone("甲", alt_phone="+8613800002222"), someone("乙", "+8613800002222")
    someone("丙", "+8613800003333")
    assert duplicates.likely(one) == [two] and duplicates.likely(two) == [one]
    assert two.number in as_user(people.cs).get(f"/customers/{one.number}/").content.decode()


def test_two_of_whom_somebody_said_that_they_are_two_are_not_shown_again(people, as_user):
    one, two, three = (someone(name) for name in "甲乙丙")
    client = as_user(people.cs)
    for _ in range(2):
        assert client.post(f"/customers/{one.number}/apart/", {"gone": two.number}).url == "/customers/twice/"
    assert CustomersApart.objects.count() == 1 and duplicates.likely(one) == duplicates.likely(two) == [three]
    (group,) = duplicates.groups()
    assert group.customers == [one, two, three], "each of them may still be the third"
    merging.keep_apart(three, one, by=people.cs, at=timezone.now())
    (group,) = duplicates.groups()
    assert group.customers == [two, three]
    with pytest.raises(BadEntry):
        merging.keep_apart(one, one, by=people.cs, at=timezone.now())
    assert (
        as_user(people.eng).post(f"/customers/{two.number}/apart/", {"gone": three.number}).status_code == 403
    )
    assert CustomersApart.objects.count() == 2


def test_one_says_who_stays(people, as_user):
    one, two = someone("甲"), someone("乙")
    page = as_user(people.cs).get(f"/customers/twice/?stays={two.number}").content.decode()
    assert f"/customers/{two.number}/merge/" in page and f"/customers/{one.number}/merge/" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_pairs_takes_ten_statements(people, as_user, count, django_assert_max_num_queries):
    for n in range(count):
        for _ in range(2):
            someone("甲", f"+861380000111{n}")
    client = as_user(people.cs)
    with django_assert_max_num_queries(10):
        assert len(client.get("/customers/twice/").context["groups"]) == count

"""Hand-overs (2.1): what is explained and signed, what it makes of the vehicle, corrections, withdrawal."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn, Stale
from sales import delivering, merging
from sales.briefing import CHECKLISTS
from sales.models import Customer, CustomerMerge, Delivery, DeliverySignature, Vehicle
from sales.selectors import deliveries_for, without_record
from sales.services import change_vehicle, erase
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.1")]
POINTS = list(CHECKLISTS[-1].points)
STROKES = "[[[100,200],[300,400]]]"
DAY = dt.timedelta(days=1)


def refused(field, act, *args, **entries):
    with pytest.raises(BadEntry) as caught:
        act(*args, **entries)
    assert (caught.value.field, caught.value.clause) == (field, "2.1")
    return str(caught.value)


def test_a_hand_over_makes_the_vehicle_the_customers(people, monday):
    car = build.vehicle(delivered_on=None, at=monday, seller=people.sales)
    row = build.delivery(people.sales, monday, vin=f" {car.vin.lower()} ", strokes=STROKES)
    fresh = Vehicle.objects.get(pk=car.pk)
    assert (fresh.delivered_on, fresh.customer, fresh.seller) == (monday.date(), row.customer, people.sales)
    assert (row.number, row.version, row.current) == ("JD20260302-0001", 1, True)
    assert row.customer.seller == people.sales and row.customer.person.name == "周建军"
    signed = row.signature
    assert (signed.person.name, signed.strokes, signed.witness) == ("周建军", STROKES, people.sales)
    assert car.history.latest().history_change_reason == row.number


def test_an_unknown_vin_is_registered_with_its_model_and_not_without(people, monday):
    build.vehicle(at=monday)
    said = refused("model", build.delivery, people.sales, monday, vin="LFYNEW00000000001")
    assert "LFYNEW" not in said and not Vehicle.objects.filter(vin="LFYNEW00000000001").exists()
    model = Vehicle.objects.get().model
    row = build.delivery(people.sales, monday, vin="LFYNEW00000000001", model=model)
    assert (row.vehicle.seller, row.vehicle.delivered_on) == (people.sales, monday.date())


def test_an_open_point_needs_its_reason(people, monday):
    said = refused("reason", build.delivery, people.sales, monday, explained=POINTS[:-2])
    assert "2" in said
    row = build.delivery(people.sales, monday, explained=POINTS[:-2][::-1], reason="客户赶时间，三天内补讲")
    assert row.explained == POINTS[:-2]


@pytest.mark.parametrize(
    ("field", "entries"),
    [
        ("signer", {"signer": "  "}),
        ("delivered_on", {"delivered_on": dt.date(2026, 3, 3)}),
        ("explained", {"explained": [*POINTS, "more"]}),
        ("name", {"name": ""}),
        ("phone", {"phone": ""}),
        ("strokes", {"strokes": "[[1,"}),
        ("strokes", {"strokes": "[[[1e999,1]]]"}),
        ("strokes", {"strokes": "[" * 150_000}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(people, monday, field, entries):
    refused(field, build.delivery, people.sales, monday, **entries)
    assert not Delivery.objects.exists() and not DeliverySignature.objects.exists()


def test_a_vehicle_is_not_delivered_before_it_is_built(people, monday):
    car = build.vehicle(delivered_on=None, built_on=dt.date(2026, 2, 20), seller=people.sales)
    refused(
        "delivered_on", build.delivery, people.sales, monday, vin=car.vin, delivered_on=dt.date(2026, 2, 19)
    )


def test_a_vehicle_has_one_record_that_counts(people, monday):
    row = build.delivery(people.sales, monday)
    assert row.number in refused("vin", build.delivery, people.sales, monday, vin=row.vehicle.vin)


def test_nobody_delivers_the_vehicle_or_the_customer_of_another(people, monday):
    theirs = build.delivery(build.person("SALES"), monday)
    free = build.customer(monday)
    with_owner = build.vehicle(delivered_on=None, customer=free)
    stock = build.vehicle(delivered_on=None)
    refused("vin", build.delivery, people.sales, monday, vin=theirs.vehicle.vin)
    refused("vin", build.delivery, people.sales, monday, vin=with_owner.vin)
    for customer in (theirs.customer, free):
        refused("customer", build.delivery, people.sales, monday, vin=stock.vin, customer=customer)
    assert build.delivery(people.sales, monday, vin=stock.vin).vehicle.seller == people.sales
    with pytest.raises(Denied):
        build.delivery(people.cs, monday, vin=build.vehicle(delivered_on=None).vin)


def test_the_customer_whom_customer_service_put_on_his_vehicle_becomes_his(people, monday):
    free = build.customer(monday)
    car = build.vehicle(delivered_on=None, customer=free, seller=people.sales)
    row = build.delivery(people.sales, monday, vin=car.vin, customer=free)
    assert row.customer == free and Customer.objects.get(pk=free.pk).seller == people.sales


def test_a_phone_of_ones_own_customer_is_not_entered_twice(people, monday):
    first = build.delivery(people.sales, monday)
    said = refused("phone", build.delivery, people.sales, monday, phone=first.customer.person.phone)
    assert first.customer.number in said


def test_a_correction_is_the_next_version_and_the_first_one_stays(people, monday):
    row = build.delivery(people.sales, monday, strokes=STROKES)
    at = monday + DAY
    done = delivering.correct(row, correction="里程抄错", by=people.sales, at=at, reading=21)
    old = Delivery.objects.get(pk=row.pk)
    assert (old.number, old.reading, old.current, old.explained) == ("JD20260302-0001", 12, False, POINTS)
    assert (done.number, done.version, done.reading, done.replaces) == ("JD20260302-0001-2", 2, 21, old)
    assert delivering.signature_of(done) == row.signature
    with pytest.raises(Stale):
        delivering.correct(old, correction="再改", by=people.sales, at=at)


@pytest.mark.clause("2.1")
def test_correcting_an_old_record_leaves_the_vehicle_with_who_has_it_now(people, monday):
    row, owner, seller = build.delivery(people.sales, monday), build.customer(monday), build.person("SALES")
    change_vehicle(row.vehicle, by=people.cs, at=monday, customer=owner, seller=seller)
    done = delivering.correct(row, correction="里程抄错", by=people.sales, at=monday, reading=21)
    car = Vehicle.objects.get()
    assert (done.reading, done.customer, car.customer, car.seller) == (21, row.customer, owner, seller)
    assert Customer.objects.get(pk=owner.pk).seller is None


def test_another_day_of_an_old_record_is_said_by_who_sells_the_vehicle_now(people, monday):
    row, owner, seller = build.delivery(people.sales, monday), build.customer(monday), build.person("SALES")
    change_vehicle(row.vehicle, by=people.cs, at=monday, customer=owner, seller=seller)
    day = {"correction": "日期抄错", "at": monday, "delivered_on": monday.date() - DAY, "signer": "周建军"}
    refused("delivered_on", delivering.correct, row, by=people.sales, **day)
    delivering.correct(row, by=seller, **day)
    car = Vehicle.objects.get()
    assert (car.delivered_on, car.customer) == (monday.date() - DAY, owner)


@pytest.mark.clause("2.1")
def test_the_record_of_an_erased_customer_takes_no_more_words(people, monday):
    row = build.delivery(people.sales, monday)
    erase(row.customer, by=people.mgr, seconded_by=build.person("MGR"), at=monday, reason="x")
    for said in ({"signer": "周建军"}, {"accessories": "周建军的充电器"}):
        refused("customer", delivering.correct, row, correction="补签", by=people.sales, at=monday, **said)
    assert Delivery.objects.count() == 1


def test_a_point_ticked_later_needs_the_customers_hand(people, monday):
    row = build.delivery(people.sales, monday, explained=POINTS[1:], reason="没时间")
    refused(
        "signer", delivering.correct, row, correction="补讲", by=people.sales, at=monday, explained=POINTS
    )
    done = delivering.correct(
        row, correction="补讲", by=people.sales, at=monday, explained=POINTS, signer="周建军", strokes=STROKES
    )
    assert done.signature.strokes == STROKES
    fewer = delivering.correct(done, correction="其实没讲", by=people.sales, at=monday, explained=POINTS[1:])
    assert delivering.signature_of(fewer) == done.signature


@pytest.mark.parametrize("facts", [{"consent": True}, {"delivered_on": dt.date(2026, 3, 1)}])
def test_what_only_he_can_say_needs_the_customers_hand(people, monday, facts):
    row = build.delivery(people.sales, monday, consent=False, strokes=STROKES)
    refused("signer", delivering.correct, row, correction="补录", by=people.sales, at=monday, **facts)
    assert not Delivery.objects.exclude(pk=row.pk).exists()
    done = delivering.correct(row, correction="补录", by=people.sales, at=monday, signer="周建军", **facts)
    assert done.signature.person.name == "周建军" and (done.vehicle.delivered_on, done.consent) == (
        facts.get("delivered_on", monday.date()),
        "consent" in facts,
    )
    less = delivering.correct(done, correction="不同意", by=people.sales, at=monday, consent=False)
    assert not less.consent


def test_an_old_hand_under_a_newer_version_says_whose_it_is(people, as_user):
    row = build.delivery(people.sales, timezone.now(), strokes=STROKES)
    done = delivering.correct(row, correction="抄错", by=people.sales, at=timezone.now(), reading=21)
    client = as_user(people.cs)
    for path, said in (("", "Signed on version"), ("print/", "签于第 1 版")):
        assert said in client.get(f"/deliveries/{done.number}/{path}").content.decode()
        assert said not in client.get(f"/deliveries/{row.number}/{path}").content.decode()


def test_a_withdrawn_record_leaves_the_vehicle_as_it_was(people, monday):
    car = build.vehicle(delivered_on=None)
    row = build.delivery(people.sales, monday, vin=car.vin)
    refused("reason", delivering.withdraw, row, reason=" ", by=people.sales, at=monday)
    delivering.withdraw(row, reason="车架号扫错", by=people.sales, at=monday)
    fresh = Vehicle.objects.get(pk=car.pk)
    assert (fresh.delivered_on, fresh.customer, fresh.seller) == (None, None, None)
    with pytest.raises(OutOfTurn):
        delivering.correct(Delivery.objects.get(pk=row.pk), correction="x", by=people.sales, at=monday)
    again = build.delivery(people.sales, monday, vin=car.vin)
    assert again.number == "JD20260302-0002"


def test_the_day_of_delivery_is_what_the_record_says(people, monday):
    row = build.delivery(people.sales, monday)
    refused(
        "delivered_on", change_vehicle, row.vehicle, by=people.cs, at=monday, delivered_on=dt.date(2026, 1, 1)
    )
    change_vehicle(row.vehicle, by=people.cs, at=monday, plate="苏A1")


def test_who_sees_which_record(people, monday):
    mine, theirs = build.delivery(people.sales, monday), build.delivery(build.person("SALES"), monday)
    assert list(deliveries_for(people.sales)) == [mine]
    assert set(deliveries_for(people.cs)) == {mine, theirs} and not deliveries_for(people.wh).exists()


def test_sold_without_a_record_is_what_the_portal_saw_being_sold(people, monday):
    owner = build.customer(monday)
    waits = build.vehicle(delivered_on=None, customer=owner, at=monday)
    late = build.vehicle(delivered_on=monday.date(), customer=owner, at=monday)
    build.vehicle(delivered_on=dt.date(2024, 1, 1), customer=owner, at=monday)
    build.vehicle(delivered_on=None, at=monday)
    build.delivery(people.sales, monday)
    assert set(without_record(Vehicle.objects.all())) == {waits, late}


def test_records_follow_a_merged_customer_and_come_home(people, monday):
    row, kept = build.delivery(people.sales, monday), build.customer(monday)
    gone = row.customer
    merging.merge(kept, gone, by=people.cs, at=monday)
    assert Delivery.objects.get(pk=row.pk).customer == kept
    merging.undo(CustomerMerge.objects.get(), by=people.cs, at=monday)
    assert Delivery.objects.get(pk=row.pk).customer == gone


# --- pages
def filled(**more):
    return {
        "delivered_on": str(timezone.localdate()), "name": "钱多多", "phone": "139 1111 2222", "kind": "private",
        "explained": POINTS, "signer": "钱多多", "strokes": STROKES, "consent": "on",
    } | more  # fmt: skip


def test_the_salesperson_delivers_on_the_page(people, as_user):
    car = build.vehicle(delivered_on=None, seller=people.sales)
    client = as_user(people.sales)
    page = client.get("/deliveries/new/", {"vin": car.vin})
    assert page.context["form"]["vin"].value() == car.vin
    answer = client.post("/deliveries/new/", filled(vin=car.vin, explained=POINTS[2:]))
    assert answer.status_code == 422 and "reason" in answer.context["form"].errors
    assert answer.context["form"]["strokes"].value() == STROKES and "钱多多" in answer.content.decode()
    answer = client.post("/deliveries/new/", filled(vin=car.vin), follow=True)
    row = Delivery.objects.get()
    text = answer.content.decode()
    assert row.number in text and "钱多多" in text and "<svg" in text and "139****2222" in text


@pytest.mark.parametrize("strokes", ["[[[Infinity,NaN]]]", "[" * 150_000])
def test_what_is_no_signature_is_refused_at_its_field(people, as_user, strokes):
    car = build.vehicle(delivered_on=None, seller=people.sales)
    answer = as_user(people.sales).post("/deliveries/new/", filled(vin=car.vin, strokes=strokes))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["strokes"]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("strokes", ["[[[1e999,1]]]", "[" * 60_000])
def test_what_was_kept_before_it_was_refused_breaks_no_page(people, as_user, strokes):
    row = build.delivery(people.sales, timezone.now(), strokes=STROKES)
    DeliverySignature.objects.update(strokes=strokes)
    for path in ("", "print/", "print.pdf"):
        assert as_user(people.sales).get(f"/deliveries/{row.number}/{path}").status_code == 200


def test_who_may_not_open_the_customer_reads_the_points_and_not_the_hand(people, as_user):
    row = build.delivery(people.sales, timezone.now(), strokes=STROKES)
    for path in ("", "print/", "print.pdf"):
        answer = as_user(people.tech).get(f"/deliveries/{row.number}/{path}")
        assert answer.status_code == 200 and "周建军" not in answer.content.decode(
            "latin-1" if path.endswith("pdf") else "utf-8"
        )
    assert "hand-drawn" not in as_user(people.tech).get(f"/deliveries/{row.number}/").content.decode()
    assert "周建军" in as_user(people.cs).get(f"/deliveries/{row.number}/print/").content.decode()


def test_the_record_of_another_is_not_found(people, as_user):
    row = build.delivery(build.person("SALES"), timezone.now())
    client = as_user(people.sales)
    assert client.get(f"/deliveries/{row.number}/").status_code == 404
    assert client.post(f"/deliveries/{row.number}/correct/", {"correction": "x"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_seven_statements_whatever_its_length(
    people, as_user, count, django_assert_max_num_queries
):
    for _ in range(count):
        build.delivery(people.sales, timezone.now())
        build.vehicle(delivered_on=None, seller=people.sales, customer=build.customer(timezone.now()))
    client = as_user(people.sales)
    with django_assert_max_num_queries(7):
        page = client.get("/deliveries/")
    assert (len(page.context["rows"]), len(page.context["open"])) == (count, count)


def test_correcting_and_withdrawing_on_the_page(people, as_user):
    row = build.delivery(people.sales, timezone.now(), delivered_on=timezone.localdate())
    client = as_user(people.sales)
    told = {"delivered_on": str(row.delivered_on), "explained": POINTS, "reading": "99"}
    assert client.post(f"/deliveries/{row.number}/correct/", told).status_code == 422
    answer = client.post(f"/deliveries/{row.number}/correct/", told | {"correction": "抄错"})
    assert answer.url == f"/deliveries/{row.number}-2/"
    client.post(f"/deliveries/{row.number}-2/withdraw/", {"reason": "车架号扫错"})
    assert Delivery.objects.get(version=2).withdrawn_at is not None
    assert not Delivery.objects.filter(current=True).exists()

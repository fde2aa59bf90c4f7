"""Home names what each can do next although no clock runs: from the part that is wanted to the parcel that is sent."""

from decimal import Decimal

import pytest
from django.utils import timezone

from parts.models import Shipment
from parts.services import ask, pack, releases, send
from repairs import services
from repairs.models import Ticket
from repairs.services.for_parts import service_from_parts
from tests import build
from tests.parts.conftest import as_user, signed_in
from tests.parts.papers import sheet

__all__ = ["as_user", "signed_in"]
pytestmark = pytest.mark.django_db


def urls(client):
    return [one.url for one in client.get("/desk/").context["todo"]]


@pytest.mark.clause("4.4", "4.5")
def test_an_engineer_is_told_whose_parts_are_to_be_asked_for(people, as_user, monday):
    ticket = build.under_warranty(monday, people, plan="a", stage="planned")
    assert urls(as_user(people.eng)) == [f"/parts/releases/new/{ticket.number}/"]
    part = build.stocked(at=monday)
    paper = releases.draft(ticket, by=people.eng, at=monday, basis="warranty",
                           lines=[{"part": part, "quantity": 1, "damage": "not_human"}])  # fmt: skip
    assert urls(as_user(people.eng)) == [paper.get_absolute_url()], "the draft is not with finance yet"
    releases.submit(paper, by=people.eng, at=monday)
    assert urls(as_user(people.eng)) == []


@pytest.mark.clause("9.4")
def test_an_engineer_is_told_of_a_charged_part_without_a_quotation(people, as_user, monday):
    ticket = build.under_warranty(monday, people, plan="a", stage="planned")
    releases.draft(ticket, by=people.eng, at=monday, basis="paid",
                   lines=[{"part": build.stocked(at=monday), "quantity": 1, "damage": "human"}])  # fmt: skip
    assert urls(as_user(people.eng)) == [f"{ticket.get_absolute_url()}?step=quote"]


@pytest.mark.clause("8.7")
def test_an_engineer_is_told_of_an_order_that_names_him_until_it_has_its_sheet(people, as_user, monday):
    order = build.order(people, monday)
    assert urls(as_user(people.eng)) == [f"{order.get_absolute_url()}?step=quote"]
    build.quotation(order, monday, "accepted")
    assert urls(as_user(people.eng)) == [f"/parts/releases/new/{order.number}/"]
    assert urls(as_user(build.person("ENG"))) == []


@pytest.mark.clause("6.3")
def test_the_warehouse_packs_and_administration_sends(people, as_user, monday):
    ticket = build.ticket(at_stage="planned", plan="a", at=monday, company=people)
    service_from_parts(ticket, "parts_ready", by=people.wh, at=monday, waits_for_parts=False)
    paper = sheet(ticket, build.spare(), issued=1, at=monday, by=people.eng)
    _at(paper, "issued")
    assert urls(as_user(people.wh)) == [f"{paper.get_absolute_url()}?step=pack"]
    parcel = pack(paper, by=people.wh, at=monday, content="刹车片")
    assert urls(as_user(people.wh)) == []
    assert urls(as_user(people.ga)) == [f"{parcel.get_absolute_url()}?step=send"]
    send(parcel, by=people.ga, at=monday, carrier="顺丰", waybill="SF1", terms="prepaid", cost=Decimal(9))
    assert urls(as_user(people.ga)) == []


@pytest.mark.clause("4.6", "6.3")
def test_administration_enters_what_arrives_from_the_road(people, as_user):
    """From the engineer's ticket to the parcel, from home and the list's tab to its arrival."""
    ticket = build.ticket("in_service", plan="c", at=timezone.now() - 25 * build.HOUR, company=people)
    eng, ga, way = as_user(people.eng), as_user(people.ga), f"/parts/shipments/back/{ticket.number}/"
    assert way in eng.get(ticket.get_absolute_url()).content.decode()
    assert way not in as_user(people.cs).get(ticket.get_absolute_url()).content.decode()
    sent = {"content": "旧电机", "carrier": "德邦", "waybill": "DB7"}
    assert eng.post(way, sent | {"terms": "prepaid"}).status_code == 302
    assert eng.post(way, sent | {"terms": ""}).status_code == 302
    prepaid, collect = Shipment.objects.order_by("pk")
    assert (prepaid.terms, collect.terms) == ("prepaid", "collect")
    assert urls(ga) == [f"{paper.get_absolute_url()}?step=deliver" for paper in (prepaid, collect)]
    coming = "/parts/shipments/?stage=coming"
    text = ga.get(coming).content.decode()
    assert all(f"{paper.get_absolute_url()}steps/deliver/" in text for paper in (prepaid, collect))
    answer = ga.post(f"{collect.get_absolute_url()}steps/deliver/", {"how": "门卫", "cost": "32.50"})
    assert answer.status_code == 302 and urls(ga) == [f"{prepaid.get_absolute_url()}?step=deliver"]
    assert collect.number not in ga.get(coming).content.decode()


@pytest.mark.clause("4.6")
def test_the_way_to_send_parts_back_stands_on_the_sheet_of_a_visit_too(people, as_user):
    at = timezone.now() - 25 * build.HOUR
    ticket = build.ticket("in_service", plan="c", at=at, company=people)
    paper = sheet(ticket, build.spare(), issued=1, at=at, by=people.eng)
    _at(paper, "issued")
    way = f"/parts/shipments/back/{ticket.number}/"
    assert way not in as_user(people.eng).get(paper.get_absolute_url()).content.decode()
    type(paper).objects.filter(pk=paper.pk).update(open_obligations=1)
    assert way in as_user(people.eng).get(paper.get_absolute_url()).content.decode()
    assert way not in as_user(people.wh).get(paper.get_absolute_url()).content.decode()


def _at(paper, stage):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE parts_release SET stage = %s WHERE id = %s", [stage, paper.pk])


@pytest.mark.clause("5.2")
def test_purchasing_and_technical_are_told_of_their_enquiries(people, as_user, monday):
    part = ask(build.spare(), 2, by=people.wh, at=monday)
    motor = ask(build.spare(assembly=True), 1, by=people.wh, at=monday)
    assert urls(as_user(people.pur)) == [f"{part.get_absolute_url()}?step=answer"]
    assert urls(as_user(people.tech)) == [f"{motor.get_absolute_url()}?step=answer_assembly"]
    desk = as_user(people.pur).get("/parts/").content.decode()
    assert part.number in desk and motor.number in desk


#: role → who has it with every grant that goes with it
EVERYBODY = {
    **dict.fromkeys(["eng", "wh", "pur", "tech", "fin", "cs", "sales", "sales_head", "sys"], ()),
    "ga": ("vehicle_manager", "driver"), "fins": ("finance_sign",), "mgr": ("leader_approve",),
}  # fmt: skip


@pytest.mark.parametrize("role", EVERYBODY)
def test_home_takes_seven_statements_for_every_role(
    people, as_user, monday, role, django_assert_max_num_queries
):
    from accounts.services import enrol_totp

    for _ in range(3):
        build.under_warranty(monday, people, plan="a", stage="planned")
        build.order(people, monday)
        ask(build.spare(), 2, by=people.wh, at=monday)
    grants = EVERYBODY[role]
    one = (
        build.person({"fins": "FIN"}.get(role, role.upper()), grants=grants)
        if grants
        else getattr(people, role)
    )
    if one.needs_second_factor:
        enrol_totp(one, "JBSWY3DPEHPK3PXP")
    client = as_user(one)
    client.get("/desk/")
    with django_assert_max_num_queries(7):
        assert client.get("/desk/").status_code == 200


@pytest.mark.clause("6.1")
def test_a_service_that_runs_names_the_trip_that_nobody_has_logged(people, as_user):
    """Whoever is there has left, whatever hour was planned."""
    from dispatch.services import trips

    at = timezone.now() - 25 * build.HOUR
    ticket = build.ticket("planned", plan="c", at=at, company=people)
    facts = {
        "place": "泰州海陵区",
        "city": "泰州",
        "kilometres": None,
        "easy_access": True,
        "severe_weather": False,
        "bulky": False,
    }
    leaves = timezone.now() + 2 * build.HOUR
    paper = trips.request(tickets=[ticket], people=[people.eng], leaves_at=leaves, returns_at=leaves + build.HOUR,
                          by=people.eng, at=at, **facts)  # fmt: skip
    trips.approve(paper, means="ride", by=build.person("GA", grants=("vehicle_manager",)), at=at)
    depart = f"{paper.get_absolute_url()}?step=depart"
    assert depart not in urls(as_user(people.eng))
    services.begin(Ticket.objects.get(pk=ticket.pk), by=people.eng, at=timezone.now())
    assert urls(as_user(people.eng)) == [depart]


@pytest.mark.clause("3.1")
def test_customer_service_is_told_of_wishes_until_somebody_answers(people, as_user):
    from repairs import services

    at = timezone.now() - 3 * build.HOUR
    ticket = build.ticket("contacted", at=at, company=people)
    services.withdraw_wish(ticket, at=at + build.MINUTE, text="不修了")
    services.message(ticket, at=at + 2 * build.MINUTE, text="还在吗")
    assert urls(as_user(people.cs)) == [f"/tickets/{ticket.number}/?step=message#step"]
    assert urls(as_user(people.eng)) == []
    page = as_user(people.cs).get(f"/tickets/{ticket.number}/").content.decode()
    assert "不修了" in page.split("<h1")[1] and "wishes to withdraw" in page, (
        "the wish, not the words after it"
    )
    services.message(ticket, by=people.cs, at=at + 3 * build.MINUTE, text="好的")
    assert urls(as_user(people.cs)) == []


def test_leaders_are_told_of_a_wish_to_be_erased_until_it_is_carried_out(people, as_user):
    from accounts.services import enrol_totp
    from sales import rights

    at, other = timezone.now() - build.HOUR, build.person("MGR")
    for leader in (people.mgr, other):
        enrol_totp(leader, "JBSWY3DPEHPK3PXP")
    ticket = build.ticket("contacted", at=at, company=people)
    row = rights.ask(ticket.customer, reason="本人要求", by=people.cs, at=at)
    own = f"/customers/{ticket.customer.number}/"
    assert urls(as_user(people.mgr)) == urls(as_user(other)) == [own]
    rights.propose(row, by=people.mgr, at=at)
    assert (urls(as_user(people.mgr)), urls(as_user(other))) == ([], [own])
    rights.carry_out(row, by=other, at=at)
    assert urls(as_user(other)) == []

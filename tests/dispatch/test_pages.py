"""Administration's pages: trips and their steps, the week, cars, fines; who sees what, and at which price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.limits import local_day
from dispatch.models import Car, Fine, Fuel, Trip
from dispatch.services import fining, trips
from repairs.models import Ticket
from tests import build
from tests.parts.papers import sheet

from .conftest import DAY, HOUR

pytestmark = [pytest.mark.django_db]
LIST, CARS, FINES = "/dispatch/trips/", "/dispatch/cars/", "/dispatch/fines/"


def page(client, path, status=200, **query):
    answer = client.get(path, query)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def step(paper, name):
    return f"{paper.get_absolute_url()}steps/{name}/"


def typed(moment):
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def wish(yard, *tickets, **facts):
    leaves = yard.at + 40 * HOUR
    given = {
        "tickets": [ticket.number for ticket in tickets], "people": [yard.eng.username], "place": "泰州海陵区", "city": "泰州",
        "kilometres": "", "leaves_at": typed(leaves), "returns_at": typed(leaves + HOUR), "easy_access": "true",
        "severe_weather": "false", "bulky": "false", "note": "",
    }  # fmt: skip
    return given | facts


# --- asking
@pytest.mark.clause("6.1")
def test_the_form_knows_what_the_ticket_knows(now_yard, as_user):
    ticket = now_yard.ticket(region="江苏省泰州市海陵区")
    text = page(as_user(now_yard.eng), f"{LIST}new/?for={ticket.number}")
    assert (
        f'value="{ticket.number}"' in text and 'value="江苏省泰州市海陵区"' in text and 'value="泰州"' in text
    )
    assert f'value="{typed(ticket.appointment_at)}"' in text
    assert text.count(" checked") == 2  # the ticket and himself


@pytest.mark.clause("6.1c")
@pytest.mark.parametrize("bulky", [True, False])
def test_a_bulky_part_of_the_ticket_is_ticked_already_and_is_not_lost_by_a_no(now_yard, as_user, bulky):
    """The vehicle manager reads on the trip's page that the parts hold one although none is said to come along."""
    ticket, eng = now_yard.ticket(plan="c"), now_yard.eng
    part = build.part(code="BOX", name="车厢", price="100.01", bulky=bulky)
    release = sheet(ticket, part, at=now_yard.at, by=eng)
    text = page(as_user(eng), f"{LIST}new/?for={ticket.number}").split('name="bulky"', 1)[1].split(">", 1)[0]
    assert ("checked" in text) is bulky
    paper, manager = now_yard.asked(tickets=[ticket]), as_user(now_yard.manager)
    assert (f"{release.number} 车厢 (6.1c)" in page(manager, paper.get_absolute_url())) is bulky
    comes = now_yard.asked(tickets=[ticket], bulky=True)
    assert "there is one among the parts" not in page(manager, comes.get_absolute_url())


@pytest.mark.clause("6.1")
def test_an_engineer_asks_for_two_tickets_and_takes_a_colleague_along(now_yard, as_user):
    mate, tickets = build.person("ENG"), [now_yard.ticket(), now_yard.ticket()]
    client = as_user(now_yard.eng)
    sent = wish(now_yard, *tickets, people=[now_yard.eng.username, mate.username])
    answer = client.post(f"{LIST}new/", sent)
    paper = Trip.objects.get()
    assert (answer.status_code, answer.url) == (302, paper.get_absolute_url())
    assert {row.person for row in paper.travellers.all()} == {now_yard.eng, mate}
    assert {row.ticket for row in paper.served.all()} == set(tickets)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"tickets": []}, "required"), ({"city": "西安"}, "how far it is"), ({"easy_access": ""}, "required"), ({"returns_at": "2020-01-01T08:00"}, "before the departure"),
     ({"returns_at": "2099-01-01T08:00"}, "60 days"), ({"leaves_at": "0001-01-01T08:00"}, "cannot be right")],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(now_yard, as_user, facts, sentence):
    answer = as_user(now_yard.eng).post(
        f"{LIST}new/", wish(now_yard, now_yard.ticket(), note="带梯子", **facts)
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and sentence in text and "带梯子" in text and not Trip.objects.exists()


def test_another_engineers_ticket_is_not_offered_and_not_taken(now_yard, as_user):
    ticket, stranger = now_yard.ticket(), build.person("ENG")
    client = as_user(stranger)
    assert ticket.number not in page(client, f"{LIST}new/")
    page(client, f"{LIST}new/?for={ticket.number}", 404)
    assert client.post(f"{LIST}new/", wish(now_yard, ticket)).status_code == 422


@pytest.mark.clause("6.1")
@pytest.mark.parametrize(
    ("facts", "said"),
    [({}, "6.1a"), ({"bulky": "true"}, "6.1c"), ({"city": "西安", "kilometres": "201"}, "6.1d"), ({"city": "西安", "kilometres": "200"}, "6.1a"),
     ({"severe_weather": "true"}, "silent"), ({"city": "西安"}, "how far"), ({"city": ""}, "City, times"), ({"kilometres": "junk"}, "City, times"), ({"returns_at": ""}, "City, times"),
     ({"returns_at": "2020-01-01T08:00"}, "City, times"), ({"easy_access": "junk"}, "City, times")],
)  # fmt: skip
def test_while_one_types_the_server_says_what_the_charter_advises(now_yard, as_user, facts, said):
    assert said in page(as_user(now_yard.eng), f"{LIST}advice/", **(wish(now_yard) | facts))


# --- the paper and its steps
@pytest.mark.clause("6.1", "8.4")
def test_the_whole_road_on_the_pages(now_yard, as_user):
    yard, car, driver = now_yard, now_yard.car(), now_yard.driver()
    paper = yard.asked(bulky=True)
    boss, eng = as_user(yard.manager), as_user(yard.eng)
    text = page(boss, paper.get_absolute_url())
    assert "a car may go." in text and "6.1c" in text and f"{step(paper, 'approve')}" in text
    text = page(boss, step(paper, "approve"))
    assert (
        "The charter:" in text
        and car.plate in text
        and str(driver) in text
        and str(yard.eng) not in text.split("<form", 1)[1]
    )
    assert boss.post(step(paper, "approve"), {"means": "ride"}).status_code == 422
    sent = {"means": "car", "car": car.plate, "driver": driver.username}
    assert boss.post(step(paper, "approve"), sent).status_code == 302
    assert (
        eng.post(
            step(paper, "depart"), {"departed_at": typed(yard.at + HOUR), "odometer": "12000"}
        ).status_code
        == 302
    )
    assert (
        eng.post(
            step(paper, "come_back"), {"returned_at": typed(yard.at + 9 * HOUR), "odometer": "12137"}
        ).status_code
        == 302
    )
    text = page(eng, paper.get_absolute_url())
    assert "137 km" in text and car.plate in text and "Nothing to claim" in text
    assert eng.post(step(paper, "settle"), {}).status_code == 302
    assert Trip.objects.get().stage == "settled"


def test_cars_and_drivers_that_are_taken_say_by_which_trip(now_yard, as_user):
    car, driver = now_yard.car(), now_yard.driver()
    first = now_yard.approved(car, driver)
    text = page(as_user(now_yard.manager), step(now_yard.asked(bulky=True), "approve"))
    assert text.count(f"(on trip {first.number})") == 2
    later = page(as_user(now_yard.manager), step(now_yard.asked(bulky=True, hours=20), "approve"))
    assert "(on trip" not in later


def test_sd04_whose_own_trip_it_is_reads_why_he_does_not_decide(now_yard, as_user):
    paper = now_yard.asked(people=[now_yard.eng, now_yard.manager])
    assert "SD04" in page(as_user(now_yard.manager), paper.get_absolute_url())
    assert as_user(now_yard.manager).post(step(paper, "approve"), {"means": "ride"}).status_code == 403


def test_without_a_car_no_odometer_is_asked(now_yard, as_user):
    paper = trips.approve(now_yard.asked(), means="ride", by=now_yard.manager, at=now_yard.at)
    assert "odometer" not in page(as_user(now_yard.eng), step(paper, "depart"))
    assert as_user(now_yard.eng).post(step(paper, "depart"), {"departed_at": ""}).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [("cs", 200), ("fin", 200), ("mgr", 200), ("aud", 200), ("ga", 200), ("wh", 404), ("sales", 404)],
)
def test_who_reads_a_trip(now_yard, as_user, who, status):
    page(as_user(getattr(now_yard.who, who)), now_yard.asked().get_absolute_url(), status)


def test_engineers_read_the_trips_that_are_theirs(now_yard, as_user):
    mate, driving, other = build.person("ENG"), now_yard.driver("ENG"), build.person("ENG")
    paper = now_yard.approved(driver=driving, people=[mate])
    for person, status in ((now_yard.eng, 200), (mate, 200), (driving, 200), (other, 404)):
        page(as_user(person), paper.get_absolute_url(), status)


def test_who_stands_in_for_an_engineer_reads_the_trips_of_his_tickets(now_yard, as_user):
    from django.utils import timezone

    from accounts.models import Absence

    paper, deputy = now_yard.asked(people=[build.person("ENG")]), build.person("ENG")
    page(as_user(deputy), paper.get_absolute_url(), 404)
    now = timezone.now()
    Absence.objects.create(user=now_yard.eng, deputy=deputy, begins_at=now - HOUR, ends_at=now + DAY)
    page(as_user(type(deputy).objects.get(pk=deputy.pk)), paper.get_absolute_url())


def test_the_list_narrows_to_a_stage_and_to_ones_own(now_yard, as_user):
    asked, gone = now_yard.asked(people=[build.person("ENG")]), now_yard.departed()
    client = as_user(now_yard.who.ga)
    shown = {
        q: [p.number in page(client, f"{LIST}{q}") for p in (asked, gone)]
        for q in ("", "?stage=draft", "?stage=departed", "?mine=1")
    }
    assert shown == {
        "": [True, True],
        "?stage=draft": [True, False],
        "?stage=departed": [False, True],
        "?mine=1": [False, False],
    }
    assert page(as_user(now_yard.eng), f"{LIST}?mine=1&stage=draft").count("data-item") == 1


@pytest.mark.clause("6.1")
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_it_is_printed_on_a4(now_yard, as_user, language):
    paper = now_yard.returned()
    client = as_user(now_yard.eng)
    text = page(client, f"{paper.get_absolute_url()}print/{language}")
    assert paper.number in text and str(paper.car) in text and "137" in text and str(now_yard.manager) in text
    assert client.get(f"{paper.get_absolute_url()}pdf/{language}").content.startswith(b"%PDF")


# --- on the ticket
@pytest.mark.clause("6.1")
def test_a_ticket_shows_its_trips_and_its_engineer_asks_for_one(now_yard, as_user):
    ticket = now_yard.ticket()
    way = f"{LIST}new/?for={ticket.number}"
    text = page(as_user(now_yard.eng), ticket.get_absolute_url())
    assert way in text and 'id="trips"' not in text
    assert way not in page(as_user(now_yard.who.cs), ticket.get_absolute_url())
    paper = now_yard.approved(tickets=[ticket])
    text = page(as_user(now_yard.eng), ticket.get_absolute_url())
    assert 'id="trips"' in text and paper.get_absolute_url() in text


def test_on_a_ticket_the_warehouse_reads_no_trip_but_its_drivers_own(now_yard, as_user):
    ticket, driving = now_yard.ticket(), now_yard.driver("WH")
    Ticket.objects.filter(pk=ticket.pk).update(
        signed_releases=1
    )  # a signed sheet opens it to the warehouse (A13)
    own, other = (
        now_yard.approved(driver=who, tickets=[ticket], hours=n) for n, who in ((1, driving), (20, None))
    )
    text = page(as_user(driving), ticket.get_absolute_url())
    assert own.get_absolute_url() in text and f'"{other.get_absolute_url()}' not in text
    assert 'id="trips"' not in page(as_user(build.person("WH")), ticket.get_absolute_url())


def test_a_ticket_with_three_trips_asks_no_more_than_with_one(now_yard, as_user):
    ticket, client = now_yard.ticket(), as_user(now_yard.eng)
    now_yard.asked(tickets=[ticket])
    one = statements(client, ticket.get_absolute_url())
    now_yard.approved(tickets=[ticket]), now_yard.returned(tickets=[ticket], hours=20)
    assert statements(client, ticket.get_absolute_url()) == one


def test_a_plan_that_needs_no_visit_has_no_way_to_a_trip(now_yard, as_user):
    ticket = now_yard.ticket(plan="b")
    assert f"trips/new/?for={ticket.number}" not in page(as_user(now_yard.eng), ticket.get_absolute_url())


# --- the week
@pytest.mark.clause("6.1")
def test_the_week_shows_cars_and_drivers_from_monday_to_sunday(people, monday, as_user):
    from .conftest import Yard

    yard = Yard(people, monday)
    car, idle, driver = yard.car(), yard.car(), yard.driver()
    paper = yard.approved(car, driver, hours=24, takes=48)  # Tuesday to Thursday
    client = as_user(yard.manager)
    text = page(client, "/dispatch/", week="2026-W10")
    assert (
        'class="from-2 for-3 bar-approved"' in text
        and text.count(f'href="{paper.get_absolute_url()}"') == 2 + 3
    )
    assert (
        car.plate in text
        and idle.plate in text
        and str(driver) in text
        and "2026-W09" in text
        and "2026-W11" in text
    )
    assert paper.get_absolute_url() not in page(client, "/dispatch/", week="2026-W11")
    assert "from-1 for-" not in page(client, "/dispatch/", week="2026-W09")
    for junk in ("x", "2026-W99", "9999-W01", "2026-W10\x00"):
        page(client, "/dispatch/", week=junk)


def test_the_week_of_others_is_seen_but_not_opened(now_yard, as_user):
    paper = now_yard.approved()
    text = page(as_user(build.person("ENG")), "/dispatch/")
    assert paper.place in text and paper.get_absolute_url() not in text


def test_a_late_trip_lasts_until_now(now_yard, as_user):
    now_yard.departed(takes=1)
    assert " late" in page(as_user(now_yard.manager), "/dispatch/")


def test_requests_wait_above_the_week_for_the_manager_alone(now_yard, as_user):
    paper = now_yard.asked()
    assert paper.get_absolute_url() in page(as_user(now_yard.manager), "/dispatch/")
    assert paper.get_absolute_url() not in page(as_user(now_yard.who.ga), "/dispatch/")


# --- cars and fuel
@pytest.mark.clause("6.2")
def test_a_car_is_registered_changed_and_refuelled(now_yard, as_user):
    client = as_user(now_yard.manager)
    facts = {
        "plate": "苏m·8 88a8",
        "name": "江铃",
        "seats": "6",
        "odometer": "500",
        "insured_until": "2099-01-31",
        "active": "on",
    }
    assert client.post(f"{CARS}new/", facts | {"plate": "a/b"}).status_code == 422
    assert client.post(f"{CARS}new/", facts | {"seats": "0"}).status_code == 422
    answer = client.post(f"{CARS}new/", facts)
    car = Car.objects.get()
    assert (car.plate, car.odometer, answer.url) == ("苏M·888A8", 500, car.get_absolute_url())
    twice = client.post(f"{CARS}new/", facts | {"plate": "苏M·888a8"})
    assert twice.context["form"].errors == {"plate": ["A car with this number plate is registered already."]}
    text = page(client, car.get_absolute_url())
    assert "2099-01-31" in text and "Renew the insurance of the car" in text
    edit = page(client, f"{car.get_absolute_url()}edit/")
    assert 'value="苏M·888A8"' in edit and 'name="seen"' in edit
    stale = client.post(f"{car.get_absolute_url()}edit/", facts | {"plate": car.plate, "seen": "0"})
    assert stale.status_code == 422 and "meanwhile" in stale.content.decode()
    sent = facts | {"plate": car.plate, "seen": str(car.revision), "name": "全顺", "odometer": ""}
    assert client.post(f"{car.get_absolute_url()}edit/", sent).status_code == 302
    fuel = {
        "day": str(local_day(now_yard.at)),
        "litres": "40",
        "amount": "312.5",
        "odometer": "640",
        "place": "中石化",
    }
    assert client.post(f"{car.get_absolute_url()}fuel/", fuel | {"litres": "0"}).status_code == 422
    assert client.post(f"{car.get_absolute_url()}fuel/", fuel).status_code == 302
    car.refresh_from_db()
    assert (car.name, car.odometer, Fuel.objects.count()) == ("全顺", 640, 1)
    assert "312.50" in page(client, car.get_absolute_url())


@pytest.mark.clause("6.2")
@pytest.mark.parametrize(
    ("ahead", "word"), [(-1, 'class="late"'), (0, 'class="urgent"'), (30, 'class="urgent"'), (31, "")]
)
def test_the_list_of_cars_says_which_day_comes_up_or_is_over(now_yard, as_user, ahead, word):
    from django.utils import timezone

    now_yard.car(insured_until=timezone.localdate() + ahead * DAY)
    text = page(as_user(now_yard.manager), CARS)
    assert [mark for mark in ('class="late"', 'class="urgent"') if mark in text] == ([word] if word else [])


def test_a_plate_that_is_none_is_not_found(now_yard, as_user):
    for plate in ("nothing", "%00"):
        page(as_user(now_yard.manager), f"{CARS}{plate}/", 404)


@pytest.mark.parametrize("who", ["ga", "eng", "fin", "mgr", "aud"])
def test_who_only_reads_has_no_buttons(now_yard, as_user, who):
    car = now_yard.car()
    client = as_user(getattr(now_yard.who, who))
    text = page(client, car.get_absolute_url())
    assert f"{car.get_absolute_url()}fuel/" not in text and f"{car.get_absolute_url()}edit/" not in text
    assert client.post(f"{car.get_absolute_url()}fuel/", {}).status_code == 403


# --- fines
@pytest.mark.clause("8.4")
def test_car_and_moment_find_the_driver_and_without_a_trip_he_is_asked(now_yard, as_user):
    yard, driver = now_yard, now_yard.driver()
    car = yard.car()
    paper = yard.returned(car, driver, takes=4)
    client = as_user(yard.who.ga)
    wheel = {"car": car.plate, "happened_at": typed(paper.departed_at + HOUR)}
    assert f"Trip {paper.number}" in page(client, f"{FINES}wheel/", **wheel)
    assert 'name="driver"' in page(
        client, f"{FINES}wheel/", **(wheel | {"happened_at": typed(yard.at - DAY)})
    )
    assert "Car and time" in page(client, f"{FINES}wheel/", car="nothing")
    assert 'name="driver"' not in page(client, f"{FINES}new/")
    rest = {"notice": "3212-0001", "offence": "超速", "amount": "200.01", "place": "G2"}
    answer = client.post(f"{FINES}new/", wheel | rest)
    fine = Fine.objects.get()
    assert answer.url == fine.get_absolute_url() and fine.driver == driver
    text = page(client, fine.get_absolute_url())
    assert "¥100.00" in text and "¥100.01" in text and paper.number in text
    unknown = client.post(
        f"{FINES}new/", {"car": car.plate, "happened_at": typed(yard.at - DAY)} | rest | {"notice": "2"}
    )
    assert unknown.status_code == 422 and 'name="driver"' in unknown.content.decode()


@pytest.mark.clause("8.4")
def test_whoever_drove_sees_his_fine_and_nobody_elses(now_yard, as_user):
    car = now_yard.car()
    facts = {"offence": "超速", "by": now_yard.who.ga, "at": now_yard.at + HOUR, "happened_at": now_yard.at}
    own = fining.enter(car, notice="1", amount=build_amount("50"), driver=now_yard.eng, **facts)
    other = fining.enter(car, notice="2", amount=build_amount("50"), driver=build.person("WH"), **facts)
    client = as_user(now_yard.eng)
    text = page(client, FINES)
    assert own.number in text and other.number not in text
    page(client, own.get_absolute_url()), page(client, other.get_absolute_url(), 404)
    page(as_user(other.driver), other.get_absolute_url())


def build_amount(yuan):
    from decimal import Decimal

    return Decimal(yuan)


# --- prices
def statements(client, path, rows=None):
    page(client, path)
    with CaptureQueriesContext(connection) as asked:
        text = page(client, path)
    assert rows in (None, text.count("data-item"))
    return len(asked)


def grown(yard, n):
    """One more of everything."""
    car, driver = yard.car(), yard.driver()
    paper = yard.returned(
        car, driver, hours=1, people=[yard.eng, build.person("ENG")], tickets=[yard.ticket(), yard.ticket()]
    )
    fining.enter(
        car,
        happened_at=paper.departed_at,
        offence="超速",
        notice=f"N{n}",
        amount=build_amount("9"),
        by=yard.who.ga,
        at=yard.at + 20 * HOUR,
    )


@pytest.mark.parametrize(
    ("path", "who"),
    [
        (LIST, "manager"),
        (LIST, "eng"),
        (CARS, "manager"),
        (CARS, "eng"),
        (FINES, "manager"),
        ("/dispatch/", "manager"),
        ("/dispatch/", "eng"),
    ],
)
def test_three_rows_ask_no_more_than_one(now_yard, as_user, path, who):
    client = as_user(getattr(now_yard, who))
    shown = (None, None) if path == "/dispatch/" else (1, 3)
    grown(now_yard, 1)
    one = statements(client, path, shown[0])
    grown(now_yard, 2), grown(now_yard, 3)
    assert statements(client, path, shown[1]) == one


def test_a_car_with_three_trips_asks_no_more_than_with_one(now_yard, as_user):
    client, car, driver = as_user(now_yard.manager), now_yard.car(), now_yard.driver()
    now_yard.returned(car, driver, hours=1, takes=2)
    one = statements(client, car.get_absolute_url(), 1)
    for n in (2, 3):
        now_yard.returned(car, driver, hours=3 * n, takes=2, odometer=12_000 + 137 * (n - 1))
    assert statements(client, car.get_absolute_url(), 3) == one


def test_a_trip_with_three_tickets_asks_no_more_than_with_one(now_yard, as_user):
    client = as_user(now_yard.who.ga)
    small = now_yard.asked()
    large = now_yard.asked(
        tickets=[now_yard.ticket() for _n in range(3)],
        people=[now_yard.eng, *(build.person("ENG") for _n in range(2))],
    )
    assert statements(client, small.get_absolute_url()) == statements(client, large.get_absolute_url())


# --- home
@pytest.mark.clause("6.1")
def test_home_names_the_trips_to_decide_for_the_manager(now_yard, as_user):
    paper = now_yard.asked()
    assert paper.number in page(as_user(now_yard.manager), "/desk/")
    assert paper.number not in page(as_user(now_yard.who.ga), "/desk/")


@pytest.mark.clause("6.2")
def test_home_names_a_car_before_its_day_and_owes_it_after(now_yard, as_user):
    from django.utils import timezone

    today = timezone.localdate()
    soon = now_yard.car(insured_until=today + 5 * DAY)
    over = now_yard.car(insured_until=local_day(now_yard.at))
    client = as_user(now_yard.manager)
    assert [one.url for one in client.get("/desk/").context["todo"]] == [f"{soon.get_absolute_url()}edit/"]
    late = [duty for group in client.get("/desk/").context["groups"] for duty in group["duties"]]
    assert [(duty.rule, duty.title) for duty in late] == [("car_insurance", over.plate)]

"""A trip from the request to its end (6.1, 8.4): each step, who takes it, and what is refused."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.access import Denied
from accounts.models import Absence, Grant
from aftersales.problems import BadEntry, OutOfTurn
from dispatch.flow import TripStage
from dispatch.models import Car, Trip
from dispatch.services import cars, trips
from notices.models import Notification
from repairs.models import Ticket
from repairs.services import cancel as cancel_ticket
from tests import build

from .conftest import DAY, HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.clause("6.1")]
S = TripStage


def told(person):
    return sorted(
        Notification.objects.filter(recipient=person, kind="trip", channel="app").values_list(
            "event_key", flat=True
        )
    )


def in_hand(paper):
    return [Ticket.objects.get(pk=row.ticket_id).trips_and_parcels for row in paper.served.all()]


# --- asked for
def test_a_trip_serves_several_tickets_and_the_manager_is_told(yard):
    first, second = yard.ticket(), yard.ticket()
    mate = build.person("ENG")
    paper = yard.asked(tickets=[second, first], people=[yard.eng, mate], city="泰州市")
    assert (paper.number, paper.stage, paper.requester) == ("CX20260302-0001", "draft", yard.eng)
    assert [row.ticket for row in paper.served.all()] == [first, second]
    assert [row.person for row in paper.travellers.all()] == [yard.eng, mate]
    assert (paper.nearby, paper.back_same_day, paper.advice.clause) == (True, True, "6.1a")
    assert told(yard.manager) == [f"trip:{paper.number}:request"]
    assert (
        first.events.filter(name="trip_requested").exists()
        and second.events.filter(name="trip_requested").exists()
    )
    assert in_hand(paper) == [0, 0]  # a request alone opens the ticket to nobody (A13)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"takes": -1}, "returns_at"),
        ({"takes": 0}, "returns_at"),
        ({"takes": 60 * 24 + 1}, "returns_at"),
        ({"people": []}, "people"),
        ({"hours": -61 * 24}, "leaves_at"),
        ({"hours": 61 * 24}, "leaves_at"),
    ],
)
def test_a_request_that_cannot_be_is_refused_at_its_field(yard, facts, field):
    with pytest.raises(BadEntry) as refusal:
        yard.asked(**facts)
    assert refusal.value.field == field


def test_neither_the_list_nor_a_distance_decides_so_the_distance_is_asked(yard):
    """Nothing counts as far because nobody said how far it is (6.1d)."""
    with pytest.raises(BadEntry, match="how far") as refusal:
        yard.asked(city="西安")
    assert refusal.value.field == "kilometres"
    near = yard.asked(city="如皋", tickets=[yard.ticket(region="江苏省南通市如皋市")])
    assert (near.nearby, near.advice.clause) == (True, "6.1a")


def test_sixty_days_are_a_trip_yet(yard):
    assert yard.asked(takes=60 * 24).stage == "draft"


def test_without_a_ticket_there_is_no_trip(yard):
    facts = {
        "people": [yard.eng],
        "place": "x",
        "city": "泰州",
        "kilometres": None,
        "easy_access": True,
        "severe_weather": False,
    }
    with pytest.raises(BadEntry, match="at least one ticket"):
        trips.request(
            tickets=[],
            bulky=False,
            leaves_at=yard.at,
            returns_at=yard.at + HOUR,
            by=yard.eng,
            at=yard.at,
            **facts,
        )


def test_nobody_travels_for_a_ticket_that_is_over(yard):
    ticket = yard.ticket(at_stage="assigned")
    cancel_ticket(ticket, by=yard.who.cs, at=yard.at, reason="撤回")
    with pytest.raises(BadEntry, match="closed") as refusal:
        yard.asked(tickets=[Ticket.objects.get(pk=ticket.pk)])
    assert refusal.value.field == "tickets"


def test_who_has_no_ticket_among_them_may_not_ask(yard):
    with pytest.raises(Denied, match="yours"):
        yard.asked(by=build.person("ENG"))
    for role in ("GA", "CS", "MGR", "AUD"):
        with pytest.raises(Denied):
            yard.asked(by=build.person(role))


def test_every_ticket_of_a_trip_is_ones_own_or_of_whom_one_stands_in_for(yard):
    """Its engineer bears his share of the cost (8.10): nobody else puts it there."""
    mate = build.person("ENG")
    his = yard.ticket()
    Ticket.objects.filter(pk=his.pk).update(engineer=mate)
    pair = [yard.ticket(), Ticket.objects.get(pk=his.pk)]
    with pytest.raises(Denied, match=his.number):
        yard.asked(tickets=pair)
    Absence.objects.create(user=mate, deputy=yard.eng, begins_at=yard.at - DAY, ends_at=timezone.now() + DAY)
    assert yard.asked(tickets=[pair[0], Ticket.objects.get(pk=his.pk)]).stage == "draft"


def test_what_is_named_twice_counts_once(yard):
    ticket = yard.ticket()
    paper = yard.asked(tickets=[ticket, ticket], people=[yard.eng, yard.eng])
    assert (paper.served.count(), paper.travellers.count()) == (1, 1)


def test_nobody_is_sent_where_all_tickets_are_closed_meanwhile(yard):
    kept, gone = yard.ticket(at_stage="contacted"), yard.ticket(at_stage="contacted")
    both, one = yard.asked(tickets=[kept, gone]), yard.asked(tickets=[gone])
    cancel_ticket(gone, by=yard.who.cs, at=yard.at, reason="撤回")
    with pytest.raises(OutOfTurn, match="closed"):
        trips.approve(one, means="ride", by=yard.manager, at=yard.at)
    assert trips.approve(both, means="ride", by=yard.manager, at=yard.at).stage == "approved"


def test_who_is_back_past_midnight_is_not_back_on_the_same_day(yard):
    assert yard.asked(takes=12.5).back_same_day and not yard.asked(takes=13).back_same_day  # leaves at 11:00


# --- decided
def test_by_the_advice_no_reason_is_asked(yard):
    paper = trips.approve(yard.asked(), means="ride", by=yard.manager, at=yard.at)
    assert (paper.stage, paper.means, paper.car, paper.driver, paper.reason) == (
        "approved",
        "ride",
        None,
        None,
        "",
    )
    assert (paper.decided_by, paper.decided_at) == (yard.manager, yard.at)
    assert told(yard.eng) == [f"trip:{paper.number}:approved"]
    assert in_hand(paper) == [1]


@pytest.mark.clause("6.1a", "6.1b", "6.1c", "6.1d")
@pytest.mark.parametrize(
    ("facts", "advised"),
    [
        ({}, "ride"),
        ({"easy_access": False, "takes": 30}, "car"),
        ({"bulky": True}, "car"),
        ({"city": "西安", "kilometres": 900}, "ride"),
    ],
)
def test_who_departs_from_the_advice_says_why(yard, facts, advised):
    paper, other = yard.asked(**facts), {"ride": "car", "car": "ride"}[advised]
    assert paper.advice.means == advised
    means = {"means": other, "car": yard.car(), "driver": yard.driver(), "by": yard.manager, "at": yard.at}
    for silence in ("", "  \n"):
        with pytest.raises(BadEntry, match="depart from the advice") as refusal:
            trips.approve(paper, reason=silence, **means)
        assert (refusal.value.field, refusal.value.clause) == ("reason", paper.advice.clause)
    assert trips.approve(paper, reason=" 班车停运 ", **means).reason == "班车停运"


@pytest.mark.parametrize("means", ["ride", "car"])
def test_where_the_charter_is_silent_a_reason_is_asked_whatever_is_decided(yard, means):
    paper = yard.asked(severe_weather=True)
    assert paper.advice is None
    facts = {"means": means, "car": yard.car(), "driver": yard.driver(), "by": yard.manager, "at": yard.at}
    with pytest.raises(BadEntry, match="silent") as refusal:
        trips.approve(paper, **facts)
    assert refusal.value.field == "reason"
    assert trips.approve(paper, reason="大雪", **facts).stage == "approved"


def test_riding_takes_no_car_even_if_one_was_chosen(yard):
    paper = yard.by_car(yard.asked(), yard.car(), yard.driver(), means="ride")
    assert (paper.car, paper.driver) == (None, None)


def test_refused_with_the_reason(yard):
    paper = trips.refuse(yard.asked(), reason="改电话指导", by=yard.manager, at=yard.at)
    assert (paper.stage, paper.reason, paper.decided_by) == ("refused", "改电话指导", yard.manager)
    assert told(yard.eng) == [f"trip:{paper.number}:refused"] and in_hand(paper) == [0]


@pytest.mark.parametrize("role", ["GA", "ENG", "MGR", "FIN", "CS"])
@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_only_the_vehicle_manager_decides(yard, role, act):
    entries = {"approve": {"means": "ride"}, "refuse": {"reason": "x"}}[act]
    with pytest.raises(Denied):
        getattr(trips, act)(yard.asked(), by=build.person(role), at=yard.at, **entries)


@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_sd04_nobody_decides_about_a_trip_on_which_he_goes_or_that_he_asked_for(yard, act):
    entries = {"approve": {"means": "ride"}, "refuse": {"reason": "x"}}[act]
    goes = yard.asked(people=[yard.eng, yard.manager])
    both = yard.who._people["eng"] = build.person("ENG", "GA", grants=("vehicle_manager",))
    asked = yard.asked(by=both, people=[yard.eng])
    for paper, hand in ((goes, yard.manager), (asked, both)):
        with pytest.raises(Denied, match="SD04"):
            getattr(trips, act)(paper, by=hand, at=yard.at, **entries)


def test_sd04_the_manager_does_not_book_himself_as_the_driver(yard):
    driving = build.person("GA", grants=("vehicle_manager", "driver"))
    with pytest.raises(Denied, match="SD04") as refusal:
        yard.by_car(yard.asked(bulky=True), yard.car(), driving, by=driving)
    assert refusal.value.field == "driver"


def test_a_car_in_use_and_a_holder_of_the_grant_are_needed(yard):
    paper, car, driver = yard.asked(bulky=True), yard.car(), yard.driver()
    for wrong, field in [
        ((None, driver), "car"), ((yard.car(active=False), driver), "car"), ((car, None), "driver"), ((car, build.person("GA")), "driver")
    ]:  # fmt: skip
        with pytest.raises(BadEntry) as refusal:
            yard.by_car(paper, *wrong)
        assert refusal.value.field == field


def test_neither_a_lapsed_grant_nor_a_closed_account_drives(yard):
    lapsed, closed = yard.driver(), yard.driver()
    Grant.objects.filter(user=lapsed).update(until=dt.date(2020, 6, 1))
    closed.is_active = False
    closed.save()
    for driver in (lapsed, closed):
        driver.forget()
        with pytest.raises(BadEntry, match="may drive"):
            yard.by_car(yard.asked(bulky=True), yard.car(), driver)


def test_a_car_seats_whom_it_seats_the_driver_included(yard):
    crew = [yard.eng, build.person("ENG")]
    with pytest.raises(BadEntry, match="2 seats") as refusal:
        yard.approved(yard.car(seats=2), people=crew)
    assert refusal.value.field == "car"
    assert yard.approved(yard.car(seats=3), people=crew).car
    driving = yard.driver("ENG")
    assert (
        yard.approved(yard.car(seats=2), driving, people=[driving, build.person("ENG")]).driver == driving
    )  # he needs one seat


# --- nobody has them twice
OVERLAPS = [
    (0, 8, True),
    (-3, 2, False),
    (-3, 4, True),
    (7, 2, True),
    (8, 2, False),
    (2, 1, True),
    (-1, 20, True),
]


@pytest.mark.parametrize("what", ["car", "driver"])
@pytest.mark.parametrize(("hours", "takes", "collides"), OVERLAPS)
def test_a_car_and_a_driver_are_booked_once(yard, what, hours, takes, collides):
    """The first leaves 10 hours from now and takes 8; one that only touches it at an end does not collide."""
    car, driver = yard.car(), yard.driver()
    first = yard.approved(car, driver, hours=10)
    pair = (car, yard.driver()) if what == "car" else (yard.car(), driver)
    again = yard.asked(bulky=True, hours=10 + hours + (1 if (hours, takes) == (-3, 2) else 0), takes=takes)
    if not collides:
        assert yard.by_car(again, *pair).stage == "approved"
        return
    with pytest.raises(BadEntry, match=first.number) as refusal:
        yard.by_car(again, *pair)
    assert refusal.value.field == what


@pytest.mark.parametrize("means", ["car", "ride"])
def test_who_drives_one_trip_does_not_ride_on_another_in_the_same_hours(yard, means):
    driving, hand = yard.driver("ENG"), {"by": yard.manager, "at": yard.at, "reason": "急"}
    first = yard.approved(driver=driving)
    again = yard.asked(bulky=True, people=[yard.eng, driving], hours=5)
    car = {"car": yard.car(), "driver": yard.driver()} if means == "car" else {}
    with pytest.raises(OutOfTurn, match=first.number):
        trips.approve(again, means=means, **car, **hand)
    later = yard.asked(bulky=True, people=[yard.eng, driving], hours=9)
    assert trips.approve(later, means=means, **car, **hand).stage == "approved"


def test_who_rides_on_one_trip_does_not_drive_another_in_the_same_hours(yard):
    driving = yard.driver("ENG")
    first = trips.approve(yard.asked(people=[driving]), means="ride", by=yard.manager, at=yard.at)
    with pytest.raises(BadEntry, match=first.number) as refusal:
        yard.by_car(yard.asked(bulky=True, hours=5), yard.car(), driving)
    assert refusal.value.field == "driver"
    assert yard.by_car(yard.asked(bulky=True, hours=9), yard.car(), driving).stage == "approved"


@pytest.mark.parametrize("means", ["car", "ride"])
@pytest.mark.parametrize(("hours", "takes", "collides"), OVERLAPS)
def test_nobody_rides_on_two_trips_in_the_same_hours(yard, means, hours, takes, collides):
    mate, hand = build.person("ENG"), {"by": yard.manager, "at": yard.at, "reason": "急"}
    first = yard.approved(hours=10, people=[mate])
    start = 10 + hours + (1 if (hours, takes) == (-3, 2) else 0)
    again = yard.asked(bulky=True, people=[yard.eng, mate], hours=start, takes=takes)
    car = {"car": yard.car(), "driver": yard.driver()} if means == "car" else {}
    if not collides:
        assert trips.approve(again, means=means, **car, **hand).stage == "approved"
        return
    with pytest.raises(OutOfTurn, match=f"{mate}.*{first.number}"):
        trips.approve(again, means=means, **car, **hand)


@pytest.mark.clause("6.2")
def test_a_car_goes_out_only_while_it_is_insured(yard):
    car, day = yard.car(insured_until=yard.at.date() + DAY), yard.at.date() + DAY
    with pytest.raises(BadEntry, match=str(day)) as refusal:
        yard.approved(car, takes=48, reason="急件")
    assert (refusal.value.field, refusal.value.clause) == ("car", "6.2")
    assert yard.approved(car, takes=24).stage == "approved"


def test_refused_cancelled_and_returned_trips_give_the_car_back(yard):
    car, driver = yard.car(), yard.driver()
    trips.cancel(yard.approved(car, driver), reason="改期", by=yard.eng, at=yard.at)
    trips.refuse(yard.asked(bulky=True), reason="x", by=yard.manager, at=yard.at)
    early = yard.departed(car, driver)
    trips.come_back(early, by=yard.eng, at=early.leaves_at + HOUR, odometer=12_010)
    assert yard.approved(car, driver, hours=3).stage == "approved"


# --- cancelled
def test_cancelled_while_asked_for_nobody_had_it_in_hand(yard):
    paper = trips.cancel(yard.asked(), reason="客户自己来", by=yard.eng, at=yard.at)
    assert (paper.stage, paper.cancelled_why) == ("cancelled", "客户自己来") and in_hand(paper) == [0]


def test_cancelled_after_the_approval_the_driver_hears_it(yard):
    driver = yard.driver()
    paper = trips.cancel(yard.approved(driver=driver), reason="改期", by=yard.eng, at=yard.at)
    assert f"trip:{paper.number}:cancelled" in told(driver) and f"trip:{paper.number}:cancelled" not in told(
        yard.eng
    )
    assert in_hand(paper) == [0]


def test_administration_and_whoever_it_concerns_cancel(yard):
    for person in (yard.who.ga, yard.manager, yard.eng):
        assert trips.cancel(yard.asked(), reason="x", by=person, at=yard.at).stage == "cancelled"
    for person in (build.person("ENG"), yard.who.cs, yard.who.mgr):
        with pytest.raises(Denied):
            trips.cancel(yard.asked(), reason="x", by=person, at=yard.at)


# --- gone and back
@pytest.mark.clause("8.4")
def test_137_kilometres_from_the_odometer(yard):
    car = yard.car()
    paper = yard.returned(car, km=137)
    assert (paper.stage, paper.driven, paper.odometer_out, paper.odometer_in) == (
        "returned",
        137,
        12_000,
        12_137,
    )
    assert (paper.departed_at, paper.returned_at) == (paper.leaves_at, paper.returns_at)
    car.refresh_from_db()
    assert car.odometer == 12_137
    assert car.history.first().history_change_reason == "trip"
    assert in_hand(paper) == [1]


@pytest.mark.clause("8.4")
def test_without_a_car_there_is_no_odometer(yard):
    paper = trips.approve(yard.asked(), means="ride", by=yard.manager, at=yard.at)
    paper = trips.depart(paper, by=yard.eng, at=paper.leaves_at, odometer=5)
    paper = trips.come_back(paper, by=yard.eng, at=paper.returns_at)
    assert (paper.stage, paper.driven, paper.odometer_out) == ("returned", 0, None)


@pytest.mark.clause("8.4")
@pytest.mark.parametrize(("reading", "sentence"), [(None, "Read the odometer"), (11_999, "12000 km already")])
def test_a_car_departs_with_a_reading_that_does_not_go_back(yard, reading, sentence):
    paper = yard.approved()
    with pytest.raises(BadEntry, match=sentence) as refusal:
        trips.depart(paper, by=yard.eng, at=paper.leaves_at, odometer=reading)
    assert refusal.value.field == "odometer"


@pytest.mark.clause("8.4")
def test_a_slip_of_the_pen_at_the_departure_does_not_stand_for_good(yard):
    paper = yard.approved()
    with pytest.raises(BadEntry, match="12000 km") as refusal:
        trips.depart(paper, by=yard.eng, at=paper.leaves_at, odometer=120_000)
    assert refusal.value.field == "odometer"
    unknown = yard.approved(yard.car(odometer=0), people=[build.person("ENG")])
    assert trips.depart(unknown, by=yard.eng, at=paper.leaves_at, odometer=120_000).odometer_out == 120_000


@pytest.mark.clause("8.3")
def test_nobody_leaves_days_before_the_plan(yard):
    """Each day would be paid as meals, without a receipt."""
    paper = trips.approve(yard.asked(), means="ride", by=yard.manager, at=yard.at)
    with pytest.raises(BadEntry, match="a day before") as refusal:
        trips.depart(paper, by=yard.eng, at=yard.at, departed_at=paper.leaves_at - DAY - HOUR)
    assert refusal.value.field == "departed_at"
    assert trips.depart(paper, by=yard.eng, at=yard.at, departed_at=paper.leaves_at - DAY).stage == "departed"


@pytest.mark.parametrize("what", ["car", "driver"])
def test_no_car_and_no_driver_has_two_trips_at_one_moment_also_afterwards(yard, what):
    """Thirty hours in a day: the second departure is entered late and lies within the first trip."""
    car, driver = yard.car(), yard.driver()
    first = yard.returned(car, driver)
    pair = (car, yard.driver()) if what == "car" else (yard.car(odometer=12_500), driver)
    again = yard.approved(*pair, hours=10)
    with pytest.raises(BadEntry, match=first.number) as refusal:
        trips.depart(
            again, by=yard.eng, at=again.leaves_at, odometer=12_500, departed_at=first.returned_at - HOUR
        )
    assert refusal.value.field == "departed_at"
    done = trips.depart(
        again, by=yard.eng, at=again.leaves_at, odometer=12_500, departed_at=first.returned_at
    )
    assert done.stage == "departed"


@pytest.mark.clause("8.4")
@pytest.mark.parametrize(
    ("reading", "sentence"), [(None, "Read the odometer"), (11_999, "does not go back"), (14_001, "that far")]
)
def test_a_car_comes_back_with_a_reading_that_can_be(yard, reading, sentence):
    paper = yard.departed()
    with pytest.raises(BadEntry, match=sentence) as refusal:
        trips.come_back(paper, by=yard.eng, at=paper.returns_at, odometer=reading)
    assert refusal.value.field == "odometer"
    assert trips.come_back(paper, by=yard.eng, at=paper.returns_at, odometer=14_000).driven == 2_000


def test_a_return_before_the_departure_is_refused(yard):
    paper = yard.departed()
    with pytest.raises(BadEntry, match="before the departure") as refusal:
        trips.come_back(
            paper,
            by=yard.eng,
            at=paper.returns_at,
            odometer=12_001,
            returned_at=paper.departed_at - dt.timedelta(minutes=1),
        )
    assert refusal.value.field == "returned_at"


def test_what_has_not_been_yet_is_not_entered(yard):
    paper = yard.approved()
    with pytest.raises(BadEntry, match="future"):
        trips.depart(paper, by=yard.eng, at=yard.at, odometer=12_000, departed_at=yard.at + HOUR)
    paper = trips.depart(paper, by=yard.eng, at=yard.at, odometer=12_000, departed_at=yard.at - HOUR)
    assert paper.departed_at == yard.at - HOUR
    with pytest.raises(BadEntry, match="future"):
        trips.come_back(paper, by=yard.eng, at=yard.at, odometer=12_001, returned_at=yard.at + HOUR)


def test_neither_a_car_nor_a_driver_that_is_late_goes_out_again(yard):
    car, driver = yard.car(), yard.driver()
    out = yard.departed(car, driver, takes=2)
    for pair, word in [((car, yard.driver()), "car"), ((yard.car(odometer=1), driver), "driver")]:
        again = yard.approved(*pair, hours=5)
        with pytest.raises(OutOfTurn, match=f"The {word} is still out on trip {out.number}"):
            trips.depart(again, by=yard.eng, at=again.leaves_at, odometer=12_050)
        trips.cancel(again, reason="x", by=yard.eng, at=yard.at)
    trips.come_back(out, by=yard.eng, at=yard.at + 5 * HOUR, odometer=12_040)
    again = yard.approved(car, driver, hours=5)
    assert trips.depart(again, by=yard.eng, at=again.leaves_at, odometer=12_040).stage == "departed"


def test_the_driver_the_traveller_and_administration_enter_the_journey(yard):
    mate, driving = build.person("ENG"), yard.driver("ENG")
    for n, person in enumerate((yard.eng, mate, driving, yard.who.ga)):
        paper = yard.approved(driver=driving, people=[yard.eng, mate], hours=10 * n)
        paper = trips.depart(paper, by=person, at=paper.leaves_at, odometer=12_000)
        trips.come_back(paper, by=person, at=paper.returns_at, odometer=12_001)
    with pytest.raises(Denied):
        trips.depart(yard.approved(), by=build.person("ENG"), at=yard.at, odometer=12_000)


@pytest.mark.clause("8.4")
@pytest.mark.parametrize("role", ["WH", "TECH", "PUR", "SALES", "CS", "FIN", "MGR"])
def test_whoever_drives_reads_and_logs_his_trip_whatever_his_department(yard, as_user, role):
    driving = yard.driver(role)
    paper = yard.approved(driver=driving)
    other = yard.approved(people=[build.person("ENG")])
    client = as_user(driving)
    assert client.get(paper.get_absolute_url()).status_code == 200
    assert client.get(f"{paper.get_absolute_url()}steps/depart/").status_code == 200
    if role in ("WH", "TECH", "PUR", "SALES"):
        assert client.get(other.get_absolute_url()).status_code == 404
        assert list(Trip.objects.visible_to(driving)) == [paper]
    assert trips.depart(paper, by=driving, at=paper.leaves_at, odometer=12_000).stage == "departed"
    for act in (trips.cancel, trips.refuse):
        with pytest.raises(Denied):
            act(other, reason="x", by=driving, at=yard.at)
    with pytest.raises(Denied):
        trips.depart(other, by=driving, at=other.leaves_at, odometer=12_000)


# --- settled, and the road as a whole
@pytest.mark.clause("8.2")
def test_settled_it_is_in_nobodys_hand(yard):
    paper = trips.settle(yard.returned(), by=yard.eng, at=yard.at + DAY)
    assert (paper.stage, paper.settled_at, in_hand(paper)) == ("settled", yard.at + DAY, [0])


#: from every stage, the transitions that may be taken
ROAD = {
    S.DRAFT: {"approve", "refuse", "cancel"}, S.APPROVED: {"depart", "cancel"}, S.REFUSED: set(), S.DEPARTED: {"come_back"},
    S.RETURNED: {"settle"}, S.SETTLED: {"open_again"}, S.CANCELLED: set(),
}  # fmt: skip
ALL = {"approve", "refuse", "depart", "come_back", "settle", "open_again", "cancel"}


@pytest.mark.parametrize("stage", list(S))
def test_every_transition_is_taken_from_its_stages_and_from_no_other(stage):
    assert {name for name in ALL if Trip(stage=stage).why_not(name) is None} == ROAD[stage]


def driven_to(yard, stage):
    paper = {
        S.DRAFT: yard.asked, S.APPROVED: yard.approved, S.DEPARTED: yard.departed, S.RETURNED: yard.returned,
        S.REFUSED: lambda: trips.refuse(yard.asked(), reason="x", by=yard.manager, at=yard.at),
        S.CANCELLED: lambda: trips.cancel(yard.asked(), reason="x", by=yard.eng, at=yard.at),
        S.SETTLED: lambda: trips.settle(yard.returned(), by=yard.eng, at=yard.at),
    }[stage]()  # fmt: skip
    assert paper.stage == stage
    return paper


@pytest.mark.parametrize("stage", list(S))
def test_every_service_refuses_a_stage_that_is_not_its_own(yard, stage):
    paper, late = driven_to(yard, stage), yard.at + 20 * HOUR
    acts = {
        "approve": lambda: trips.approve(paper, means="ride", reason="x", by=yard.manager, at=late),
        "refuse": lambda: trips.refuse(paper, reason="x", by=yard.manager, at=late),
        "cancel": lambda: trips.cancel(paper, reason="x", by=yard.eng, at=late),
        "depart": lambda: trips.depart(paper, by=yard.eng, at=late, odometer=12_500),
        "come_back": lambda: trips.come_back(paper, by=yard.eng, at=late, odometer=12_500),
        "settle": lambda: trips.settle(paper, by=yard.eng, at=late),
    }  # fmt: skip
    for name in acts.keys() - ROAD[stage]:
        with pytest.raises(OutOfTurn):
            acts[name]()
    assert Trip.objects.get(pk=paper.pk).stage == stage


def test_a_car_that_left_the_register_while_the_page_was_open_is_not_booked(yard):
    car = yard.car()
    seen = Car.objects.get(pk=car.pk)
    car.active = False
    cars.save_car(car, by=yard.manager, at=yard.at)
    with pytest.raises(BadEntry, match="in use"):
        yard.by_car(yard.asked(bulky=True), seen, yard.driver())

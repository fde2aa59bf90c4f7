"""What trips cost the tickets they served (8.2–8.5, domain 10): when, on which ticket, once; sheet 9.3, accounts, year end."""

import datetime as dt
import io
from decimal import Decimal
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Absence
from dispatch.events import fine_entered, trip_returned
from dispatch.flow import TripStage
from dispatch.models import Fine, Trip
from dispatch.services import trips
from finance.logbook import completions
from finance.models import Account, Deduction, Kind, Transfer, TravelCost
from finance.rows import rows_for, totals
from finance.rules import profit
from finance.services import accounts, booking, claims, costing, deducting, months, payroll, year_end
from finance.services.accounts import by_engineer, compute
from finance.services.statements import open_statements
from finance.sheets import books
from repairs.models import Ticket
from tests import build
from tests.finance.repaired import reported
from tests.finance.travelling import (
    DAY,
    HOUR,
    MARCH_2,
    MARCH_5,
    at,
    freight,
    lost,
    meals,
    night,
    ride,
    road,
)

__all__ = ["road"]
pytestmark = [pytest.mark.django_db]
D = dt.date
MARCH, APRIL, MAY = D(2026, 3, 1), D(2026, 4, 1), D(2026, 5, 1)


def costs(**facts):
    rows = TravelCost.objects.filter(**facts).order_by("column", "ticket__number")
    return [(row.column, row.ticket and row.ticket.number, str(row.amount), row.day) for row in rows]


def of(amounts, person):
    return {
        name: str(amount)
        for name, amount in by_engineer(amounts).get(person and person.pk, {}).items()
        if amount
    }


@pytest.fixture
def two(road):
    """Two tickets of two engineers, the lower number first; who asks for the trip stands in for the other."""
    other = build.person("ENG")
    Absence.objects.create(
        user=other, deputy=road.who.eng, begins_at=at(MARCH_2) - 9 * DAY, ends_at=timezone.now() + DAY
    )
    return [road.ticket(), road.ticket(engineer=other)]


# --- kilometres
@pytest.mark.clause("8.4")
def test_137_kilometres_cost_137_yuan_on_the_day_of_the_return(road):
    trip = road.trip(km=137)
    assert costs() == [("kilometres", trip.tickets.get().number, "137.00", MARCH_5)]


@pytest.mark.clause("8.4")
def test_the_kilometres_of_two_tickets_are_shared_the_odd_fen_on_the_lower_number(road, two):
    from policy.services import propose, second

    change = propose("km_yuan", value="1.01", since=MARCH_5, by=road.leader, at=at(MARCH_2), reason="油价")
    second(change, by=build.person("MGR"), at=at(MARCH_2))
    trip = road.trip(km=1, tickets=two)
    one, other = trip.tickets.order_by("number")
    assert costs() == [
        ("kilometres", one.number, "0.51", MARCH_5),
        ("kilometres", other.number, "0.50", MARCH_5),
    ]
    assert set(TravelCost.objects.values_list("engineer", flat=True)) == {t.engineer_id for t in two}


@pytest.mark.clause("3.1")
def test_the_share_of_a_merged_ticket_is_its_survivors(road):
    """It is the same repair: what going there cost stands in the survivor's row of 9.3 and with its engineer."""
    from repairs.services import merge

    gone, kept = road.ticket(), road.ticket(engineer=build.person("ENG"))
    trip = road.gone(km=10, tickets=[gone])
    merge(gone, by=road.who.cs, at=at(MARCH_2, 12), into=kept)
    trips.come_back(trip, by=trip.requester, at=trip.returns_at, odometer=1010)
    assert costs() == [("kilometres", kept.number, "10.00", MARCH_5)]
    assert TravelCost.objects.get().engineer == kept.engineer


@pytest.mark.clause("8.4")
def test_who_rode_the_bus_has_no_kilometres_and_told_twice_they_stand_once(road):
    road.trip()
    assert costs() == []
    trip = road.trip(km=10)
    for _again in range(2):
        trip_returned.send(Trip, trip=trip, at=at(MARCH_5), by=road.manager)
    assert [row[2] for row in costs()] == ["10.00"]


# --- fines
@pytest.mark.clause("8.4")
def test_a_fine_of_200_01_is_100_00_the_drivers_and_100_01_a_cost_of_the_trip(road, two):
    trip = road.trip(km=10, tickets=two)
    fine = road.fine("200.01", trip)
    one, other = trip.tickets.order_by("number")
    assert costs(column="fine") == [
        ("fine", one.number, "50.01", MARCH_2 + DAY),
        ("fine", other.number, "50.00", MARCH_2 + DAY),
    ]
    row = Deduction.objects.get()
    assert (row.kind, row.engineer, row.paper, row.due_on, row.month, str(row.amount), row.stage) == (
        "fine", road.driver, fine.number, MARCH_2 + DAY, MARCH, "100.00", "draft",
    )  # fmt: skip


@pytest.mark.clause("8.4")
def test_a_fine_without_a_trip_is_on_no_ticket(road):
    fine = road.fine("200.01")
    assert costs() == [("fine", None, "100.01", MARCH_2 + DAY)]
    assert Deduction.objects.get().paper == fine.number
    assert of(compute(MARCH), None) == {"fine": "100.01"}


@pytest.mark.clause("8.4")
def test_told_twice_a_fine_is_borne_once(road):
    fine = road.fine("200.01", road.trip(km=10))
    for later in (0, 40):
        fine_entered.send(Fine, fine=fine, at=at(MARCH_5) + later * DAY, by=road.manager)
    assert (Deduction.objects.count(), len(costs(column="fine"))) == (1, 1)


@pytest.mark.clause("8.4")
def test_of_one_fen_the_driver_owes_nothing(road):
    road.fine("0.01")
    assert (Deduction.objects.count(), costs()[0][2]) == (0, "0.01")


@pytest.mark.clause("8.4")
def test_the_drivers_half_stays_within_the_cap_and_rolls_on(road):
    for since in (MARCH,):
        payroll.enter_minimum(since=since, amount=Decimal(2490), by=road.who.fin, at=at(MARCH_2))
    payroll.enter_wage(road.driver, month=MARCH, amount=Decimal(2500), by=road.who.fin, at=at(MARCH_2))
    road.fine("200.00")
    payroll.confirm(road.driver, month=MARCH, by=road.who.fins, at=at(MARCH_5))
    taken = {row.stage: str(row.confirmed or row.amount) for row in Deduction.objects.exclude(stage="rolled")}
    assert taken == {"confirmed": "10.00", "draft": "90.00"}


@pytest.mark.clause("8.4")
def test_a_payroll_month_already_confirmed_takes_no_fine(road):
    payroll.enter_minimum(since=MARCH, amount=Decimal(2490), by=road.who.fin, at=at(MARCH_2))
    payroll.enter_wage(road.driver, month=MARCH, amount=Decimal(6000), by=road.who.fin, at=at(MARCH_2))
    road.fine("100.00")
    payroll.confirm(road.driver, month=MARCH, by=road.who.fins, at=at(MARCH_2, 23))
    road.fine("60.00", when=at(MARCH_5))
    assert Deduction.objects.get(stage="draft").month == APRIL


# --- claims
@pytest.mark.clause("8.2")
def test_a_claim_costs_when_it_is_paid_by_column_and_ticket(road, two):
    trip = road.trip(tickets=two)
    paper = road.decided(trip, meals(), night(MARCH_2, "100.01"), ride("40"), freight("25.01"), lost("20"))
    assert costs() == []
    road.pay(paper, at(APRIL))
    one, other = (ticket.number for ticket in trip.tickets.order_by("number"))
    assert costs() == [
        ("freight", one, "12.51", APRIL), ("freight", other, "12.50", APRIL), ("lodging", one, "50.01", APRIL),
        ("lodging", other, "50.00", APRIL), ("meals", one, "60.00", APRIL), ("meals", other, "60.00", APRIL),
        ("no_receipt", one, "10.00", APRIL), ("no_receipt", other, "10.00", APRIL), ("travel", one, "20.00", APRIL),
        ("travel", other, "20.00", APRIL),
    ]  # fmt: skip


@pytest.mark.clause("8.2")
def test_the_money_goes_from_the_bank_to_the_travel_costs_of_who_claimed(road):
    paper = road.paid(road.trip(), ride("40.50"))
    row = Transfer.objects.get()
    assert (row.key, row.source.kind, row.target.kind, row.target.of, str(row.amount), row.paper, row.why) == (
        f"claim:{paper.number}", "bank", "travel", paper.claimant.username, "40.50", paper.number, "claimed",
    )  # fmt: skip
    assert Account.objects.of_kind(Kind.BANK).balance() == Decimal("-40.50")


@pytest.mark.clause("8.2")
def test_struck_lines_cost_nothing(road):
    paper = road.submitted(road.trip(), ride("40"), ride("60"))
    paper = claims.check(paper, by=road.who.fin, at=paper.made_at, struck={paper.lines.first().pk: "重复"})
    road.pay(paper)
    assert [row[2] for row in costs()] == ["60.00"]


# --- where they appear
@pytest.mark.clause("8.10")
def test_they_enter_the_accounts_by_cash_and_the_profit(road):
    ticket = road.ticket()
    trip = road.trip(km=137, tickets=[ticket])
    road.fine("200.01", trip)
    road.paid(trip, meals(), ride("40"), when=at(D(2026, 4, 9)))
    eng = ticket.engineer
    assert of(compute(MARCH), eng) == {"kilometres": "137.00", "fine": "100.01"}
    assert of(compute(APRIL), eng) == {"meals": "240.00", "travel": "40.00"}  # the driver eats too
    amounts = by_engineer(compute(MARCH, MAY))[eng.pk]
    assert profit(amounts) == Decimal("-517.01")


@pytest.mark.clause("9.3")
def test_they_stand_in_the_row_of_their_ticket_on_sheet_9_3(road, two):
    trip = road.trip(km=137, tickets=two)
    road.paid(trip, ride("40"))
    for ticket in two:
        _complete(ticket, road, at(D(2026, 3, 6)))
        reported(Ticket.objects.get(pk=ticket.pk), at(D(2026, 3, 7)))
    rows = {row.ticket: row for row in rows_for(completions(MARCH), at(APRIL))}
    one, other = trip.tickets.order_by("number")
    shown = {n: (str(r.amounts["kilometres"]), str(r.amounts["travel"])) for n, r in rows.items()}
    assert shown == {one.number: ("68.50", "20.00"), other.number: ("68.50", "20.00")}
    assert totals(rows.values())["kilometres"] == 137


def _complete(ticket, road, moment):
    who = type("Crew", (), {"eng": ticket.engineer, "cs": road.who.cs})
    for number, step in enumerate(
        build.road(ticket, who, "b")[4:6] if ticket.stage == "planned" else build.road(ticket, who, "b")[3:6]
    ):
        step(moment + number * HOUR)


@pytest.mark.clause("9.3")
def test_three_rows_with_trips_ask_no_more_than_one(road):
    found = []
    for count in (1, 3):
        while TravelCost.objects.count() < count:
            ticket = road.ticket()
            road.driver = build.person("GA", grants=("driver",))
            road.trip(km=10, tickets=[ticket])
            _complete(ticket, road, at(D(2026, 3, 6)))
        with CaptureQueriesContext(connection) as asked:
            assert len(rows_for(completions(MARCH), at(APRIL))) == count
        found.append(len(asked))
    assert found[0] == found[1]


# --- closed months
@pytest.mark.clause("8.10")
def test_no_closed_month_changes(road):
    road.paid(road.trip(), ride("40"))
    trip = road.gone(km=50)
    months.close(MARCH, by=road.who.fins, at=at(APRIL))
    before = accounts.of_month(MARCH)
    trip_back = _come_back(trip, at(MARCH_5), now=at(APRIL) + HOUR)
    assert costs(column="kilometres") == [("kilometres", trip_back.tickets.get().number, "50.00", APRIL)]
    assert accounts.of_month(MARCH) == before
    assert of(compute(APRIL), trip.requester) == {"kilometres": "50.00"}


def _come_back(trip, moment, now):
    from dispatch.services import trips

    return trips.come_back(trip, by=trip.requester, at=now, returned_at=moment, odometer=1050)


@pytest.mark.clause("8.10")
def test_the_database_itself_refuses_a_cost_of_a_closed_month_and_every_change(road):
    road.trip(km=50)
    months.close(MARCH, by=road.who.fins, at=at(APRIL))
    with pytest.raises(DatabaseError, match="closed month"), transaction.atomic():
        TravelCost.objects.create(
            key="by hand", day=MARCH_5, column="fine", amount=Decimal(1), paper="x", at=at(APRIL)
        )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TravelCost.objects.update(amount=Decimal(2))


@pytest.mark.clause("8.10")
def test_a_month_that_has_costs_of_trips_only_is_a_month_of_the_books(road):
    road.trip(km=50)
    assert booking.first_day() == MARCH_5
    assert year_end.open_months(2026) == [MARCH, D(2026, 12, 1)]


# --- the trip is settled
@pytest.mark.clause("8.2")
def test_the_trip_is_settled_with_its_last_open_claim_and_open_again_with_a_later_one(road):
    trip = road.trip(km=10)
    first, other = road.checked(trip, ride("40")), road.checked(trip, ride("30"), by=road.driver)
    road.pay(first)
    assert Trip.objects.get().stage == TripStage.RETURNED
    road.pay(other)
    assert Trip.objects.get().stage == TripStage.SETTLED
    late = road.write(Trip.objects.get(), ride("5"))
    assert Trip.objects.get().stage == TripStage.RETURNED
    claims.withdraw(late, by=late.claimant, at=late.made_at)
    assert Trip.objects.get().stage == TripStage.SETTLED


@pytest.mark.clause("8.2")
def test_a_trip_whose_only_claim_ended_without_money_waits(road):
    trip = road.trip()
    road.decided(trip, lost("20"), yes=False)
    assert Trip.objects.get().stage == TripStage.RETURNED


# --- killed half-way
@pytest.mark.clause("8.4")
def test_a_fine_whose_deduction_fails_is_not_entered_and_later_once(road):
    with (
        mock.patch.object(deducting, "write", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
        transaction.atomic(),
    ):
        road.fine("200.01")
    assert (Fine.objects.count(), TravelCost.objects.count(), Deduction.objects.count()) == (0, 0, 0)
    road.fine("200.01")
    assert (Fine.objects.count(), TravelCost.objects.count(), Deduction.objects.count()) == (1, 1, 1)


@pytest.mark.clause("8.2")
def test_a_payment_that_dies_before_its_costs_has_paid_nothing_and_later_once(road):
    paper = road.checked(road.trip(), ride("40"))
    with (
        mock.patch.object(costing, "share", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
        transaction.atomic(),
    ):
        road.pay(paper)
    assert (type(paper).objects.get().stage, Transfer.objects.count()) == ("checked", 0)
    road.pay(paper)
    assert (Transfer.objects.count(), TravelCost.objects.count()) == (1, 1)


# --- workbooks
def numbers(out):
    cells = (
        cell for sheet in load_workbook(io.BytesIO(out.read())) for row in sheet.iter_rows() for cell in row
    )
    return {Decimal(str(cell.value)) for cell in cells if isinstance(cell.value, int | float)}


@pytest.mark.clause("8.10")
def test_they_stand_in_the_workbooks_of_month_and_year(road):
    ticket = road.ticket()
    road.fine("200.01", road.trip(km=137, tickets=[ticket]))
    _complete(ticket, road, at(D(2026, 3, 6)))
    open_statements(at(APRIL))
    for book in (
        books.month(MARCH, by=road.who.fins, at=at(APRIL)),
        books.year(2026, by=road.who.fins, at=at(APRIL)),
    ):
        assert {Decimal(137), Decimal("100.01"), Decimal("-237.01")} <= numbers(book)

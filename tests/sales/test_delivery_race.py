"""Many hand one vehicle over at the same moment (2.1): one record, and the others read in words why not."""

from contextlib import ExitStack
from itertools import count
from unittest import mock

import pytest
from django.db import DatabaseError

from aftersales.problems import Refusal
from sales import delivering, merging, services
from sales.models import Delivery, Vehicle
from tests import build
from tests.fault.debt_race import unprotected
from tests.fault.sign_race import at_once
from tests.repairs.test_at_once import Meeting
from tests.repairs.test_at_once import at_once as each_ended

from . import leads
from .test_sales_race import MANY, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("2.1")]


def handed_over_at_once(monday, protected):
    """(how many handed over, how many of the others were told why not, records of the vehicle)."""
    seller, told = build.person("SALES"), []
    vehicle = build.vehicle(delivered_on=None, at=monday, seller=seller)

    def deliver():
        try:
            build.delivery(seller, monday, vin=vehicle.vin)
        except (Refusal, DatabaseError) as error:
            told.append(isinstance(error, Refusal))
            return False
        return True

    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
            numbers = count(1)
            own = lambda _series, _at: f"JD20260302-{next(numbers):04d}"  # noqa: E731
            stack.enter_context(mock.patch.object(delivering, "next_number", own))
            together(stack, delivering, "_vehicle")
        won = at_once([deliver] * MANY)
    return won, sum(told), Delivery.objects.count()


def test_of_many_hand_overs_at_once_one_is_recorded_and_the_others_read_why(monday):
    assert handed_over_at_once(monday, protected=True) == (1, MANY - 1, 1)


def test_without_turns_and_locks_only_the_database_says_no(monday):
    """Negative control: all have found the vehicle free, and nobody is told anything."""
    won, told, records = handed_over_at_once(monday, protected=False)
    assert (won, records) == (1, 1) and told < MANY - 1


def registered_at_once(monday, protected):
    """(how many registered a vehicle with the same VIN, how many of the others were told why not)."""
    by, model, told = build.person("CS"), build.vehicle(at=monday).model, []

    def register():
        try:
            services.register_vehicle(vin="LFYATONCE0000001", model=model, by=by, at=monday)
        except (Refusal, DatabaseError) as error:
            told.append(getattr(error, "field", ""))
            return False
        return True

    with ExitStack() as stack:
        together(stack, services, "is_registered")
        if not protected:
            stack.enter_context(mock.patch.object(services, "_first", lambda vehicle: vehicle.save()))
        won = at_once([register] * MANY)
    return won, told.count("vin"), Vehicle.objects.filter(vin="LFYATONCE0000001").count()


def test_of_many_who_register_one_vin_at_once_one_does_and_the_others_read_why(monday):
    assert registered_at_once(monday, protected=True) == (1, MANY - 1, 1)


def test_without_the_savepoint_they_read_an_error_of_the_database(monday):
    """Negative control: all have seen that the VIN is free."""
    assert registered_at_once(monday, protected=False) == (1, 0, 1)


@pytest.mark.parametrize("in_one_order", [True, False])
def test_who_withdraws_a_record_while_its_customer_is_merged(monday, monkeypatch, in_one_order):
    """Customer, record, vehicle: both take them in one order. The control takes the record first, and meets the merge."""
    seller, clerk = build.person("SALES"), build.person("CS")
    record = build.delivery(seller, monday)
    kept = leads.customer(monday)
    meeting, hold, rows = Meeting(1 if in_one_order else 20), delivering._held, merging._rows
    if not in_one_order:
        monkeypatch.setattr(delivering, "held", lambda customer: customer)

    def slow(*args):
        row = hold(*args)
        meeting.wait()
        return row

    def vehicles_first(model, *args):
        found = rows(model, *args)
        if model is Vehicle:
            meeting.wait()
        return found

    monkeypatch.setattr(delivering, "_held", slow)
    monkeypatch.setattr(merging, "_rows", vehicles_first)
    said = each_ended(
        lambda: delivering.withdraw(record, reason="错车", by=seller, at=monday),
        lambda: merging.merge(kept, record.customer, by=clerk, at=monday),
    )
    assert said == (["done", "done"] if in_one_order else ["deadlock", "done"])

"""Something is written down about a customer while his row is merged into another (A23): it lies with the one who is kept."""

import threading
from contextlib import ExitStack
from unittest import mock

import pytest
from django.db import DatabaseError

from aftersales.problems import Refusal
from repairs.models import PartsOrder, Ticket
from repairs.services import intake, orders
from sales import imports, merging, rights
from sales.lead_services import matching, registering, selling
from sales.models import ErasureRequest, Lead, Sale, Vehicle
from tests import build
from tests.fault.debt_race import unprotected
from tests.fault.sign_race import at_once

from . import leads, sheets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("4.2")]
#: who writes it, where it asks who the customer is now, how it is written, what it is
ACTS = {
    "erasure": (
        "CS",
        (rights, "held"),
        lambda who, by, at: rights.ask(who, reason="来电", by=by, at=at),
        ErasureRequest,
    ),
    "sale": ("SALES", (selling, "living"), leads.sale, Sale),
    "lead": ("ENG", (registering, "living"), leads.lead, Lead),
    "report": ("CS", (intake, "held"), lambda who, by, at: build.report(at, phone=who.person.phone), Ticket),
    "order": (
        "CS",
        (orders, "held"),
        lambda who, by, at: orders.open_order(by=by, at=at, engineer=build.person("ENG"), customer=who),
        PartsOrder,
    ),
}
#: where the merge has seen what there is to move: what is other departments' it asks for last
SEEN = {"report": (matching, "match_again"), "order": (matching, "match_again")}


def merged_meanwhile(monday, name, protected):
    """Whether what was written down lies with the customer who is kept."""
    role, place, act, model = ACTS[name]
    gone, kept = leads.customer(monday), leads.customer(monday)
    by, clerk = build.person(role), build.person("CS")
    leads.his(by, gone, kept)
    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
            met = threading.Barrier(2)
            for where in (place, SEEN.get(name, (merging, "move_wish"))):
                waits(stack, met, *where)
        done = at_once([
            lambda: tried(lambda: act(gone, by, monday)),
            lambda: tried(lambda: merging.merge(kept, gone, by=clerk, at=monday)),
        ])  # fmt: skip
    assert done == 2
    return model.objects.get().customer == kept


def waits(stack, met, module, name):
    """Both have read before either writes."""
    original = getattr(module, name)

    def read(*args, **kwargs):
        found = original(*args, **kwargs)
        met.wait(20)
        return found

    stack.enter_context(mock.patch.object(module, name, read))


def tried(act):
    try:
        act()
    except (Refusal, DatabaseError):
        return False
    return True


@pytest.mark.parametrize("name", ACTS)
def test_it_lies_with_the_one_who_is_kept(monday, name):
    assert merged_meanwhile(monday, name, protected=True)


@pytest.mark.parametrize("name", ACTS)
def test_without_the_customers_lock_it_stays_with_nobody(monday, name):
    """Negative control: the one saw him before, the other moved what there was."""
    assert not merged_meanwhile(monday, name, protected=False)


def imported_meanwhile(monday, protected):
    """Whether a vehicle that a workbook brings lies with a customer who is merged into another."""
    gone, kept, model = leads.customer(monday), leads.customer(monday), build.vehicle(at=monday).model
    by, clerk = build.person("CS"), build.person("CS")
    row = ["LFYRACE0000000001", model.code, *[""] * 4, gone.number, "", ""]
    found = imports.read_vehicles(sheets.vehicles(row), monday)
    assert found.faults == []
    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
            met = threading.Barrier(2)
            for where in ((imports.vehicles, "hold_customers"), (merging, "move_wish")):
                waits(stack, met, *where)
        at_once([
            lambda: tried(lambda: imports.save_vehicles(found, by=by, at=monday)),
            lambda: tried(lambda: merging.merge(kept, gone, by=clerk, at=monday)),
        ])  # fmt: skip
    return Vehicle.objects.filter(customer=gone).exists()


@pytest.mark.usefixtures("english")
def test_a_workbook_gives_no_vehicle_to_whom_a_merge_takes_away(monday):
    assert not imported_meanwhile(monday, protected=True)


@pytest.mark.usefixtures("english")
def test_without_the_lock_the_vehicle_stays_with_nobody(monday):
    """Negative control."""
    assert imported_meanwhile(monday, protected=False)

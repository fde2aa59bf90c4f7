"""Two sales of one customer at the same moment, one fee paid by many at once (4.2): a lead leads to one sale, a fee is booked once."""

import itertools
import threading
from contextlib import ExitStack
from unittest import mock

import pytest
from django.db import DatabaseError

from aftersales.problems import Refusal, Stale
from finance.models import Account, Deduction, Fee, Kind, Transfer
from finance.services import fees
from sales import imports
from sales import lead_services as services
from sales.imports import customers as module
from sales.lead_services import selling
from sales.models import Customer, Sale
from tests import build
from tests.fault.debt_race import unprotected
from tests.fault.sign_race import at_once
from tests.finance.travelling import HOUR

from . import leads
from .sheets import customers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("4.2")]
MANY = 4


def sold_at_once(monday, protected):
    """(how many sales were written down, how many of them use the lead up)."""
    eng, sellers = build.person("ENG"), [build.person("SALES") for _each in range(MANY)]
    who = leads.customer(monday)
    leads.lead(who, eng, monday)
    for seller in sellers:
        build.vehicle(customer=who, seller=seller, at=monday)

    def sell(seller):
        try:
            leads.sale(who, seller, monday + HOUR)
        except (Refusal, DatabaseError):
            return False
        return True

    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
            together(stack, selling, "first_lead")
        won = at_once([lambda one=one: sell(one) for one in sellers])
    return won, Sale.objects.exclude(lead=None).count()


def together(stack, module, name):
    """All have read before the first one goes on."""
    met, original = threading.Barrier(MANY), getattr(module, name)

    def read(*args, **kwargs):
        found = original(*args, **kwargs)
        met.wait(20)
        return found

    stack.enter_context(mock.patch.object(module, name, read))


def test_of_many_sales_at_once_one_uses_the_lead_up(monday):
    assert sold_at_once(monday, protected=True) == (MANY, 1)


def test_without_the_customers_lock_all_find_the_lead_and_only_the_database_says_no(monday):
    """Negative control: the lock is what lets the others be written down without a lead."""
    won, used = sold_at_once(monday, protected=False)
    assert won < MANY and used == 1


def paid_at_once(monday, protected):
    """(how many believe that they paid, rows of the ledger, drafts of deductions)."""
    eng, seller, head = build.person("ENG"), build.person("SALES"), build.person("SALES", head=True)
    who = leads.customer(monday)
    leads.lead(who, eng, monday)
    services.confirm(leads.sale(who, seller, monday + HOUR), by=head, at=monday + HOUR)
    fee, payers = Fee.objects.get(), [build.person("FIN") for _each in range(MANY)]
    for kind, of in ((Kind.FEE, eng.username), (Kind.SELLER, seller.username)):
        Account.objects.of_kind(kind, of)

    def pay(payer):
        try:
            fees.pay(fee, by=payer, at=monday + 2 * HOUR)
        except (Refusal, DatabaseError):
            return False
        return True

    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
            together(stack, fees, "locked")
            stack.enter_context(
                mock.patch.object(fees.deducting, "of_paper", return_value=mock.Mock(month=monday))
            )
        won = at_once([lambda one=one: pay(one) for one in payers])
    return won, Transfer.objects.count(), Deduction.objects.count()


def test_of_many_who_pay_one_fee_at_once_one_does(monday):
    assert paid_at_once(monday, protected=True) == (1, 1, 1)


def test_without_the_locks_and_keys_it_is_paid_many_times(monday):
    """Negative control; the draft's own key, which would stop it as well, is left out."""
    won, rows, _drafts = paid_at_once(monday, protected=False)
    assert won > 1 and rows > 1


def imported_at_once(monday, protected):
    """(how many kept the same workbook, customers that came of its two rows)."""
    rows = [["", name, f"1380000{n}", *[""] * 6] for n, name in enumerate("甲乙", 1111)]
    people, told = [build.person("CS") for _each in range(MANY)], []
    found = [imports.read_customers(customers(*rows), monday) for _each in range(MANY)]

    def keep(one, by):
        try:
            imports.save_customers(one, by=by, at=monday)
        except (Refusal, DatabaseError) as error:
            told.append(error)
            return False
        return True

    with ExitStack() as stack:
        if not protected:
            numbers = itertools.count(1)
            own = lambda _series, _at, count: [f"GK-{next(numbers)}" for _each in range(count)]  # noqa: E731
            stack.enter_context(mock.patch.object(module, "next_numbers", own))
            together(stack, module, "_still_new")
        won = at_once([lambda one=one, by=by: keep(one, by) for one, by in zip(found, people, strict=True)])
    assert all(isinstance(error, Stale) for error in told)
    return won, Customer.objects.count()


@pytest.mark.usefixtures("english")
def test_of_many_who_keep_one_workbook_at_once_one_does(monday):
    assert imported_at_once(monday, protected=True) == (1, 2)


@pytest.mark.usefixtures("english")
def test_without_the_turns_of_the_number_every_customer_is_doubled(monday):
    """Negative control: all have seen that nobody is known yet."""
    assert imported_at_once(monday, protected=False) == (MANY, 2 * MANY)


def one_vehicle_sold_at_once(monday, protected):
    """(how many sold it, each to a customer of his own, how many of the others were told why not)."""
    car, told = build.vehicle(at=monday), []
    pairs = [(leads.customer(monday), build.person("SALES")) for _each in range(MANY)]

    def sell(who, seller):
        try:
            leads.sale(who, seller, monday, vehicles=[car])
        except (Refusal, DatabaseError) as error:
            told.append(getattr(error, "field", ""))
            return False
        return True

    with ExitStack() as stack:
        if not protected:
            unprotected(stack)
            together(stack, selling, "_unsold")
        won = at_once([lambda pair=pair: sell(*pair) for pair in pairs])
    return won, told.count("vehicles")


def test_of_many_who_sell_one_vehicle_at_once_one_does(monday):
    assert one_vehicle_sold_at_once(monday, protected=True) == (1, MANY - 1)


def test_without_the_vehicles_lock_it_is_sold_many_times(monday):
    """Negative control: all have seen that it stands in no sale."""
    assert one_vehicle_sold_at_once(monday, protected=False) == (MANY, 0)

"""Wages and what is deducted from them (4.11, 8.8): entered at the beginning of each month, confirmed within the cap."""

import datetime as dt
from decimal import Decimal

from aftersales.limits import first_of, following, local_day, moment_of
from finance.services import payroll

from .moments import hours
from .paying import CLERK
from .story import Cast, Story

WAGES = {"engineer": 8800, "engineer2": 7600, "engineer3": 6800, "engineer4": 6200, "engineer5": 5400}
#: who drives, as half of a fine is deducted from it (8.4), and who is held responsible for a case (8.9)
OTHERS = {"dispatch2": Decimal("6100.00"), "dispatch3": Decimal("5900.00"), "warehouse2": Decimal("5700.00")}
#: who sells: an information fee may be deducted from it (4.2)
SELLERS = {"sales": Decimal("7300.00"), "sales2": Decimal("5600.00")}
MINIMUM, RAISED = Decimal("2490.00"), Decimal("2660.00")  # the second from the first January on


def wages(cast: Cast, begin: dt.datetime) -> Story:
    """On the second the wages, on the fourth the drafts of whoever has some: never by who recorded a payment (SD07)."""
    first = month = first_of(local_day(begin))
    at = yield begin + hours(1)
    payroll.enter_minimum(since=first, amount=MINIMUM, by=cast.people[CLERK], at=at)
    while True:
        at = yield max(moment_of(month, dt.time(10)) + hours(24), begin + hours(2))
        clerk = cast.people[CLERK]
        if month.month == 1 and month > first:
            payroll.enter_minimum(since=month, amount=RAISED, by=clerk, at=at)
        for name, wage in WAGES.items():
            amount = Decimal(wage + cast.rng.choice([0, 0, 0, 120, 260, -150]))
            payroll.enter_wage(cast.people[name], month=month, amount=amount, by=clerk, at=at)
        for name, amount in (OTHERS | SELLERS).items():
            payroll.enter_wage(cast.people[name], month=month, amount=amount, by=clerk, at=at)
        at = yield max(moment_of(month, dt.time(15)) + hours(72), at + hours(1))
        for name in WAGES:
            if first_of(local_day(at)) == month and payroll.waiting(cast.people[name], month):
                signer = cast.people[cast.rng.choice(["finance", "finance2"])]
                payroll.confirm(cast.people[name], month=month, by=signer, at=at)
        for name in (*OTHERS, *SELLERS):
            if first_of(local_day(at)) == month and payroll.waiting(cast.people[name], month):
                payroll.confirm(cast.people[name], month=month, by=cast.people["finance2"], at=at)
        month = following(month)

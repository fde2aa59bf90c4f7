"""What paper held when the portal began (J83): a few old debts of customers, taken over with their true days."""

import datetime as dt
from decimal import Decimal

from aftersales.limits import DAY, local_day
from finance.services import opening

from .moments import by_day, hours
from .paying import CLERK, chase, days, pay
from .story import Cast, Story

#: amount, engineer, due so many days before the portal began
OLD = [("1260.00", "engineer2", 70), ("315.00", "engineer", 12), ("450.00", "engineer4", 5)]


def old_debts(cast: Cast, begin: dt.datetime) -> Story:
    """The first was over its fortieth day already: it is deducted, and repaid when the customer pays after all."""
    at = yield by_day(begin + hours(6))
    today = local_day(at)
    units = [customer for customer in cast.customers if customer.kind == "company"]
    rows = [
        {
            "key": f"{number:03d}", "customer": customer, "engineer": cast.people[engineer], "amount": Decimal(amount),
            "arose_on": today - (due + 20) * DAY, "due_on": today - due * DAY, "note": f"手工账 第{number + 11}号",
        }
        for number, (customer, (amount, engineer, due)) in enumerate(zip(cast.rng.sample(units, len(OLD)), OLD, strict=True), 1)
    ]  # fmt: skip
    borne, slow, good = opening.take_over(rows, source="旧账余额表", by=cast.people[CLERK], at=at)
    at = yield by_day(at + days(3))
    pay(cast, good, at, method="bank")
    chase(cast, slow, at, 14)
    at = yield by_day(at + days(16))
    pay(cast, slow, at)
    at = yield by_day(at + days(70))
    chase(cast, borne, at)
    at = yield by_day(at + days(30))
    pay(cast, borne, at, method="bank")

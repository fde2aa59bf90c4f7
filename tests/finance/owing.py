"""Debts for the tests of day 40: an unpaid release of so much, due on a day, for whom an engineer answers."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from finance.models import Account, Kind, Receivable
from finance.selectors import account_of
from finance.services import ledger, owing, payroll, receipts
from finance.services.reasons import Why

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(year: int, month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=SHANGHAI)


def debt(
    people: Any,
    amount: str,
    due_on: dt.date,
    *,
    customer: Any = None,
    name: str = "",
    taken: dt.datetime | None = None,
) -> Receivable:
    """As the opening import writes it: the ledger's row, the true day, the clock."""
    count = Receivable.objects.count()
    row = Receivable.objects.create(
        key=name or f"old:{count}", kind=Receivable.Kind.PARTS, customer=customer, engineer=people.eng,
        amount=Decimal(amount), arose_on=due_on, due_on=due_on, made_at=at(due_on.year, due_on.month, due_on.day), note=f"旧账{count}",
    )  # fmt: skip
    ledger.post(
        f"opening:{row.key}", source=Account.objects.of_kind(Kind.OPENING), target=account_of(row), amount=row.amount,
        day=due_on, paper="", why=Why.OPENING, by=people.fin,
        at=taken or row.made_at,
    )  # fmt: skip
    owing.arose(row)
    return row


def wage(people: Any, month: dt.date, amount: str = "6000.00", minimum: str = "2490.00") -> None:
    when = at(month.year, month.month, 1)
    payroll.enter_wage(people.eng, month=month, amount=Decimal(amount), by=people.fin, at=when)
    payroll.enter_minimum(since=month, amount=Decimal(minimum), by=people.fin, at=when)


def paid(
    people: Any,
    customer: Any,
    amount: str,
    when: dt.datetime,
    entered: dt.datetime | None = None,
    **facts: Any,
) -> Any:
    return receipts.record(
        customer=customer, amount=Decimal(amount), arrived_at=when, method="bank", by=facts.pop("by", people.fin),
        at=entered or when, **facts,
    )  # fmt: skip

"""Debts, wages and drafts of today's months, made by the real services; pages are opened now."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from aftersales.limits import first_of, local_day, moment_of
from finance.models import Account, Deduction, Kind, Receivable
from finance.selectors import account_of
from finance.services import deducting, ledger, owing, payroll, reconciling
from finance.services.booking import before
from finance.services.reasons import Why
from tests import build

DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return local_day(timezone.now())


def this_month() -> dt.date:
    return first_of(today())


def last_month() -> dt.date:
    return before(this_month())


def overdue_day() -> dt.date:
    """A due day whose 40th day was the last of the month before this: its payroll month is this one."""
    return this_month() - 41 * DAY


def debt(
    engineer: Any, amount: str = "300.00", *, due_on: dt.date | None = None, customer: Any = None
) -> Receivable:
    """A customer's debt for which this engineer answers, taken over from paper, due long ago."""
    due = due_on or overdue_day()
    made = moment_of(due)
    row = Receivable.objects.create(
        key=f"opening:{Receivable.objects.count()}", kind="parts", customer=customer or build.customer(made),
        engineer=engineer, amount=Decimal(amount), arose_on=due, due_on=due, made_at=made, note=f"旧单{Receivable.objects.count()}",
    )  # fmt: skip
    ledger.post(
        row.key, source=Account.objects.of_kind(Kind.OPENING), target=account_of(row), amount=row.amount, day=due,
        paper=row.note, why=Why.OPENING, by=None, at=made,
    )  # fmt: skip
    owing.arose(row)
    return row


def draft(engineer: Any, amount: str = "300.00", **facts: Any) -> Deduction:
    """The nightly draft of such a debt, for this payroll month."""
    row = debt(engineer, amount, **facts)
    deducting.draft_due(timezone.now())
    return Deduction.objects.get(receivable=row)


def wages(person: Any, amount: str = "8000.00", *, by: Any, minimum: str = "2490.00") -> None:
    """Wage of this month and the minimum wage, so that something can be confirmed."""
    at = timezone.now()
    payroll.enter_minimum(since=this_month(), amount=Decimal(minimum), by=by, at=at)
    payroll.enter_wage(person, month=this_month(), amount=Decimal(amount), by=by, at=at)


def confirmed(engineer: Any, people: Any, amount: str = "300.00") -> Deduction:
    """A deduction that was confirmed in this month."""
    row = draft(engineer, amount)
    wages(engineer, by=people.fin)
    payroll.confirm(engineer, month=this_month(), by=people.fins, at=timezone.now())
    return Deduction.objects.get(pk=row.pk)


def paid(row: Deduction, amount: str, *, by: Any) -> Any:
    """The customer pays now."""
    from finance.services import receipts

    at = timezone.now()
    assert row.receivable
    return receipts.record(
        customer=row.receivable.customer, amount=Decimal(amount), arrived_at=at, method="bank", by=by, at=at
    )


def reconciliation(engineer: Any, month: dt.date | None = None) -> Any:
    """The engineer's reconciliation of last month, with those before it; a debt of his must have arisen."""
    reconciling.open_all(timezone.now())
    return engineer.reconciliations.get(month=month or last_month())


def locked(paper: Any, *, by: Any) -> Any:
    """Signed by both, with whatever is open before it."""
    at = timezone.now()
    for row in paper.engineer.reconciliations.filter(month__lte=paper.month).order_by("month"):
        if row.stage != "locked":
            reconciling.sign_engineer(row, by=row.engineer, at=at)
            reconciling.sign_finance(row, by=by, at=at)
    return type(paper).objects.get(pk=paper.pk)

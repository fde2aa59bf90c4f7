"""400 days with a job that is down at random, runs twice or late (4.11, 8.8): each debt one draft per due month, same books."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from finance.models import Deduction, Payroll, Receivable, Refund
from finance.services import deducting, months, owing, payroll, reconciling
from finance.wages import payroll_month
from tests.finance.owing import at, debt, paid, wage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.8")]
FIRST = dt.date(2025, 10, 1)


@pytest.fixture
def customer(people):
    from sales.services import open_customer, write_down

    return open_customer(write_down(name="泰州物流", phone="+8613912345678"), at=at(2025, 1, 1))


@pytest.mark.parametrize("seed", range(3))
def test_each_debt_has_one_draft_per_due_month_and_the_books_agree(people, customer, seed):
    dice = random.Random(seed)
    for number in range(400):
        day = FIRST + dt.timedelta(days=number)
        when = at(day.year, day.month, day.day, dice.randint(0, 22))
        if dice.random() < 0.05:
            debt(people, f"{dice.randint(1, 90000) / 100:.2f}", day, customer=customer)
        if dice.random() < 0.03:
            paid(people, customer, f"{dice.randint(1, 60000) / 100:.2f}", when)
        if dice.random() < 0.4:  # the scheduler is down on most days
            for _run in range(dice.choice([1, 1, 2])):
                deducting.draft_due(when)
                reconciling.open_all(when)
        if day.day == 3 and dice.random() < 0.8:
            wage(people, day.replace(day=1), dice.choice(["2600.00", "6000.00"]))
            payroll.confirm(people.eng, month=day, by=people.fins, at=when)
    judge(people)


def judge(people):
    once = Deduction.objects.values("receivable", "month").annotate(n=Count("pk")).filter(n__gt=1)
    assert not once.exists()
    for row in Deduction.objects.select_related("receivable"):
        assert row.month >= payroll_month(row.receivable.due_on, 40)
    for roll in Payroll.objects.all():
        taken = Deduction.objects.filter(month=roll.month).aggregate(total=Sum("confirmed"))["total"] or 0
        assert taken == roll.total <= roll.cap
    for debt_row in Receivable.objects.all():
        refunded = (
            Refund.objects.filter(deduction__receivable=debt_row).aggregate(total=Sum("amount"))["total"] or 0
        )
        deducted = debt_row.deductions.aggregate(total=Sum("confirmed"))["total"] or 0
        assert Decimal(0) <= refunded <= deducted <= debt_row.amount
        assert Decimal(0) <= owing.left(debt_row) <= debt_row.amount
    assert Deduction.objects.exclude(confirmed=None).exists()
    assert Refund.objects.exists()
    assert months.prove(at(2026, 12, 1)) == []

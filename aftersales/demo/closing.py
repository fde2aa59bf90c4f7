"""Months end (4.9, 4.11, 8.10): sheets 9.3, reconciliations, closed books and the year end. The last month is half done."""

import datetime as dt
from decimal import Decimal

from accounts.models import User
from aftersales.limits import first_of, following, local_day, moment_of
from finance.models import Reconciliation, Statement, Transfer, YearEnd
from finance.services import months, reconciling, statements, year_end
from finance.services.booking import before, is_closed, months_between

from .moments import by_day, hours
from .paydays import WAGES
from .paying import CLERK, days
from .story import Cast, Story

#: how far each engineer's last month has come: of confirming the sheet, his signature, finance's signature, the check
LAST = (4, 3, 2, 1, 0)
TWELFTH = dt.timedelta(days=11, hours=16)


def sheets(cast: Cast, begin: dt.datetime) -> Story:
    """On the first of every month each engineer has a sheet and a reconciliation of the month that has ended."""
    month = first_of(local_day(begin))
    last = before(first_of(local_day(cast.now)))
    while True:
        at = yield moment_of(following(month), dt.time(6))
        for place, name in enumerate(WAGES):
            acts = LAST[place] if month == last else 4
            is_late = place == month.month % len(WAGES)
            cast.after.append(
                signed(cast, cast.people[name], month, acts, by_day(at + days(5 if is_late else 0)))
            )
        month = following(month)


def signed(cast: Cast, engineer: User, month: dt.date, acts: int, at: dt.datetime) -> Story:
    """One engineer's month: he confirms the sheet and signs, finance signs and checks; one in five confirms after the fifth."""
    rng = cast.rng
    sheet = Statement.objects.filter(engineer=engineer, month=month)
    paper = Reconciliation.objects.filter(engineer=engineer, month=month)
    at = yield by_day(at + hours(rng.uniform(3, 50)))
    for row in sheet if acts > 0 else []:
        statements.confirm(row, by=engineer, at=at)
    at = yield by_day(at + hours(rng.uniform(0.1, 1)))
    for mine in paper if acts > 1 else []:
        reconciling.sign_engineer(mine, by=engineer, at=at)
    at = yield by_day(at + hours(rng.uniform(1, 20)))
    for ours in paper if acts not in (0, 2) else []:  # of one engineer finance has signed first
        reconciling.sign_finance(ours, by=cast.people[CLERK], at=at)
    at = yield by_day(at + hours(rng.uniform(2, 40)))
    for row in sheet if acts > 3 else []:
        if engineer.username == "engineer3" and month.month % 4 == 0:
            statements.adjust(
                row,
                column="freight",
                amount=Decimal("18.00"),
                reason="补记旧件寄回到付运费",
                by=cast.people["finance2"],
                at=at,
            )
        statements.approve(row, by=cast.people[CLERK], at=at)


def closings(cast: Cast, begin: dt.datetime) -> Story:
    """The books of a month are closed on the twelfth of the second month after it, those of paper's months with the first."""
    month = first_of(local_day(begin))
    while True:
        at = yield moment_of(following(following(month))) + TWELFTH
        oldest = Transfer.objects.order_by("day").values_list("day", flat=True).first() or month
        for each in months_between(min(oldest, month), following(month)):
            if not is_closed(each):
                months.close(each, by=cast.people["finance"], at=at)
        month = following(month)


def year_ends(cast: Cast, begin: dt.datetime) -> Story:
    """Every year that ends within the story: prepared by finance once December is closed, approved by a leader (SD13)."""
    year = local_day(begin).year
    while True:
        at = yield moment_of(dt.date(year + 1, 2, 20), dt.time(10))
        paper: YearEnd = year_end.prepare(year, by=cast.people["finance2"], at=at)
        at = yield by_day(at + days(3))
        year_end.approve(paper, by=cast.people["leader"], at=at)
        year += 1

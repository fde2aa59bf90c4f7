"""A closed month takes no rows (domain 5; C20, C21): the database refuses them, corrections fall into the first open one."""

import contextlib
import datetime as dt
import subprocess
import sys
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from finance import closing
from finance.models import Account, ClosedMonth, Kind, Transfer
from finance.services import booking, ledger, months, reconciling, year_end
from tests import build
from tests.databases import ROOT, environment_of
from tests.finance.owing import at, debt

pytestmark = [pytest.mark.clause("8.10")]
D = dt.date


def move(day, key="x", when=None):
    return ledger.post(
        key, source=Account.objects.of_kind(Kind.OPENING), target=Account.objects.of_kind(Kind.BANK),
        amount=Decimal("1.00"), day=day, paper="SK", why="receipt", by=None, at=when or at(2026, 12, 1),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_row_of_a_closed_month_is_booked_in_the_first_open_one(people):
    move(D(2026, 9, 3))
    for month in (9, 10):
        months.close(D(2026, month, 1), by=people.fins, at=at(2026, 12, 1))
    assert move(D(2026, 9, 30), "late").day == D(2026, 11, 1)
    assert move(D(2026, 11, 7), "now").day == D(2026, 11, 7)
    assert move(D(2026, 9, 30), "late").day == D(2026, 11, 1)  # again: the same row


@pytest.mark.django_db
def test_the_database_itself_refuses_it(people):
    move(D(2026, 9, 3))
    months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 12, 1))
    facts = {"source": Account.objects.of_kind(Kind.OPENING), "target": Account.objects.of_kind(Kind.BANK)}
    with pytest.raises(DatabaseError, match="closed month"), transaction.atomic():
        Transfer.objects.create(
            key="by hand", amount=Decimal(1), day=D(2026, 9, 9), at=at(2026, 12, 1), **facts
        )
    assert closing.is_installed()


@pytest.mark.django_db
def test_months_close_in_order_once_and_only_when_over(people):
    move(D(2026, 9, 3))
    with pytest.raises(OutOfTurn, match="First 2026-09"):
        months.close(D(2026, 10, 1), by=people.fins, at=at(2026, 12, 1))
    with pytest.raises(OutOfTurn, match="not over"):
        months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 9, 30, 23))
    with pytest.raises(Denied):
        months.close(D(2026, 9, 1), by=people.fin, at=at(2026, 12, 1))
    months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 10, 1, 0))
    with pytest.raises(OutOfTurn, match="already closed"):
        months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 12, 1))


@pytest.mark.django_db
def test_a_debt_taken_over_from_paper_opens_no_month(people):
    """Its day is its true one, years before the portal; the first month to close is the portal's first."""
    debt(people, "10.00", D(2019, 3, 5), taken=at(2026, 9, 2))
    assert booking.first_day() == D(2026, 9, 2)
    move(D(2026, 9, 1))
    assert booking.first_day() == D(2026, 9, 1)
    months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 12, 1), reason="未签")
    assert year_end.open_months(2019) == [D(2019, 12, 1)]
    assert year_end.open_months(2026) == [D(2026, 12, 1)]


@pytest.mark.django_db
def test_while_somebody_has_not_reconciled_a_reason_is_asked(people):
    debt(people, "10.00", D(2026, 9, 5))
    reconciling.open_all(at(2026, 10, 1))
    with pytest.raises(BadEntry, match="Not everybody"):
        months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 10, 9))
    assert months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 10, 9), reason="出差在外").reason


@pytest.mark.django_db
def test_two_leaders_open_the_last_closed_month_again(people):
    move(D(2026, 9, 3))
    closed = [months.close(D(2026, month, 1), by=people.fins, at=at(2026, 12, 1)) for month in (9, 10)]
    with pytest.raises(OutOfTurn, match="later month"):
        months.propose_reopening(closed[0], by=people.mgr, at=at(2026, 12, 2), reason="漏记")
    row = months.propose_reopening(closed[1], by=people.mgr, at=at(2026, 12, 2), reason="漏记")
    with pytest.raises(Denied, match="two persons"):
        months.second_reopening(row, by=people.mgr, at=at(2026, 12, 2))
    months.second_reopening(row, by=build.person("MGR"), at=at(2026, 12, 2))
    assert move(D(2026, 10, 5), "again").day == D(2026, 10, 5)
    assert [c.reopened_at is None for c in ClosedMonth.objects.order_by("month")] == [True, False]


SQLITE = """
import datetime as dt, json
from decimal import Decimal
import django; django.setup()
from django.db import DatabaseError, connection
from accounts.models import User
from finance.models import Account, ClosedMonth, Kind, Transfer
who = User.objects.create(username="a", name="a")
ClosedMonth.objects.create(month=dt.date(2026, 9, 1), closed_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC), closed_by=who)
facts = dict(source=Account.objects.of_kind(Kind.OPENING), target=Account.objects.of_kind(Kind.BANK), amount=Decimal(1), at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
def tried(day, key):
    try:
        Transfer.objects.create(key=key, day=day, **facts)
    except DatabaseError as error:
        return "closed month" in str(error)
    return False
said = [tried(dt.date(2026, 9, 30), "a"), tried(dt.date(2026, 10, 1), "b")]
connection.cursor().execute("DROP TRIGGER finance_transfer_open_month")
print(json.dumps([*said, tried(dt.date(2026, 9, 30), "c")]))
"""


def test_on_sqlite_too_and_without_the_trigger_it_would_be_written(tmp_path):
    here = environment_of("sqlite", tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", SQLITE], cwd=ROOT, env=here, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[true, false, false]"


# --- who closes waits for who books
def raced(people, day, seconds=1.5) -> int:
    """A row is booked but not committed while the month is closed, at most so long; answers how many rows lie in the closed
    month that it did not sum up."""
    booked, closed = threading.Event(), threading.Event()

    def book() -> None:
        try:
            with transaction.atomic():
                move(day, "open")
                booked.set()
                closed.wait(seconds)
        finally:
            connection.close()

    thread = threading.Thread(target=book)
    thread.start()
    assert booked.wait(60)
    with contextlib.suppress(OutOfTurn):  # a month before it has a row now: that one is closed first
        months.close(D(2026, 9, 1), by=people.fins, at=at(2026, 12, 1))
    seen = Transfer.objects.filter(key="open").count()  # what the closing summed up
    closed.set()
    thread.join()
    return Transfer.objects.filter(key="open", day__lt=D(2026, 10, 1)).count() - seen


#: of the month that is being closed, and of one before it
DAYS = [D(2026, 9, 20), D(2026, 7, 20)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("day", DAYS)
def test_nothing_slips_into_a_month_while_it_is_closed(people, day):
    move(D(2026, 9, 3))
    assert people.fins
    assert raced(people, day) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("day", DAYS)
def test_without_waiting_something_would_slip_in(people, day, monkeypatch):
    """Negative control."""
    move(D(2026, 9, 3))
    assert people.fins
    monkeypatch.setattr(booking, "hold", lambda month: None)
    assert raced(people, day, seconds=60) == 1

"""P19: closing a month of 5,000 tickets and opening 200 reconciliations, with ten years of books behind it, beside two months."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import Posting, User
from aftersales.charter import Department
from finance.models import Account, Kind, Receivable, Reconciliation, Transfer
from finance.services import months, reconciling
from finance.services.reasons import Why

from . import databases
from .people import LONG_AGO, Company, signer
from .report import Table
from .seed import bare, settle
from .tables import insert_select
from .turns import Work, in_turn

CLERK, FIRST, HEADS = 9_200, 9_300, 200
A_MONTH, BEHIND = 5_000, {"large": 120, "small": 2}
LAST = dt.date(2025, 11, 1)  # the month that is closed
NOW = dt.datetime(2025, 12, 5, 2, tzinfo=dt.UTC)


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    clerks = {}
    for name, behind in BEHIND.items():
        with databases.using(name):
            clerks[name] = signer(CLERK, "closer")
            team()
            books(behind)
    for what, work, limit in (("month close", closing, 1.1), ("200 reconciliations", opening, 1.1)):
        compared(table, what, lambda name, work=work: work(clerks[name]), limit)


def team() -> None:
    """Two hundred engineers; those of the small company are among them."""
    names = [User(pk=FIRST + n, username=f"worker{n}", name=f"WORKER{n}", password="!") for n in range(HEADS)]
    User.objects.bulk_create(names)
    Posting.objects.bulk_create(
        Posting(user=user, department=Department.ENGINEERS, since=LONG_AGO) for user in names
    )


def books(behind: int) -> None:
    """So many months of debts of labour, each arisen and paid in its month; all but the last are closed."""
    databases.execute("SET session_replication_role = replica")
    count = A_MONTH * (behind + 1)
    source = f"generate_series(0, {count - 1}) i"
    day = f"(date '{LAST}' - make_interval(months => {behind} - (i / {A_MONTH})::int) + (i % 27) * interval '1 day')::date"
    debt, customer, labour = "5000000 + i", "4000001", "4000002"
    with bare(Account, Transfer, Receivable):
        execute = databases.execute
        execute(insert_select(Account, source, id=debt, kind=f"'{Kind.RECEIVABLE}'", of="'B:' || i"))
        for pk, kind in ((customer, Kind.CUSTOMER), (labour, Kind.LABOUR)):
            execute(insert_select(Account, "(SELECT 1) one", id=pk, kind=f"'{kind}'", of="'bench'"))
        execute(insert_select(
            Receivable, source, id=debt, key="'B:' || i", kind="'labour'", ticket_id="1 + i % 900", customer_id="1 + i % 90",
            engineer_id=f"{FIRST} + i % {HEADS}", amount="10000 + i % 977", arose_on=day, due_on=day, made_at=day,
        ))  # fmt: skip
        for key, frm, to, why in (("L", labour, debt, Why.LABOUR), ("P", debt, customer, Why.PAID)):
            execute(insert_select(
                Transfer, source, key=f"'{key}:' || i", source_id=frm, target_id=to, amount="10000 + i % 977", day=day,
                paper="'BENCH'", why=f"'{why}'", by_id=str(CLERK),
            ))  # fmt: skip
    _closed(behind)
    settle()


def _closed(behind: int) -> None:
    databases.execute(
        "INSERT INTO finance_closedmonth (month, closed_at, closed_by_id, reason) SELECT "
        f"(date '{LAST}' - make_interval(months => n))::date, now(), {CLERK}, '' FROM generate_series(1, {behind}) n"
    )

    databases.execute(insert_select(
        Reconciliation, f"generate_series(0, {HEADS - 1}) n", number="'DZ-' || n", engineer_id=f"{FIRST} + n",
        month=f"(date '{LAST}' - interval '1 month')::date", stage="'locked'",
    ))  # fmt: skip


def closing(user: User) -> Any:
    """Close the month, and take it back, so that it can be measured again."""
    with transaction.atomic():
        found = months.close(LAST, by=user, at=NOW, reason="bench")
        transaction.set_rollback(True)
    return found


def opening(_user: User) -> int:
    """The papers of the month for everybody; the month before is there already, as it is every month."""
    with transaction.atomic():
        made = reconciling.open_all(NOW)
        transaction.set_rollback(True)
    return made


def compared(table: Table, what: str, work: Any, limit: float) -> None:
    large: Work = lambda: work("large")  # noqa: E731  # two of one shape
    small: Work = lambda: work("small")  # noqa: E731
    found = in_turn(
        large, small, each=1, rounds=3, before_candidate=lambda: databases.use("large"),
        before_limit=lambda: databases.use("small"),
    )  # fmt: skip
    table.add("P19", f"{what}, ten years behind : two months, p50", found.p50, limit, beside=found.beside)
    for name, act in (("small", small), ("large", large)):
        databases.use(name)
        table.add("P19", f"{what}, statements, {name}", len(databases.statements(act)), None, "SQL")
        if blocks := databases.touched(act, 2):
            table.add("P19", f"{what}, blocks, {name}", blocks[0], None, "blocks")

"""P9 and P10: the sweep with nothing due, with 1,000 and 10,000 clocks due, and two at once."""

import multiprocessing
import time
from collections import Counter
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from deadlines.models import Deadline, DeadlineEvent
from deadlines.services import sweep
from notices.models import Notification
from repairs.models import Ticket

from . import databases, raw
from .people import ENGINEERS, Company
from .report import Table
from .tables import insert_select
from .turns import in_turn, timed

DUE = "cycle = 'due'"


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    nothing_due(table, deadlines)
    plant(10_000, tickets)
    some_due(table)
    two_at_once(table)


def nothing_due(table: Table, deadlines: int) -> None:
    for name, many in {"small": 10_000, "large": deadlines}.items():
        with databases.using(name):
            sql = databases.statements(lambda: sweep(timezone.now()))
            blocks = databases.touched(lambda: sweep(timezone.now()))
        table.add("P9", f"statements, nothing due of {many:,}", len(sql), 1, "SQL")
        if blocks:
            table.add(
                "P9",
                f"blocks, nothing due of {many:,}",
                blocks[0],
                10,
                "blocks",
                f"{blocks[1]:.2f} ms in the database",
            )


def plant(many: int, tickets: int) -> None:
    """Clocks of engineers that stopped counting down an hour ago; `due` says how many of them the sweep shall find."""
    kind = ContentType.objects.get_for_model(Ticket).pk
    due = "now() - i * interval '10 ms' - interval '1 hour'"
    databases.execute(insert_select(
        Deadline, f"generate_series(1, {many}) i", rule="'contact'", subject_type_id=str(kind),
        subject_id=f"1 + i % {tickets}", cycle="'due' || i / 1000", department="'engineers'",
        assignee_id=f"1 + i % {ENGINEERS}", opened_at=f"{due} - interval '12 hours'", due_at=due, raw_due_at=due,
    ))  # fmt: skip
    databases.execute("ANALYZE deadlines_deadline")


def due(many: int) -> None:
    """As if the sweep had never looked: no events, no notices, the breach still to come for the first `many`."""
    databases.execute("SET session_replication_role = replica")
    databases.execute("TRUNCATE deadlines_deadlineevent, notices_notification")
    databases.execute(
        "UPDATE deadlines_deadline SET next_fire_at = CASE WHEN n <= %s THEN due_at END, met_at = NULL FROM (SELECT id AS pk,"
        " row_number() OVER (ORDER BY id) AS n FROM deadlines_deadline WHERE cycle LIKE 'due%%') d WHERE pk = id", [many],
    )  # fmt: skip
    databases.execute("SET session_replication_role = DEFAULT")
    # the two warnings of before were written down in their time
    databases.execute(insert_select(
        DeadlineEvent, f"deadlines_deadline d, (VALUES ('half'), ('soon')) s (stage) WHERE cycle LIKE 'due%' AND id <= (SELECT"
        f" min(id) + {many} FROM deadlines_deadline WHERE cycle LIKE 'due%')", deadline_id="d.id", stage="s.stage", edition="1",
        true_at="due_at - interval '2 hours'",
    ))  # fmt: skip
    databases.execute("VACUUM (ANALYZE) deadlines_deadline, notices_notification, deadlines_deadlineevent")


def some_due(table: Table) -> None:
    by_hand, times = raw.Sweep(), {}
    for many, rounds in {1000: 5, 10_000: 3}.items():

        def ready(many: int = many) -> None:
            due(many)

        found = in_turn(
            lambda: sweep(timezone.now()),
            by_hand,
            each=1,
            rounds=rounds,
            before_candidate=ready,
            before_limit=ready,
        )
        times[many] = found.ours
        table.ratio("P10", f"sweep, {many:,} due : raw", found, 2.5, cpu=False)
    table.add("P10", "10,000 due : 1,000 due", times[10_000] / times[1000], 11)
    due(1000)
    sql = databases.statements(lambda: sweep(timezone.now()))
    batches = sum("FOR UPDATE" in statement for statement in sql)
    table.add(
        "P10",
        "statements of a batch",
        (len(sql) - 4) / batches,
        10,
        "SQL",
        f"{batches} batches, {len(sql)} in all",
    )
    by_hand.line.close()


def two_at_once(table: Table) -> None:
    """One sweep of 10,000, then two processes together: each event once, and how long it took."""
    due(10_000)
    one, _cpu = timed(lambda: sweep(timezone.now()))
    expected = written()
    due(10_000)
    databases.forget_connections()
    gate = multiprocessing.get_context("fork").Barrier(3)
    both = [multiprocessing.get_context("fork").Process(target=_sweeper, args=(gate,)) for _ in range(2)]
    for process in both:
        process.start()
    gate.wait()
    began = time.perf_counter()
    for process in both:
        process.join()
    took = time.perf_counter() - began
    twice = sum((written() - expected).values()) + sum((expected - written()).values())
    table.add(
        "P10", "two at once, lost or twice", twice, 0, "rows", f"{sum(expected.values())} events and notices"
    )
    table.add("P10", "two at once : one", took / one, 1.3, beside=f"{took:.2f} : {one:.2f} s")


def written() -> Counter[Any]:
    """Every breach and every notice, as often as it stands there."""
    events = DeadlineEvent.objects.filter(stage="breach").values_list("deadline_id", "stage")
    return Counter([*events, *Notification.objects.values_list("event_key", "recipient_id", "channel")])


def _sweeper(gate: Any) -> None:
    databases.forget_connections()
    databases.use("large").ensure_connection()
    gate.wait()
    sweep(timezone.now())
    databases.forget_connections()

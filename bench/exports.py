"""P13: lists as workbooks beside the bare openpyxl write-only loop over the same cursor; what both hold in memory."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from unittest import mock

from django.db import connection
from openpyxl import Workbook

from aftersales import xlsx
from repairs import exports
from repairs.models import Ticket

from .people import Company
from .report import Table
from .turns import in_turn

#: twenty columns of a ticket, as they stand in the database
COLUMNS = (
    "number", "stage", "round", "urgency", "channel", "model", "vin", "plate", "region", "received_at", "accepted_at",
    "reported_at", "completed_at", "closed_at", "odometer", "delivered_on", "number", "region", "model", "id",
)  # fmt: skip
SLOWEST = 1 / 0.9  # at least nine tenths of the loop's speed


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    rows = Ticket.objects.count()
    found = in_turn(lambda: ours(rows), lambda: bare(rows), each=1, rounds=3)
    table.ratio("P13", f"{rows:,} × {len(COLUMNS)} as workbook : bare openpyxl", found, SLOWEST)
    found = in_turn(lambda: list_of(rows), lambda: bare(rows, 16), each=1, rounds=3)
    table.ratio("P13", f"{rows:,} tickets exported : bare openpyxl × 16", found, SLOWEST)
    for what, work in (("workbook", "ours"), ("tickets exported", "list_of")):
        few, _grown = peak(work, rows // 10)
        many, grown = peak(work, rows)
        beside = f"{many:.0f} : {few:.0f} MB"
        table.add("P13", f"memory, {what}: {rows:,} : {rows // 10:,} rows", many / few, 1.2, beside=beside)
        table.add("P13", f"memory, {what}: growth over {rows:,} rows", grown, 40, "MB")


def cursor_rows(count: int, columns: int = len(COLUMNS)) -> Iterator[tuple[Any, ...]]:
    """A server-side cursor, 2,000 rows at a time."""
    sql = f"SELECT {', '.join(COLUMNS[:columns])} FROM {Ticket._meta.db_table} ORDER BY id DESC LIMIT {count}"
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(2000):
            yield from rows


def scrap() -> IO[bytes]:
    return tempfile.TemporaryFile()


def ours(count: int) -> None:
    with scrap() as out:
        xlsx.write(out, "Tickets", COLUMNS, cursor_rows(count))


def bare(count: int, columns: int = len(COLUMNS)) -> None:
    """The loop itself; a sheet knows no zones, so that the moments lose theirs, and nothing else is done."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Tickets")
    sheet.append(COLUMNS[:columns])
    for row in cursor_rows(count, columns):
        sheet.append([v.astimezone(UTC).replace(tzinfo=None) if type(v) is datetime else v for v in row])
    with scrap() as out:
        book.save(out)


def list_of(count: int) -> None:
    """What “export what is shown” does: labels, masks, the next due moment of each."""
    with scrap() as out, mock.patch.object(exports, "MOST", count):
        exports.tickets(out, Ticket.objects.all(), by=None, at=datetime.now(UTC), asked=[])


def peak(work: str, count: int) -> tuple[float, float]:
    """MB that a fresh process held at most, and how much more than before it began."""
    say = f"import django; django.setup(); from bench import exports; exports.tell({work!r}, {count})"
    done = subprocess.run([sys.executable, "-c", say], check=True, stdout=subprocess.PIPE, text=True)
    most, before = done.stdout.split()
    return float(most), float(most) - float(before)


def tell(work: str, count: int) -> None:
    """In that process: what it held at most, and after a first small run."""
    globals()[work](10)
    before = _most()
    globals()[work](count)
    print(_most(), before)


def _most() -> float:
    """The high-water mark of this program alone; what getrusage says is inherited from whoever started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024

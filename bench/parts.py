"""The part master from Excel: 50,000 rows read, checked, proposed, beside openpyxl's bare reading plus COPY of the file."""

import io
import itertools
import json
from typing import Any

from django.db import connections, transaction
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts.models import User
from aftersales.charter import Department
from catalogue import services
from catalogue.imports import read_parts
from catalogue.imports.parts import columns
from catalogue.models import FLAGS, PartBatch

from .people import Company, person
from .report import Table
from .turns import in_turn, timed

ROWS, ROUNDS, FIRST_PK = 50_000, 3, 9_001
NAMES = ("刹车片", "驱动电机", "控制器", "前减震", "转向节", "充电口", "车门玻璃", "仪表总成")
_COPY = f'COPY catalogue_partversion (batch_id, code, name, spec, unit, "group", {", ".join(FLAGS)}, active, fits) FROM STDIN'


def measure(table: Table, company: Company, tickets: int, deadlines: int) -> None:
    clerk = person(FIRST_PK, "clerk", Department.FINANCE)
    technician = person(FIRST_PK + 1, "technician", Department.TECHNICAL)
    file = workbook()
    kept: list[PartBatch] = []
    found = in_turn(
        lambda: kept.append(imported(file, clerk)), lambda: bare(file, clerk), each=1, rounds=ROUNDS
    )
    table.ratio("P17", f"import of {ROWS:,} parts, read, checked, proposed", found, 1.5)
    wall, _cpu = timed(lambda: services.approve_parts(kept[-1], by=technician, at=timezone.now()))
    table.add("P17", f"approving {ROWS:,} new parts", wall, None, "s")
    wall, _cpu = timed(lambda: services.approve_parts(kept[-2], by=technician, at=timezone.now()))
    table.add("P17", f"approving {ROWS:,} known parts", wall, None, "s")


def workbook() -> io.BytesIO:
    """The template filled: every tenth name is its own, as in a grown master."""
    out, book = io.BytesIO(), Workbook(write_only=True)
    sheet = book.create_sheet("Parts")
    sheet.append([column.name for column in columns() if column.read])
    names = itertools.cycle(NAMES)
    for number in range(ROWS):
        name = next(names) + (f"{number // 10}" if number % 10 == 0 else "")
        marks = ["是" if number % (3 + place) == 0 else "" for place in range(len(FLAGS))]
        sheet.append([f"BP-{number:06d}", name, f"规格 {number % 400}", "件", "motor", *marks, "是", ""])
    book.save(out)
    return out


def imported(file: io.BytesIO, by: User) -> PartBatch:
    """What the page does."""
    with transaction.atomic():
        found = read_parts(file)
        assert not found.faults, found.faults[0]
        return services.propose_parts(found.rows, reason="bench", by=by, at=timezone.now())


def bare(file: io.BytesIO, by: User) -> None:
    """The file's cells as they are, streamed into the same table."""
    file.seek(0)
    with transaction.atomic():
        batch = PartBatch.objects.create(reason="bench", proposed_by=by, proposed_at=timezone.now())
        rows: Any = load_workbook(file, read_only=True).active.iter_rows(min_row=2, values_only=True)  # type: ignore[union-attr]
        with connections["default"].cursor() as cursor, cursor.copy(_COPY) as copy:
            for code, name, spec, unit, group, *marks, fits in rows:
                flags = [mark == "是" for mark in marks]
                copy.write_row(
                    [batch.pk, code, name, spec, unit, group, *flags, json.dumps([fits] if fits else [])]
                )

"""What a sheet 9.3 says: as the engineer confirmed it, else as it stands now, late rows of earlier months last (4.9)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from policy import figures

from ..flow import StatementStage
from ..logbook import completions, of_rounds
from ..models import Statement, month_name
from ..rows import Row, answers, rows_for, thawed
from ..rules import mean_grade

T = StatementStage


def rows_of(statement: Statement, at: dt.datetime) -> list[Row]:
    """As the engineer confirmed it, else as it stands now; late rows of earlier months last."""
    return rows_of_many([statement], at)[statement.pk]


def rows_of_many(statements: Iterable[Statement], at: dt.datetime) -> dict[int, list[Row]]:
    """Statement's id → its rows, of sheets of one month, in a number of statements that does not grow with them."""
    sheets = list(statements)
    found = {row.pk: [thawed(facts) for facts in row.rows] for row in sheets if row.stage != T.OPEN}
    live = [row for row in sheets if row.stage == T.OPEN]
    if live:
        found |= _live(live, at)
    return found


def _live(sheets: list[Statement], at: dt.datetime) -> dict[int, list[Row]]:
    month = sheets[0].month
    late = _late(sheets)
    done = completions(month, [row.engineer_id for row in sheets])
    origin = {key: source for keys in late.values() for key, source in keys.items()}
    rows = {row.key: row for row in rows_for([*done, *of_rounds(origin)], at)}
    of_engineer: dict[int, list[Row]] = defaultdict(list)
    for each in done:
        of_engineer[each.engineer].append(rows[each.key])
    return {
        row.pk: _settled(row, of_engineer[row.engineer_id]) + _arrived(late[row.pk], rows) for row in sheets
    }


def _settled(sheet: Statement, rows: list[Row]) -> list[Row]:
    """A sheet that was sent back: what a later sheet counts meanwhile stays there."""
    moved = {(facts["pk"], facts["round"]): facts["moved"] for facts in sheet.rows if facts["moved"]}
    for row in rows:
        if row.key in moved:
            row.pending, row.moved = True, moved[row.key]
    return rows


def _arrived(late: dict[tuple[int, int], str], rows: dict[tuple[int, int], Row]) -> list[Row]:
    """Of the rows that waited for their report those that have it by now."""
    found = []
    for key, month in late.items():
        row = rows.get(key)
        if row is not None and not row.pending:
            row.late_from = month
            found.append(row)
    return found


def _late(sheets: list[Statement]) -> dict[int, dict[tuple[int, int], str]]:
    """Sheet → rows of earlier, confirmed sheets that count nowhere yet: they enter the engineer's first open month."""
    found: dict[int, dict[tuple[int, int], str]] = {row.pk: {} for row in sheets}
    ids = [row.engineer_id for row in sheets]
    origins = list(
        Statement.objects.filter(engineer__in=ids, pending__gt=0, month__lt=sheets[0].month).order_by("month")
    )
    if not origins:
        return found
    still = Statement.objects.filter(engineer__in=ids, stage=T.OPEN).values_list("engineer_id", "month")
    opens = sorted(still, key=lambda pair: pair[1])
    for origin in origins:
        first = next((m for person, m in opens if person == origin.engineer_id and m > origin.month), None)
        for sheet in sheets:
            if sheet.engineer_id == origin.engineer_id and sheet.month == first:
                waiting = (thawed(facts) for facts in origin.rows)
                found[sheet.pk] |= {row.key: month_name(origin.month) for row in waiting if row.waits}
    return found


def satisfaction(rows: list[Row], known: dict[tuple[int, int], str] | None = None) -> Decimal | None:
    """The mean of the customers' overall answers, once there are five (SD10); never of one ticket.

    `known`: the answers of many sheets, read at once.
    """
    given = answers(rows) if known is None else known
    mine = [given[row.key] for row in rows if row.key in given]
    return mean_grade(mine, int(figures.value("satisfaction_answers")))

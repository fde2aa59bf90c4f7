"""The accounts by cash (8.10): a month's or year's income and costs by engineer, model and region.

Income and its part cost by the day on which the money settled the debt, freight by the day of sending, finance's own lines by
their month; the cost of warranty parts as a memo. What is not collected does not count, and a deduction is no income. Money
belongs to the engineer who answers for the debt (8.8): he bears what never comes. A closed month is read from its roll-up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from aftersales.limits import moment_of
from parts.models import ReleaseLine, ReturnKind, ReturnLine, Shipment, SlipLine
from parts.rules import Charge
from parts.services.monthly import following

from ..models import AccountRow, ClosedMonth, Column, Kind, Receivable, StatementAdjustment, Transfer
from ..pricing import Costed, costed, prefix
from ..rows import INCOME, OF_KIND, SOURCES
from ..rules import ZERO, by_source, cost_collected
from ..selectors import yuan


class Where(NamedTuple):
    """To what an amount belongs; `engineer` is an id, model and region are the ticket's words, "" for none."""

    engineer: int | None
    model: str
    region: str


Amounts = dict[tuple[Where, str], Decimal]  # (where, column) → yuan


def of_month(month: dt.date) -> Amounts:
    """The month's accounts: the roll-up if the month is closed, else computed now."""
    closed = ClosedMonth.objects.filter(month=month, reopened_at=None).first()
    kept = rolled_up([closed]) if closed is not None else {}
    return kept or compute(month)


def of_year(year: int, until: dt.date | None = None) -> Amounts:
    """The sum of the year's months that began before `until` (all without it): closed ones rolled up, open ones computed."""
    months = [month for month in months_of(year) if until is None or month < until]
    closed = {row.month: row for row in ClosedMonth.objects.filter(month__in=months, reopened_at=None)}
    found = defaultdict(lambda: ZERO, rolled_up(closed.values()))
    for month in months:
        if month not in closed:
            for key, amount in compute(month).items():
                found[key] += amount
    return {key: amount for key, amount in found.items() if amount}


def months_of(year: int) -> list[dt.date]:
    return [dt.date(year, number, 1) for number in range(1, 13)]


def rolled_up(closed: Iterable[ClosedMonth]) -> Amounts:
    rows = AccountRow.objects.filter(closed__in=list(closed)).order_by()
    sums = rows.values_list("engineer", "model", "region", "column").annotate(total=Sum("amount"))
    return {
        (Where(engineer, model, region), column): yuan(total)
        for engineer, model, region, column, total in sums
    }


def roll_up(closed: ClosedMonth) -> int:
    """Write the accounts of a month that has just been closed, in its transaction; again is nothing. Answers the rows."""
    if closed.rows.exists():
        return 0
    rows = [
        AccountRow(
            closed=closed, engineer_id=where.engineer, model=where.model, region=where.region, column=column, amount=amount
        )
        for (where, column), amount in sorted(compute(closed.month).items(), key=lambda item: str(item[0]))
    ]  # fmt: skip
    return len(AccountRow.objects.bulk_create(rows))


# --- summed up
def by_engineer(amounts: Amounts) -> dict[Any, dict[str, Decimal]]:
    """Engineer's id → column → yuan; in the same way `by_model` and `by_region`."""
    return _by(amounts, "engineer")


def by_model(amounts: Amounts) -> dict[Any, dict[str, Decimal]]:
    return _by(amounts, "model")


def by_region(amounts: Amounts) -> dict[Any, dict[str, Decimal]]:
    return _by(amounts, "region")


def _by(amounts: Amounts, name: str) -> dict[Any, dict[str, Decimal]]:
    found: dict[Any, dict[str, Decimal]] = {}
    for (where, column), amount in amounts.items():
        mine = found.setdefault(getattr(where, name), dict.fromkeys(Column.values, ZERO))
        mine[column] += amount
    return found


def total(groups: Mapping[Any, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Column → yuan over all groups."""
    return {column: sum((group[column] for group in groups.values()), ZERO) for column in Column.values}


# --- computed
def compute(month: dt.date) -> Amounts:
    """The month's accounts from the ledger and the slips: reads the month's rows and the past of the debts and part lines
    that the month touched."""
    found: Amounts = defaultdict(lambda: ZERO)
    for where, column, amount in [*collected(month), *freight(month), *memo(month), *adjusted(month)]:
        found[where, str(column)] += amount
    return {key: amount for key, amount in found.items() if amount}


Entry = tuple[Where, str, Decimal]


def adjusted(month: dt.date) -> Iterator[Entry]:
    rows = StatementAdjustment.objects.filter(month=month).order_by("pk")
    for engineer, column, amount in rows.values_list("statement__engineer", "column", "amount"):
        yield Where(engineer, "", ""), column, amount


def freight(month: dt.date) -> Iterator[Entry]:
    """Parcels of the month, prepaid or collect (4.6, 6.3)."""
    rows = Shipment.objects.filter(
        sent_at__gte=moment_of(month), sent_at__lt=moment_of(following(month)), cost__gt=0
    )
    facts = rows.order_by("pk").values_list(
        Coalesce("release__engineer", "ticket__engineer"), Coalesce("ticket__model", "release__ticket__model"),
        Coalesce("ticket__region", "release__ticket__region"), "cost",
    )  # fmt: skip
    for engineer, model, region, cost in facts:
        yield Where(engineer, model or "", region or ""), Column.FREIGHT, cost


# --- what was collected
@dataclass
class Debt:
    """One receivable and its ledger until some day."""

    where: Where
    kind: str
    moved: dict[str, Decimal] = field(
        default_factory=lambda: defaultdict(lambda: ZERO)
    )  # kind of account → yuan
    lines: dict[int, Decimal] = field(
        default_factory=lambda: defaultdict(lambda: ZERO)
    )  # part line → charged

    @property
    def paid(self) -> Decimal:
        return -self.moved[Kind.CUSTOMER]

    def income(self) -> dict[str, Decimal]:
        """Column → what was collected of it so far."""
        columns: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for source in SOURCES:
            columns[INCOME.get(Kind(source), OF_KIND[Receivable.Kind(self.kind)])] += self.moved[source]
        return by_source(self.paid, columns)

    def cost(self, parts: Mapping[int, Costed]) -> Decimal:
        known = [parts[pk].charged(amount) for pk, amount in self.lines.items() if pk in parts]
        return cost_collected(self.income().get(Column.PARTS, ZERO), known)


def collected(month: dt.date) -> Iterator[Entry]:
    """Income and part cost of the debts that moved in the month: what stood at its end less what stood at its beginning."""
    end = following(month)
    keys = touched(month, end)
    after, before = debts(keys, end), debts(keys, month)
    ids = {pk for debt in after.values() for pk in debt.lines}
    parts = {line.pk: line for line in costed(ReleaseLine.objects.filter(pk__in=ids))}
    for key in sorted(after):
        yield from _between(before[key], after[key], parts)


def _between(before: Debt, after: Debt, parts: Mapping[int, Costed]) -> Iterator[Entry]:
    was, now = before.income(), after.income()
    for column in sorted({*was, *now}):
        yield after.where, column, now.get(column, ZERO) - was.get(column, ZERO)
    yield after.where, Column.PARTS_COST, after.cost(parts) - before.cost(parts)


def touched(begin: dt.date, end: dt.date) -> set[str]:
    """Keys of the receivables that moved from `begin` until before `end`."""
    found: set[str] = set()
    for side in ("source", "target"):
        rows = Transfer.objects.filter(
            **{"day__gte": begin, "day__lt": end, f"{side}__kind": Kind.RECEIVABLE}
        )
        found |= set(rows.order_by().values_list(f"{side}__of", flat=True))
    return found


def debts(keys: set[str], until: dt.date) -> dict[str, Debt]:
    """The receivables of these keys with everything that the ledger says of them before that day."""
    rows = Receivable.objects.filter(key__in=keys).values_list(
        "key", "kind", "engineer", "ticket__model", "ticket__region"
    )
    found = {
        key: Debt(Where(person, model or "", region or ""), kind) for key, kind, person, model, region in rows
    }
    for mine, other, sign in (("target", "source", 1), ("source", "target", -1)):
        moves = Transfer.objects.filter(
            **{f"{mine}__kind": Kind.RECEIVABLE, f"{mine}__of__in": list(found), "day__lt": until}
        )
        facts = moves.order_by("pk").values_list(f"{mine}__of", f"{other}__kind", "key", "amount")
        for name, kind, key, amount in facts:
            found[name].moved[kind] += sign * amount
            if kind in INCOME and (line := line_of(key)) is not None:
                found[name].lines[line] += sign * amount
    return found


def line_of(key: str) -> int | None:
    """The part line of a ledger key: `line:17:issue:2` → 17."""
    head, _colon, rest = key.partition(":")
    number = rest.partition(":")[0]
    return int(number) if head == "line" and number.isdecimal() else None


# --- the memo of warranty parts
def memo(month: dt.date) -> Iterator[Entry]:
    """The cost of pieces that left the store without being charged, less those that came back or were charged later."""
    end = following(month)
    ids = moved_lines(month, end)
    lines = costed(ReleaseLine.objects.filter(pk__in=ids, opening=False))
    after, before = free_pieces(lines, end), free_pieces(lines, month)
    places = _places([line.pk for line in lines])
    for line in lines:
        cost = line.unit * (after[line.pk] - before[line.pk])
        yield places[line.pk], Column.WARRANTY_COST, cost


def moved_lines(begin: dt.date, end: dt.date) -> set[int]:
    """Part lines of which pieces left, came back, or were charged from `begin` until before `end`."""
    out = Q()
    for series in ("CK", "JC"):
        low, high = prefix(begin, series)
        out |= Q(slip__number__gte=low, slip__number__lt=high)
    found = set(SlipLine.objects.filter(out).values_list("line", flat=True))
    back = ReturnLine.objects.filter(paper__kind=ReturnKind.UNUSED, received__gt=0)
    back = back.filter(paper__decided_at__gte=moment_of(begin), paper__decided_at__lt=moment_of(end))
    found |= set(back.values_list("line", flat=True))
    rows = Transfer.objects.filter(day__gte=begin, day__lt=end, key__startswith="line:").values_list(
        "key", flat=True
    )
    return found | {pk for key in rows if (pk := line_of(key)) is not None}


def free_pieces(lines: list[Costed], until: dt.date) -> dict[int, int]:
    """Line → pieces that were out and not charged before that day."""
    ids, moment = [line.pk for line in lines], moment_of(until)
    found = dict.fromkeys(ids, 0)
    out = SlipLine.objects.filter(line__in=ids, slip__made_at__lt=moment).values_list("line", "quantity")
    back = ReturnLine.objects.filter(
        line__in=ids, paper__kind=ReturnKind.UNUSED, paper__decided_at__lt=moment
    )
    for pk, pieces in out:
        found[pk] += pieces
    for pk, received in back.values_list("line", "received"):
        found[pk] -= received or 0
    charged = charged_amounts(ids, until)
    for line in lines:
        if line.amount:
            found[line.pk] -= line.pieces(charged.get(line.pk, ZERO))
        elif line.charge == Charge.CHARGED:
            found[line.pk] = 0
    return found


def charged_amounts(ids: list[int], until: dt.date) -> dict[int, Decimal]:
    """Line → what the customer was charged for it before that day, net of what was given back."""
    wanted: set[int] = set(ids)
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    names = list(
        Receivable.objects.filter(Q(release__lines__in=ids)).distinct().values_list("key", flat=True)
    )
    for name, debt in debts(set(names), until).items():
        for pk, amount in debt.lines.items():
            if pk in wanted and name:
                found[pk] += amount
    return found


def _places(ids: list[int]) -> dict[int, Where]:
    rows = ReleaseLine.objects.filter(pk__in=ids).values_list(
        "pk", "release__engineer", "release__ticket__model", "release__ticket__region"
    )
    return {pk: Where(engineer, model or "", region or "") for pk, engineer, model, region in rows}

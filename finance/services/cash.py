"""What money moved from one day until before another (8.10): collected income with its part cost, freight, what trips cost,
finance's own lines. Every figure is the difference of two cumulative ones, so that months sum to their year exactly."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce

from aftersales.limits import moment_of
from parts.models import ReleaseLine, Shipment

from ..ledger import INCOME, OF_KIND, SOURCES
from ..models import Account, Column, Kind, Receivable, StatementAdjustment, Transfer, TravelCost
from ..pricing import Costed, costed
from ..rules import ZERO, Charged, by_source, cost_collected


class Where(NamedTuple):
    """To what an amount belongs; `engineer` is an id, model and region are the ticket's words, "" for none."""

    engineer: int | None
    model: str
    region: str


Entry = tuple[Where, str, Decimal]


def adjusted(begin: dt.date, end: dt.date) -> Iterator[Entry]:
    rows = StatementAdjustment.objects.filter(month__gte=begin, month__lt=end).order_by("pk")
    for engineer, column, amount in rows.values_list("statement__engineer", "column", "amount"):
        yield Where(engineer, "", ""), column, amount


def freight(begin: dt.date, end: dt.date) -> Iterator[Entry]:
    """Parcels whose freight was paid on these days: as they were sent, or freight collect as they arrived, when what they
    cost is known (4.6, 6.3); the month of the sending may be closed by then."""
    days = {"gte": moment_of(begin), "lt": moment_of(end)}
    collect = Q(terms=Shipment.Terms.COLLECT)
    sent, arrived = (
        Q(**{f"{name}_at__{how}": day for how, day in days.items()}) for name in ("sent", "delivered")
    )
    rows = Shipment.objects.filter(sent & ~collect | arrived & collect, cost__gt=0)
    facts = rows.order_by("pk").values_list(
        Coalesce("release__engineer", "ticket__engineer"), Coalesce("ticket__model", "release__ticket__model"),
        Coalesce("ticket__region", "release__ticket__region"), "cost",
    )  # fmt: skip
    for engineer, model, region, cost in facts:
        yield Where(engineer, model or "", region or ""), Column.FREIGHT, cost


def travelled(begin: dt.date, end: dt.date) -> Iterator[Entry]:
    """Claims by payment, kilometres by the trip's return, the company's half of fines by entry (8.2–8.5, domain 10)."""
    rows = TravelCost.objects.filter(day__gte=begin, day__lt=end).order_by("pk")
    facts = rows.values_list("engineer", "ticket__model", "ticket__region", "column", "amount")
    for engineer, model, region, column, amount in facts:
        yield Where(engineer, model or "", region or ""), column, amount


# --- what was collected
@dataclass
class Debt:
    """One receivable and its ledger until some day."""

    where: Where
    kind: str
    cost_of_all: Decimal | None = None  # of a debt taken over from paper, which has no part lines
    moved: dict[str, Decimal] = field(
        default_factory=lambda: defaultdict(lambda: ZERO)
    )  # kind of account → yuan
    lines: dict[int, Decimal] = field(
        default_factory=lambda: defaultdict(lambda: ZERO)
    )  # part line → charged

    def move(self, kind: str, key: str, amount: Decimal) -> None:
        """One row of the ledger, seen from this debt; `kind` is that of the other account."""
        self.moved[kind] += amount
        if kind in INCOME and (line := line_of(key)) is not None:
            self.lines[line] += amount

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
        if self.cost_of_all is not None:
            known.append(Charged(self.moved[Kind.OPENING], self.cost_of_all))
        return cost_collected(self.income().get(Column.PARTS, ZERO), known)


def collected(begin: dt.date, end: dt.date) -> Iterator[Entry]:
    """Income and part cost of the debts that moved: what stood at the end less what stood at the beginning."""
    before, after = stood(touched(begin, end), begin, end)
    ids = {pk for debt in after.values() for pk in debt.lines}
    parts = {line.pk: line for line in costed(ReleaseLine.objects.filter(pk__in=ids))}
    for key in sorted(after):
        yield from _between(before[key], after[key], parts)


def _between(before: Debt, after: Debt, parts: Mapping[int, Costed]) -> Iterator[Entry]:
    was, now = before.income(), after.income()
    for column in sorted({*was, *now}):
        yield after.where, column, now.get(column, ZERO) - was.get(column, ZERO)
    yield after.where, Column.PARTS_COST, after.cost(parts) - before.cost(parts)


Accounts = dict[int, str]  # id of the account → key of its receivable


def touched(begin: dt.date, end: dt.date) -> Accounts:
    """The accounts of the receivables that moved from `begin` until before `end`."""
    moved = Transfer.objects.filter(day__gte=begin, day__lt=end).order_by().values_list("source", "target")
    known = _accounts({pk for pair in moved for pk in pair})
    return {pk: of for pk, (kind, of) in known.items() if kind == Kind.RECEIVABLE}


def _accounts(ids: set[int]) -> dict[int, tuple[str, str]]:
    """Id → (kind, of). Asked by key: a join would read every account that there ever was."""
    rows = Account.objects.filter(pk__in=ids).values_list("pk", "kind", "of")
    return {pk: (kind, of) for pk, kind, of in rows}


def debts(keys: set[str], until: dt.date) -> dict[str, Debt]:
    """The receivables of these keys with everything that the ledger says of them before that day."""
    accounts = Account.objects.filter(kind=Kind.RECEIVABLE, of__in=keys)
    return stood(dict(accounts.values_list("pk", "of")), until, until)[1]


def stood(accounts: Accounts, begin: dt.date, end: dt.date) -> tuple[dict[str, Debt], dict[str, Debt]]:
    """Key → the receivable as it stood before `begin`, and before `end`: the ledger is read once for both."""
    places = _places(set(accounts.values()))
    before, after = ({key: Debt(*place) for key, place in places.items()} for _twice in range(2))
    for mine, other, sign in (("target", "source", 1), ("source", "target", -1)):
        found = Transfer.objects.filter(**{f"{mine}__in": list(accounts), "day__lt": end}).order_by()
        moves = list(found.values_list(mine, other, "key", "amount", "day"))
        known = _accounts({beside for _account, beside, *_rest in moves})
        for account, beside, key, amount, day in moves:
            for debt in (after[accounts[account]], *([before[accounts[account]]] if day < begin else [])):
                debt.move(known[beside][0], key, sign * amount)
    return before, after


def _places(keys: set[str]) -> dict[str, tuple[Where, str, Decimal | None]]:
    """Key → to whom and what the receivable belongs, its kind, and what its parts cost if it came from paper."""
    rows = Receivable.objects.filter(key__in=keys).values_list(
        "key", "kind", "engineer", "ticket__model", "ticket__region", "cost"
    )
    return {
        key: (Where(person, model or "", region or ""), kind, cost)
        for key, kind, person, model, region, cost in rows
    }


def line_of(key: str) -> int | None:
    """The part line of a ledger key: `line:17:issue:2` → 17."""
    head, _colon, rest = key.partition(":")
    number = rest.partition(":")[0]
    return int(number) if head == "line" and number.isdecimal() else None

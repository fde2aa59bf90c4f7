"""What the ledger says of receivables: charged, collected and still open, by receivable and by completed round (4.11)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from aftersales.limits import day_end

from .logbook import Round, Timeline
from .models import Column, Kind, Receivable, Transfer
from .rules import ZERO
from .selectors import yuan

#: accounts that a receivable arises from → column; an opening debt is of its own kind
INCOME = {Kind.PARTS: Column.PARTS, Kind.LABOUR: Column.LABOUR, Kind.OTHER: Column.OTHER}
OF_KIND = {
    Receivable.Kind.PARTS: Column.PARTS, Receivable.Kind.OLD_PART: Column.PARTS, Receivable.Kind.LABOUR: Column.LABOUR,
}  # fmt: skip
SOURCES = (*INCOME, Kind.OPENING)


@dataclass
class Owed:
    """What one round was charged, by column, and what of it came in."""

    income: dict[str, Decimal] = field(default_factory=dict)
    due: Decimal = ZERO
    received: Decimal = ZERO
    open: Decimal = ZERO


class Money:
    """The ledger of the rounds' receivables: charged, collected, open (4.11)."""

    def __init__(self, rounds: Timeline) -> None:
        self.of: dict[Round, Owed] = defaultdict(Owed)
        rows = Receivable.objects.filter(ticket__in=rounds.tickets).values_list(
            "key", "ticket_id", "kind", "release__round", "arose_on"
        )
        found = {key: (ticket, kind, turn, arose) for key, ticket, kind, turn, arose in rows}
        moved = movements(found)
        for key, (ticket, kind, turn, arose) in found.items():
            if ticket is not None:
                owed = self.of[ticket, turn or rounds.at(ticket, day_end(arose))]
                self._add(owed, kind, moved[key])

    @staticmethod
    def _add(owed: Owed, kind: str, moved: Mapping[str, Decimal]) -> None:
        for source in SOURCES:
            amount = moved.get(source, ZERO)
            column = INCOME.get(Kind(source), OF_KIND[Receivable.Kind(kind)])
            owed.income[column] = owed.income.get(column, ZERO) + amount
            owed.due += amount
        owed.received -= moved.get(Kind.CUSTOMER, ZERO)
        owed.open += sum(moved.values(), ZERO)


def movements(keys: Iterable[str], until: dt.date | None = None) -> dict[str, dict[str, Decimal]]:
    """Receivable's key → kind of the other account → yuan that came in from it less what went to it (before `until`)."""
    names = list(keys)
    found: dict[str, dict[str, Decimal]] = {name: {} for name in names}
    for mine, other, sign in (("target", "source", 1), ("source", "target", -1)):
        rows = Transfer.objects.filter(
            **{f"{mine}__kind": Kind.RECEIVABLE, f"{mine}__of__in": names}
        ).order_by()
        rows = rows.filter(day__lt=until) if until else rows
        sums = rows.values_list(f"{mine}__of", f"{other}__kind").annotate(total=Sum("amount"))
        for name, kind, total in sums:
            found[name][kind] = found[name].get(kind, ZERO) + sign * yuan(total)
    return found

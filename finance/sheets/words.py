"""The words and columns that the page, the paper and the workbook of 9.3 share."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.charter import RULES
from repairs.flow import PlanType
from repairs.models.sheets import DamageType
from technical.models import FailureMode

from ..models import Column
from ..rows import Row
from ..rules import COSTS, PROFIT, profit

#: columns of money that a screen shows even while they are 0.00
ALWAYS = frozenset({Column.PARTS, Column.LABOUR})


def yuan(amount: Decimal | None) -> str:
    """1,234.50; a minus as the rest of the portal writes it; nothing is a dash."""
    return "–" if amount is None else f"{amount:,.2f}".replace("-", "−")


def columns(costs: bool) -> list[str]:
    """The columns of money in their order, with the cost of parts for whom C32 allows it."""
    return [name for name in PROFIT if costs or name not in COSTS]


def used(
    names: Iterable[str], sums: Mapping[str, Decimal], groups: Iterable[Mapping[str, Decimal]]
) -> list[str]:
    """The columns that hold anything: a screen is not filled with 0.00. Parts and labour always stand there."""
    found = [sums, *groups]
    return [name for name in names if name in ALWAYS or any(group.get(name) for group in found)]


def word(column: str) -> str:
    return str(Column(column).label)


def plan(row: Row) -> str:
    """a, b or c."""
    return row.plan if row.plan in PlanType.values else ""


def fault(row: Row) -> str:
    kinds: tuple[Any, ...] = (FailureMode, DamageType)
    return next((str(kind(row.fault).label) for kind in kinds if row.fault in kind.values), "")


def charge(row: Row) -> str:
    words = {
        "warranty": pgettext("charge", "warranty"), "charged": pgettext("charge", "charged"),
        "both": pgettext("charge", "warranty and charged"),
    }  # fmt: skip
    return words.get(row.charge, "")


def report(row: Row) -> str:
    """待报告, into which month it went since, or from which month it came."""
    if row.moved:
        return _("counts in {month}").format(month=row.moved)
    if row.pending:
        return _("report to come")
    return _("late, of {month}").format(month=row.late_from) if row.late_from else ""


def in_time(row: Row) -> str:
    """Each of the engineer's clocks, met or missed."""
    return " · ".join(f"{clause(rule)}\u00a0{'√' if met else '×'}" for rule, met in row.on_time.items())


def clause(rule: str) -> str:
    return RULES[rule].clause if rule in RULES else rule


def old_parts(row: Row) -> str:
    """Due, in, still open."""
    return f"{row.old_due} / {row.old_in} / {row.old_open}" if row.old_due else ""


def money_of(row: Row, names: Iterable[str]) -> list[Decimal]:
    return [row.amounts[name] for name in names]


def summed(amounts: Mapping[str, Decimal], names: Iterable[str]) -> list[tuple[Any, Any]]:
    """(word, amount) of every column that is not nothing, then the profit."""
    rows: list[tuple[Any, Any]] = [(word(name), yuan(amounts[name])) for name in names if amounts.get(name)]
    return [*rows, (_("Profit of the month"), yuan(profit(amounts)))]

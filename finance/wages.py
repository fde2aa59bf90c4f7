"""Pure arithmetic of deductions (4.11, 8.8, domain 5): when a debt is deducted, and how much a month can bear."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from aftersales.money import FEN

NOTHING = Decimal("0.00")


def fortieth(due_on: dt.date, days: int) -> dt.date:
    """The last of the days (40) after the due day, which itself is not counted."""
    return due_on + dt.timedelta(days=days)


def payroll_month(due_on: dt.date, days: int) -> dt.date:
    """The first day of the month AFTER the one that holds the 40th day: due 2026-10-20 → 11-29 → 2026-12."""
    last = fortieth(due_on, days)
    return (last.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def is_over(due_on: dt.date, days: int, today: dt.date) -> bool:
    """Whether the 40th day is over: due 2026-10-20 → from 11-30 00:00."""
    return today > fortieth(due_on, days)


def cap(wage: Decimal, minimum: Decimal, share: Decimal) -> Decimal:
    """min(20 % of the wage, wage − local minimum wage), rounded down to the fen, never below nothing."""
    most = min(wage * share, wage - minimum)
    return max(most.quantize(FEN, ROUND_DOWN), NOTHING)


def fill(amounts: Sequence[Decimal], room: Decimal) -> list[Decimal]:
    """What of each amount fits into `room`, in their order; they sum to at most `room`."""
    found = []
    for amount in amounts:
        part = min(amount, room)
        found.append(part)
        room -= part
    return found

"""Pure decisions about quality: no tables, no clock (7.1, 8.9)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from aftersales.money import fen_of, split, yuan_of

FEN, WHOLE, ZERO = Decimal("0.01"), Decimal(100), Decimal("0.00")


def is_whole(percents: Iterable[Decimal]) -> bool:
    """Shares in percent are each above nothing and sum to exactly 100 (7.1)."""
    shares = list(percents)
    return bool(shares) and all(share > 0 for share in shares) and sum(shares) == WHOLE


def in_hundredths(value: Decimal) -> bool:
    """A number with two decimals at most."""
    return value.is_finite() and value == round(value, 2)


def majority(votes: Iterable[str]) -> str | None:
    """What more members of the panel want, or None while two are level: then the leader decides (7.1)."""
    first = Counter(votes).most_common(2)
    if not first or (len(first) == 2 and first[0][1] == first[1][1]):
        return None
    return first[0][0]


def whole_of(
    *, method: str, loss: Decimal, amount: Decimal | None, percent: Decimal | None, factor: Decimal
) -> Decimal:
    """Yuan, not rounded, that a clause of the standard 9.7 asks of a whole case that cost `loss` (8.9).

    `amount`: the clause's fixed sum times its frequency factor; `loss`: `percent` of the loss times the factor. A notice or
    points ask no money: 0.
    """
    return {"amount": amount or ZERO, "loss": loss * (percent or ZERO) / WHOLE}.get(method, ZERO) * factor


def part_of(whole: Decimal, share: Any, beside: Sequence[Any]) -> Decimal:
    """Yuan that `share` asks of one whole, of which it and the shares `beside` bear so many percent: together no more than the
    whole, half a fen up; odd fen by largest remainder, the first share first (domain 5)."""
    percents = [row.percent for row in beside]
    total = (whole * sum(percents, ZERO) / WHOLE).quantize(FEN, ROUND_HALF_UP)
    parts = split(fen_of(total), [fen_of(percent) for percent in percents])
    return yuan_of(next(part for row, part in zip(beside, parts, strict=True) if row.pk == share.pk))


def clause_order(number: str) -> tuple[tuple[int, int, str], ...]:
    """Clauses as one counts them: 3.2 before 3.10, and numbers before words."""
    parts = re.split(r"[.\-、]", number)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)

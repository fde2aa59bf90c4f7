"""Pure decisions about quality: no tables, no clock (7.1, 8.9)."""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

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


def assessed(
    *,
    method: str,
    percent_of_case: Decimal,
    loss: Decimal,
    amount: Decimal | None,
    percent: Decimal | None,
    factor: Decimal,
    cap: Decimal | None,
) -> Decimal:
    """Yuan that a clause of the standard 9.7 asks of who bears `percent_of_case` percent of a case that cost `loss` (8.9).

    `amount`: the clause's fixed sum times its frequency factor; `loss`: `percent` of the loss times the factor. Both are shared
    by the percent of the case, rounded half up to the fen, at most `cap`. A notice or points ask no money: 0.00.
    """
    whole = {"amount": amount or ZERO, "loss": loss * (percent or ZERO) / WHOLE}.get(method, ZERO)
    asked = part_of(whole * factor, percent_of_case)
    return asked if cap is None else min(asked, cap)


def part_of(loss: Decimal, percent: Decimal) -> Decimal:
    """So many percent of a loss, yuan, half a fen up."""
    return (loss * percent / WHOLE).quantize(FEN, ROUND_HALF_UP)


def clause_order(number: str) -> tuple[tuple[int, int, str], ...]:
    """Clauses as one counts them: 3.2 before 3.10, and numbers before words."""
    parts = re.split(r"[.\-、]", number)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)

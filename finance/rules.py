"""Pure decisions of finance, without tables: what the pieces of a part line cost, and which of them stand charged;
the profit of a month or year (8.10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from aftersales.money import fen_of, piece_amounts, round_fen, split, yuan_of


@dataclass(frozen=True)
class Pieces:
    """A line's pieces in their order: they are issued and come back in it, so that an odd fen goes first (domain 11)."""

    amount: Decimal
    quantity: int

    def between(self, first: int, end: int) -> Decimal:
        """What the pieces `first` … `end` - 1 cost, in yuan."""
        return yuan_of(sum(piece_amounts(fen_of(self.amount), self.quantity)[first:end]))


@dataclass(frozen=True)
class Counts:
    """How many pieces of a line were issued, came back unused, and lost their old-part debt in some way."""

    issued: int
    returned: int
    settled: int = 0  # old parts received or waived later
    converted: int = 0  # old parts that never came and were charged for good

    @property
    def gone(self) -> int:
        """Pieces that no longer wait for an old part."""
        return self.returned + self.settled + self.converted


def overlaps(spans: Iterable[tuple[str, int]], first: int, end: int) -> list[tuple[str, int, int]]:
    """The pieces `first` … `end` - 1 by the slip that issued them: (slip, first, end). `spans`: (slip, pieces) in order."""
    found, at = [], 0
    for name, pieces in spans:
        low, high = max(first, at), min(end, at + pieces)
        if low < high:
            found.append((name, low, high))
        at += pieces
    return found


# --- the profit (8.10)
#: how each column of sheet 9.3 counts in the profit (domain 5): 1 income, −1 cost, 0 shown as a memo
PROFIT: dict[str, int] = {
    "parts": 1, "labour": 1, "other": 1, "parts_cost": -1, "warranty_cost": 0, "travel": -1, "kilometres": -1,
    "lodging": -1, "meals": -1, "freight": -1, "no_receipt": -1, "fine": -1,
}  # fmt: skip
#: what the company paid, seen in detail by whom C32 allows
COSTS = ("parts_cost", "warranty_cost")
ZERO = Decimal("0.00")


def profit(amounts: Mapping[str, Decimal]) -> Decimal:
    """Yuan: income less costs. `amounts`: column → yuan; what is missing is nothing."""
    return sum((PROFIT[column] * amount for column, amount in amounts.items()), ZERO)


def share_of(own_profit: Decimal, rate: Decimal) -> Decimal:
    """The engineer's part of his own profit, half a fen up; a loss is 0.00 and is not carried on."""
    return round_fen(max(own_profit, ZERO) * rate)


@dataclass(frozen=True)
class Charged:
    """A part line on a receivable: what of it is charged by now, and what the pieces charged cost (yuan)."""

    charged: Decimal
    cost: Decimal


def pieces_of(charged: Decimal, amount: Decimal, quantity: int) -> int:
    """How many of `quantity` pieces that together cost `amount` stand charged with so much; pieces differ by a fen at most."""
    return int(Fraction(charged) * quantity / Fraction(amount) + Fraction(1, 2)) if amount else 0


def cost_collected(collected: Decimal, lines: Iterable[Charged]) -> Decimal:
    """The cost of charged parts in proportion to what was collected for them (domain 5), half a fen up.

    Cumulative: a month's cost is the difference between its end and its beginning, so that the months sum to the whole.
    """
    known = list(lines)
    whole = sum((line.charged for line in known), ZERO)
    cost = sum((line.cost for line in known), ZERO)
    return _half_up(Fraction(collected) * Fraction(cost) / Fraction(whole)) if whole > 0 else ZERO


def _half_up(amount: Fraction) -> Decimal:
    """Yuan to the fen, half a fen away from nothing, as `round_fen` does it."""
    fen = abs(amount) * 100
    whole = int(fen + Fraction(1, 2))
    return yuan_of(whole if amount >= 0 else -whole)


def by_source(collected: Decimal, sources: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What was collected on one receivable over the kinds of income it arose from, by largest remainder, exact."""
    kinds = sorted(kind for kind, amount in sources.items() if amount > 0)
    if not kinds:
        return {}
    parts = split(fen_of(abs(collected)), [fen_of(sources[kind]) for kind in kinds])
    sign = 1 if collected >= 0 else -1
    return {kind: yuan_of(sign * part) for kind, part in zip(kinds, parts, strict=True)}


# --- satisfaction (9.3, SD10)
#: what the overall answer of survey 9.5 counts in the mean; no comment counts as no answer
GRADES = {"very_satisfied": 5, "satisfied": 4, "neutral": 3, "dissatisfied": 2}


def mean_grade(answers: Iterable[str], least: int) -> Decimal | None:
    """The mean of the overall answers with two decimals, once there are `least` of them."""
    grades = [GRADES[answer] for answer in answers if answer in GRADES]
    return round_fen(Decimal(sum(grades)) / len(grades)) if len(grades) >= least else None

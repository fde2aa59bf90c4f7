"""Pure decisions of finance, without tables: what the pieces of a part line cost, and which of them stand charged."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from aftersales.money import fen_of, piece_amounts, yuan_of


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

"""What parts cost the company: of the price list in force on the day of issue, else of the last goods received by then (8.1)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from aftersales.models import SHANGHAI
from catalogue.models import PriceLine
from parts.models import GoodsLine, ReleaseLine, SlipLine
from parts.rules import Charge, OldPart

from .rules import ZERO, Charged, pieces_of

FACTS = (
    "pk", "release__ticket_id", "release__round", "release__engineer_id", "quantity", "amount", "charge", "old_part", "issued",
    "returned", "used", "old_in", "old_waived", "converted", "listed", "bought",
)  # fmt: skip


@dataclass(frozen=True)
class Costed:
    """An issued part line with what one piece of it costs (yuan)."""

    pk: int
    ticket: int | None
    round: int
    engineer: int
    quantity: int
    amount: Decimal
    charge: str
    old_part: str
    issued: int
    returned: int
    used: int
    old_in: int
    old_waived: int
    converted: int
    unit: Decimal

    def pieces(self, charged: Decimal) -> int:
        """How many pieces so much money stands for."""
        return pieces_of(charged, self.amount, self.quantity)

    def charged(self, amount: Decimal) -> Charged:
        return Charged(amount, self.unit * self.pieces(amount))

    @property
    def out(self) -> int:
        return self.issued - self.returned

    @property
    def paid(self) -> int:
        """Pieces that a customer is charged for."""
        return self.out if self.charge == Charge.CHARGED else min(self.converted, self.out)

    @property
    def free(self) -> int:
        """Pieces under warranty, those included whose old part is still awaited."""
        return self.out - self.paid

    @property
    def old_due(self) -> int:
        """Old parts that must still come back."""
        if self.old_part != OldPart.MUST:
            return 0
        return max(self.used - self.old_in - self.old_waived - self.converted, 0)


def costed(rows: QuerySet[ReleaseLine]) -> list[Costed]:
    """These lines with their costs, in one statement; a part of which nobody knows a cost counts 0.00."""
    first = SlipLine.objects.filter(line=OuterRef("pk")).order_by("pk").values("slip__made_at")[:1]
    listed = PriceLine.objects.filter(part=OuterRef("part"), since__lte=OuterRef("out_on"))
    bought = GoodsLine.objects.filter(
        Q(part=OuterRef("part"), cost__isnull=False, receipt__made_at__lte=OuterRef("out_at"))
    )
    dated = rows.annotate(out_at=Subquery(first)).annotate(out_on=TruncDate(F("out_at"), tzinfo=SHANGHAI))
    priced = dated.annotate(
        listed=Subquery(listed.order_by("-since", "-pk").values("cost")[:1]),
        bought=Subquery(bought.order_by("-pk").values("cost")[:1]),
    )
    return [_costed(values) for values in priced.order_by("pk").values_list(*FACTS)]


def _costed(values: Any) -> Costed:
    *facts, listed, bought = values
    unit: Decimal = next((cost for cost in (listed, bought) if cost is not None), ZERO)
    return Costed(*(*facts, unit))


def prefix(begin: dt.date, end: dt.date, series: str) -> tuple[str, str]:
    """The numbers of the papers of these days lie between these two (the second not included): they carry their day."""
    return f"{series}{begin:%Y%m%d}", f"{series}{end:%Y%m%d}"

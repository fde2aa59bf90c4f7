"""Who answers for a debt hears that it was paid (8.6), also when the money named no ticket."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from notices.services import tell

from ..models import ReceiptUse


def tell_liable(uses: Iterable[ReceiptUse], *, at: dt.datetime) -> None:
    """One word for each liable engineer, with what he is free of."""
    by_engineer: dict[int, list[ReceiptUse]] = {}
    for use in uses:
        if use.receivable is not None:
            by_engineer.setdefault(use.receivable.engineer_id, []).append(use)
    for engineer, his in by_engineer.items():
        _tell(engineer, his, at)


def _tell(engineer: int, uses: list[ReceiptUse], at: dt.datetime) -> None:
    first, debt = uses[0], uses[0].receivable
    if debt is None:
        return
    total = sum((use.amount for use in uses), Decimal(0))
    tell(
        [engineer], at=at, event_key=f"use:{first.pk}:paid", kind="payment",
        title=_("{amount} yuan were paid for debts that you answer for ({paper}) (8.6)."),
        params={"amount": str(total), "paper": debt.clock_title()}, url=debt.get_absolute_url(),
    )  # fmt: skip

"""Reading what of customers' money covers nothing."""

from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from aftersales.money import MoneyField
from sales.models import Customer

from .models import Receipt, ReceiptUse
from .selectors import free, free_of

__all__ = ["customers_with_credit", "free", "receipts_of"]
MOST = 200


def receipts_of(customer: Any) -> list[Receipt]:
    """A customer's receipts that stand, newest first, each with `free` in yuan."""
    rows = list(
        Receipt.objects.filter(customer=customer, reversed_at=None)
        .select_related("ticket", "order")
        .order_by("-pk")
    )
    left = free_of(rows)
    for row in rows:
        row.free = left[row.pk]  # type: ignore[attr-defined]  # for the page
    return rows


def unused() -> Any:
    """Receipts that stand, with `used` and what is more than that."""
    uses = (
        ReceiptUse.objects.filter(receipt=OuterRef("pk"))
        .order_by()
        .values("receipt")
        .annotate(total=Sum("amount"))
    )
    used = Coalesce(
        Subquery(uses.values("total"), output_field=MoneyField()),
        Value(Decimal(0), output_field=MoneyField()),
    )
    rows: Any = Receipt.objects.filter(reversed_at=None).annotate(used=used)
    return rows.filter(amount__gt=F("used"))


def customers_with_credit() -> list[Customer]:
    """Customers some of whose money covers nothing, with `credit` in yuan and `waits` (a proposal to pay it back)."""
    rows = list(unused().values_list("customer", "amount", "used"))
    sums: dict[int, Decimal] = {}
    for pk, amount, used in rows:
        sums[pk] = sums.get(pk, Decimal(0)) + amount - used
    waiting = {"refunds__done_at": None, "refunds__dropped_at": None, "refunds__isnull": False}
    open_ones = set(Customer.objects.filter(pk__in=sums, **waiting).values_list("pk", flat=True))
    found = list(Customer.objects.filter(pk__in=sums).select_related("person").order_by("-pk")[:MOST])
    for row in found:
        row.credit, row.waits = sums[row.pk], row.pk in open_ones  # type: ignore[attr-defined]  # for the page
    return found

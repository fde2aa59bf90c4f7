"""Reading one debt for its page and the API: amounts, rows of its account, payments, deductions, invoice, clock (8.8)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from policy import figures

from .models import Deduction, Invoice, Receipt, ReceiptUse, Receivable, Refund, SiteMoney, Transfer
from .selectors import account_of, of_account, yuan
from .services import invoicing, owing
from .services.reasons import shown
from .sheets.ways import Ways
from .wages import fortieth

MOST = 500  # rows of one debt's account that its page shows


def amounts(row: Receivable) -> dict[str, Decimal]:
    """Yuan: `left` neither paid nor borne, `bears` by the engineer, `owed` by the customer, `paid`, `given_up`."""
    left, bears = owing.left(row), owing.borne(row)
    paid = row.uses.aggregate(total=Sum("amount"))["total"]
    rows = Transfer.objects.filter(source=account_of(row))
    advance = rows.filter(key__startswith="paid:line:").aggregate(total=Sum("amount"))["total"]
    return {
        "left": left, "bears": bears, "owed": left + bears, "paid": yuan(paid) + yuan(advance), "given_up": owing.given_up(row),
    }  # fmt: skip


def rows_of(row: Receivable, user: Any) -> list[Transfer]:
    """Every movement of its account, the oldest first, with sign, balance after it, words and the paper's address."""
    account, balance, found = account_of(row), Decimal("0.00"), []
    moves: Any = (
        Transfer.objects.filter(of_account(account)).select_related("by", "reversed_by").order_by("pk")[:MOST]
    )
    rows = list(moves)
    ways = Ways(user, (move.paper for move in rows))
    for move in rows:
        move.signed = move.amount if move.target_id == account.pk else -move.amount
        balance += move.signed
        move.balance, move.words, move.url = balance, shown(move.why), ways.url(move.paper)
        found.append(move)
    return found


def payments(row: Receivable, user: Any) -> list[dict[str, Any]]:
    """What each receipt pays of it, what has become free again taken off."""
    sums = dict(
        ReceiptUse.objects.filter(receivable=row)
        .order_by()
        .values_list("receipt")
        .annotate(total=Sum("amount"))
    )
    receipts = list(Receipt.objects.filter(pk__in=sums).order_by("-arrived_at"))
    ways = Ways(user, (each.number for each in receipts))
    return [
        {"receipt": each, "amount": yuan(sums[each.pk]), "url": ways.url(each.number)}
        for each in receipts
        if sums[each.pk] > 0
    ]


def deductions(row: Receivable, user: Any) -> list[Deduction]:
    """Drafts and deductions for it, each with what of it came back."""
    found = list(row.deductions.order_by("-month", "-pk"))
    back = Refund.objects.filter(deduction__in=found, dropped_at=None).order_by()
    sums = dict(back.values_list("deduction").annotate(total=Sum("amount")))
    ways = Ways(user, (paper.number for paper in found))
    for paper in found:
        paper.refunded, paper.url = yuan(sums.get(paper.pk)), ways.url(paper.number)  # type: ignore[attr-defined]  # for the page
    return found


def in_transit(row: Receivable) -> Decimal:
    """Money taken on site for the same ticket or order that finance has not confirmed yet."""
    if row.about is None:
        return Decimal("0.00")
    rows = SiteMoney.objects.filter(ticket=row.ticket, order=row.order, state=SiteMoney.State.DECLARED)
    return yuan(rows.aggregate(total=Sum("amount"))["total"])


def invoice_of(row: Receivable) -> Invoice | None:
    return Invoice.objects.filter(receivable=row).select_related("changed_by").first()


def invoice_facts(row: Receivable) -> dict[str, Any]:
    """What the form shows: the invoice as it was written, else what the quotation asks for."""
    written = invoice_of(row)
    if written is None:
        return invoicing.wanted(row)._asdict()
    return {name: getattr(written, name) for name in ("title", "tax_number", "number", "issued_on")}


def last_day(row: Receivable) -> dt.date:
    """The 40th day after the due day (8.8)."""
    return fortieth(row.due_on, int(figures.value("receivable_days")))

"""What of a receipt covers a paid release (4.5b): set aside at the signature, freed as pieces come back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from parts.models import Basis, Release
from parts.rules import Charge

from ..models import Kind, Receipt, ReceiptUse, Transfer
from ..rules import Pieces
from ..selectors import free, yuan


def needed(release: Release) -> Decimal:
    """What the charged pieces of a release cost that are not struck and have not come back."""
    lines = release.lines.filter(charge=Charge.CHARGED)
    return sum(
        (Pieces(line.amount, line.quantity).between(line.returned, line.quantity - line.struck) for line in lines), Decimal(0)
    )  # fmt: skip


def set_aside(release: Release) -> Decimal:
    """What of any receipt covers this release."""
    return yuan(release.uses.aggregate(total=Sum("amount"))["total"])


def unspent(release: Release) -> Decimal:
    """What was set aside and has not paid for an issued piece yet."""
    if release.basis != Basis.PAID:
        return Decimal(0)
    about = Q(key__startswith="paid:line:", source__of__in=_receivables(release))
    back = Q(key__startswith="credit:line:", target__of__in=_receivables(release))
    paid = Transfer.objects.filter(about, source__kind=Kind.RECEIVABLE).aggregate(total=Sum("amount"))[
        "total"
    ]
    returned = Transfer.objects.filter(back, target__kind=Kind.RECEIVABLE).aggregate(total=Sum("amount"))[
        "total"
    ]
    return set_aside(release) - (yuan(paid) - yuan(returned))


def _receivables(release: Release) -> list[str]:
    return list(release.receivables.values_list("key", flat=True))


def cover(release: Release, *, by: Any, at: dt.datetime) -> None:
    """Make what is set aside equal to what is needed, as far as the receipt reaches; of all sheets that split from one
    (they share its receipt): what one gives up the other may take."""
    if release.basis != Basis.PAID or not release.receipt:
        return
    receipt = Receipt.objects.select_for_update().get(number=release.receipt)
    sheets = family(release)
    for sheet in sheets:
        _leave_others(sheet, receipt, by, at)
    has = {sheet.pk: _has(sheet, receipt) for sheet in sheets}
    wanted = {sheet.pk: needed(sheet) for sheet in sheets}
    for sheet in sorted(sheets, key=lambda sheet: (wanted[sheet.pk] - has[sheet.pk], sheet.pk)):
        more = min(wanted[sheet.pk] - has[sheet.pk], free(receipt))
        _write(receipt, sheet, more, by, at)


def uncover(release: Release, *, by: Any, at: dt.datetime) -> None:
    """The signature is lost before anything was issued: the receipt is free again."""
    for receipt in (
        Receipt.objects.select_for_update().filter(pk__in=release.uses.values("receipt")).order_by("pk")
    ):
        _write(receipt, release, -_has(release, receipt), by, at)


def family(release: Release) -> list[Release]:
    """The sheets that split from one and rest on the same receipt (what is short splits off, domain 4)."""
    root = release
    while root.split_from is not None:
        root = root.split_from
    found, ring = [root], [root.pk]
    while ring:
        more = list(Release.objects.filter(split_from__in=ring))
        found, ring = found + more, [sheet.pk for sheet in more]
    return [sheet for sheet in found if sheet.receipt == release.receipt]


def _has(release: Release, receipt: Receipt) -> Decimal:
    return yuan(release.uses.filter(receipt=receipt).aggregate(total=Sum("amount"))["total"])


def _leave_others(release: Release, receipt: Receipt, by: Any, at: dt.datetime) -> None:
    """A release that is signed anew on another receipt gives the first one back."""
    rows = (
        release.uses.exclude(receipt=receipt).order_by().values_list("receipt").annotate(total=Sum("amount"))
    )
    for pk, total in list(rows):
        _write(Receipt.objects.get(pk=pk), release, -yuan(total), by, at)


def _write(receipt: Receipt, release: Release, amount: Decimal, by: Any, at: dt.datetime) -> None:
    if amount:
        ReceiptUse.objects.create(receipt=receipt, release=release, amount=amount, at=at, by=by)

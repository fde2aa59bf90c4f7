"""Finance lives in Excel: receipts and receivables as workbooks, amounts as numbers, each total a SUM."""

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _p

from accounts.services import audit
from aftersales.xlsx import Leaf, in_batches, spooled

from .models import Receipt, Receivable
from .selectors import free_of, open_amounts

MOST, AT_ONCE = 100_000, 2000


def receipts(rows: QuerySet[Receipt], *, by: Any, at: dt.datetime) -> IO[bytes]:
    """Money that arrived, newest first; what was reversed counts in its own column and holds nothing."""
    head = [
        _p("money", "Receipt"), _("The money arrived"), _("Amount"), _p("money", "Of it reversed"), _("Free"), _("Way"),
        _("Reference, receipt number"), _("Customer number"), _("Customer or company"), _("For"), _("Recorded by"),
        _("Recorded at"),
    ]  # fmt: skip
    widths = [18, 17, 12, 12, 12, 12, 22, 16, 26, 18, 12, 17]
    leaf = Leaf(_("Receipts"), head, _receipts(rows), widths, sums=(2, 3, 4))
    return _book(leaf, "receipts", by, at)


def _receipts(rows: QuerySet[Receipt]) -> Iterator[list[Any]]:
    for some in _by_key(rows):
        free = free_of(some)
        for x in some:
            about = x.ticket or x.order
            yield [
                x.number, x.arrived_at, x.amount, x.amount if x.reversed_at else 0, free[x.pk], x.get_method_display(),
                x.reference, x.customer.number, x.customer.person.organisation, about.number if about else "",
                x.made_by, x.made_at,
            ]  # fmt: skip


def receivables(rows: QuerySet[Receivable], day: dt.date, *, by: Any, at: dt.datetime) -> IO[bytes]:
    """What is owed, newest first, with the days since it was due while something of it is open."""
    head = [
        _("Release"), _("Kind"), _("Ticket or order"), _("Customer number"), _("Customer or company"), _("Liable engineer"),
        _("Amount"), _p("money", "Open"), _("Arose on"), _("Due on"), _("Days since due"),
    ]  # fmt: skip
    widths = [18, 14, 18, 16, 26, 12, 12, 12, 12, 12, 10]
    leaf = Leaf(_("Receivables"), head, _receivables(rows, day), widths, sums=(6, 7))
    return _book(leaf, "receivables", by, at)


def _receivables(rows: QuerySet[Receivable], day: dt.date) -> Iterator[list[Any]]:
    for some in _by_key(rows):
        left = open_amounts(some)
        for x in some:
            about = x.ticket or x.order
            late = max((day - x.due_on).days, 0) if left[x.pk] > 0 else None
            yield [
                x.release.number if x.release else "", x.get_kind_display(), about.number if about else "",
                x.customer.number if x.customer else "", x.customer.person.organisation if x.customer else "", x.engineer,
                x.amount, left[x.pk], x.arose_on, x.due_on, late,
            ]  # fmt: skip


def _by_key(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    return in_batches(rows.order_by("-pk")[:MOST].iterator(chunk_size=AT_ONCE), AT_ONCE)


def _book(leaf: Leaf, subject: str, by: Any, at: dt.datetime) -> IO[bytes]:
    out = spooled(leaf)
    audit("list.export", by=by, at=at, subject=subject, rows=leaf.count, filters=[])
    return out

"""What leaves finance's lists as a workbook: what they show, names masked (A27); at once, or by a worker when it is long."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.services import audit
from aftersales.downloads import Note, Unwatched, Watch, writer
from aftersales.limits import local_day
from aftersales.xlsx import write
from repairs.exports import masked_name

from . import selectors
from .models import Account, Kind, Receipt, Receivable, Transfer
from .services.reasons import shown

MOST = 1_000_000  # a sheet ends at 1,048,576 rows
BATCH = 2000
_ALONE = Unwatched()
CUSTOMER = (
    "customer__number",
    "customer__person__name",
    "customer__person__organisation",
    "customer__person__erased_at",
)


def _batches(rows: QuerySet[Any], *fields: str) -> Iterator[list[Any]]:
    """The rows as named tuples, the newest first, a batch in memory at a time."""
    found = rows.order_by("-pk").values_list("pk", *fields, named=True)[:MOST].iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield batch


def _customer(number: str | None, name: str | None, organisation: str | None, erased: Any) -> list[str]:
    """Number, masked name and company; nothing of who was erased but the number."""
    return [number or "", "" if erased else masked_name(name or ""), "" if erased else organisation or ""]


def _export(
    out: IO[bytes],
    title: str,
    columns: dict[str, int],
    lines: Iterable[list[Any]],
    subject: str,
    *,
    sums: Sequence[str] = (),
    **facts: Any,
) -> Note:
    """`columns` are labels with widths; those among `sums` get a total under them."""
    head = list(columns)
    count = write(out, title, head, lines, list(columns.values()), [head.index(label) for label in sums])
    return partial(audit, "list.export", subject=subject, rows=count, **facts)


# --- receipts
def receipts(
    out: IO[bytes], rows: QuerySet[Receipt], *, by: Any, at: dt.datetime, watch: Watch = _ALONE
) -> Note:
    """The list of receipts, with what of each is still free."""
    columns = {
        pgettext("money", "Receipt"): 18, _("The money arrived"): 17, _("Amount"): 14, pgettext("money", "Of it reversed"): 14,
        _("Free"): 14, _("Customer"): 18, _("Contact"): 10, _("Customer or company"): 24, _("For"): 18, _("Way"): 14,
        _("Reference, receipt number"): 22, _("Recorded by"): 12, _("Reversed at"): 17,
    }  # fmt: skip
    sums = [_("Amount"), pgettext("money", "Of it reversed"), _("Free")]
    lines = watch.over(_receipts(rows))
    return _export(out, _("Receipts"), columns, lines, "receipts", sums=sums, by=by, at=at, filters=[])


def _receipts(rows: QuerySet[Receipt]) -> Iterator[list[Any]]:
    ways = {value: str(label) for value, label in Receipt.Method.choices}
    fields = (
        "number",
        "arrived_at",
        "amount",
        "reversed_at",
        "method",
        "ticket__number",
        "order__number",
        "reference",
        "made_by__name",
    )
    for batch in _batches(rows, *fields, *CUSTOMER):
        free = selectors.free_of(batch)
        for r in batch:
            pk, number, arrived, amount, reversed_at, method, ticket, order, reference, clerk, *customer = r
            yield [
                number, arrived, amount, amount if reversed_at else 0, free[pk], *_customer(*customer), ticket or order,
                ways.get(method, method), reference, clerk, reversed_at,
            ]  # fmt: skip


@writer("receipts", "receipt.view", "list.export")
def long_receipts(
    out: IO[bytes], wishes: dict[str, str], user: Any, progress: Watch, *, at: dt.datetime
) -> Note:
    rows = Receipt.objects.all()
    progress.expect(min(rows.count(), MOST))
    return receipts(out, rows, by=user, at=at, watch=progress)


# --- receivables
def receivables(
    out: IO[bytes], rows: QuerySet[Receivable], *, by: Any, at: dt.datetime, watch: Watch = _ALONE
) -> Note:
    """The list of receivables, with what of each is still open."""
    columns = {
        _("Arises from"): 22, _("Kind"): 14, _("Ticket or order"): 18, _("Customer"): 18, _("Contact"): 10,
        _("Customer or company"): 24, _("Liable engineer"): 12, _("Amount"): 14, pgettext("money", "Open"): 14,
        _("Arose on"): 12, _("Due on"): 12, _("Days since due"): 10,
    }  # fmt: skip
    sums = [_("Amount"), pgettext("money", "Open")]
    lines = watch.over(_receivables(rows, local_day(at)))
    return _export(out, _("Receivables"), columns, lines, "receivables", sums=sums, by=by, at=at, filters=[])


def _receivables(rows: QuerySet[Receivable], day: dt.date) -> Iterator[list[Any]]:
    kinds = {value: str(label) for value, label in Receivable.Kind.choices}
    fields = (
        "key", "release__number", "kind", "ticket__number", "order__number", "engineer__name", "amount", "arose_on", "due_on",
    )  # fmt: skip
    for batch in _batches(rows, *fields, *CUSTOMER):
        left = selectors.open_amounts(batch)
        for r in batch:
            pk, key, release, kind, ticket, order, engineer, amount, arose, due, *customer = r
            late = max((day - due).days, 0) if left[pk] > 0 else None
            yield [
                release or key, kinds.get(kind, kind), ticket or order, *_customer(*customer), engineer, amount, left[pk],
                arose, due, late,
            ]  # fmt: skip


@writer("receivables", "receivable.view", "list.export")
def long_receivables(
    out: IO[bytes], wishes: dict[str, str], user: Any, progress: Watch, *, at: dt.datetime
) -> Note:
    rows = Receivable.objects.visible_to(user)
    progress.expect(min(rows.count(), MOST))
    return receivables(out, rows, by=user, at=at, watch=progress)


# --- the books
def transfers(
    out: IO[bytes],
    rows: QuerySet[Transfer],
    *,
    by: Any,
    at: dt.datetime,
    asked: list[str],
    watch: Watch = _ALONE,
) -> Note:
    """Rows of the ledger, each with the paper it comes from."""
    columns = {
        _("Day"): 12, _("Paper"): 18, _("Why"): 34, pgettext("movement", "From"): 30, pgettext("movement", "To"): 30,
        _("Amount"): 14, _("By"): 12, _("Reversal"): 12,
    }  # fmt: skip
    lines = watch.over(_transfers(rows))
    return _export(out, _("Ledger"), columns, lines, "ledger", by=by, at=at, filters=asked)


def _transfers(rows: QuerySet[Transfer]) -> Iterator[list[Any]]:
    sides = ("source__kind", "source__of", "target__kind", "target__of")
    words = {True: _("reversal"), False: _("reversed")}
    for batch in _batches(
        rows, "day", "paper", "why", *sides, "amount", "by__name", "reverses", "reversed_by"
    ):
        found = list(batch)
        names = _names({pair for r in found for pair in ((r[4], r[5]), (r[6], r[7]))})
        for (
            _pk,
            day,
            paper,
            why,
            from_kind,
            from_of,
            to_kind,
            to_of,
            amount,
            clerk,
            reverses,
            undone,
        ) in found:
            yield [
                day, paper, shown(why), names[from_kind, from_of], names[to_kind, to_of], amount, clerk,
                words[bool(reverses)] if reverses or undone else None,
            ]  # fmt: skip


def _names(accounts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(kind, of) → as the pages call the account: of a person his name, not his login."""
    rows = [Account(kind=kind, of=of) for kind, of in accounts]
    selectors.name_persons(rows)
    return {(row.kind, row.of): str(row) for row in rows}


def ledger_wishes(params: Mapping[str, str]) -> dict[str, str]:
    """What a request asks of the ledger, without empty words and without what means nothing."""
    given = {
        name: params.get(name, "").replace("\x00", "").strip()[:20] for name in ("kind", "paper", "account")
    }
    known = {
        "kind": given["kind"] in Kind.values, "paper": True,
        "account": given["account"].isascii() and given["account"].isdecimal() and len(given["account"]) < 18,
    }  # fmt: skip
    return {name: word for name, word in given.items() if word and known[name]}


def ledger_rows(wishes: dict[str, str]) -> QuerySet[Transfer]:
    """Of one kind of account, one paper or one account, as the pages show them."""
    rows = Transfer.objects.all()
    if "kind" in wishes:
        rows = rows.filter(selectors.of_kind(wishes["kind"]))
    if "paper" in wishes:
        rows = rows.filter(paper=wishes["paper"].upper())
    if "account" in wishes:
        rows = rows.filter(selectors.of_account(Account(pk=int(wishes["account"]))))
    return rows


@writer("ledger", "ledger.view", "list.export")
def long_ledger(
    out: IO[bytes], wishes: dict[str, str], user: Any, progress: Watch, *, at: dt.datetime
) -> Note:
    rows = ledger_rows(wishes)
    progress.expect(min(rows.count(), MOST))
    return transfers(out, rows, by=user, at=at, asked=sorted(wishes), watch=progress)

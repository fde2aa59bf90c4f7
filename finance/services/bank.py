"""The bank's list (C38, C03): a dry run that says of every row whose it is, choices by hand, then all matched rows or none."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from aftersales.limits import day_end, local_day
from aftersales.problems import BadEntry, OutOfTurn, Refusal
from sales.selectors import who_is_now

from ..models import BankImport, BankRow, Receipt
from . import receipts
from .matching import How, Matcher, about_of_number

RIGHTS, CLAUSE = ("receipt.allocate", "payment.record"), "8.6"
MOST = 5000  # rows of one list


def _may(by: Any) -> None:
    for right in RIGHTS:
        demand(by, right)


@transaction.atomic
def take(
    name: str,
    digest: str,
    rows: Sequence[dict[str, Any]],
    numbers: Sequence[int],
    *,
    by: Any,
    at: dt.datetime,
) -> BankImport:
    """Keep the list as a dry run: every row with what it was matched with, or why not. Nothing is posted."""
    _may(by)
    if not rows:
        raise BadEntry(_("There is no row below the headings."), CLAUSE, "file")
    if len(rows) > MOST:
        raise BadEntry(_("A sheet holds at most {most} rows."), CLAUSE, "file", most=MOST)
    batch, is_new = BankImport.objects.get_or_create(
        digest=digest, defaults={"name": name[:120], "made_at": at, "made_by": by}
    )
    if not is_new:
        raise BadEntry(
            _("This file was already taken in on {day}."),
            CLAUSE,
            "file",
            day=f"{local_day(batch.made_at):%Y-%m-%d}",
        )
    found = [
        BankRow(
            batch=batch, position=number, arrived_at=_instant(row["arrived_at"], at), amount=row["amount"],
            payer=row.get("payer") or "", text=row.get("text") or "", reference=row.get("reference") or "",
        )
        for row, number in zip(rows, numbers, strict=True)
    ]  # fmt: skip
    Matcher(found, at).match()
    BankRow.objects.bulk_create(found)
    return batch


def _instant(value: dt.datetime | dt.date, at: dt.datetime) -> dt.datetime:
    """Of a day without a time: its last second, today's this one, so that no clock is missed by what nobody knows."""
    if isinstance(value, dt.datetime):
        return value
    last = day_end(value) - dt.timedelta(seconds=1)
    return min(last, at) if local_day(at) == value else last


# --- by hand
@transaction.atomic
def choose(row: BankRow, *, number: str, by: Any, at: dt.datetime) -> BankRow:
    """Somebody knows whose money it is: a ticket, an order or a customer."""
    held = _open(row, by)
    about = about_of_number(number.strip().upper())
    if about is None:
        raise BadEntry(
            _("No ticket, order or customer of ours with a customer has this number."), CLAUSE, "number"
        )
    for name in ("customer", "ticket", "order"):
        setattr(held, name, about.get(name))
    held.how, held.problem, held.left_out = How.HAND, "", False
    held.save()
    return held


@transaction.atomic
def leave_out(row: BankRow, *, by: Any, at: dt.datetime) -> BankRow:
    """None of ours: it is not posted."""
    held = _open(row, by)
    held.left_out = True
    held.save(update_fields=["left_out"])
    return held


@transaction.atomic
def take_up(row: BankRow, *, by: Any, at: dt.datetime) -> BankRow:
    """What was left out counts again, as it was matched."""
    held = _open(row, by)
    held.left_out = False
    held.save(update_fields=["left_out"])
    return held


def _open(row: BankRow, by: Any) -> BankRow:
    _may(by)
    BankImport.objects.select_for_update(of=("self",)).get(pk=row.batch_id)
    held = BankRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.receipt_id is not None:
        raise OutOfTurn(_("This row has been posted; a receipt is taken back by two persons."), CLAUSE)
    return held


# --- posting
def to_post(batch: BankImport) -> list[BankRow]:
    """Matched, not left out, without a fault, not posted yet; in the order in which papers are locked."""
    rows = BankRow.objects.filter(batch=batch, left_out=False, receipt=None, problem="").exclude(
        customer=None
    )
    related = rows.select_related("customer", "ticket__customer", "order__customer")
    return list(related.order_by("ticket", "order", "position"))


@transaction.atomic
def post(batch: BankImport, *, by: Any, at: dt.datetime) -> list[Receipt]:
    """Record every matched row (its recorder is who posts), or none of them. Unknown rows stay listed."""
    _may(by)
    held = BankImport.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    rows = to_post(held)
    if not rows:
        raise OutOfTurn(_("No matched row waits to be posted."), CLAUSE)
    _still_unknown(held, rows)
    made = [_record(row, by, at) for row in rows]
    held.posted_at, held.posted_by = at, by
    held.save(update_fields=["posted_at", "posted_by"])
    return made


def _record(row: Any, by: Any, at: dt.datetime) -> Receipt:
    about = row.ticket or row.order
    try:
        made = receipts.record(
            customer=_payer(row, about), ticket=row.ticket, order=row.order,
            amount=row.amount, arrived_at=row.arrived_at, method=Receipt.Method.BANK, reference=row.reference, by=by, at=at,
        )  # fmt: skip
    except Refusal as refusal:
        sentence = _("Row {row}: {why} Nothing was posted.")
        raise BadEntry(sentence, CLAUSE, row=row.position, why=str(refusal)) from refusal
    row.receipt = made
    row.save(update_fields=["receipt"])
    return made


def _payer(row: Any, about: Any) -> Any:
    """Who owes for this ticket or order, if the row was matched with his debt; else its customer as he is now."""
    payer = who_is_now(row.customer)
    if about is None or receipts.owes(payer, row.ticket, row.order):
        return payer
    return about.customer or payer


def _still_unknown(batch: BankImport, rows: Iterable[BankRow]) -> None:
    """Somebody may have recorded one of them by hand meanwhile, or posted another list. Who chose a row by hand was told
    what was known when the list was taken in, not what came later."""
    found = [row for row in rows if row.reference]
    known = Receipt.objects.filter(
        reference__in=[row.reference for row in found], method=Receipt.Method.BANK, reversed_at=None
    ).exclude(bank_row__batch=batch)
    earlier = dict(known.order_by("made_at").values_list("reference", "made_at"))
    for row in found:
        recorded = earlier.get(row.reference)
        if recorded is not None and (row.how != How.HAND or recorded > batch.made_at):
            sentence = _("Row {row} was recorded meanwhile ({reference}); leave it out. Nothing was posted.")
            raise OutOfTurn(sentence, CLAUSE, row=row.position, reference=row.reference)

"""What finance does when the warehouse or dispatch says that something happened: the charge follows the piece (4.5a, 8.8), the
costs of a trip follow its return (8.4)."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from dispatch.events import fine_entered, trip_returned
from parts import events
from repairs.events import ticket_moved
from sales.events import (
    asked_what_is_left,
    asked_whom_we_need,
    commission_confirmed,
    customer_erased,
    customers_merged,
    sale_cancelled,
)
from sales.models import filled

from .filters import owing as debts_left
from .models import BankRow, Invoice
from .services import costing, covering, fees, fining, merging, owing
from .services.charges import Books
from .services.reasons import Why


@receiver(events.release_signed, dispatch_uid="finance: the receipt covers it")
def cover_release(sender: Any, *, release: Any, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    covering.cover(release, by=by, at=at)


@receiver(events.pieces_struck, dispatch_uid="finance: what will not be issued needs no money")
def cover_less(sender: Any, *, release: Any, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    covering.cover(release, by=by, at=at)


@receiver(events.signature_lost, dispatch_uid="finance: the receipt is free again")
def free_receipt(sender: Any, *, release: Any, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    covering.uncover(release, by=by, at=at)


@receiver(events.line_issued, dispatch_uid="finance: charge what left")
def charge_issue(
    sender: Any, *, line: Any, quantity: int, slip: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> None:
    Books(line, by=by, at=at, paper=slip.number).issued(quantity, slip)


@receiver(ticket_moved, dispatch_uid="finance: what was done is owed from its completion on")
def charge_work(sender: Any, *, ticket: Any, step: str, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    if step == "complete":
        owing.charge_work(ticket, by=by, at=at)


@receiver(events.unused_returned, dispatch_uid="finance: give back what came back")
def give_back(
    sender: Any, *, line: Any, quantity: int, paper: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> None:
    Books(line, by=by, at=at, paper=number_of(paper)).returned(quantity)


@receiver(events.old_part_settled, dispatch_uid="finance: the old part is in")
def settle_old_part(
    sender: Any, *, line: Any, quantity: int, paper: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> None:
    Books(line, by=by, at=at, paper=number_of(paper)).settled(quantity, Why.OLD_PART)


@receiver(events.line_rerated, dispatch_uid="finance: charge anew")
def charge_anew(sender: Any, *, line: Any, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    Books(line, by=by, at=at, paper=line.release.number).rerated()


@receiver(trip_returned, dispatch_uid="finance: the car's kilometres are a cost of the tickets")
def cost_kilometres(sender: Any, *, trip: Any, at: dt.datetime, **kwargs: Any) -> None:
    costing.kilometres(trip, at=at)


@receiver(fine_entered, dispatch_uid="finance: half a fine is the driver's, half a cost")
def halve_fine(sender: Any, *, fine: Any, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    costing.company_half(fine, at=at)
    fining.bear(fine, by=by, at=at)


@receiver(customer_erased, dispatch_uid="finance: own words go too")
def forget_words(sender: Any, *, rows: list[int], **kwargs: Any) -> None:
    BankRow.objects.filter(customer__in=rows).update(payer="", text="")
    Invoice.objects.filter(receivable__customer__in=rows).update(title="", tax_number="")


@receiver(asked_what_is_left, dispatch_uid="finance: who paid, and what an invoice says")
def are_words_left(sender: Any, *, rows: list[int], **kwargs: Any) -> bool:
    paid = BankRow.objects.filter(filled(["payer", "text"]), customer__in=rows)
    invoices = Invoice.objects.filter(filled(["title", "tax_number"]), receivable__customer__in=rows)
    return paid.exists() or invoices.exists()


@receiver(asked_whom_we_need, dispatch_uid="finance: who owes us money")
def who_owes(sender: Any, **kwargs: Any) -> list[Any]:
    return [debts_left()]


@receiver(customers_merged, dispatch_uid="finance: money follows its customer")
def follow_money(
    sender: Any, *, kept: Any, gone: Any, only: Any, at: dt.datetime, by: Any, **kwargs: Any
) -> dict[str, list[int]]:
    return merging.follow(kept, gone, only, by=by, at=at)


@receiver(commission_confirmed, dispatch_uid="finance: the engineer's lead earns a fee")
def owe_fee(sender: Any, *, sale: Any, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    fees.arise(sale, by=by, at=at)


@receiver(sale_cancelled, dispatch_uid="finance: no sale, no fee")
def drop_fee(sender: Any, *, sale: Any, at: dt.datetime, by: Any, **kwargs: Any) -> None:
    fees.cancelled(sale, by=by, at=at)


def number_of(paper: Any) -> str:
    """A paper, or its number."""
    return getattr(paper, "number", None) or str(paper)

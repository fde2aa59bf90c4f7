"""What finance keeps of a customer on one report: what he owes, what he paid, his invoices (PIPL 45)."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.display import moments
from repairs.models import Ticket
from repairs.public.kept import GROUPS, Group, when

from .services import owing

Row = tuple[str, Any]


def kept(ticket: Ticket) -> Group | None:
    """Never who of the company answers for it: that is not the customer's."""
    said = [*_owed(ticket), *_paid(ticket)]
    return Group(gettext("Money"), said) if said else None


def _owed(ticket: Ticket) -> list[Row]:
    rows: list[Row] = []
    for row in ticket.receivables.select_related("invoice").order_by("due_on", "pk"):
        still = _("¥{amount}, due {day}, still open ¥{left}").format(
            amount=row.amount, day=moments.when(row.due_on), left=owing.owed(row)
        )
        rows.append((str(row.get_kind_display()), still))
        if (invoice := getattr(row, "invoice", None)) is not None:
            rows.append((gettext("Invoice"), " · ".join(filter(None, _of_invoice(invoice)))))
    return rows


def _of_invoice(invoice: Any) -> list[str]:
    return [invoice.title, invoice.tax_number, invoice.number]


def _paid(ticket: Ticket) -> list[Row]:
    rows = ticket.receipts.filter(reversed_at=None).order_by("arrived_at", "pk")
    return [(when(row.arrived_at), f"¥{row.amount} · {row.get_method_display()}") for row in rows]


def register() -> None:
    """Called once, when the app is ready."""
    GROUPS.append(kept)

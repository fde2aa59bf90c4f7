"""发票 of a debt (8.8): title and tax number as the quotation names them, number and day by finance (J84)."""

import datetime as dt
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.services import audit
from aftersales.limits import local_day
from aftersales.problems import BadEntry
from repairs.models import Quotation

from ..models import Invoice, Receivable

CLAUSE = "8.8"


class Wanted(NamedTuple):
    """What the customer asked for; an empty title: no invoice was asked for."""

    title: str = ""
    tax_number: str = ""


def wanted(receivable: Receivable) -> Wanted:
    """Title and tax number of the latest quotation that the customer accepted and that names a title."""
    about = receivable.about
    if about is None:
        return Wanted()
    rows: Any = Quotation.objects.filter(answered_at__isnull=False, stage="accepted").exclude(
        invoice_title=""
    )
    rows = (
        rows.filter(ticket=receivable.ticket) if receivable.ticket_id else rows.filter(order=receivable.order)
    )
    row = rows.order_by("-version").values_list("invoice_title", "invoice_tax_number").first()
    return Wanted(*row) if row else Wanted()


@transaction.atomic
def write_invoice(
    receivable: Receivable, *, title: str, by: Any, at: dt.datetime, tax_number: str = "", number: str = "",
    issued_on: dt.date | None = None,
) -> Invoice:  # fmt: skip
    """Write or change it. Number and day belong together; the day is not later than now. Who changed what is kept."""
    demand(by, "invoice.write")
    if bool(number) != bool(issued_on):
        raise BadEntry(
            _("An invoice has a number and a day, or neither."), CLAUSE, "issued_on" if number else "number"
        )
    if issued_on is not None and issued_on > local_day(at):
        raise BadEntry(_("An invoice cannot be issued later than today."), CLAUSE, "issued_on")
    facts = {"title": title, "tax_number": tax_number, "number": number, "issued_on": issued_on}
    row, _new = Invoice.objects.update_or_create(
        receivable=receivable, defaults=facts | {"changed_at": at, "changed_by": by}
    )
    audit("invoice.written", by=by, at=at, subject=f"receivable:{receivable.pk}", number=number)
    return row

"""The list of leads as a workbook: what the list shows, names and phones masked (A27)."""

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.services import audit
from aftersales.phones import mask
from aftersales.xlsx import write

from .lead_selectors import RELATED
from .models import Lead

MOST = 20_000  # a salesperson's list is short; a longer one is narrowed by its filters


def leads(out: IO[bytes], *, rows: QuerySet[Lead], by: Any, at: dt.datetime, asked: list[str]) -> int:
    """Write the workbook and note who took it; answers the number of rows."""
    columns = {
        _("Number"): 18, _("Stage"): 14, _("Customer"): 18, _("Contact"): 10, _("Phone"): 14, _("Customer or company"): 24,
        _("Model"): 18, _("How many"): 8, _("When does he want to buy?"): 18, _("Where it comes from"): 16, _("Ticket"): 18,
        _("Registered"): 17, _("Registered by"): 12, _("Counts until"): 12, _("Salesperson"): 12, _("Follow up by"): 17,
    }  # fmt: skip
    count = write(out, _("Purchase leads"), list(columns), _lines(rows), list(columns.values()))
    audit("list.export", by=by, at=at, subject="leads", rows=count, filters=asked)
    return count


def _lines(rows: QuerySet[Lead]) -> Iterator[list[Any]]:
    found = rows.select_related(*RELATED).order_by("-pk")[:MOST]
    for row in found.iterator(chunk_size=1000):
        person, erased = row.contact, row.contact.erased_at
        yield [
            row.number, row.stage_label(), row.customer.number, "" if erased or not person.name else f"{person.name[:1]}**",
            mask(person.phone) if person.phone else "", person.organisation, str(row.model or ""), row.quantity,
            str(row.get_wanted_display()), str(row.get_source_display()), row.ticket, row.registered_at,
            str(row.registered_by or ""), row.last_day, str(row.seller or ""), row.follow_up_at,
        ]  # fmt: skip

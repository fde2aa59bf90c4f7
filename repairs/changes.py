"""What a correction changed, from the histories of ticket and repair order, in words; neither holds personal data."""

import datetime as dt
import functools
import itertools
from typing import Any

from django.utils.translation import gettext as _

from aftersales.display import moments
from aftersales.kept import Kept

from .models import RepairSheet, Ticket

Differences = dict[dt.datetime, list[tuple[str, str, str]]]
OF_TICKET = ("urgency", "drivable", "region", "vin", "model", "plate", "delivered_on", "odometer")
OF_SHEET = (
    "component_serials", "confirmed_symptom", "cause_guess", "damage_type", "damage_evidence", "warranty_start",
    "warranty_end", "in_warranty", "first_contact_at",
)  # fmt: skip


def shown(model: Any, name: str, value: Any) -> str:
    """A stored value as people read it."""
    field = model._meta.get_field(name)
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return moments.when(value)
    return str(value)


def label(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def of_ticket(ticket: Ticket) -> Differences:
    """Moment → differences of the ticket's own entries (one statement)."""
    names = ("history_date", *OF_TICKET)
    return _compare(Ticket, [dict(zip(names, row, strict=True)) for row in _TICKET(ticket.pk)], OF_TICKET)


def sheets_of(ticket: Ticket) -> list[dict[str, Any]]:
    """Every revision of every repair order of the ticket, oldest first: the last of a round is the order itself."""
    names = _sheet_names()
    return [dict(zip(names, row, strict=True)) for row in _SHEETS(ticket.pk)]


@functools.cache
def _sheet_names() -> list[str]:
    return [field.attname for field in RepairSheet.history.model._meta.concrete_fields]


BY_TIME = ("history_date", "history_id")
_TICKET = Kept(
    lambda pk: Ticket.history.filter(id=pk).order_by(*BY_TIME).values_list("history_date", *OF_TICKET)
)
_SHEETS = Kept(
    lambda pk: RepairSheet.history.filter(ticket_id=pk).order_by(*BY_TIME).values_list(*_sheet_names())
)


def of_sheets(revisions: list[dict[str, Any]]) -> Differences:
    found: Differences = {}
    for number in {row["round"] for row in revisions}:
        found |= _compare(RepairSheet, [row for row in revisions if row["round"] == number], OF_SHEET)
    return found


def _compare(model: Any, rows: list[dict[str, Any]], names: tuple[str, ...]) -> Differences:
    found: Differences = {}
    for before, after in itertools.pairwise(rows):
        changed = [
            (label(model, n), shown(model, n, before[n]), shown(model, n, after[n]))
            for n in names
            if before[n] != after[n]
        ]
        if changed:
            found.setdefault(after["history_date"], []).extend(changed)
    return found

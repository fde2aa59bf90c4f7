"""The opening workbook of debts (J83): open debts with due day and liable engineer, and a check sum for each engineer; a dry
run that names every bad cell, and all of it or nothing. True dates, so that no clock restarts.
"""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales import phones
from aftersales.problems import BadEntry
from catalogue import cells as plain
from parts.imports import cells, opening
from parts.imports.cells import DryRun, Note, SheetKind
from sales.models import Customer

from ..models import Receivable
from ..services.opening import key_of

LATEST = 366  # days from today within which an open debt falls due


class Known(cells.Known):
    """What the portal knows of debts and of customers by their words."""

    @cached_property
    def taken(self) -> set[Any]:
        """Keys that earlier workbooks brought."""
        return set(Receivable.objects.filter(key__startswith=key_of("")).values_list("key", flat=True))

    @cached_property
    def by_words(self) -> dict[tuple[str, str], list[Customer]]:
        """(phone, name or company) → customers."""
        found: dict[tuple[str, str], list[Customer]] = defaultdict(list)
        for row in self.customers.values():
            for name in {row.person.name, row.person.organisation} - {""}:
                found[row.person.phone, name].append(row)
        return found


def read_debt(row: list[Any], note: Note, known: Known) -> dict[str, Any] | None:
    """Number, customer (number, or name and phone), engineer, yuan, arose on, due on, old paper."""
    found = {
        "key": _once(row[0], note, known), "customer": _customer(row[1:4], note, known),
        "engineer": cells.engineer_of(row[4], 4, note, known),
        "amount": cells.amount_of(row[5], 5, note, _("Write what is open; nothing need not be taken over.")),
        "arose_on": cells.day_of(row[6], 6, note, known), "due_on": _due(row[7], note, known),
    }  # fmt: skip
    paper = cells.text_of(row[8], 8, note, 80) if row[8] is not None else found["key"]
    if not all(found.values()) or not paper:
        return None
    if found["due_on"] < found["arose_on"]:
        note(7, _("It fell due before it arose."))
        return None
    return _costed(found | {"note": paper}, row[9], note)


def _costed(found: dict[str, Any], value: Any, note: Note) -> dict[str, Any] | None:
    """What its parts cost; empty for work, or where nobody knows: then all of it counts as profit."""
    try:
        cost = plain.maybe_amount(value)
    except BadEntry as refusal:
        note(9, str(refusal))
        return None
    return found | {"cost": cost}


def _once(value: Any, note: Note, known: Known) -> str:
    key = cells.text_of(value, 0, note)
    if key and (key_of(key) in known.taken or ("debt", key) in known.seen):
        note(0, _("{key} was taken in already, or stands in another row.").format(key=key))
        return ""
    known.seen.add(("debt", key))
    return key


def _customer(row: list[Any], note: Note, known: Known) -> Customer | None:
    """By number; without one, by name (or company) and phone, when exactly one fits."""
    if row[0] not in (None, ""):
        return cells.customer_of(row[0], 1, note, known)
    name, phone = cells.text_of(row[1], 2, note, 120), cells.text_of(row[2], 3, note)
    if not name or not phone:
        return None
    try:
        fitting = known.by_words.get((phones.parse(phone), name), [])
    except ValueError:
        note(3, _("This is no telephone number."))
        return None
    if len(fitting) != 1:
        note(2, _("{count} customers have this name and phone; write the number.").format(count=len(fitting)))
        return None
    return fitting[0]


def _due(value: Any, note: Note, known: Known) -> dt.date | None:
    """A due day may still be to come, within a year."""
    later = Known(known.at + dt.timedelta(days=LATEST))
    return cells.day_of(value, 7, note, later)


def read_sum(row: list[Any], note: Note, known: Known) -> dict[str, Any] | None:
    """Engineer and what all his debts come to: a slip of the pen in one row is found."""
    engineer = cells.engineer_of(row[0], 0, note, known)
    try:
        total = plain.amount(row[1])
    except BadEntry as refusal:
        note(1, str(refusal))
        return None
    if engineer is None:
        return None
    if ("sum", engineer.pk) in known.seen:
        note(0, _("{key} was taken in already, or stands in another row.").format(key=engineer.username))
        return None
    known.seen.add(("sum", engineer.pk))
    return {"engineer": engineer, "total": total, "note": note}


WHO = gettext_lazy("Engineer (sign-in name)")
SHEETS: dict[str, SheetKind] = {
    "debts": SheetKind(
        gettext_lazy("Open debts"),
        (gettext_lazy("Number in the old books"), gettext_lazy("Customer number"), gettext_lazy("or name or company"),
         gettext_lazy("and phone"), WHO, gettext_lazy("Open (yuan)"), gettext_lazy("Arose on"), gettext_lazy("Due on"),
         gettext_lazy("Old paper"), gettext_lazy("What its parts cost (yuan)")),
        read_debt,
    ),
    "sums": SheetKind(gettext_lazy("Check sums"), (WHO, gettext_lazy("Sum of his debts (yuan)")), read_sum),
}  # fmt: skip


def template(out: IO[bytes]) -> None:
    """An empty workbook with the heads of both sheets."""
    opening.template(out, SHEETS)


def dry_run(file: IO[bytes], at: dt.datetime) -> DryRun:
    """Read all of it; the check sums are compared once no cell is bad."""
    found = opening.dry_run(file, at, SHEETS, Known(at))
    if not found.faults:
        _compare(found)
    return found


def _compare(found: DryRun) -> None:
    totals: dict[Any, Decimal] = defaultdict(Decimal)
    for row in found.rows.get("debts", []):
        totals[row["engineer"]] += row["amount"]
    for row in found.rows.get("sums", []):
        total = totals.pop(row["engineer"], Decimal("0.00"))
        if total != row["total"]:
            row["note"](1, _("His debts come to {total}.").format(total=total))
    for engineer in totals:
        found.note(
            str(SHEETS["sums"].title),
            _("The check sum of {engineer} is missing.").format(engineer=engineer.username),
        )

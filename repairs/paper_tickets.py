"""Closed paper tickets from a workbook: each number once, true days, all or nothing (vehicle history)."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import IO, Any

from django.db.models import Q
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from accounts.access import demand
from accounts.services import audit
from aftersales.limits import local_day
from aftersales.problems import BadEntry
from aftersales.xlsx import Leaf, spooled
from catalogue import cells
from catalogue.imports.parts import in_order
from catalogue.imports.reading import Book, Column, word_reader
from catalogue.models import label_of
from sales.exports import notes
from sales.imports.rows import AT_ONCE, Found, Kept, among, doubles, maybe, together
from sales.imports.vehicles import vin
from sales.models import Vehicle, filled

from .flow import PlanType
from .models import PaperCharge, PaperTicket

SHEET = _("Closed paper tickets")
IMPORT = "paper_ticket.import"
ERASED = ("symptom", "work_done", "parts")


def columns(today: dt.date) -> list[Column]:
    past = cells.past_day(today, required=True)
    plan = word_reader(PlanType.choices, _("There is no such plan: a, b or c."))
    charge = word_reader(PaperCharge.choices, _("There is no such charge."))

    def column(name: str, read: Any, needed: bool = False) -> Column:
        return Column(name, label_of(PaperTicket, name), read, needed)

    return [
        column("number", cells.within(40, required=True), True), column("vin", vin, True),
        column("reported_on", past, True), column("closed_on", past, True),
        column("symptom", cells.within(1000, required=True), True), column("work_done", cells.within(2000, required=True), True),
        column("parts", cells.within(1000)), column("engineer", cells.within(60)),
        column("plan_type", maybe(plan)), column("charge", maybe(charge)),
    ]  # fmt: skip


def read(file: IO[bytes], at: dt.datetime) -> Found:
    """Read the sheet; raises `BadEntry` at `file` for what is no workbook."""
    with Book(file) as book:
        sheet = book.read(book.sheet(SHEET, first=True), columns(local_day(at)))
    doubles(sheet, "number", _("This number stands here twice."))
    known = {row.number for row in among(PaperTicket.objects.only("number"), "number", _numbers(sheet.rows))}
    for place, row in enumerate(sheet.rows):
        if row.get("number") in known:
            sheet.blame_row(place, "number", BadEntry(_("This paper ticket was taken in already.")))
        first, last = row.get("reported_on"), row.get("closed_on")
        if first and last and last < first:
            sheet.blame_row(place, "closed_on", BadEntry(_("It was closed before it was reported.")))
    return Found(sheet.rows, in_order(sheet.faults))


def _numbers(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row.get("number") or "" for row in rows]


def save(found: Found, *, source: str, by: Any, at: dt.datetime) -> Kept:
    """Keep all rows, a thousand a statement; what is known already is a fault of the sheet, so all of them are new."""
    demand(by, IMPORT)

    def act() -> Kept:
        rows = [
            PaperTicket(
                **{n: v for n, v in row.items() if v is not None}, source=source[:120], made_at=at, made_by=by
            )
            for row in found.rows
        ]
        PaperTicket.objects.bulk_create(rows, batch_size=AT_ONCE)
        audit(
            "paper_tickets.imported",
            by=by,
            at=at,
            subject="paper_tickets",
            rows=len(rows),
            source=source[:120],
        )
        return Kept(new=len(rows))

    return together(act)


def forget(customers: list[int], *, at: dt.datetime) -> None:
    """What was written about the vehicles of these customers, now or at some time theirs, goes with their data (PIPL 47)."""
    _theirs(customers).update(**dict.fromkeys(ERASED, ""), erased_at=at)


def are_left(customers: list[int]) -> bool:
    """Whether some of it still stands, or came after an erasure."""
    return _theirs(customers).filter(filled(ERASED)).exists()


def _theirs(customers: list[int]) -> Any:
    now = Vehicle.objects.filter(customer__in=customers).values("vin")
    once = Vehicle.history.filter(customer__in=customers).values("vin")
    return PaperTicket.objects.filter(Q(vin__in=now) | Q(vin__in=once))


def of_vins(vins: Collection[str]) -> Any:
    """The paper tickets of these vehicles, newest first."""
    return PaperTicket.objects.filter(vin__in=vins)


def template(at: dt.datetime) -> IO[bytes]:
    """An empty sheet with one example, and what may stand in each column."""
    shown, day = columns(local_day(at)), dt.date(2026, 3, 2)
    example = [
        "2019-0123", "LFY00000000000001", day, day, gettext_now("brakes squeal"), gettext_now("brake pads replaced"),
        "BP-0001 × 2", gettext_now("Wang Xiaoming"), "c", PaperCharge.WARRANTY.label,
    ]  # fmt: skip
    words = {
        "number": gettext_now("as it stands on the paper; each number once"),
        **dict.fromkeys(("reported_on", "closed_on"), gettext_now("the true day, never a later one")),
        "parts": gettext_now("part codes or words"),
        "plan_type": gettext_now("a, b or c"), "charge": " / ".join(str(label) for _value, label in PaperCharge.choices),
    }  # fmt: skip
    head = [column.label for column in shown]
    return spooled(
        Leaf(SHEET, head, [example], [18, 22, 12, 12, 30, 30, 24, 12, 10, 12]), notes(shown, words)
    )

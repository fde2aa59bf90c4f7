"""The engineer reaches the customer and fills the head of form 9.2 (charter 4.3); every call is logged."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.models import SHANGHAI
from aftersales.problems import OutOfTurn
from catalogue.rules import in_warranty
from sales.selectors import warranty_of

from ..flow import Stage
from ..models import ContactAttempt, RepairSheet, Ticket
from .closing import not_the_engineer, note_tries
from .core import act, advance, locked, not_later, save

SHEET = (
    "component_serials",
    "confirmed_symptom",
    "cause_guess",
    "damage_type",
    "damage_evidence",
    "first_contact_at",
)


@transaction.atomic
def attempt(
    ticket: Ticket,
    *,
    by: Any,
    at: dt.datetime,
    result: str,
    purpose: str = "contact",
    way: str = "phone",
    tried_at: dt.datetime | None = None,
    note: str = "",
) -> ContactAttempt:
    """Log a call to the customer (4.3, 3.3); one that fails stops no clock."""
    ticket = locked(ticket)
    _attempt_fits(ticket, purpose)
    if purpose == "callback":
        not_the_engineer(ticket, by, at)
    row = ContactAttempt.objects.create(
        ticket=ticket,
        round=ticket.round,
        purpose=purpose,
        at=at,
        tried_at=not_later(tried_at, at, "tried_at"),
        by=by,
        way=way,
        result=result,
        note=note,
    )
    act(
        ticket,
        "attempt",
        by=by,
        at=at,
        clause="4.3" if purpose == "contact" else "3.3",
        purpose=purpose,
        result=result,
    )
    if purpose == "callback":
        note_tries(ticket, at=at)
    return row


def _attempt_fits(ticket: Ticket, purpose: str) -> None:
    stages = (
        [Stage.COMPLETED]
        if purpose == "callback"
        else [Stage.ASSIGNED, Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE]
    )
    if ticket.stage not in stages:
        clause = "3.3" if purpose == "callback" else "4.3"
        raise OutOfTurn(_("No call is due at the stage “{stage}”."), clause, stage=ticket.stage_label())


@transaction.atomic
def contact(ticket: Ticket, *, by: Any, at: dt.datetime, **entries: Any) -> Ticket:
    """The customer was reached: form 9.2 is opened, its head confirmed and completed (4.3).

    After a re-assignment the sheet of the same round goes on.
    """
    ticket = locked(ticket)
    entries["first_contact_at"] = not_later(entries.get("first_contact_at"), at, "first_contact_at")
    _vehicle_facts(ticket, entries)
    advance(ticket, "reach", by=by, at=at)
    ContactAttempt.objects.create(
        ticket=ticket,
        round=ticket.round,
        purpose="contact",
        at=at,
        tried_at=entries["first_contact_at"],
        by=by,
        way=entries.pop("way", "") or "phone",
        result=ContactAttempt.Result.REACHED,
    )
    suffix = "" if ticket.round == 1 else f"/{ticket.round}"
    sheet = current_sheet(ticket) or RepairSheet(
        ticket=ticket, round=ticket.round, number=f"{ticket.number}{suffix}"
    )
    _write_sheet(sheet, ticket, entries, by=by, at=at, why="contact")
    return ticket


@transaction.atomic
def edit_sheet(ticket: Ticket, *, by: Any, at: dt.datetime, **entries: Any) -> Ticket:
    """Correct form 9.2 while the ticket is in the engineer's hands (4.3, 4.4)."""
    ticket = locked(ticket)
    sheet = current_sheet(ticket)
    if sheet is None or ticket.stage not in (Stage.CONTACTED, Stage.PLANNED, Stage.IN_SERVICE):
        raise OutOfTurn(
            _("The repair order is open for corrections from the first contact until completion."), "4.3"
        )
    _vehicle_facts(ticket, entries)
    ticket.sign(by=by, at=at, why="edit_sheet")
    save(ticket)
    entries.pop("way", None)
    entries.setdefault("first_contact_at", sheet.first_contact_at)
    _write_sheet(sheet, ticket, entries, by=by, at=at, why="edit_sheet")
    act(ticket, "edit_sheet", by=by, at=at, clause="4.3")
    return ticket


def current_sheet(ticket: Ticket) -> RepairSheet | None:
    """Form 9.2 of the present round; after a re-assignment the same round's sheet goes on."""
    return ticket.sheets.filter(round=ticket.round).first()


def _vehicle_facts(ticket: Ticket, entries: dict[str, Any]) -> None:
    for name in ("odometer", "region"):
        if entries.get(name) not in (None, ""):
            setattr(ticket, name, entries.pop(name))


def _write_sheet(
    sheet: RepairSheet, ticket: Ticket, entries: dict[str, Any], *, by: Any, at: dt.datetime, why: str
) -> None:
    for name in SHEET:
        if name in entries:
            setattr(sheet, name, entries[name] if entries[name] is not None else "")
    _rate_warranty(sheet, ticket)
    sheet.sign(by=by, at=at, why=why)
    sheet.save()


def _rate_warranty(sheet: RepairSheet, ticket: Ticket) -> None:
    """The day of the report counts; an unknown VIN is not under warranty (domain 1)."""
    term = warranty_of(ticket.vehicle)
    if term is None or ticket.vehicle is None:
        sheet.warranty_start = sheet.warranty_end = None
        sheet.in_warranty = False
        return
    sheet.warranty_start, sheet.warranty_end = term.start, term.end
    by_hours = ticket.vehicle.model.counts_hours
    day = ticket.reported_at.astimezone(SHANGHAI).date()
    sheet.in_warranty = in_warranty(day, term.end, ticket.odometer, term.hours if by_hours else term.km)

"""The responsible engineer at work: contact, plan, service, completion (charter 4.3, 4.4, 4.7)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.selectors import head_of
from aftersales.charter import Department, Fact
from aftersales.models import SHANGHAI
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, OutOfTurn, Stale
from catalogue.rules import in_warranty
from deadlines import services as deadlines
from notices.services import tell
from sales import services as people
from sales.selectors import warranty_of

from ..flow import PlanType, Stage
from ..models import ContactAttempt, Plan, RepairSheet, Signature, Ticket
from .closing import note_tries
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
    """The customer was reached: form 9.2 is opened, its head confirmed and completed (4.3)."""
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
    sheet = RepairSheet(ticket=ticket, round=ticket.round, number=f"{ticket.number}{suffix}")
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


@transaction.atomic
def plan(
    ticket: Ticket,
    *,
    by: Any,
    at: dt.datetime,
    plan_type: str,
    explanation: str,
    told_how: str,
    told_at: dt.datetime | None = None,
    needs_parts: bool = False,
    appointment_at: dt.datetime | None = None,
    assembly_notes: str = "",
    risk_text: str = "",
    self_install_ok: bool = False,
    consent_how: str = "",
) -> Ticket:
    """Save plan a, b or c as told to the customer (4.4); a: told text and consent (4.4a), c: appointment (4.4c)."""
    ticket = locked(ticket)
    told = not_later(told_at, at, "told_at")
    _plan_is_whole(plan_type, appointment_at, assembly_notes, risk_text, at)
    waits = needs_parts or plan_type == PlanType.SELF_INSTALL
    advance(
        ticket,
        "plan",
        by=by,
        at=at,
        plan_type=plan_type,
        appointment_at=appointment_at,
        self_install_agreed=self_install_ok,
        waits_for_parts=waits,
        data={"plan": plan_type},
    )
    row = Plan(
        ticket=ticket,
        round=ticket.round,
        turn=ticket.turn,
        plan_type=plan_type,
        explanation=explanation,
        needs_parts=waits,
        told_at=told,
        told_how=told_how,
        appointment_at=appointment_at,
        assembly_notes=assembly_notes,
        risk_text=risk_text,
        self_install_ok=self_install_ok,
        consent_at=at if self_install_ok else None,
        consent_how=consent_how if self_install_ok else "",
        at=at,
        by=by,
    )
    hand(row, by=by, at=at)
    row.save()
    if appointment_at:
        deadlines.record(Fact.APPOINTED, ticket, at=at, by=by)
    return ticket


def _plan_is_whole(
    plan_type: str, appointment_at: Any, assembly_notes: str, risk_text: str, at: dt.datetime
) -> None:
    if plan_type == PlanType.VISIT and appointment_at is None:
        raise BadEntry(_("A visit on site needs an appointment with the customer."), "4.4c", "appointment_at")
    if plan_type == PlanType.VISIT and appointment_at < at:
        raise BadEntry(
            _("The appointment lies in the past; agree on a time to come."), "4.4c", "appointment_at"
        )
    if plan_type == PlanType.SELF_INSTALL and not assembly_notes.strip():
        raise BadEntry(
            _("Write down the assembly points that the customer was told."), "4.4a", "assembly_notes"
        )
    if plan_type == PlanType.SELF_INSTALL and not risk_text.strip():
        raise BadEntry(_("Write down what the customer was told about wrong assembly."), "4.4a", "risk_text")


def current_plan(ticket: Ticket) -> Plan | None:
    return ticket.plans.filter(turn=ticket.turn).last()


@transaction.atomic
def consent(
    ticket: Ticket, *, at: dt.datetime, by: Any = None, how: str = "form", plan_id: int | None = None
) -> Ticket:
    """The customer agrees to fit the part himself (4.4a): on the private page, or recorded by the engineer.

    `plan_id` names the plan whose told text he had before him; another one asks him to read again.
    """
    ticket = locked(ticket)
    row = current_plan(ticket)
    if row is None or row.plan_type != PlanType.SELF_INSTALL or ticket.stage != Stage.PLANNED:
        raise OutOfTurn(_("There is no plan now in which you fit a part yourself."), "4.4a")
    if plan_id is not None and plan_id != row.pk:
        raise Stale(_("The plan has changed since you opened this page. Please read it again."), "4.4a")
    if row.self_install_ok:
        return ticket
    row.self_install_ok, row.consent_at, row.consent_how = True, at, how
    hand(row, by=by, at=at)
    row.save()
    ticket.self_install_agreed = True
    ticket.sign(by=by, at=at, why="consent")
    save(ticket)
    act(ticket, "consent", by=by, at=at, clause="4.4a", how=how)
    return ticket


@transaction.atomic
def replan(ticket: Ticket, *, by: Any, at: dt.datetime, reason: str) -> Ticket:
    """Another plan is needed (guidance failed, another cause): a new clock of 24 hours (4.4)."""
    ticket = locked(ticket)
    advance(ticket, "replan", by=by, at=at, why=reason)
    return ticket


@transaction.atomic
def begin(
    ticket: Ticket, *, by: Any, at: dt.datetime, arrived_at: dt.datetime | None = None, note: str = ""
) -> Ticket:
    """Guidance has begun (b) or the engineer is on site (c); plan a begins when the parcel is sent (4.4)."""
    ticket = locked(ticket)
    arrived = not_later(arrived_at, at, "arrived_at")
    advance(ticket, "begin", by=by, at=at, why=note)
    sheet = current_sheet(ticket)
    if sheet is not None:
        sheet.arrived_at = arrived
        sheet.sign(by=by, at=at, why="begin")
        sheet.save()
    return ticket


@transaction.atomic
def complete(
    ticket: Ticket,
    *,
    by: Any,
    at: dt.datetime,
    work_done: str,
    result: str = "",
    customer_word: str = "",
    left_at: dt.datetime | None = None,
    signer: str = "",
    strokes: str = "",
) -> Ticket:
    """The work is done: a, b the customer says so, c he signs on the phone screen (drawn or typed name)."""
    ticket = locked(ticket)
    left = not_later(left_at, at, "left_at")
    if ticket.plan_type == PlanType.VISIT and not signer.strip():
        raise BadEntry(_("The customer signs for the work: name, and signature if he can."), "4.7", "signer")
    if ticket.plan_type != PlanType.VISIT and not customer_word.strip():
        raise BadEntry(_("Write down how and when the customer said that it works."), "4.7", "customer_word")
    ticket.completed_at = at
    advance(ticket, "complete", by=by, at=at)
    if signer.strip():
        person = people.write_down(name=signer.strip())
        person.customer = ticket.customer
        person.save(update_fields=["customer"])
        Signature.objects.create(
            ticket=ticket, round=ticket.round, person=person, strokes=strokes, signed_at=at, witness=by
        )
    _close_sheet(
        ticket, by=by, at=at, work_done=work_done, result=result, left_at=left, customer_word=customer_word
    )
    return ticket


def _close_sheet(ticket: Ticket, *, by: Any, at: dt.datetime, **entries: Any) -> None:
    sheet = current_sheet(ticket)
    if sheet is None:
        return
    for name, value in entries.items():
        setattr(sheet, name, value)
    sheet.sign(by=by, at=at, why="complete")
    sheet.save()


@transaction.atomic
def pause_plan(
    ticket: Ticket,
    *,
    by: Any,
    at: dt.datetime,
    begins_at: dt.datetime,
    ends_at: dt.datetime,
    reason: str,
    evidence: str,
) -> Ticket:
    """Pause the clock `plan` (4.4: waiting for the customer, force majeure); the head of after-sales is told."""
    ticket = locked(ticket)
    deadlines.pause(
        ticket, "plan", begins_at=begins_at, ends_at=ends_at, reason=reason, evidence=evidence, by=by, at=at
    )
    act(ticket, "pause_plan", by=by, at=at, clause="4.4", why=reason)
    head = head_of(Department.ENGINEERS, at)
    if head is not None:
        tell(
            [head],
            event_key=f"ticket:{ticket.pk}:pause:{ticket.turn}:{at:%Y%m%d%H%M%S}",
            at=at,
            url=ticket.get_absolute_url(),
            title="The plan clock of ticket {number} was paused",
            params={"number": ticket.number},
        )
    return ticket

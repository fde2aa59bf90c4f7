"""Plans a, b and c as told to the customer, his consent, and the pause of their clock (charter 4.4)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors import head_of
from aftersales.charter import Department, Fact
from aftersales.paperwork import hand
from aftersales.problems import BadEntry, OutOfTurn, Stale
from deadlines import services as deadlines
from notices.services import tell
from sales import services as people

from .. import events
from ..flow import PlanType, Stage
from ..models import ConsentSignature, Plan, Ticket
from ..told.writing import overtake
from .core import act, advance, locked, not_later, save


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
    if plan_type != PlanType.VISIT:
        appointment_at = None
    if plan_type != PlanType.SELF_INSTALL:
        assembly_notes, risk_text, self_install_ok = "", "", False
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
    if self_install_ok:
        events.customer_consented.send(Ticket, ticket=ticket, at=at, by=by)
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
    ticket: Ticket, *, at: dt.datetime, by: Any = None, how: str = "form", plan_id: int | None = None, signer: str = "",
    strokes: str = "",
) -> Ticket:  # fmt: skip
    """The customer agrees to fit the part himself (4.4a): on the private page, or recorded by the engineer.

    `plan_id` names the plan whose told text he had before him; another one asks him to read again. On his page he signs for it:
    a name, strokes of his finger, or both.
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
    if signer.strip() or strokes:
        _keep_signature(ticket, row, signer, strokes, at)
    act(ticket, "consent", by=by, at=at, clause="4.4a", how=how)
    overtake(ticket, ["consent"], by="consent")
    events.customer_consented.send(Ticket, ticket=ticket, at=at, by=by)
    return ticket


def _keep_signature(ticket: Ticket, plan: Plan, signer: str, strokes: str, at: dt.datetime) -> None:
    """Who only drew it is who reported; a name of its own is personal data and stands in its own row."""
    person = ticket.contact
    if signer.strip() and signer.strip() != person.name:
        person = people.write_down(name=signer.strip())
        person.customer = ticket.customer
        person.save(update_fields=["customer"])
    ConsentSignature.objects.create(
        plan=plan, ticket=ticket, round=ticket.round, person=person, strokes=strokes, signed_at=at
    )


@transaction.atomic
def replan(ticket: Ticket, *, by: Any, at: dt.datetime, reason: str) -> Ticket:
    """Another plan is needed (guidance failed, another cause): a new clock of 24 hours (4.4)."""
    ticket = locked(ticket)
    advance(ticket, "replan", by=by, at=at, why=reason)
    return ticket


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
            title=gettext_noop("The plan clock of ticket {number} was paused"),
            params={"number": ticket.number},
        )
    return ticket
